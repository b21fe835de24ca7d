"""Whatever comes in ends in the next topic or in the dead letters, and its neighbours go through."""

from collections.abc import Callable
from typing import Any

import orjson

from tests.delivery.harness import Bench, Rec, wait_for
from tests.delivery.news import articles

Installation = Callable[..., Bench]

SIZE = 5 << 20
BAD: dict[str, tuple[bytes | None, str, str, str]] = {
    "not JSON": (b"{not json", "decode", "json", "not JSON"),
    "not UTF-8": (b"\xff\xfe{}", "decode", "encoding", "not UTF-8"),
    "no object": (b"[1]", "decode", "no_object", "list"),
    "wrong type": (b'{"id": "t", "title": 7}', "validate", "type", "$.title"),
    "no text": (b'{"id": "n"}', "validate", "no_text", "`title`"),
    "empty value": (b"", "decode", "empty", "empty"),
    "null value": (None, "decode", "empty", "empty"),
    "5 MB of body": (orjson.dumps({"body": "x" * SIZE}), "validate", "too_long", "1048576"),
    "raises": (b'{"id": "r", "body": "raise"}', "extract", "exception", "this text cannot be read"),
    "never ends": (b'{"id": "h", "body": "hang"}', "extract", "timeout", "longer than 3 s"),
    "kills its process": (b'{"id": "d", "body": "die"}', "extract", "crash", "died"),
    "no calendar": (
        b'{"title": "x", "published_at": "2025-02-30T00:00:00Z"}',
        "validate",
        "type",
        "$.published_at",
    ),
    "ten years ahead": (
        b'{"title": "x", "published_at": "2099-01-01T00:00:00Z"}',
        "validate",
        "future",
        "more than a day after",
    ),
}


def text(rec: Rec, name: str) -> str:
    return rec.headers[name].decode()


def test_every_kind_of_bad_record_is_dead_lettered_and_harms_nobody(installation: Installation) -> None:
    bench = installation(
        settings={"TOCSIN_EXTRACTION": "tests.agents.faults:real", "TOCSIN_ARTICLE_LIMIT": "3s"}
    )
    worker = bench.worker()
    good = list(articles(4 * len(BAD)))
    for number, (name, (value, *_rest)) in enumerate(BAD.items()):
        bench.feed(good[4 * number : 4 * number + 2])
        headers = {"traceparent": b"00-abc", "bytes": b"\xff\x00"}
        bench.produce("articles.v1", [(name.encode(), value)], headers=headers)
        bench.feed(good[4 * number + 2 : 4 * number + 4])
    bench.settle(120)
    found = bench.verdict()
    assert found["distinct"] == len(good)
    letters = {(rec.key or b"").decode(): rec for rec in bench.records("articles.v1.dlq")}
    assert letters.keys() == BAD.keys()
    for name, (value, stage, kind, says) in BAD.items():
        letter = letters[name]
        assert letter.value == value, f"{name}: the bytes are not the original ones"
        assert (letter.headers["traceparent"], letter.headers["bytes"]) == (b"00-abc", b"\xff\x00")
        assert (text(letter, "dlq.stage"), text(letter, "dlq.kind")) == (stage, kind), name
        assert says in text(letter, "__streams.errors.message"), name
        assert text(letter, "__streams.errors.topic") == f"{bench.prefix}articles.v1"
        assert text(letter, "__streams.errors.partition").isdigit()
    assert worker.page("/readyz")[0] == 200
    metrics = worker.page("/metrics")[1]
    assert 'tocsin_dead_letters_total{kind="json",stage="decode"} 1.0' in metrics
    listed = bench.tocsin("dead-letters", "list").stdout
    assert "not UTF-8" in listed


def test_a_record_with_neither_key_nor_value_is_dead_lettered_also_after_a_restart(
    installation: Installation,
) -> None:
    bench = installation(partitions=1)
    worker = bench.worker()
    bench.feed(articles(3))
    bench.produce("articles.v1", [(None, None)])
    bench.feed(articles(3, first=3))
    bench.settle()
    worker.kill()
    bench.produce("articles.v1", [(None, None)])
    bench.feed(articles(3, first=6))
    again = bench.worker()
    bench.settle()
    found = bench.verdict()
    assert found["distinct"] == 9
    letters = bench.records("articles.v1.dlq")
    assert {text(rec, "__streams.errors.offset") for rec in letters} == {"3", "7"}
    for letter in letters:
        assert (letter.key, letter.value or b"") == (None, b"")
        assert (text(letter, "dlq.stage"), text(letter, "dlq.kind")) == ("decode", "empty")
    assert again.page("/readyz")[0] == 200


def test_an_unknown_language_is_counted_and_passed_over(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    spanish = {"id": "es", "language": "es", "body": "Al menos 12 personas murieron en Cali."}
    bench.feed([spanish, *articles(3)])
    bench.settle()
    found = bench.verdict()
    assert (found["distinct"], found["dead"]) == (4, 0)
    reading = next(rec.json for rec in bench.records("events.v1") if rec.json["article_id"] == "es")
    assert reading["events"] == []
    assert 'tocsin_passed_over_total{why="language"} 1.0' in worker.page("/metrics")[1]


def test_what_others_wrote_wrongly_on_events_is_dead_lettered(installation: Installation) -> None:
    bench = installation()
    bench.worker()
    bench.feed(articles(6))
    bench.settle()
    rules = {"rules": "[[rule]]", "rules_digest": "0", "by": "x", "at": "2025-01-01T00:00:00Z"}
    wrong: list[tuple[bytes | None, bytes | None]] = [
        (b"a", b"nonsense"),
        (b"b", b'{"kind": "gossip"}'),
        (b"c", b'{"kind": "reading", "article_id": 7}'),
        (b"d", None),
        (b"e", b'{"kind": "tick", "stream_time": "2099-01-01T00:00:00Z"}'),
        (b"f", orjson.dumps({"kind": "rules", **rules})),
    ]
    bench.produce("events.v1", wrong, partition=0)
    bench.feed(articles(6, first=6))
    bench.settle()
    letters = {rec.key: rec for rec in bench.records("events.v1.dlq")}
    assert {key: rec.value for key, rec in letters.items()} == dict(wrong)
    assert text(letters[b"e"], "dlq.kind") == "future"
    told = {rec.json["article_id"] for rec in _readings(bench)}
    assert {f"n{number}" for number in range(12)} <= told
    incidents = {rec.key for rec in bench.records("incidents.v1")}
    assert len(incidents) >= 6, "the tick from the future closed nothing for the others"


def _readings(bench: Bench) -> list[Rec]:
    found = []
    for rec in bench.records("events.v1"):
        try:
            value: Any = rec.json
        except orjson.JSONDecodeError:
            continue
        if (
            isinstance(value, dict)
            and value.get("kind") == "reading"
            and isinstance(value.get("article_id"), str)
        ):
            found.append(rec)
    return found


def test_an_article_again_unchanged_edited_and_retracted(installation: Installation) -> None:
    bench = installation(partitions=1)
    bench.worker()
    article = {
        "id": "a1",
        "source": "Paper",
        "published_at": "2025-11-03T10:00:00Z",
        "title": "Fire in Quetta",
        "body": "At least 12 people were killed on Monday in a hotel fire in Quetta, Pakistan, police said.",
    }
    bench.feed([article])
    bench.settle()
    first = bench.records("incidents.v1")
    assert first[-1].json["tolls"]["killed"]["low"] == 12
    bench.feed([article])
    bench.settle()
    assert len(bench.records("incidents.v1")) == len(first), "the same again: nothing happens"
    bench.feed([{**article, "body": article["body"].replace("12", "15")}])
    bench.settle()
    edited = bench.records("incidents.v1")[-1]
    assert edited.key == first[-1].key
    assert edited.json["tolls"]["killed"]["low"] == 15
    assert edited.json["reports_total"] == 1
    bench.feed([{"id": "a1", "retracted": True, "published_at": "2025-11-03T12:00:00Z"}])
    bench.settle()
    last = bench.records("incidents.v1")[-1].json
    assert (last["status"], last["tolls"], last["reports"]) == ("closed", {}, [])
    bench.verdict()


def test_too_many_dead_letters_stop_the_worker_with_a_reason(installation: Installation) -> None:
    bench = installation(settings={"TOCSIN_DEAD_LETTER_RUN": "20"})
    worker = bench.worker()
    bench.produce("articles.v1", [(b"k", b"broken")] * 200)
    wait_for(lambda: worker.process.poll() is not None, 60, worker.tail)
    assert worker.process.returncode == 1
    assert "20 records in a row were dead-lettered" in worker.tail()
    assert len(bench.records("articles.v1.dlq")) < 200, "the feed was not drained into the dead letters"
    assert bench.lag() > 150
