"""What a worker checks at its start, what its pages say, and what its watchdog does."""

from collections.abc import Callable

import pytest
from confluent_kafka.admin import AdminClient, NewPartitions

from tests.delivery.harness import Bench, wait_for
from tests.delivery.news import articles

Installation = Callable[..., Bench]


def ended(bench: Bench, says: str, **settings: str) -> None:
    worker = bench.worker(wait=False, **settings)
    wait_for(lambda: worker.process.poll() is not None, 60, worker.tail)
    assert worker.process.returncode in (1, 2)
    assert says in worker.tail()


def test_a_missing_topic_ends_the_worker_with_its_name(installation: Installation) -> None:
    bench = installation()
    ended(bench, bench.delete("alerts.casualties.v1"))


def test_a_topic_with_other_partitions_ends_the_worker(installation: Installation) -> None:
    bench = installation()
    admin = AdminClient({"bootstrap.servers": bench.bootstrap})
    name = f"{bench.prefix}events.v1"
    admin.create_partitions([NewPartitions(name, 3)])[name].result(10)
    ended(bench, name)
    said = bench.tocsin("topics", "check", check=False)
    assert said.returncode == 1
    assert "events.v1" in said.stdout + said.stderr


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"TOCSIN_BROKR": "x"}, "TOCSIN_BROKR is no setting of Tocsin"),
        ({"TOCSIN_RULES": "/nowhere/rules.toml"}, "/nowhere/rules.toml: can't be read: No such file"),
        (
            {"TOCSIN_EXTRACTION": "tests.agents.faults:broken"},
            "language processes ended before they were ready",
        ),
    ],
)
def test_a_wrong_setting_ends_the_worker_with_a_sentence(
    installation: Installation, settings: dict[str, str], says: str
) -> None:
    ended(installation(), says, **settings)


def test_a_state_of_another_events_topic_is_not_taken_up(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    bench.feed(articles(30))
    bench.settle()
    assert worker.terminate() == 0
    bench.make_anew("events.v1")
    again = bench.worker()
    bench.feed(articles(3, first=30))
    wait_for(lambda: again.process.poll() is not None, 60, again.tail)
    assert "was made anew" in again.tail()


def test_a_lost_state_is_made_again_from_the_events(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    bench.feed(articles(90))
    bench.settle()
    assert worker.terminate() == 0
    bench.make_anew("tracker.state.v1")
    bench.worker()
    bench.feed(articles(9, first=90))
    bench.settle()
    assert bench.verdict()["distinct"] == 99


def test_the_watchdog_ends_a_worker_that_has_stopped_working(installation: Installation) -> None:
    bench = installation(
        settings={
            "TOCSIN_EXTRACTION": "tests.agents.faults:real",
            "TOCSIN_STALL_LIMIT": "12s",
            "TOCSIN_ARTICLE_LIMIT": "10m",
        }
    )
    worker = bench.worker()
    bench.feed([{"id": "h", "body": "hang"}])
    wait_for(lambda: worker.page("/readyz")[0] == 503, 30, worker.tail)
    wait_for(lambda: worker.process.poll() is not None, 30, worker.tail)
    assert worker.process.returncode == 1
    assert "the watchdog saw lag and no commit" in worker.tail()


def test_pages_are_ours_alone_and_on_the_loopback(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    bench.feed(articles(30))
    bench.settle()
    assert worker.page("/livez") == (200, "alive\n")
    assert worker.page("/readyz") == (200, "ready\n")
    assert worker.page("/")[0] == 404
    assert worker.page("/table/")[0] == 404
    found = worker.page("/metrics")[1]
    for name in (
        "tocsin_articles_total 30.0",
        "tocsin_readings_total 30.0",
        "tocsin_extraction_seconds_count 30.0",
        "tocsin_commit_age_seconds",
        'tocsin_memory_bytes{process="worker"}',
        'tocsin_memory_bytes{process="language-0"}',
        "tocsin_state_records",
    ):
        assert name in found, name


def test_time_goes_on_by_ticks_when_nothing_comes(installation: Installation) -> None:
    bench = installation(settings={"TOCSIN_TICK_AFTER": "3s"})
    worker = bench.worker()
    bench.feed(articles(6))
    bench.settle()

    def ticks() -> list[str]:
        return [rec.json["stream_time"] for rec in bench.records("events.v1") if rec.json["kind"] == "tick"]

    wait_for(lambda: len(ticks()) >= 2, 40, worker.tail)
    found = ticks()
    assert found == sorted(found)
    assert found[0] < "2025-11-01T05:00:00Z", "a tick adds only the time that went by"
    bench.settle()
    bench.verdict()
