"""Headers, with the CloudEvents SDK as the judge of ours."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import BadMessage
from schemas.headers import MAX_TEXT, dead_letter_headers, event_headers, without_reasons

KINDS = ["article", "reading", "tick", "rules", "verdict", "incident", "alert"]
ERROR = BadMessage("Article: Expected `str`, got `int`", stage="validate", kind="type")
REASONS = {
    "__streams.errors.exception": b"BadMessage",
    "__streams.errors.message": b"Article: Expected `str`, got `int`",
    "__streams.errors.stacktrace": b"",
    "__streams.errors.topic": b"articles.v1",
    "__streams.errors.partition": b"2",
    "__streams.errors.offset": b"118",
    "dlq.stage": b"validate",
    "dlq.kind": b"type",
}

ORIGINAL = st.lists(
    st.tuples(st.text(max_size=12).filter(lambda n: not n.startswith(("dlq.", "__streams."))), st.binary()),
    max_size=4,
)


def judged(kind: str, event_id: str, time: datetime | float | None) -> CloudEvent:
    """The event that the SDK reads out of a record with our headers."""
    message = KafkaMessage(dict(event_headers(kind, event_id, time)), b"a key", b'{"a": 1}')
    event = from_binary(message, JSONFormat(), CloudEvent)
    assert isinstance(event, CloudEvent)
    return event


@pytest.mark.parametrize("kind", KINDS)
def test_the_sdk_reads_our_headers(kind: str) -> None:
    event = judged(kind, "inc-7d20-3", datetime(2026, 3, 14, 9, 30, tzinfo=UTC))
    assert event.get_id() == "inc-7d20-3"
    assert event.get_type() == f"org.tocsin.{kind}.v1"
    assert event.get_source() == "/tocsin"
    assert event.get_specversion() == "1.0"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
    assert event.get_data() == {"a": 1}


@given(st.text(min_size=1).filter(str.strip), st.datetimes(timezones=st.just(UTC)))
def test_any_id_and_time_come_through(event_id: str, time: datetime) -> None:
    event = judged("alert", event_id, time)
    assert event.get_id() == event_id
    told = event.get_time()
    assert told is not None
    assert abs(told - time) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (1773480600.5, b"2026-03-14T09:30:00.500Z"),
        (0, b"1970-01-01T00:00:00.000Z"),
        (datetime(2026, 3, 14, 12, tzinfo=timezone(timedelta(hours=2))), b"2026-03-14T10:00:00.000Z"),
        (None, None),
    ],
)
def test_time_is_utc_and_left_out_where_unknown(time: datetime | float | None, said: bytes | None) -> None:
    assert dict(event_headers("tick", "1", time)).get("ce_time") == said


@given(ORIGINAL)
def test_a_dead_letter_keeps_its_headers_and_adds_the_reasons(original: list[tuple[str, bytes]]) -> None:
    headers = dead_letter_headers(ERROR, topic="articles.v1", partition=2, offset=118, original=original)
    assert list(headers[: len(original)]) == original
    assert dict(headers[len(original) :]) == {**REASONS, "dlq.attempt": b"1"}
    assert list(without_reasons(headers)) == original


@given(ORIGINAL, st.integers(1, 5))
def test_every_refusal_is_counted_and_only_the_last_is_told(
    original: list[tuple[str, bytes]], times: int
) -> None:
    headers = tuple(original)
    for _ in range(times):
        headers = dead_letter_headers(ERROR, topic="articles.v1", partition=2, offset=118, original=headers)
    assert len(headers) == len(original) + len(REASONS) + 1
    assert dict(headers)["dlq.attempt"] == str(times).encode()


def test_a_strangers_count_is_not_believed() -> None:
    original = [("dlq.attempt", b"\xff"), ("dlq.attempt", b"many")]
    headers = dead_letter_headers(ERROR, topic="t", partition=0, offset=0, original=original)
    assert dict(headers)["dlq.attempt"] == b"1"


def test_a_long_error_is_cut() -> None:
    error = BadMessage("ä" * 5000, stage="decode", kind="json")
    headers = dead_letter_headers(error, topic="t", partition=0, offset=0)
    assert dict(headers)["__streams.errors.message"].decode() == "ä" * MAX_TEXT
