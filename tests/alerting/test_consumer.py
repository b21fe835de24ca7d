"""The consumer that docs/consumers.md shows: latest by key, nothing twice, on from where it stopped."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from confluent_kafka import Producer

from schemas import Alert, encode
from streams.brokers.embedded import EmbeddedBroker
from tests.alerting.story import perform
from tests.alerting.test_scenarios import rule_sets

FILE = Path(__file__).parents[2] / "examples" / "consumer.py"
STORY = (
    "A killed=4 -> A open notice 4; A killed=12 -> A escalate warning 12; B killed=5 -> B open notice 5;"
    "A killed=1 -> A correct notice 1, A close notice 1; B killed=6 -> B update notice 6"
)


@pytest.fixture(scope="module")
def consumer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("consumer", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def alerts() -> list[Alert]:
    return perform(rule_sets("killed"), STORY).sent


def test_it_keeps_the_latest_of_each_and_tells_each_once(consumer: ModuleType, alerts: list[Alert]) -> None:
    db = consumer.opened(":memory:")
    told = [consumer.take(db, "t", 0, number, encode(alert)) for number, alert in enumerate(alerts)]
    assert all(told)
    assert [(one["dedup_key"], one["version"]) for one in consumer.standing(db)] == [("r:B:1", 2)]
    again = [consumer.take(db, "t", 0, number, encode(alert)) for number, alert in enumerate(alerts)]
    assert not any(again)
    assert [one["version"] for one in consumer.standing(db)] == [2]


def test_a_tombstone_moves_it_on(consumer: ModuleType) -> None:
    db = consumer.opened(":memory:")
    assert consumer.take(db, "t", 0, 7, None) is None
    assert db.execute("SELECT next FROM place").fetchall() == [(8,)]


def test_it_goes_on_where_it_stopped(
    consumer: ModuleType, alerts: list[Alert], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "alerts.sqlite")
    with EmbeddedBroker(dict.fromkeys(consumer.TOPICS, 1)) as broker:
        producer = Producer({"bootstrap.servers": broker.bootstrap})
        for part in (alerts[:3], alerts[3:], alerts[1:3]):  # the last ones come a second time
            for alert in part:
                producer.produce(consumer.TOPICS[0], encode(alert), alert.dedup_key)
            producer.flush()
            with consumer.opened(path) as db:
                consumer.follow(db, broker.bootstrap, 2)
            db.close()
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out] == [alert.status for alert in alerts]
