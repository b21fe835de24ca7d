"""Reading topics as an onlooker: from their beginning (or near their end), without a consumer group."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.brokers import topics
from streams.brokers.clients import Client
from streams.brokers.errors import BrokerError

_FETCH_BYTES = 16 << 20
_WAIT_MS = 500

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it lies in its topic. `time` is the record's timestamp."""

    topic: str
    partition: int
    offset: int
    time: datetime
    key: bytes | None
    value: bytes | None
    headers: Headers

    def header(self, name: str) -> str | None:
        """The last header of that name as text, None when there is none."""
        found = [value for key, value in self.headers if key == name]
        return found[-1].decode("utf-8", "replace") if found else None


class Reader:
    """All partitions of the topics `names`: what is there now (`backlog`), then what comes (`live`).

    Of a topic in `last` only the last so many records of each partition are read. Raises BrokerError for a
    topic that is not there, aiokafka's KafkaError when the broker can't be asked.
    """

    def __init__(
        self, client: Client, names: Sequence[str], *, last: Mapping[str, int] | None = None
    ) -> None:
        self._client = client
        self._topics = names
        self._last = last or {}
        self._ends: dict[TopicPartition, int] = {}
        self._consumer = AIOKafkaConsumer(
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # what is deleted before it was read leaves a gap, not an end
            max_partition_fetch_bytes=_FETCH_BYTES,
            **client,
        )

    async def backlog(self) -> AsyncIterator[Record]:
        """The records from where the reading starts up to the ends as they were then."""
        behind = {partition for partition, end in self._ends.items() if await self._at(partition) < end}
        while behind:
            found = await self._consumer.getmany(*behind, timeout_ms=_WAIT_MS)
            for partition, records in found.items():
                for record in records:
                    if record.offset < self._ends[partition]:
                        yield _record(record)
                    else:  # it came since: `live` will give it
                        self._consumer.seek(partition, record.offset)
                        break
            # Offsets have gaps where records were compacted away: positions say when the end is reached.
            behind = {partition for partition in behind if await self._at(partition) < self._ends[partition]}

    async def live(self) -> AsyncIterator[Record]:
        """The records that come from now on, without end."""
        while True:
            found = await self._consumer.getmany(timeout_ms=_WAIT_MS)
            for records in found.values():
                for record in records:
                    yield _record(record)

    async def _at(self, partition: TopicPartition) -> int:
        return int(await self._consumer.position(partition))

    async def _start(self) -> None:
        consumer = self._consumer
        there = await topics.partitions(self._client)
        partitions = []
        for topic in self._topics:
            if topic not in there:
                raise BrokerError(f"topic {topic} is not there; `tocsin topics create` makes it")
            partitions += [TopicPartition(topic, number) for number in range(there[topic])]
        consumer.assign(partitions)
        begins = await consumer.beginning_offsets(partitions)
        self._ends = await consumer.end_offsets(partitions)
        for partition, begin in begins.items():
            last = self._last.get(partition.topic)
            start = begin if last is None else max(begin, self._ends[partition] - last)
            consumer.seek(partition, start)

    async def __aenter__(self) -> Self:
        try:
            await self._consumer.start()
            await self._start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()


def _record(record: Any) -> Record:
    return Record(
        record.topic,
        record.partition,
        record.offset,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        record.key,
        record.value,
        tuple(record.headers),
    )
