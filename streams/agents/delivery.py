"""Sending, so that what was said to be sent was sent.

A batch is delivered when every message in it was acknowledged by all in-sync replicas. When the broker is
away the batch waits and goes again *from the first message that failed*, so that for every key the last
record is the latest one, however often a part of it was sent.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka.errors import KafkaError
from faust.exceptions import ProducerSendError
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
        futures = []
        problem: str | None = None
        for message in messages:
            # aiokafka sends nothing that has neither: there an empty value stands for none.
            value = b"" if message.key is None and message.value is None else message.value
            try:
                futures.append(
                    await self._app.producer.send(
                        message.topic,
                        message.key,
                        value,
                        message.partition,
                        None,
                        list(message.headers),
                    )
                )
            except (ProducerSendError, KafkaError) as error:
                problem = repr(error)
                break
        results = await asyncio.gather(*futures, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                return repr(result)
            offsets.append(result.offset)
        return problem
