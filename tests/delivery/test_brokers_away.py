"""The broker goes and comes back: the worker waits, says so, goes on, and nothing is lost."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Consumer

from streams.brokers.cluster import KafkaCluster
from streams.brokers.kafka import KafkaNode
from tests.delivery.harness import Bench, bench, wait_for
from tests.delivery.news import articles

AWAY_SECONDS = 8


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_broker_is_away_for_a_while(own_kafka: tuple[KafkaNode, Bench], how: str) -> None:
    node, installation = own_kafka
    worker = installation.worker()
    installation.feed(articles(1500))
    wait_for(lambda: len(installation.records("events.v1")) >= 100, 60, worker.tail)
    getattr(node, how)()
    time.sleep(AWAY_SECONDS)
    assert worker.process.poll() is None, "the worker waits"
    node.start()
    installation.feed(articles(100, first=1500))
    installation.settle(120)
    assert worker.process.poll() is None, "no worker had to be restarted"
    assert installation.verdict()["distinct"] == 1600
    assert worker.terminate() == 0


def test_a_worker_waits_for_a_broker_that_is_not_there_yet(own_kafka: tuple[KafkaNode, Bench]) -> None:
    node, installation = own_kafka
    node.stop()
    worker = installation.worker(wait=False)
    wait_for(lambda: "waiting for the broker" in worker.tail(), 30, worker.tail)
    node.start()
    worker.wait_ready()
    installation.feed(articles(20))
    installation.settle()
    assert installation.verdict()["distinct"] == 20


def leader_of(cluster: KafkaCluster, topic: str) -> KafkaNode:
    consumer = Consumer({"bootstrap.servers": cluster.bootstrap, "group.id": "nobody"})
    try:
        leader = consumer.list_topics(topic, timeout=10).topics[topic].partitions[0].leader
    finally:
        consumer.close()
    return next(node for node in cluster.nodes if node.seat.id == leader)


def test_a_partition_leader_is_lost_in_a_cluster_of_three(
    kafka_cluster: KafkaCluster, tmp_path: Path, prefix: str
) -> None:
    with bench(kafka_cluster.bootstrap, tmp_path, prefix, replication=3) as installation:
        worker = installation.worker()
        feeding = threading.Thread(target=_feed_slowly, args=(installation.feed,))
        feeding.start()
        wait_for(lambda: len(installation.records("events.v1")) >= 100, 60, worker.tail)
        leader_of(kafka_cluster, f"{prefix}events.v1").kill()
        feeding.join()
        installation.settle(120)
        assert worker.process.poll() is None, "no worker had to be restarted"
        assert installation.verdict()["distinct"] == 1500


def _feed_slowly(feed: Callable[[object], None]) -> None:
    for batch in range(15):
        feed(articles(100, first=100 * batch))
        time.sleep(0.5)
