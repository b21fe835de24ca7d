"""`tocsin why` while the service runs: it asks what events.v1 holds."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import encode
from streams.cli import app
from tests.brokers.installations import Installation
from tests.brokers.tracked import LINES
from tests.incidents.build import reading

RULES = '[[rule]]\nname = "r"\non = "casualties"\nmeasure = "killed"\nlevels = {{ warning = {} }}\n'


@pytest.fixture
def told(installation: Installation) -> Installation:
    installation.send(*(("events.v1", b"readings", encode(reading(line)), ()) for line in LINES))
    return installation


def test_it_tells_why_from_the_topic(told: Installation, tmp_path: Path) -> None:
    for threshold, words in (
        (10, "  r: rings at warning (r:"),
        (100, "  r: it counts 14, below warning = 100"),
    ):
        rules = tmp_path / "rules.toml"
        rules.write_text(RULES.format(threshold))
        asked = told.tocsin("why", "mill-1", "--rules", str(rules))
        new = told.tocsin("why", "mill-1", TOCSIN_RULES=str(rules))  # as of a new installation
        assert (asked.exit_code, new.exit_code) == (0, 0), asked.output
        assert words in asked.stdout
        assert new.stdout == asked.stdout


def test_an_article_that_is_not_there_is_said(told: Installation) -> None:
    done = told.tocsin("why", "nobody")
    assert done.exit_code == 2
    assert f"{told.prefix}events.v1 holds no reading of 'nobody'" in done.stderr


def test_a_bad_record_is_said_and_the_rest_is_told(told: Installation) -> None:
    told.send(("events.v1", b"readings", b"{broken", ()))
    done = told.tocsin("why", "quay-1")
    assert done.exit_code == 1
    assert f"{told.prefix}events.v1:{len(LINES)}: not JSON" in done.stderr
    assert "Quay Road" in done.stdout


def test_a_broker_that_is_away_is_said_in_a_sentence() -> None:
    done = CliRunner().invoke(app, ["why", "a"], env={"TOCSIN_BROKER": "127.0.0.1:1"})
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert "127.0.0.1:1" in done.stderr
