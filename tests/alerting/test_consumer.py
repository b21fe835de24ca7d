"""The consumer that docs/consumers.md shows: latest by key, nothing twice, on from where it stopped."""

import importlib.util
import json
import sqlite3
from contextlib import closing
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


@pytest.fixture
def db(consumer: ModuleType) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.executescript(consumer.TABLES)
    return db


def standing(db: sqlite3.Connection) -> list[tuple[str, int]]:
    rows = db.execute("SELECT body FROM alert WHERE status != 'close' ORDER BY key")
    return [(alert["dedup_key"], alert["version"]) for (body,) in rows for alert in [json.loads(body)]]


def test_it_keeps_the_latest_of_each_and_tells_each_once(
    consumer: ModuleType, db: sqlite3.Connection, alerts: list[Alert]
) -> None:
    for number, alert in enumerate(alerts):
        assert consumer.take(db, "t/0", number, encode(alert))["alert_id"] == alert.alert_id
    assert standing(db) == [("r:B:1", 2)]
    for number, alert in enumerate(alerts):
        assert consumer.take(db, "t/0", number, encode(alert)) is None
    assert standing(db) == [("r:B:1", 2)]


def test_a_tombstone_moves_it_on(consumer: ModuleType, db: sqlite3.Connection) -> None:
    assert consumer.take(db, "t/0", 7, None) is None
    assert db.execute("SELECT * FROM place").fetchall() == [("t/0", 8)]


def test_what_stands_and_the_place_are_one_transaction(
    consumer: ModuleType, db: sqlite3.Connection, alerts: list[Alert]
) -> None:
    broken = json.loads(encode(alerts[0])) | {"version": None, "dedup_key": {}}
    with pytest.raises(sqlite3.Error):
        consumer.take(db, "t/0", 0, json.dumps(broken).encode())
    assert db.execute("SELECT * FROM place").fetchall() == []


def test_it_goes_on_where_it_stopped(
    consumer: ModuleType, alerts: list[Alert], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with EmbeddedBroker(dict.fromkeys(consumer.TOPICS, 1)) as broker:
        producer = Producer({"bootstrap.servers": broker.bootstrap})
        for part in (alerts[:3], alerts[3:], alerts[1:3]):  # the last ones come a second time
            for alert in part:
                producer.produce(consumer.TOPICS[0], encode(alert), alert.dedup_key)
            producer.produce(consumer.TOPICS[1], None, "gone")
            producer.flush()
            with closing(sqlite3.connect(tmp_path / "alerts.sqlite")) as kept:
                consumer.follow(kept, broker.bootstrap, 2)
                left = standing(kept)
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out] == [alert.status for alert in alerts]
    assert left == [("r:B:1", 2)]
