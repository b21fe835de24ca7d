"""Reading topics as an onlooker and writing to them from outside: nothing twice, nothing missed."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from streams.brokers.clients import client
from streams.brokers.embedded import EmbeddedBroker
from streams.brokers.kafka import KafkaNode
from streams.brokers.publishing import Publisher
from streams.brokers.records import Reader, Record


@pytest.fixture
def broker() -> Iterator[str]:
    with EmbeddedBroker({"one": 1, "three": 3}) as embedded:
        yield embedded.bootstrap


async def send(bootstrap: str, topic: str, *values: bytes, partition: int | None = None) -> None:
    async with Publisher(client(bootstrap)) as publisher:
        for value in values:
            await publisher.send(topic, None, value, partition=partition)
        await publisher.flush()
        assert publisher.delivered == len(values)


async def first(source: AsyncIterator[Record], count: int) -> list[bytes | None]:
    found = []
    async for record in source:
        found.append(record.value)
        if len(found) == count:
            break
    return found


async def test_the_backlog_ends_where_the_reading_began_and_live_goes_on_from_there(broker: str) -> None:
    await send(broker, "one", b"a", b"b")
    async with Reader(client(broker), ["one"]) as reader:
        await send(broker, "one", b"c", b"d")
        assert [record.value async for record in reader.backlog()] == [b"a", b"b"]
        assert await asyncio.wait_for(first(reader.live(), 2), 20) == [b"c", b"d"]


async def test_every_partition_is_read(broker: str) -> None:
    for partition in range(3):
        await send(broker, "three", *[b"%d" % partition] * (partition + 1), partition=partition)
    async with Reader(client(broker), ["three", "one"]) as reader:
        found = [(record.partition, record.value) async for record in reader.backlog()]
    assert sorted(found) == [(0, b"0"), (1, b"1"), (1, b"1"), (2, b"2"), (2, b"2"), (2, b"2")]


@pytest.mark.parametrize(("last", "expected"), [(0, []), (2, [b"b", b"c"]), (9, [b"a", b"b", b"c"])])
async def test_only_the_last_are_read_where_that_is_asked(
    broker: str, last: int, expected: list[bytes]
) -> None:
    await send(broker, "one", b"a", b"b", b"c")
    async with Reader(client(broker), ["one"], last={"one": last}) as reader:
        assert [record.value async for record in reader.backlog()] == expected


async def test_what_was_dropped_before_it_was_read_is_a_gap_and_no_end(broker: str) -> None:
    await send(broker, "one", *[bytes(500_000)] * 12)  # the embedded broker keeps 5 MB
    async with Reader(client(broker), ["one"]) as reader:
        assert [record.offset async for record in reader.backlog()] == list(range(2, 12))


@pytest.mark.kafka
async def test_a_broker_that_dies_in_the_middle_gets_everything_once_and_in_order(
    kafka_node: KafkaNode,
) -> None:
    made = AdminClient({"bootstrap.servers": kafka_node.bootstrap, "log_level": 0})
    made.create_topics([NewTopic("one", 1, 1)])["one"].result(30)
    expected = [b"%d" % number for number in range(4000)]
    async with Publisher(client(kafka_node.bootstrap)) as publisher:
        for number, value in enumerate(expected):
            await publisher.send("one", None, value)
            if number == 1500:
                kafka_node.kill()
                kafka_node.start()
        await publisher.flush()
        assert publisher.delivered == len(expected)
    async with Reader(client(kafka_node.bootstrap), ["one"]) as reader:
        assert [record.value async for record in reader.backlog()] == expected
