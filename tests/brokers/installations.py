"""Topics on a broker, and `tocsin` run in this process with the settings for them."""

import asyncio

from click.testing import Result
from typer.testing import CliRunner

from streams.brokers.clients import client
from streams.brokers.publishing import Publisher
from streams.brokers.records import Reader, Record
from streams.cli import app

Sent = tuple[str, bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]


class Installation:
    """Topics on a broker, and `tocsin` with the settings for them."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.settings = {"TOCSIN_BROKER": bootstrap, "TOCSIN_TOPIC_PREFIX": prefix}

    def tocsin(self, *arguments: str, given: bytes = b"", **settings: str) -> Result:
        return CliRunner().invoke(app, arguments, input=given, env={**self.settings, **settings})

    def send(self, *records: Sent) -> None:
        async def work() -> None:
            async with Publisher(client(self.bootstrap)) as publisher:
                for topic, key, value, headers in records:
                    await publisher.send(self.prefix + topic, key, value, headers)

        asyncio.run(work())

    def records(self, topic: str) -> list[Record]:
        async def work() -> list[Record]:
            async with Reader(client(self.bootstrap), [self.prefix + topic]) as reader:
                return [record async for record in reader.backlog()]

        return asyncio.run(work())
