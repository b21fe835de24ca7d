"""Headers of what we produce: CloudEvents in binary mode, and the reasons on a dead letter.

CloudEvents 1.0, Kafka protocol binding, section 3.2 (binary content mode): each attribute is a header with
the prefix `ce_`, the value is the event's data, and the record's key is its partition key.
Dead letters carry the header names that Kafka Streams uses (KIP-1034) and three of ours.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from schemas.errors import BadMessage

Headers = tuple[tuple[str, bytes], ...]

SOURCE = "/tocsin"
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
    kept = [(name, value) for name, value in original if not _ours(name)]
    attempts = [int(value) for name, value in original if name == "dlq.attempt" and value.isdigit()]
    reasons = {
        "__streams.errors.exception": type(error).__name__,
        "__streams.errors.message": str(error)[:MAX_TEXT],
        "__streams.errors.stacktrace": "",
        "__streams.errors.topic": topic,
        "__streams.errors.partition": str(partition),
        "__streams.errors.offset": str(offset),
        "dlq.stage": error.stage,
        "dlq.kind": error.kind,
        "dlq.attempt": str(max(attempts, default=0) + 1),
    }
    return (*kept, *((name, value.encode()) for name, value in reasons.items()))


def _ours(name: str) -> bool:
    return name.startswith(("__streams.errors.", "dlq."))
