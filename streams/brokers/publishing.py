"""Writing to topics from outside the worker: in order, idempotently, and never claimed before it is so."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.brokers.clients import Client
from streams.brokers.errors import BrokerError

_RECORD_BYTES = 16 << 20
_BATCH_BYTES = 512 << 10
_LINGER_MS = 10
_UNDER_WAY_BYTES = 32 << 20
_UNDER_WAY = 2000


class Publisher:
    """Sends records and knows how many were `delivered`: written by all replicas that are in sync.

    Each is written once and in the order of the sends, also when the broker goes away for a while; when that
    takes longer than aiokafka's 40 seconds, the next call raises BrokerError.
    """

    def __init__(self, client: Client) -> None:
        self._producer = AIOKafkaProducer(
            enable_idempotence=True,
            acks="all",
            linger_ms=_LINGER_MS,
            max_batch_size=_BATCH_BYTES,
            max_request_size=_RECORD_BYTES,
            **client,
        )
        self._under_way: deque[tuple[asyncio.Future[object], int]] = deque()
        self._bytes = 0
        self.delivered = 0

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: tuple[tuple[str, bytes], ...] = (),
        partition: int | None = None,
    ) -> None:
        """Send one record; waits while too much is under way.

        aiokafka sends nothing that has neither key nor value: there an empty value stands for none.
        """
        if key is None and value is None:
            value = b""
        try:
            future = await self._producer.send(topic, value, key, partition, headers=list(headers))
        except KafkaError as error:
            raise self._failed(error) from error
        self._under_way.append((future, len(value or b"")))
        self._bytes += len(value or b"")
        while len(self._under_way) > _UNDER_WAY or self._bytes > _UNDER_WAY_BYTES:
            await self._settle()

    async def flush(self) -> None:
        """Wait until all that was sent is delivered."""
        while self._under_way:
            await self._settle()

    async def _settle(self) -> None:
        future, size = self._under_way.popleft()
        self._bytes -= size
        try:
            await future
        except KafkaError as error:
            raise self._failed(error) from error
        self.delivered += 1

    def _failed(self, error: KafkaError) -> BrokerError:
        said = str(error) or type(error).__name__
        return BrokerError(f"a record could not be delivered: {said}")

    async def __aenter__(self) -> Self:
        try:
            await self._producer.start()
        except BaseException:
            await self._producer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.flush()
        for future, _size in self._under_way:  # given up: nobody will ask how they ended
            future.cancel()
        await self._producer.stop()
