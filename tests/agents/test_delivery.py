"""Delivery without a broker: what goes again when a part of it failed, and in which order."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError, LeaderNotAvailableError
from aiokafka.producer.message_accumulator import BatchBuilder

from streams.agents import delivery
from streams.agents.delivery import Message, Sender


class Producer:
    """Faust's producer and aiokafka's in one: it keeps what it is sent, and fails when it is told to."""

    def __init__(self, *failures: tuple[str, int]) -> None:
        self.topics: dict[tuple[str, int], list[bytes | None]] = {}
        self.failures = list(failures)
        self.requests = 0

    def _ensure_producer(self) -> "Producer":
        return self

    async def partitions_for(self, _topic: str) -> set[int]:
        return {0, 1}

    def key_partition(self, _topic: str, key: bytes | None) -> Any:
        return SimpleNamespace(partition=len(key or b"") % 2)

    def create_batch(self) -> BatchBuilder:
        return Batch(300, 0)

    async def send_batch(self, batch: "Batch", topic: str, *, partition: int) -> asyncio.Future[Any]:
        self.requests += 1
        future = asyncio.get_running_loop().create_future()
        if self.failures and self.failures[0] == (topic, partition):
            self.failures.pop(0)
            future.set_exception(LeaderNotAvailableError())
            return future
        log = self.topics.setdefault((topic, partition), [])
        future.set_result(SimpleNamespace(offset=len(log)))
        log += batch.values
        return future


class Batch(BatchBuilder):  # type: ignore[misc]
    """Remembers what was packed."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.values: list[bytes | None] = []

    def append(self, **message: Any) -> Any:
        taken = super().append(**message)
        if taken is not None:
            self.values.append(message["value"])
        return taken


def sender(producer: Any) -> Sender:
    app: Any = SimpleNamespace(producer=producer)
    return Sender(app, limit=5)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "RETRY_SECONDS", 0.001)


def words(*values: str, topic: str = "a", partition: int | None = 0) -> list[Message]:
    headers = (("name", b"value"),)
    return [Message(topic, b"key", value.encode(), headers, partition) for value in values]


async def test_messages_for_one_partition_go_together_and_their_offsets_come_back() -> None:
    producer = Producer()
    assert await sender(producer).deliver(words("one", "two", "three")) == [0, 1, 2]
    assert await sender(producer).deliver(words("four")) == [3]
    assert producer.topics == {("a", 0): [b"one", b"two", b"three", b"four"]}
    assert producer.requests == 2


async def test_offsets_are_in_the_order_of_the_messages_whatever_their_partitions() -> None:
    producer = Producer()
    messages = [*words("one"), *words("other", topic="b"), *words("two"), *words("third", partition=None)]
    assert await sender(producer).deliver(messages) == [0, 0, 1, 0]
    assert producer.topics[("a", 1)] == [b"third"], "the key says where to"


async def test_what_does_not_fit_into_one_batch_goes_in_several_and_a_large_one_alone() -> None:
    producer = Producer()
    values = ["x" * 100, "y" * 100, "z" * 5000, "last"]
    assert await sender(producer).deliver(words(*values)) == [0, 1, 2, 3]
    assert producer.topics[("a", 0)] == [value.encode() for value in values]
    assert producer.requests > 1


async def test_after_a_failure_all_goes_again_from_the_first_message_that_failed() -> None:
    producer = Producer(("b", 0))
    messages = [*words("one"), *words("lost", topic="b"), *words("two")]
    assert await sender(producer).deliver(messages) == [0, 0, 2]
    assert producer.topics == {("a", 0): [b"one", b"two", b"two"], ("b", 0): [b"lost"]}


async def test_a_broker_that_cannot_be_asked_for_partitions_is_asked_again() -> None:
    class Away(Producer):
        asked = 0

        async def partitions_for(self, topic: str) -> set[int]:
            self.asked += 1
            if self.asked == 1:
                raise KafkaTimeoutError
            return await super().partitions_for(topic)

    producer = Away()
    assert await sender(producer).deliver(words("one")) == [0]


async def test_a_tombstone_keeps_its_key_and_a_record_with_neither_is_empty() -> None:
    producer = Producer()
    await sender(producer).deliver([Message("a", b"k", None), Message("a", None, None, partition=0)])
    assert sorted(repr(value) for log in producer.topics.values() for value in log) == ["None", "b''"]
