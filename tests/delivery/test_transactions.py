"""A feed that writes in transactions, as Kafka Streams, Flink and exactly-once connectors do."""

import time
from collections.abc import Callable

import orjson
from confluent_kafka import Producer

from tests.delivery.harness import Bench
from tests.delivery.news import articles

Installation = Callable[..., Bench]

STALL_SECONDS = 10


def test_a_feed_with_transactions(installation: Installation) -> None:
    """What was aborted is not read, and the marks in the log are no lag that the watchdog would see."""
    bench = installation(settings={"TOCSIN_STALL_LIMIT": f"{STALL_SECONDS}s"})
    worker = bench.worker()
    producer = Producer({"bootstrap.servers": bench.bootstrap, "transactional.id": bench.app_id})
    producer.init_transactions(30)

    def write(count: int, first: int, keep: bool) -> None:
        made = list(articles(count, first=first))
        producer.begin_transaction()
        for article in made:
            name = article["id"].encode()
            producer.produce(f"{bench.prefix}articles.v1", orjson.dumps(article), key=name)
        producer.flush(30)
        if keep:
            producer.commit_transaction(30)
            bench.fed += made
        else:
            producer.abort_transaction(30)

    write(5, 0, keep=False)
    for number in range(4):
        write(6, 10 + 6 * number, keep=True)
    write(5, 40, keep=False)
    bench.settle()
    time.sleep(STALL_SECONDS + 5)
    assert worker.process.poll() is None, worker.tail()
    found = bench.verdict()
    assert (found["readings"], found["dead"]) == (24, 0)
    assert worker.terminate() == 0
