"""Sending, so that what was said to be sent was sent.

A batch is delivered when every message in it was acknowledged by all in-sync replicas. When the broker is
away the batch waits and goes again *from the first message that failed*, so that for every key the last
record is the latest one, however often a part of it was sent.

What goes to one partition is packed and sent together, with one future for all of it: a future and a place
in a queue for each message would cost more than the message.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import RecordMetadata
from faust.types import AppT

from streams.agents import fatal, logs, metrics

log = logs.get(__name__)

RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Message:
    """One record to produce; `value` None is a tombstone, `partition` None leaves it to the key."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None


class Sender:
    """Delivers messages through the app's producer, in order, again and again until `limit` seconds."""

    def __init__(self, app: AppT, limit: float) -> None:
        self._app = app
        self._limit = limit

    async def deliver(self, messages: Sequence[Message]) -> list[int]:
        """Wait until all are delivered; their offsets, in order. Ends the process when it takes too long."""
        offsets: list[int] = []
        started = time.monotonic()
        while len(offsets) < len(messages):
            problem = await self._try(messages[len(offsets) :], offsets)
            if problem is None:
                continue
            waited = time.monotonic() - started
            if waited > self._limit:
                fatal.end(f"could not deliver for {waited:.0f} s: {problem}", waiting=len(messages))
            log.warning(
                "the broker does not take messages; trying again", error=problem, waited=round(waited, 1)
            )
            await asyncio.sleep(RETRY_SECONDS)
        for topic, count in Counter(message.topic for message in messages).items():
            metrics.OUTPUTS.labels(topic).inc(count)
        return offsets

    async def _try(self, messages: Sequence[Message], offsets: list[int]) -> str | None:
        """Send all, gather what comes back; append the offsets up to the first failure and return why."""
        producer = self._app.producer._ensure_producer()  # noqa: SLF001 - Faust's own sends one by one
        sent: list[tuple[list[int], Awaitable[RecordMetadata]]] = []
        problem = "nothing was sent"
        try:
            for (topic, partition), numbers in (await self._by_partition(producer, messages)).items():
                start = 0
                while start < len(numbers):
                    batch = producer.create_batch()
                    packed = _pack(batch, messages, numbers[start:])
                    sent.append((packed, await producer.send_batch(batch, topic, partition=partition)))
                    start += len(packed)
        except KafkaError as error:
            problem = repr(error)
        found: list[int | None] = [None] * len(messages)
        results = await asyncio.gather(*(future for _numbers, future in sent), return_exceptions=True)
        for (numbers, _future), result in zip(sent, results, strict=True):
            if isinstance(result, BaseException):
                problem = repr(result)
                continue
            for place, number in enumerate(numbers):
                found[number] = result.offset + place
        for offset in found:
            if offset is None:
                return problem
            offsets.append(offset)
        return None

    async def _by_partition(
        self, producer: AIOKafkaProducer, messages: Sequence[Message]
    ) -> dict[tuple[str, int], list[int]]:
        """The numbers of the messages that go to each topic and partition, in order."""
        for topic in {message.topic for message in messages}:
            await producer.partitions_for(topic)
        found: dict[tuple[str, int], list[int]] = {}
        for number, message in enumerate(messages):
            partition = message.partition
            if partition is None:
                partition = self._app.producer.key_partition(message.topic, message.key).partition
            found.setdefault((message.topic, partition), []).append(number)
        return found


def _pack(batch: BatchBuilder, messages: Sequence[Message], numbers: Sequence[int]) -> list[int]:
    """Put as many messages into `batch` as it takes: at least one. Their numbers."""
    packed: list[int] = []
    for number in numbers:
        message = messages[number]
        # aiokafka sends nothing that has neither: there an empty value stands for none.
        value = b"" if message.key is None and message.value is None else message.value
        if batch.append(timestamp=None, key=message.key, value=value, headers=list(message.headers)) is None:
            break
        packed.append(number)
    batch.close()  # a closed batch does not wait for more
    return packed
