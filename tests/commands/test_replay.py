"""`tocsin replay` over readings: how time goes on after the last line."""

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from schemas import Count, DateSpan, Event, Place, Reading, encode
from streams.cli import app
from tests.alerting.story import START

RULES = """
[[rule]]
name = "deaths"
on = "casualties"
measure = "killed"
levels = { notice = 3 }

[[rule]]
name = "week"
on = "casualties"
measure = "killed"
levels = { notice = 3 }
per = "country"
window = "7d"
clear = { after = "24h" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    event = Event(
        event_id="e",
        article_id="a",
        rank=0,
        type="casualties",
        tolls={"killed": Count(low=5, best=5, high=5, text="five")},
        place=Place(name="Quetta", country="PK", latitude=30.2, longitude=67.0, geonames_id=1),
        date=DateSpan(earliest=START.date(), latest=START.date()),
    )
    reading = Reading(article_id="a", content_hash="h", source="Paper", published_at=START, events=(event,))
    (tmp_path / "readings.jsonl").write_bytes(encode(reading) + b"\n")
    (tmp_path / "rules.toml").write_text(RULES, "utf-8")
    return tmp_path


def told(folder: Path, *more: str) -> list[tuple[str, str, str]]:
    """Rule, status and day of every alert."""
    arguments = [
        "replay",
        str(folder / "readings.jsonl"),
        "--out",
        str(folder / "out"),
        "--rules",
        str(folder / "rules.toml"),
        *more,
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    alerts = [orjson.loads(line) for line in (folder / "out" / "alerts.jsonl").read_bytes().splitlines()]
    return [(alert["rule"], alert["status"], alert["raised_at"][:10]) for alert in alerts]


def day(number: int) -> str:
    return str((START + timedelta(days=number)).date())


OPENED = [("deaths", "open", day(0)), ("week", "open", day(0))]


def test_time_stands_still_after_the_last_line(folder: Path) -> None:
    assert told(folder) == OPENED


def test_time_goes_on_until_then(folder: Path) -> None:
    closed = ("deaths", "close", day(3))
    assert told(folder, "--until", f"{day(4)}T10:00:00") == [*OPENED, closed]


def test_in_a_long_quiet_time_everything_closes_when_it_is_due(folder: Path) -> None:
    rest = [("deaths", "close", day(3)), ("week", "update", day(7)), ("week", "close", day(8))]
    assert told(folder, "--until", f"{day(60)}T10:00:00") == [*OPENED, *rest]
