"""JSON in and out: orjson for the bytes, the dataclasses' own types for the check.

>>> decode(Tick, b'{"stream_time": "2026-11-22T10:00:00Z"}').stream_time.year
2026
"""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import orjson

from schemas.controls import Rules, Tick, Verdict
from schemas.errors import BadMessage
from schemas.events import Reading

T = TypeVar("T")

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS

Record = Reading | Tick | Rules | Verdict
"""What `events.v1` carries."""

_KINDS: dict[str, type[Record]] = {"reading": Reading, "tick": Tick, "rules": Rules, "verdict": Verdict}


def encode(message: object) -> bytes:
    """The message as canonical UTF-8 JSON: the same message always gives the same bytes."""
    return orjson.dumps(message, option=_OPTIONS)


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`. Raises BadMessage (stage `decode`) for anything else."""
    if not raw:
        raise BadMessage("the value is empty; a JSON object was expected", stage="decode", kind="empty")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadMessage(f"not UTF-8: {error}", stage="decode", kind="encoding") from error
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadMessage(f"not JSON: {error}", stage="decode", kind="json") from error
    if not isinstance(value, dict):
        raise BadMessage(
            f"JSON, but no object: a {type(value).__name__} was found", stage="decode", kind="no_object"
        )
    return value


def convert(kind: type[T], value: object, name: str | None = None) -> T:
    """`value` (parsed JSON) as `kind`. Raises BadMessage (stage `validate`) that names the field.

    `name` is what the message calls it, if not by the type's own name.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadMessage(f"{name or kind.__name__}: {error}", stage="validate", kind="type") from error


def decode(kind: type[T], raw: bytes) -> T:
    """The message of type `kind` in `raw`; unknown fields are ignored. Raises BadMessage."""
    return convert(kind, parse(raw))


def decode_record(raw: bytes) -> Record:
    """A record of `events.v1`, told by its `kind`. Raises BadMessage."""
    value = parse(raw)
    kind = _KINDS.get(str(value.get("kind")))
    if kind is None:
        raise BadMessage(
            f"kind is {value.get('kind')!r}; it must be one of {', '.join(_KINDS)}",
            stage="validate",
            kind="unknown_kind",
        )
    return convert(kind, value)


def utc(moment: datetime) -> datetime:
    """`moment` in UTC; one without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
