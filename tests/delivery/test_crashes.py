"""Nothing is lost and nothing is invented when workers are killed, stopped, added and taken away."""

import itertools
import signal
import sys
import time
from collections.abc import Callable

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.delivery.harness import Bench, wait_for
from tests.delivery.news import articles

Installation = Callable[..., Bench]


def under_way(bench: Bench, readings: int) -> None:
    """Wait until so many readings are out: work is going on."""
    wait_for(lambda: len(bench.records("events.v1")) >= readings, 60, bench.workers[0].tail)


def test_one_of_two_workers_is_killed_in_mid_batch(installation: Installation) -> None:
    bench = installation()
    first, second = bench.worker(wait=False), bench.worker(wait=False)
    first.wait_ready()
    second.wait_ready()
    bench.feed(articles(1500))
    under_way(bench, 200)
    first.kill()
    bench.settle()
    found = bench.verdict()
    assert found["distinct"] == 1500
    assert found["alerts"] > 0
    assert second.terminate() == 0


def test_all_workers_are_killed_and_others_take_over(installation: Installation) -> None:
    bench = installation()
    workers = [bench.worker(wait=False) for _ in range(2)]
    for worker in workers:
        worker.wait_ready()
    bench.feed(articles(1500))
    under_way(bench, 200)
    for worker in workers:
        worker.kill()
    bench.feed(articles(200, first=1500))
    bench.worker()  # another data folder: all it knows comes from Kafka
    bench.settle()
    assert bench.verdict()["distinct"] == 1700


def test_a_stop_finishes_what_is_under_way_and_leaves_the_group(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    bench.feed(articles(1500))
    under_way(bench, 100)
    assert worker.terminate() == 0
    before = len(bench.records("events.v1"))
    started = time.monotonic()
    bench.worker()
    under_way(bench, before + 1)
    assert time.monotonic() - started < 6 + 15, "the group had to wait for a dead member"
    bench.settle()
    found = bench.verdict()
    assert found["readings"] == found["distinct"] == 1500, "a clean stop sends nothing twice"


def test_a_second_signal_ends_at_once_and_loses_nothing(installation: Installation) -> None:
    bench = installation(settings={"TOCSIN_EXTRACTION": "tests.agents.faults:real"})
    worker = bench.worker()
    bench.feed([{"id": "slow", "body": "hang"}, *articles(50)])
    wait_for(lambda: "tocsin_articles_total 0" not in worker.page("/metrics")[1], 30, worker.tail)
    time.sleep(1)
    worker.process.terminate()
    time.sleep(0.5)
    assert worker.process.poll() is None, "the first signal waits for what is under way"
    worker.process.terminate()
    started = time.monotonic()
    worker.process.wait(5)
    assert time.monotonic() - started < 2
    bench.worker(TOCSIN_ARTICLE_LIMIT="2s")
    bench.settle()
    found = bench.verdict()
    assert (found["distinct"], found["dead"]) == (50, 1)


def test_workers_join_and_leave_under_load(installation: Installation) -> None:
    bench = installation()
    bench.worker()
    batches = itertools.count()

    def feed() -> None:
        bench.feed(articles(300, first=300 * next(batches)))

    feed()
    joined = bench.worker()
    feed()
    third = bench.worker()
    feed()
    assert joined.terminate() == 0
    feed()
    assert third.terminate() == 0
    feed()
    bench.settle()
    assert bench.verdict()["distinct"] == 1500


def test_a_language_process_is_killed(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    bench.feed(articles(1500))
    under_way(bench, 100)
    worker.language_processes()[0].kill()
    bench.settle()
    found = bench.verdict()
    assert found["distinct"] == 1500
    assert found["dead"] == 0
    assert 'tocsin_pool_repairs_total{why="died"} 1.0' in worker.page("/metrics")[1]


def test_a_worker_that_was_frozen_writes_nothing_when_it_wakes(installation: Installation) -> None:
    bench = installation()
    frozen = bench.worker()
    bench.feed(articles(600))
    under_way(bench, 100)
    frozen.process.send_signal(signal.SIGSTOP)
    bench.feed(articles(300, first=600))
    bench.worker()
    bench.settle()
    before = bench.verdict()
    frozen.process.send_signal(signal.SIGCONT)
    wait_for(lambda: frozen.process.poll() is not None, 30, frozen.tail)
    assert frozen.process.returncode == 1
    assert "stood still for" in frozen.tail()
    bench.feed(articles(30, first=900))
    bench.settle()
    assert before["distinct"] == 900
    assert bench.verdict()["distinct"] == 930


@pytest.mark.parametrize("point", ["before", "after", "between"])
def test_a_crash_around_the_saving_of_the_state(installation: Installation, point: str) -> None:
    bench = installation(partitions=1)
    crashing = [sys.executable, "-m", "tests.delivery.crashing", point, "6"]
    worker = bench.worker(command=crashing)
    for batch in range(12):
        bench.feed(articles(20, first=20 * batch))
        time.sleep(0.3)
    wait_for(lambda: worker.process.poll() is not None, 60, worker.tail)
    assert worker.process.returncode == 9
    bench.worker()
    bench.settle()
    found = bench.verdict()
    assert found["distinct"] == 240
    assert found["alerts"] > 0


def rewind(bench: Bench, topic: str) -> None:
    """Set the group back to the first record of a topic."""
    admin = AdminClient({"bootstrap.servers": bench.bootstrap})
    count = bench.partitions if topic == "articles.v1" else 1
    places = [TopicPartition(bench.prefix + topic, number, 0) for number in range(count)]
    wait_for(
        lambda: not admin.describe_consumer_groups([bench.app_id])[bench.app_id].result(10).members,
        30,
        lambda: "the group still has members",
    )
    request = [ConsumerGroupTopicPartitions(bench.app_id, places)]
    admin.alter_consumer_group_offsets(request)[bench.app_id].result(10)


@pytest.mark.parametrize("topic", ["articles.v1", "events.v1"])
def test_the_same_input_again_from_the_first_record(installation: Installation, topic: str) -> None:
    bench = installation()
    worker = bench.worker()
    bench.feed(articles(600))
    edited = {**next(articles(1)), "body": "At least 40 people were killed in a fire in Quetta, police said."}
    bench.feed([edited])
    bench.settle()
    before = bench.verdict()
    outputs = {name: len(bench.records(name)) for name in ("incidents.v1", "alerts.casualties.v1")}
    assert worker.terminate() == 0
    rewind(bench, topic)
    bench.worker()
    bench.settle()
    after = bench.verdict()
    assert after["distinct"] == before["distinct"]
    if topic == "articles.v1":
        assert after["readings"] == 2 * before["readings"]
    same = {name: len({rec.value for rec in bench.records(name)}) for name in outputs}
    assert same == {name: len({rec.value for rec in bench.records(name)}) for name in outputs}
    assert len(bench.records("incidents.v1")) <= outputs["incidents.v1"] + 300, "only the last step again"
