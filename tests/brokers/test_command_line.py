"""The commands that talk to a broker, on the embedded one and on Apache Kafka."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import Alert, BadMessage, Count, Reading, encode
from schemas.headers import dead_letter_headers
from streams.brokers.embedded import EmbeddedBroker
from streams.cli import app
from tests.brokers.installations import Installation, Sent

ARTICLES = (
    b'{"id": "one", "title": "A flood", "published_at": "2026-11-20T10:00:00Z"}\n'
    b"\n"
    b'{"url": "https://example.org/two", "title": "A fire", "published_at": "not a date"}\n'
    b"not json\n"
    b'["no", "object"]\n'
    b"\xff\xfe\n"
)


def test_feed_sends_every_line_as_it_stands(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(ARTICLES)
    done = installation.tocsin("feed", str(file), TOCSIN_MAX_AGE="off")
    assert done.exit_code == 1, done.output
    assert f"{file}:4: not JSON" in done.stderr
    assert f"{file}:5: JSON, but no object" in done.stderr
    assert f"{file}:6: not UTF-8" in done.stderr
    assert "5 of 5 lines sent" in done.stderr
    assert "late:" not in done.stderr
    sent = installation.records("articles.v1")
    assert sorted(record.value or b"" for record in sent) == sorted(filter(None, ARTICLES.split(b"\n")))
    keys = {record.key for record in sent}
    assert b"one" in keys
    assert len(keys) == 3  # an id, one derived from the url, none for what is no article


def test_feed_reads_standard_input_and_counts_the_late(installation: Installation) -> None:
    given = (
        b'{"id": "old", "title": "T", "published_at": "2008-10-25T00:00:00Z"}\n{"id": "b", "title": "T"}\n'
    )
    done = installation.tocsin("feed", "-", "--rate", "1000", given=given)
    assert done.exit_code == 0, done.output
    assert "late: 1 (older than 7 days, TOCSIN_MAX_AGE), they ring nothing" in done.stderr
    assert [dict(r.headers)["ce_type"] for r in installation.records("articles.v1")] == [
        b"org.tocsin.article.v1"
    ] * 2


def test_feed_sends_8_mib_and_refuses_more(installation: Installation) -> None:
    line = b'{"id": "a", "title": "T", "body": "%s"}'
    fits = line % (b"x" * (8 * 2**20 - len(line) + 2))
    done = installation.tocsin("feed", "-", given=fits + b"\n" + fits + b" \n" + b'{"id": "b"}\n')
    assert len(fits) == 8 * 2**20
    assert done.exit_code == 1
    assert "-:2: 8388609 bytes; at most 8388608 can be sent" in done.stderr
    assert "2 of 3 lines sent" in done.stderr


def alert(version: int, **more: object) -> Alert:
    base: dict[str, object] = {
        "alert_id": f"a{version}",
        "dedup_key": "toll/i1/1",
        "rule": "toll",
        "rules_digest": "d",
        "type": "casualties",
        "status": "open",
        "reason": "crossed",
        "level": "major",
        "version": version,
        "measure": "killed",
        "bound": "low",
        "value": Count(low=12, best=12),
        "threshold": 10,
        "explanation": f"Version {version} rings.",
        "raised_at": datetime(2026, 11, 20, 10, tzinfo=UTC),
    }
    return Alert(**{**base, **more})  # type: ignore[arg-type]


def ring(topic: str, found: Alert) -> Sent:
    return topic, found.dedup_key.encode(), encode(found), ()


def test_alerts_shows_the_latest_state_of_each(installation: Installation) -> None:
    reading = Reading(article_id="r", content_hash="h", late=True)
    installation.send(
        ring("alerts.casualties.v1", alert(1)),
        ring("alerts.casualties.v1", alert(2, status="escalate")),
        ring("alerts.casualties.v1", alert(1)),  # a repetition after a crash
        ring("alerts.deployments.v1", alert(7, dedup_key="force/i2/1", status="close")),
        ("alerts.casualties.v1", b"k", b"no alert", ()),
        ("events.v1", b"readings", encode(reading), ()),
        ("events.v1", b"readings", b"no reading", ()),
    )
    done = installation.tocsin("alerts", "--once")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == ["2026-11-20 10:00  major     escalate  Version 2 rings."]
    assert "offset 3 is no alert" in done.stderr
    assert "alerts: 1 open, 1 closed; of the last 1 articles 1 came late and rang nothing" in done.stderr
    everything = installation.tocsin("alerts", "--once", "--closed", "--json")
    assert {json.loads(line)["version"] for line in everything.stdout.splitlines()} == {2, 7}


HEADERS = (("traceparent", b"00-1"), ("x", b"\xff"), ("x", b""))


def letter(value: bytes | None, stage: str, kind: str, attempt: int = 0, key: bytes | None = b"k") -> Sent:
    error = BadMessage(f"it is {kind}", stage=stage, kind=kind)
    original = (*HEADERS, ("dlq.attempt", str(attempt).encode())) if attempt else HEADERS
    headers = dead_letter_headers(error, topic="articles.v1", partition=2, offset=9, original=original)
    return "articles.v1.dlq", key, value, headers


def test_dead_letters_say_what_could_not_be_used_and_why(installation: Installation) -> None:
    installation.send(
        letter(b"not json", "decode", "json"),
        letter(b"\xff", "extract", "timeout", attempt=2),
        ("events.v1.dlq", None, b"a stranger's", ()),
    )
    listed = installation.tocsin("dead-letters", "list")
    assert listed.exit_code == 0
    assert "decode/json  from" in listed.stdout
    assert f"extract/timeout, attempt 3  from {installation.prefix}articles.v1 2:9  1 bytes" in listed.stdout
    assert "it is json\n    not json" in listed.stdout
    assert "events:0" in listed.stdout
    assert "3 dead letters" in listed.stderr
    one = installation.tocsin("dead-letters", "list", "articles:1", "--json")
    told = json.loads(one.stdout)
    assert (told["kind"], told["attempt"], told["value"]) == ("timeout", 3, {"base64": "/w=="})
    assert installation.tocsin("dead-letters", "list", "--stage", "track").stdout == ""


def test_a_retry_puts_back_what_came_and_only_once(installation: Installation) -> None:
    installation.send(
        letter(b"one", "decode", "json"),
        letter(b"two", "extract", "timeout"),
        letter(None, "decode", "empty", key=b"three"),
        letter(None, "decode", "empty", key=None),
    )
    first = installation.tocsin("dead-letters", "retry", "--kind", "timeout")
    assert (first.exit_code, first.stderr) == (0, "1 dead letter put back\n")
    again = installation.tocsin("dead-letters", "retry", "articles:1", "articles:8")
    assert again.exit_code == 1
    assert "articles:1 was put back already" in again.stderr
    assert "articles:8 is not there" in again.stderr
    everything = installation.tocsin("dead-letters", "retry", "--all")
    assert everything.stderr == "3 dead letters put back\n"
    assert installation.tocsin("dead-letters", "retry", "--all").stderr == "0 dead letters put back\n"
    back = installation.records("articles.v1")
    assert {record.partition for record in back} == {2}
    assert [(record.key, record.value) for record in back] == [
        (b"k", b"two"),
        (b"k", b"one"),
        (b"three", None),
        (None, b""),
    ]
    assert {record.headers for record in back} == {(*HEADERS, ("dlq.attempt", b"1"))}
    assert installation.tocsin("dead-letters", "list").stdout == ""
    assert installation.tocsin("dead-letters", "list", "--retried").stdout.count("(put back)") == 4


WRONG_USE = [
    ("feed",),
    ("feed", "no-such-file.jsonl"),
    ("feed", "-", "--rate", "0"),
    ("alerts", "--twice"),
    ("dead-letters", "retry"),
    ("dead-letters", "list", "seventeen"),
    ("dead-letters", "list", "incidents:1"),
    ("topics",),
    ("topics", "drop"),
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


NEEDS_A_BROKER = [
    ("topics", "create"),
    ("topics", "check"),
    ("feed", "-"),
    ("alerts", "--once"),
    ("dead-letters", "list"),
    ("dead-letters", "retry", "--all"),
]


@pytest.mark.parametrize("arguments", NEEDS_A_BROKER, ids=" ".join)
def test_a_broker_that_is_away_is_said_in_a_sentence(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, arguments, env={"TOCSIN_BROKER": "127.0.0.1:1"}, input="{}\n")
    assert (done.exit_code, done.stderr) == (2, "no broker answers at 127.0.0.1:1 (TOCSIN_BROKER)\n")


@pytest.mark.parametrize("arguments", NEEDS_A_BROKER, ids=" ".join)
def test_a_wrong_setting_is_said_in_a_sentence(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, arguments, env={"TOCSIN_BROKR": "127.0.0.1:1"}, input="{}\n")
    assert done.exit_code == 2
    assert done.stderr == "TOCSIN_BROKR is no setting of Tocsin; did you mean TOCSIN_BROKER?\n"


def test_topics_that_are_missing_are_named() -> None:
    with EmbeddedBroker() as broker:
        settings = {"TOCSIN_BROKER": broker.bootstrap}
        checked = CliRunner().invoke(app, ("topics", "check"), env=settings)
        assert checked.exit_code == 1
        assert "articles.v1 is missing\n" in checked.stderr
        followed = CliRunner().invoke(app, ("alerts", "--once"), env=settings)
        assert followed.exit_code == 2
        assert "topic alerts.casualties.v1 is not there; `tocsin topics create` makes it" in followed.stderr
