"""The light part of the suite: on the embedded broker, where no Apache Kafka can be had.

It proves less: that broker keeps nothing when it ends, knows no compaction and drops what lies more than 5 MB
back, so there are few articles here. What is proved in full is in the other files, on a real Kafka.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.topics import topics
from streams.brokers.embedded import EmbeddedBrokerProcess
from tests.delivery.harness import Bench, wait_for
from tests.delivery.news import articles


@pytest.fixture
def light(tmp_path: Path, prefix: str) -> Iterator[Bench]:
    sizes = {topic.name: topic.partitions for topic in topics(prefix=prefix)}
    with EmbeddedBrokerProcess(sizes) as broker:
        made = Bench(broker.bootstrap, tmp_path, prefix)
        try:
            yield made
        finally:
            made.close()


@pytest.mark.light
def test_a_worker_is_killed_and_another_takes_over(light: Bench) -> None:
    first = light.worker()
    light.feed(articles(60))
    wait_for(lambda: len(light.records("events.v1")) >= 20, 60, first.tail)
    first.kill()
    second = light.worker()
    light.feed(articles(15, first=60))
    light.settle()
    found = light.verdict()
    assert found["distinct"] == 75
    assert found["alerts"] > 0
    assert second.terminate() == 0


@pytest.mark.light
def test_bad_records_are_dead_lettered(light: Bench) -> None:
    worker = light.worker()
    light.feed(articles(5))
    light.produce("articles.v1", [(b"a", b"nonsense"), (b"b", None), (None, b"")])
    light.feed(articles(5, first=5))
    light.settle()
    assert light.verdict()["distinct"] == 10
    assert len(light.records("articles.v1.dlq")) == 3
    assert worker.terminate() == 0


@pytest.mark.light
def test_fausts_own_command_runs_the_same_worker(light: Bench) -> None:
    worker = light.worker(command=[sys.executable, "-m", "faust", "-A", "streams.app", "worker"])
    light.feed(articles(6))
    light.settle()
    assert light.verdict()["distinct"] == 6
    assert worker.terminate() == 0
