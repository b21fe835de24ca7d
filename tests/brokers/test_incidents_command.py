"""`tocsin incidents`: what is known, and verdicts as they are appended, on both brokers."""

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from schemas import Incident, Verdict, encode
from schemas.codec import decode_record
from schemas.incidents import Decision
from streams.brokers.records import Record
from streams.cli import app
from streams.commands import appending
from streams.commands.casebook import Casebook, WrongName
from streams.pipeline import Pipeline
from tests.brokers.installations import Installation
from tests.brokers.tracked import LINES, QUAY, track
from tests.incidents.build import moment


def by_article(pipeline: Pipeline, article: str) -> Incident:
    return next(
        incident
        for incident in pipeline.incidents()
        if article in {report.article_id for report in incident.reports}
    )


def test_list_shows_the_latest_of_each_and_filters(installation: Installation) -> None:
    pipeline = track(installation)
    mill, osk = by_article(pipeline, "mill-1"), by_article(pipeline, "osk-1")
    older = Incident(incident_id=mill.incident_id, type="casualties", version=0, status="closed")
    installation.send(
        ("incidents.v1", mill.incident_id.encode(), encode(older), ()),  # a repetition after a crash
        ("incidents.v1", b"k", b"no incident", ()),
        (
            "incidents.v1",
            b"gone",
            encode(Incident(incident_id="gone", type="casualties", version=1, status="open")),
            (),
        ),
        ("incidents.v1", b"gone", None, ()),
    )
    done = installation.tocsin("incidents", "list")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        by_article(pipeline, article).incident_id[:8] for article in ("osk-1", "quay-1", "mill-2")
    ]
    assert "open    deploy 900 troops, ordered, Osk, Eastmark  1 source  Nine hundred" in lines[0]
    assert "15 killed, Torrin, Westmark  2 sources  Toll in Torrin rises to 15" in lines[2]
    assert "is no incident" in done.stderr
    assert "3 incidents" in done.stderr
    some = installation.tocsin("incidents", "list", "--type", "deployment", "--open", "--json")
    assert [json.loads(line)["incident_id"] for line in some.stdout.splitlines()] == [osk.incident_id]
    assert installation.tocsin("incidents", "list", "--country", "pk").stdout == ""


def test_show_tells_all_that_is_known(installation: Installation) -> None:
    pipeline = track(installation)
    mill = by_article(pipeline, "mill-1")
    done = installation.tocsin("incidents", "show", mill.incident_id[:12])
    assert done.exit_code == 0, done.output
    page = done.stdout
    assert page.startswith(f"{mill.incident_id}  casualties, open, version 2\n")
    for words in (
        "Toll in Torrin rises to 15\nshooting, actual, Torrin, Westmark, on 1 May 2031",
        "toll      killed  15  15/15/15",
        "“14 people were killed”",
        "history   2031-05-01 00:00  killed  14  ",
        "Blast on Mill Street [31m kills 14",
        "sources   mill-1 daily, mill-2 daily",
    ):
        assert words in page
    assert "\x1b" not in page
    told = installation.tocsin("incidents", "show", mill.incident_id, "--json")
    assert told.stdout.encode() == encode(mill) + b"\n"


VERDICTS: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("confirm", (), {}),
    ("void", (), {}),
    ("merge", ("quay-1",), {"others": ("quay-1",)}),
    ("split", ("=mill-2",), {"article_ids": ("mill-2",)}),
]


@pytest.mark.parametrize(("action", "more", "expected"), VERDICTS, ids=[case[0] for case in VERDICTS])
def test_a_verdict_is_appended_and_takes_effect_there(
    installation: Installation, action: str, more: tuple[str, ...], expected: dict[str, Any]
) -> None:
    pipeline = track(installation)
    ids = {line["a"]: by_article(pipeline, line["a"]).incident_id for line in LINES}
    arguments = [name[1:] if name.startswith("=") else ids[name][:10] for name in more]
    done = installation.tocsin(
        "incidents",
        action,
        ids["mill-1"][:10],
        *arguments,
        "--why",
        "we rang them",
        "--by",
        "desk",
        "--no-wait",
    )
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    assert done.stderr == "written; it takes effect when a worker reads it\n"
    (record,) = installation.records("events.v1")
    assert (record.partition, record.key) == (0, b"readings")
    assert record.header("ce_type") == "org.tocsin.verdict.v1"
    verdict = decode_record(record.value or b"")
    assert isinstance(verdict, Verdict)
    assert (verdict.action, verdict.incident_id) == (action, ids["mill-1"])
    assert (verdict.by, verdict.why) == ("desk", "we rang them")
    assert verdict.article_ids == expected.get("article_ids", ())
    assert verdict.others == tuple(ids[name] for name in expected.get("others", ()))
    outputs = pipeline.apply(verdict)
    decided = [output.message for output in outputs if isinstance(output.message, Incident)]
    assert any(one.verdict is not None and one.verdict.action == action for one in decided)


def test_no_worker_is_said(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "PATIENCE", 0.5)
    pipeline = track(installation)
    found = by_article(pipeline, "osk-1").incident_id
    done = installation.tocsin("incidents", "confirm", found, "--why", "seen")
    assert done.exit_code == 0, done.output
    assert done.stderr == (
        "written, but no worker answered within 0.5 s; it takes effect when one reads it\n"
    )
    assert len(installation.records("events.v1")) == 1


def test_an_earlier_verdict_is_said_before_another_takes_its_place(installation: Installation) -> None:
    pipeline = track(installation)
    osk = by_article(pipeline, "osk-1")
    confirmed = Decision(action="confirm", by="day desk", at=moment(1), why="the ministry said so")
    after = replace(osk, version=osk.version + 1, verdict=confirmed)
    installation.send(("incidents.v1", osk.incident_id.encode(), encode(after), ()))
    assert "[confirm by day desk]" in installation.tocsin("incidents", "list").stdout
    page = installation.tocsin("incidents", "show", osk.incident_id).stdout
    assert "verdict   confirm by day desk, 2031-05-02 00:00: the ministry said so" in page
    done = installation.tocsin(
        "incidents", "void", osk.incident_id, "--why", "x", "--by", "desk", "--no-wait"
    )
    assert done.stderr.startswith("until now: confirm by day desk, 2031-05-02 00:00: the ministry said so\n")


def test_what_is_not_there_or_cannot_be_is_said_and_nothing_written(installation: Installation) -> None:
    pipeline = track(installation, [*LINES, {"a": "far-1", "at": 0.4, "says": [{**QUAY, "in": "Arda"}]}])
    mill, quay, osk = (by_article(pipeline, name).incident_id for name in ("mill-1", "quay-1", "osk-1"))
    wrong = [
        (("confirm", "nowhere"), "no incident has an id that begins with 'nowhere'"),
        (("void", ""), "no incident has an id that begins with ''"),
        (("merge", mill, mill), "are one incident already"),
        (("merge", mill, osk), "of type deployment"),
        (("merge", mill, quay, "nowhere"), "begins with 'nowhere'"),
        (("split", mill, "quay-1"), "has no report by quay-1"),
        (("split", mill, "mill-1", "mill-2"), "must leave a report"),
    ]
    for arguments, words in wrong:
        done = installation.tocsin("incidents", *arguments, "--why", "x", "--by", "desk")
        assert (done.exit_code, words in done.stderr) == (2, True), (arguments, done.output)
    done = installation.tocsin("incidents", "show", "nowhere")
    assert done.exit_code == 2
    assert installation.records("events.v1") == []


def test_a_verdict_on_what_was_merged_is_for_where_it_lives_on(installation: Installation) -> None:
    pipeline = track(installation)
    mill, quay = by_article(pipeline, "mill-1").incident_id, by_article(pipeline, "quay-1").incident_id
    installation.send(
        (
            "incidents.v1",
            quay.encode(),
            encode(
                Incident(incident_id=quay, type="casualties", version=9, status="closed", merged_into=mill)
            ),
            (),
        )
    )
    done = installation.tocsin("incidents", "void", quay[:9], "--why", "x", "--by", "desk", "--no-wait")
    assert f"{quay[:9]} was merged into {mill}" in done.stderr
    verdict = decode_record(installation.records("events.v1")[0].value or b"")
    assert isinstance(verdict, Verdict)
    assert verdict.incident_id == mill
    assert quay[:8] not in installation.tocsin("incidents", "list").stdout
    assert f"merged into {mill}" in installation.tocsin("incidents", "show", quay).stdout


WRONG_USE = [
    ("incidents",),
    ("incidents", "confirm", "a"),
    ("incidents", "confirm", "a", "--why", " "),
    ("incidents", "confirm", "a", "--why", "x", "--by", " "),
    ("incidents", "merge", "a", "--why", "x"),
    ("incidents", "split", "a", "--why", "x"),
    ("incidents", "list", "--type", "weather"),
    ("incidents", "list", "--country", "Pakistan"),
    ("incidents", "show"),
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


NEEDS_A_BROKER = [
    ("incidents", "list"),
    ("incidents", "show", "a"),
    ("incidents", "void", "a", "--why", "x", "--by", "desk"),
]


@pytest.mark.parametrize("arguments", NEEDS_A_BROKER, ids=" ".join)
def test_a_broker_that_is_away_is_said_in_a_sentence(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, arguments, env={"TOCSIN_BROKER": "127.0.0.1:1"})
    assert (done.exit_code, done.stderr) == (2, "no broker answers at 127.0.0.1:1 (TOCSIN_BROKER)\n")


@pytest.mark.parametrize(
    ("ids", "length"),
    [([], 8), (["a" * 32], 8), (["abcdefgh1", "abcdefgh2"], 9), (["abcdefghij", "abcdefghik", "z"], 10)],
)
def test_ids_are_shown_as_long_as_it_takes_to_tell_them_apart(ids: list[str], length: int) -> None:
    book = Casebook()
    for offset, name in enumerate(ids):
        found = Incident(incident_id=name, type="casualties", version=1, status="open")
        book.take(Record("incidents.v1", 0, offset, moment(0), name.encode(), encode(found), ()))
    assert book.short() == length
    for name in ids:
        assert book.find(name[:length]).incident_id == name


def test_a_beginning_that_several_ids_have_is_said() -> None:
    book = Casebook()
    for offset, name in enumerate(("abc1", "abc2")):
        found = Incident(incident_id=name, type="casualties", version=1, status="open")
        book.take(Record("incidents.v1", 0, offset, moment(0), name.encode(), encode(found), ()))
    with pytest.raises(WrongName, match="2 incidents have ids that begin with 'abc': abc1, abc2"):
        book.find("abc")
