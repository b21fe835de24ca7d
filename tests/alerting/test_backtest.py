"""Backtests: what would have rung, what differs, what was expected, and the page."""

import html.parser
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from schemas import Count, DateSpan, Event, Place, Reading, encode
from streams.alerting import parse_rules
from streams.alerting.backtesting import Run, only_in, summary
from streams.alerting.expecting import ExpectationError, compare, read_expectations
from streams.alerting.page import page
from streams.commands.backtest import backtest
from streams.pipeline import Pipeline
from tests.alerting.story import START

RULES = """
[[rule]]
name = "deaths"
on = "casualties"
measure = "killed"
levels = { notice = 3, warning = 10 }
"""
LOWER = RULES.replace("notice = 3", "notice = 2").replace('"deaths"', '"dead"')

TOWNS = {"Quetta": ("PK", 30.2, 67.0), "Gao": ("ML", 16.27, -0.04)}


def reading(number: int, town: str, killed: int, hours: float, *, retracted: bool = False) -> Reading:
    country, latitude, longitude = TOWNS[town]
    day = START.date()
    event = Event(
        event_id=f"event-{number}",
        article_id=f"article-{number}",
        rank=0,
        type="casualties",
        cause="bombing",
        tolls={"killed": Count(low=killed, best=killed, text=str(killed))},
        place=Place(
            name=town, country=country, latitude=latitude, longitude=longitude, geonames_id=len(town)
        ),
        date=DateSpan(earliest=day, latest=day),
        confidence=0.9,
    )
    return Reading(
        article_id=f"article-{number}",
        content_hash=f"{number}-{retracted}",
        source=f"Paper {number}",
        published_at=START + timedelta(hours=hours),
        retracted=retracted,
        events=() if retracted else (event,),
    )


READINGS = [
    reading(1, "Quetta", 2, 0),
    reading(2, "Quetta", 12, 1),
    reading(3, "Gao", 2, 2),
    reading(4, "Gao", 2, 3),
    reading(1, "Quetta", 2, 4, retracted=True),
    reading(2, "Quetta", 12, 5, retracted=True),
]


def run(rules: str) -> Run:
    found = parse_rules(rules, "rules")
    one, pipeline = Run(found), Pipeline(found)
    for record in READINGS:
        for output in pipeline.apply(record):
            if output.topic == "incidents" and output.message is not None:
                one.see(output.message)  # type: ignore[arg-type]
            elif output.topic != "incidents":
                one.hear(output.message, record.article_id)  # type: ignore[arg-type]
    return one


def test_the_figures_of_a_run() -> None:
    figures = summary(run(RULES))
    assert [(line.level, line.rings, line.delay, line.sources) for line in figures.lines] == [
        ("notice", 0, None, None),
        ("warning", 1, timedelta(hours=1), 2),
    ]
    assert figures.days == (("2026-11-22", 1),)
    assert figures.regions == (("Pakistan", 1),)
    assert [one.alert.level for one in figures.taken_back] == ["warning"]
    assert figures.corrections == 1


def test_what_differs_is_told_whatever_rules_are_called() -> None:
    some, more = run(RULES), run(LOWER)
    assert [one.region for one in only_in(more, some)] == ["Mali"]
    assert only_in(some, more) == []


EXPECTED = [
    ('{"rule": "deaths", "level": "warning", "article": "article-2", "value": 12}', ""),
    ('{"country": "PK", "place": "Quetta", "day": "2026-11-22"}', ""),
    ('{"level": "warning"}\n{"level": "warning"}', "missing"),
    ('{"level": "notice"}\n{"others": true}', "missing"),
    ('{"level": "warning"}\n{"never": true, "country": "FR"}', ""),
    ('{"country": "PK"}\n{"value": 12}', "missing"),
    ("", "unexpected"),
    ('{"others": true}', ""),
    ('{"others": true}\n{"never": true, "country": "ML"}', ""),
    ('{"others": true}\n{"never": true, "country": "PK"}', "broken"),
    ('{"level": "warning"}\n{"status": "close", "reason": "retracted"}', ""),
    ('{"level": "warning"}\n{"status": "close", "reason": "quiet"}', "missing"),
    ("# nothing rings\n", "unexpected"),
]


@pytest.mark.parametrize(("text", "fault"), EXPECTED)
def test_expectations(text: str, fault: str) -> None:
    verdict = compare(read_expectations(text, "expected.jsonl"), run(RULES).told)
    faults = [name for name in ("missing", "broken", "unexpected") if getattr(verdict, name)]
    assert fault in faults if fault else faults == []
    assert verdict.passed == (not fault)


@pytest.mark.parametrize("text", ['{"levle": "x"}', '{"value": "12"}', "[1]", "{"])
def test_an_expectation_that_cannot_be_read_names_its_line(text: str) -> None:
    with pytest.raises(ExpectationError, match=r"(?s)expected.jsonl:2: .*jsonl:4: .*may have rule, level"):
        read_expectations(f"# one\n{text}\n{{}}\n{text}", "expected.jsonl")


def test_a_line_that_asks_little_leaves_the_alert_to_one_that_asks_more() -> None:
    told = run(LOWER).told
    places = {one.alert.place.name for one in told if one.rings and one.alert.place is not None}
    assert len(places) > 1
    lines = [{}] * (len(places) - 1) + [{"place": name} for name in sorted(places)][:1]
    for order in (lines, lines[::-1]):
        text = "\n".join(json.dumps(line) for line in [*order, {"others": True}])
        assert compare(read_expectations(text, "e"), told).missing == ()


def test_what_must_never_ring_is_said_once() -> None:
    verdict = compare(read_expectations('{"never": true}', "e"), run(RULES).told)
    assert len(verdict.broken) == 1
    assert verdict.unexpected == ()


class Checker(html.parser.HTMLParser):
    """Counts tags that are open, and what the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "link", "line", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "circle"):
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_no_network() -> None:
    text = page(run(LOWER), run(RULES), "Backtest of <articles> & more")
    checker = Checker()
    checker.feed(text)
    assert (checker.open, checker.fetched) == ([], [])
    assert "Backtest of &lt;articles&gt; &amp; more" in text
    assert text.count("<circle") == 3
    assert "url(" not in text


def test_a_page_without_rings_says_so_and_no_more() -> None:
    text = page(Run(parse_rules(RULES, "r")), None, "none")
    assert "Nothing rang" in text
    assert "<section>" not in text


def test_a_page_names_the_levels_and_the_rules_that_never_rang() -> None:
    rules = RULES + RULES.replace("deaths", "many").replace("notice = 3, warning = 10", "huge = 900")
    text = page(run(rules), None, "some")
    assert "</i>notice</span>" in text
    assert "Never rang: many." in text


@pytest.mark.parametrize(
    ("days", "title", "rows"), [(2, "Per day", 3), (100, "Per month", 5), (3000, "Per year", 10)]
)
def test_a_page_counts_by_what_fits_and_leaves_no_gap(days: int, title: str, rows: int) -> None:
    one = run(RULES)
    first = next(one.rings())
    later = replace(first.alert, raised_at=START + timedelta(days=days), dedup_key="later")
    one.told = [first, replace(first, alert=later)]
    text = page(one, None, "long")
    bars = text.split(f"<h2>{title}</h2>")[1].split("</table>")[0]
    assert bars.count("<tr>") == rows


def command(*arguments: object) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(backtest)
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "readings.jsonl").write_bytes(b"".join(encode(record) + b"\n" for record in READINGS))
    (tmp_path / "a.toml").write_text(LOWER, "utf-8")
    (tmp_path / "b.toml").write_text(RULES, "utf-8")
    return tmp_path


def test_the_command_compares_and_writes_a_page(files: Path) -> None:
    code, out, err = command(
        files / "readings.jsonl",
        "--rules",
        files / "a.toml",
        "--against",
        files / "b.toml",
        "--html",
        files / "page.html",
    )
    assert (code, err) == (0, "")
    assert "1 ring with these rules only\n  [dead notice] article-3: At least 2 killed in Gao" in out
    assert "0 ring with the other rules only" in out
    assert (files / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_command_is_a_test_with_an_exit_code(files: Path) -> None:
    expected = files / "expected.jsonl"
    given = (files / "readings.jsonl", "--rules", files / "b.toml", "--expect", expected)
    expected.write_text(json.dumps({"level": "warning"}), "utf-8")
    assert command(*given)[0] == 0
    expected.write_text(json.dumps({"level": "notice"}), "utf-8")
    code, _, err = command(*given)
    assert code == 1
    assert 'missing (line 1): {"level":"notice"}' in err
    assert "not expected: [deaths warning] article-2:" in err
    expected.write_text("{}}", "utf-8")
    assert command(*given)[0] == 2


def test_a_page_that_cannot_be_written_is_said_first(files: Path) -> None:
    for place in (files / "nowhere" / "page.html", files):
        code, out, err = command(files / "readings.jsonl", "--html", place)
        assert (code, out) == (2, "")
        assert "cannot be" in err


def test_bad_lines_and_bad_rules_are_told(files: Path) -> None:
    with (files / "readings.jsonl").open("ab") as stream:
        stream.write(b"{broken\n")
    code, out, err = command(files / "readings.jsonl", "--rules", files / "b.toml")
    assert code == 1
    assert "readings.jsonl:7: not JSON" in err
    assert "warning" in out
    (files / "b.toml").write_text("[[rule]]", "utf-8")
    assert command(files / "readings.jsonl", "--rules", files / "b.toml")[0] == 2


def test_articles_are_read_first(tmp_path: Path) -> None:
    article = {
        "id": "fire",
        "title": "Fire kills 14 in Lodz",
        "body": "LODZ, Poland - A fire killed 14 people in a hotel in Lodz on Sunday, police said.",
        "published_at": "2026-11-22T10:00:00Z",
        "source": "Paper",
    }
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps(article), "utf-8")
    code, out, _ = command(path, "--workers", "1")
    assert code == 0
    assert "where: Poland 1" in out
