"""Headers of what we produce: CloudEvents in binary mode, and the reasons on a dead letter.

CloudEvents 1.0, Kafka protocol binding, section 3.2 (binary content mode): each attribute is a header with
the prefix `ce_`, the value is the event's data, and the record's key is its partition key.
Dead letters carry the header names that Kafka Streams uses (KIP-1034) and three of ours; `dlq.retried` marks
the record by which an operator's retry is remembered.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from schemas.errors import BadMessage

Headers = tuple[tuple[str, bytes], ...]

SOURCE = "/tocsin"
ERROR_PREFIX = "__streams.errors."
STAGE = "dlq.stage"
KIND = "dlq.kind"
ATTEMPT = "dlq.attempt"
RETRIED = "dlq.retried"
MAX_TEXT = 2000
"""Longest error text that goes into a header."""


def event_headers(kind: str, event_id: str, time: datetime | float | None) -> Headers:
    """Headers of one message of ours: `kind` is reading, incident, alert, tick, rules or verdict.

    `event_id` is the same whenever the same message is sent again; `time` is event time, as a moment or in
    epoch seconds, and left out where it is unknown.
    """
    moment = datetime.fromtimestamp(time, UTC) if isinstance(time, int | float) else time
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_type", f"org.tocsin.{kind}.v1".encode()),
        ("ce_source", SOURCE.encode()),
        ("content-type", b"application/json"),
    ]
    if moment is not None:
        stamp = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        headers.append(("ce_time", stamp.encode()))
    return tuple(headers)


def dead_letter_headers(
    error: BadMessage,
    *,
    topic: str,
    partition: int,
    offset: int,
    original: Iterable[tuple[str, bytes]] = (),
) -> Headers:
    """The original headers, untouched and in their order, then why and from where.

    A record that was put back and refused again carries the reasons of its last refusal only;
    `dlq.attempt` counts them.
    """
    original = tuple(original)
    attempts = [int(value) for name, value in original if name == ATTEMPT and value.isdigit()]
    reasons = {
        f"{ERROR_PREFIX}exception": type(error).__name__,
        f"{ERROR_PREFIX}message": str(error)[:MAX_TEXT],
        f"{ERROR_PREFIX}stacktrace": "",
        f"{ERROR_PREFIX}topic": topic,
        f"{ERROR_PREFIX}partition": str(partition),
        f"{ERROR_PREFIX}offset": str(offset),
        STAGE: error.stage,
        KIND: error.kind,
        ATTEMPT: str(max(attempts, default=0) + 1),
    }
    return (
        *without_reasons(original),
        *((name, value.encode("utf-8", "replace")) for name, value in reasons.items()),
    )


def without_reasons(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """The headers that a record had before it was dead-lettered, in their order."""
    return tuple((name, value) for name, value in headers if not _ours(name))


def _ours(name: str) -> bool:
    return name.startswith((ERROR_PREFIX, "dlq."))
