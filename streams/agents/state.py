"""The tracker's state in Kafka: one compacted topic, one record decides.

What a batch changed (`puts`) and what is to be sent because of it (`sends`) are first written together as one
record under the key `step`: that write decides. Then the puts go out under their own keys and the sends to
their topics. After a crash the last step is done again from its record, so nothing decided is lost and a
batch that touches several records is whole or not at all. The next step overwrites the last one only when
all of it was delivered: that is the outbox, and how it is pruned.

Why not a Faust table: its changelog has no write of several keys at once, recovery in the middle of a step
would see half of it, and a table keeps the partitions that were taken from it.

Every record says in a header up to which offset of `events.v1` it speaks (`upto`). A worker that was frozen
and wakes up after another took over may still write an old batch; such records are behind what the log
already said, and a reader passes over them. The records are packed (`streams.packing`), the step is not.
"""

import zlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.agents import logs
from streams.agents.delivery import Message
from streams.packing import pack, unpack

log = logs.get(__name__)

STEP = b"step"
UPTO = "upto"
COMPRESSED = b"\x78"  # the first byte of a zlib stream; JSON starts with a brace
COMPRESS_FROM = 256 << 10


@dataclass(frozen=True, slots=True)
class Step:
    """One decided batch: records of `events.v1` up to offset `upto`, what changed, what is to be sent.

    `puts` are encoded state records by key, None where one is deleted.
    """

    upto: int
    puts: Mapping[str, bytes | None]
    sends: Sequence[Message]

    def encode(self) -> bytes:
        """As one record's value; large ones are compressed."""
        puts = {key: None if value is None else orjson.Fragment(value) for key, value in self.puts.items()}
        raw = orjson.dumps({"upto": self.upto, "puts": puts, "sends": [_plain(m) for m in self.sends]})
        return zlib.compress(raw, 1) if len(raw) > COMPRESS_FROM else raw

    @classmethod
    def decode(cls, value: bytes) -> "Step":
        """The step in a record's value."""
        parsed = orjson.loads(zlib.decompress(value) if value[:1] == COMPRESSED else value)
        puts = {key: None if put is None else orjson.dumps(put) for key, put in parsed["puts"].items()}
        return cls(parsed["upto"], puts, [_message(m) for m in parsed["sends"]])


@dataclass(slots=True)
class Stored:
    """What the topic holds: encoded records by key, and the last step."""

    records: dict[str, bytes] = field(default_factory=dict)
    step: Step | None = None

    @property
    def upto(self) -> int:
        """The last offset of `events.v1` that is in the state; -1 for a new installation."""
        return self.step.upto if self.step else -1


class StateTopic:
    """Reads and words the records of the state topic (partition 0)."""

    def __init__(self, topic: str, client: Mapping[str, Any]) -> None:
        self.topic = topic
        self._client = dict(client)

    def decision(self, step: Step) -> Message:
        """The record that decides `step`."""
        return self._record(STEP, step.encode(), step.upto)

    def records(self, step: Step) -> list[Message]:
        """The records that carry a decided step out."""
        return [
            self._record(key.encode(), None if value is None else pack(value), step.upto)
            for key, value in step.puts.items()
        ]

    def _record(self, key: bytes, value: bytes | None, upto: int) -> Message:
        return Message(self.topic, key, value, ((UPTO, str(upto).encode()),), partition=0)

    async def load(self, progress: Callable[[], None]) -> Stored:
        """Read the whole topic; the last step is merged in, whether or not it was carried out.

        `progress` is called for each record.
        """
        stored = Stored()
        highest = -1
        async for record in read_partition(self._client, self.topic, 0):
            progress()
            upto = _upto(record)
            if upto < highest:
                log.warning("passed over a state record of a worker that was replaced", offset=record.offset)
                continue
            highest = upto
            if record.key == STEP:
                stored.step = Step.decode(record.value)
            else:
                _put(stored.records, record.key.decode(), unpack(record.value) if record.value else None)
        for key, value in (stored.step.puts if stored.step else {}).items():
            _put(stored.records, key, value)
        return stored


def _put(records: dict[str, bytes], key: str, value: bytes | None) -> None:
    if value is None:
        records.pop(key, None)
    else:
        records[key] = value


async def read_partition(
    client: Mapping[str, Any], topic: str, start: int, end: int | None = None
) -> AsyncIterator[Any]:
    """The records of partition 0 of `topic` from `start` up to `end` (default: its end now)."""
    partition = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(
        group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=16 << 20, **client
    )
    async with consumer:
        consumer.assign([partition])
        first = (await consumer.beginning_offsets([partition]))[partition]
        if end is None:
            end = (await consumer.end_offsets([partition]))[partition]
        consumer.seek(partition, max(start, first))
        while await consumer.position(partition) < end:
            batches = await consumer.getmany(partition, timeout_ms=1000)
            for record in batches.get(partition, ()):
                if record.offset < end:
                    yield record


async def end_offset(client: Mapping[str, Any], topic: str) -> int:
    """The offset that the next record of partition 0 of `topic` will have."""
    partition = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(group_id=None, enable_auto_commit=False, **client) as consumer:
        return int((await consumer.end_offsets([partition]))[partition])


def _upto(record: Any) -> int:
    """Up to which offset of `events.v1` a state record speaks."""
    return int(dict(record.headers).get(UPTO, b"-1"))


def _plain(message: Message) -> list[Any]:
    headers = [[name, value.decode()] for name, value in message.headers]
    key = None if message.key is None else message.key.decode()
    value = None if message.value is None else message.value.decode()
    return [message.topic, key, value, headers, message.partition]


def _message(plain: list[Any]) -> Message:
    topic, key, value, headers, partition = plain
    return Message(
        topic,
        None if key is None else key.encode(),
        None if value is None else value.encode(),
        tuple((name, text.encode()) for name, text in headers),
        partition,
    )
