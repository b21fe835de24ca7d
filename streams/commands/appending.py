"""What an operator decides goes into events.v1, like everything that changes state, and a worker answers."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from schemas.codec import encode
from schemas.controls import Rules, Verdict
from schemas.headers import ERROR_PREFIX, event_headers
from streams.agents.extract import READING_KEY
from streams.brokers.publishing import Publisher
from streams.brokers.records import Reader, Record
from streams.commands.setup import client_of
from streams.settings import Settings

PATIENCE = 10.0
"""Seconds within which a worker that runs has answered."""

Answer = Literal["answered", "silent", "not asked"]


class Refused(Exception):
    """The worker dead-lettered the record; the message says why."""


def said(answer: Answer) -> str:
    """What an operator is told of an Answer."""
    if answer == "answered":
        return "done: a worker has carried it out"
    if answer == "silent":
        return f"written, but no worker answered within {PATIENCE:g} s; it takes effect when one reads it"
    return "written; it takes effect when a worker reads it"


async def append(
    settings: Settings,
    decision: Verdict | Rules,
    topic: str,
    answers: Callable[[Record], bool],
    *,
    wait: bool,
) -> Answer:
    """Append `decision` to events.v1 and wait until a record of `topic` answers it.

    `silent`: no answer came within PATIENCE; the decision stands in the topic and takes effect when a worker
    reads it. Raises Refused, BrokerError and aiokafka's KafkaError.
    """
    value = encode(decision)
    heard, letters = settings.topic(topic), settings.topic("events.v1.dlq")
    async with Reader(client_of(settings), [heard, letters], last={heard: 0, letters: 0}) as reader:
        await _send(settings, decision.kind, value, decision.at)
        if not wait:
            return "not asked"
        try:
            async with asyncio.timeout(PATIENCE):
                await _answer(reader, value, heard, answers)
        except TimeoutError:
            return "silent"
    return "answered"


async def _send(settings: Settings, kind: str, value: bytes, at: datetime) -> None:
    """One order, one partition, one key: as the worker's own records."""
    headers = event_headers(kind, f"{kind}-{hashlib.sha256(value).hexdigest()[:32]}", at)
    async with Publisher(client_of(settings)) as publisher:
        await publisher.send(settings.topic("events.v1"), READING_KEY, value, headers, partition=0)


async def _answer(reader: Reader, value: bytes, heard: str, answers: Callable[[Record], bool]) -> None:
    async for record in reader.live():
        if record.topic == heard and answers(record):
            return
        if record.topic != heard and record.value == value:
            why = record.header(f"{ERROR_PREFIX}message") or "no reason is given"
            raise Refused(f"the worker refused it: {why}")
