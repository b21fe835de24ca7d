"""What every command that talks to a broker does first: read the settings, and say plainly what fails."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from schemas.errors import TocsinError
from schemas.topics import Topic, topics
from streams.brokers.clients import Client, client, plainly
from streams.settings import Settings, load

T = TypeVar("T")


def configured() -> Settings:
    """The settings; ends the command with 2 and a sentence where they are wrong."""
    try:
        settings = load()
        settings.ssl_context()
    except TocsinError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    return settings


def client_of(settings: Settings) -> Client:
    """What aiokafka's clients are given."""
    return client(settings.broker, settings.security())


def topics_of(settings: Settings) -> list[Topic]:
    """The topics of this installation."""
    return topics(
        prefix=settings.topic_prefix, partitions=settings.partitions, replication=settings.replication
    )


def run(settings: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; ends the command with 2 and a sentence when the broker is away or refuses."""
    try:
        with plainly(settings.broker):
            return asyncio.run(work)
    except TocsinError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
