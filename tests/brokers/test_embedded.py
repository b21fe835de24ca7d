"""The in-memory broker: topics with their partitions, records in and out, an end with its owner."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka.admin import AdminClient

from streams.brokers.embedded import EmbeddedBroker, EmbeddedBrokerProcess
from streams.brokers.errors import BrokerError

Broker = EmbeddedBroker | EmbeddedBrokerProcess
TOPICS = {"one": 1, "three": 3}


@pytest.fixture(params=[EmbeddedBroker, EmbeddedBrokerProcess])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    with request.param(TOPICS) as started:
        yield started


def partitions(broker: Broker) -> dict[str, int]:
    metadata = AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10)
    return {name: len(topic.partitions) for name, topic in metadata.topics.items()}


def test_topics_have_the_partitions_that_were_asked_for(broker: Broker) -> None:
    assert partitions(broker) == TOPICS


def test_topics_can_be_added_and_those_there_stay_as_they_are(broker: Broker) -> None:
    broker.create_topics({"three": 8, "two": 2})
    assert partitions(broker) == {**TOPICS, "two": 2}


def test_a_topic_without_partitions_is_refused(broker: Broker) -> None:
    with pytest.raises(BrokerError, match="topic none needs at least 1"):
        broker.create_topics({"none": 0})


async def test_what_goes_in_comes_out(broker: Broker) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        await producer.send_and_wait("one", b"the words", key=b"k", headers=[("a", b"b")])
    async with AIOKafkaConsumer(
        "one", bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        record = await asyncio.wait_for(consumer.getone(), 20)
    assert (record.key, record.value, record.headers) == (b"k", b"the words", (("a", b"b"),))


async def test_a_partition_keeps_its_last_five_megabytes(broker: Broker) -> None:
    """A fact to know rather than to like: the reason why the demo alone runs on this broker."""
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        for _ in range(12):
            sent = await producer.send_and_wait("one", bytes(500_000))
    assert (sent.offset, sent.log_start_offset) == (11, 2)


def test_a_broker_that_is_not_running_says_so() -> None:
    for broker in (EmbeddedBroker(), EmbeddedBrokerProcess()):
        with pytest.raises(BrokerError, match="not running"):
            broker.create_topics({"one": 1})
        broker.stop()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_with_its_parent(end: signal.Signals) -> None:
    script = (
        "import time; from streams.brokers.embedded import EmbeddedBrokerProcess as B\n"
        "broker = B().start(); print(broker.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        os.kill(parent.pid, end)
        parent.wait()
    child.wait(timeout=10)
