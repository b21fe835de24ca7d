"""`tocsin why` and `tocsin explain --readings`: what came of stored readings, and for what reasons."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from schemas import encode
from schemas.controls import Verdict
from streams.alerting import default_rules
from streams.cli import app
from streams.incidents.settings import matching
from streams.pipeline import Pipeline
from tests.incidents.build import moment, reading

MILL = {"in": "Torrin", "on": 0, "killed": 14, "streets": ["Mill Street"]}
FEW = {"in": "Osk", "on": 0, "killed": 2}

LINES: list[dict[str, Any]] = [
    {"a": "mill-1", "at": 0, "says": [MILL], "title": "Blast on Mill Street", "wording": (100, 400)},
    {"a": "copy", "at": 0.1, "says": [MILL], "title": "Blast, say agencies", "wording": (100, 390)},
    {"a": "few", "at": 0.2, "says": [FEW]},
    {"a": "sport", "at": 0.3},
    {"a": "war", "at": 0.3, "says": [{**MILL, "scope": "cumulative"}]},
    {"a": "feared", "at": 0.3, "says": [{**MILL, "realis": "hypothetical"}]},
    {"a": "back", "at": 0.4, "retracted": True},
    {"a": "few", "at": 0.5, "says": [{**FEW, "killed": 12}], "text": 2},
    {"a": "few", "at": 0.5, "says": [{**FEW, "killed": 12}], "text": 2},
]

RULES = """
[[rule]]
name = "deaths"
on = "casualties"
measure = "killed"
levels = { warning = 10 }

[[rule]]
name = "confirmed"
on = "casualties"
measure = "killed"
levels = { warning = 10 }
min_sources = 2

[[rule]]
name = "elsewhere"
on = "casualties"
measure = "killed"
levels = { warning = 10 }
where = { country = ["PK"] }

[[rule]]
name = "waiting"
on = "casualties"
measure = "killed"
levels = { warning = 10 }
hold = "3d"

[[rule]]
name = "night"
on = "casualties"
measure = "killed"
levels = { warning = 10 }
mute = { place = ["Torrin"] }
"""


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    file = tmp_path / "readings.jsonl"
    late = [{"a": "late", "at": 0.6, "says": [{**MILL, "in": "Arda", "killed": 50}]}]
    told = [reading(line) for line in LINES] + [replace(reading(line), late=True) for line in late]
    file.write_bytes(b"".join(encode(one) + b"\n" for one in told))
    return file


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


def tocsin(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


WHY = [
    ("mill-1", "It rang 1 alert:"),
    ("mill-1", "  deaths: rings at warning (deaths:"),
    ("mill-1", "  confirmed: "),
    ("mill-1", "  elsewhere: "),
    ("mill-1", "  waiting: warning is reached and must hold before it rings."),
    ("mill-1", "  night: warning is reached and muted for good."),
    ("copy", "It rang nothing."),
    ("copy", "It repeats the text of mill-1 and counts as the same source."),
    ("sport", "It says nothing of casualties or deployments."),
    ("war", "is a toll over a longer time and no single happening."),
    ("feared", "is hypothetical, which opens no incident."),
    ("back", "Its publisher took the article back"),
    ("few", "It rang 2 alerts:"),
    ("late", "It was old when it came (TOCSIN_MAX_AGE)"),
    ("late", "It rang nothing."),
]


@pytest.mark.parametrize(("article", "words"), WHY)
def test_why_names_the_reason(readings: Path, rules: Path, article: str, words: str) -> None:
    done = tocsin("why", article, "--readings", readings, "--rules", rules)
    assert done.exit_code == 0, done.output
    assert words in done.stdout


def test_why_shows_what_counted_when_the_article_came(readings: Path) -> None:
    done = tocsin("why", "few", "--readings", readings)
    assert "12 killed, Osk, Eastmark" in done.stdout
    assert "deaths: rings at warning" in done.stdout


def test_why_tells_apart_what_only_time_did(tmp_path: Path) -> None:
    file = tmp_path / "readings.jsonl"
    lines = [{"a": "mill-1", "at": 0, "says": [MILL]}, *({"a": f"n{day}", "at": day} for day in (60, 61))]
    file.write_bytes(b"".join(encode(reading(line)) + b"\n" for line in lines))
    done = tocsin("why", "n61", "--readings", file)
    assert "It rang nothing.\nTime went on to it, and so:\n" in done.stdout
    assert " close " in done.stdout


def incident_of(readings: Path, article: str) -> str:
    pipeline = Pipeline(default_rules())
    for line in LINES:
        pipeline.apply(reading(line))
    return next(
        incident.incident_id
        for incident in pipeline.incidents()
        if any(report.article_id == article for report in incident.reports)
    )


def test_explain_shows_every_part_of_the_score(readings: Path) -> None:
    found = incident_of(readings, "mill-1")
    done = tocsin("explain", "--readings", readings, found[:10])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{found}  ")
    blocks = done.stdout.split("\n\n")[1:]
    assert len(blocks) == 2
    assert "copy  Blast, say agencies  (copy of mill-1)" in blocks[1]
    for block in blocks:
        total, *parts = [float(line.split()[0]) for line in block.splitlines()]
        assert sum(parts) == pytest.approx(total, abs=0.005 * (len(parts) + 8))
        assert parts[0] == pytest.approx(matching().scoring["casualties"].bias, abs=0.005)
        assert "place.same" in block
    alone = tocsin("explain", "--readings", readings, incident_of(readings, "few"))
    assert "  alone   few" in alone.stdout


def test_explain_follows_what_was_merged(readings: Path) -> None:
    mill, few = incident_of(readings, "mill-1"), incident_of(readings, "few")
    verdict = Verdict(
        action="merge", incident_id=mill, others=(few,), by="desk", at=moment(1), why="one happening"
    )
    with readings.open("ab") as file:
        file.write(encode(verdict) + b"\n")
    done = tocsin("explain", "--readings", readings, few)
    assert f"{few} was merged into {mill}" in done.stderr
    assert done.stdout.startswith(mill)


def test_bad_lines_are_said_and_the_rest_is_told(readings: Path) -> None:
    with readings.open("ab") as file:
        file.write(b"not json\n")
    for command in (("why", "mill-1"), ("explain", incident_of(readings, "mill-1"))):
        done = tocsin(*command, "--readings", readings)
        assert done.exit_code == 1
        assert f"{readings}:11: not JSON" in done.stderr
        assert "Mill Street" in done.stdout


WRONG = [
    (("why", "nobody"), "holds no reading of 'nobody'"),
    (("explain", "nothing"), "no incident has an id that begins with 'nothing'"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_is_not_there_ends_with_2(readings: Path, arguments: tuple[str, ...], words: str) -> None:
    done = tocsin(*arguments, "--readings", readings)
    assert (done.exit_code, words in done.stderr) == (2, True), done.output


def test_what_is_forgotten_is_said(readings: Path) -> None:
    with readings.open("ab") as file:
        for day in (300, 301):
            file.write(encode(reading({"a": f"n{day}", "at": day})) + b"\n")
    done = tocsin("explain", "--readings", readings, incident_of(readings, "few"))
    assert done.exit_code == 2
    assert "is forgotten" in done.stderr


@pytest.mark.parametrize("arguments", [("why",), ("why", "a", "--readings", "no-such.jsonl")])
def test_wrong_use_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert tocsin(*arguments).exit_code == 2
