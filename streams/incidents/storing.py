"""The tracker's records as they are stored: JSON without what goes without saying.

What has few fields, most of them filled, is a list of their values; what has many is an object without those
that have their default. The form is made from the types of the records, so that a field that is added there
is stored, and one that an older record lacks has its default.

>>> record = IncidentRecord(incident_id="a", type="casualties", confirmed={"killed": Count(low=3, best=3)})
>>> store_tracked(record)
b'{"confirmed":{"killed":[3,3,null]}}'
>>> restored(INCIDENT + "a", {"confirmed": {"killed": [3, 3, None]}}) == record
True
"""

from collections.abc import Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import FieldInfo
from msgspec.structs import fields as struct_fields

from schemas.counts import Count
from schemas.errors import BadMessage
from schemas.events import Event, Terms
from schemas.incidents import Revision
from streams.incidents.state import ARTICLE, INCIDENT, ArticleRecord, IncidentRecord

_SPARSE = frozenset({ArticleRecord, IncidentRecord, Event, Terms})
_SHORT = {
    "content_hash": "hash",
    "published_at": "at",
    "source": "by",
    "fingerprint": "print",
    "copy_of": "copy",
    "drafts": "says",
    "event_id": "id",
    "confidence": "sure",
    "evidence": "words",
    "opened_at": "opened",
    "updated_at": "updated",
    "active_at": "active",
}
_USUAL = {(Event, "rank"): 0, (Event, "type"): "casualties", (IncidentRecord, "type"): "casualties"}
_IN_THE_KEY = frozenset(
    {(ArticleRecord, "article_id"), (Event, "article_id"), (IncidentRecord, "incident_id")}
)


TrackedRecord = ArticleRecord | IncidentRecord


def is_tracked(key: str) -> bool:
    """Whether the record under `key` is one of these."""
    return key.startswith((ARTICLE, INCIDENT))


def store_tracked(record: TrackedRecord) -> bytes:
    """What is stored of `record`; the rest is in its key."""
    kind = type(record)
    form = msgspec.convert(record, _form(kind), from_attributes=True, dec_hook=_made)
    if isinstance(record, ArticleRecord):
        _name(form, "")
        if record.kept_from == record.published_at:
            form.kept_from = None
    else:
        form.incident_id = ""
    return msgspec.json.encode(form, enc_hook=_stored)


def restored(key: str, value: object) -> TrackedRecord:
    """The record that was stored under `key` as `value` (parsed JSON). Raises BadMessage for another."""
    if key.startswith(ARTICLE):
        form: Any = _parsed(ArticleRecord, value)
        _name(form, key.removeprefix(ARTICLE))
        form.kept_from = form.kept_from or form.published_at
        return msgspec.convert(form, ArticleRecord, from_attributes=True)
    form = _parsed(IncidentRecord, value)
    form.incident_id = key.removeprefix(INCIDENT)
    return msgspec.convert(form, IncidentRecord, from_attributes=True)


def _parsed(kind: type, value: object) -> Any:
    try:
        return msgspec.convert(value, _form(kind), dec_hook=_made)
    except msgspec.ValidationError as error:
        raise BadMessage(f"{kind.__name__}: {error}", stage="restore", kind="type") from error


class _Figure:
    """A Count, stored as its number alone where there is no more to it.

    `3` is exactly three, `[3, "three men", "number"]` the same with its words and rule; in both a list of the
    lower end, the best figure and the upper end stands where they differ.
    """

    __slots__ = ("best", "high", "low", "rule", "text")

    def __init__(self, ends: Sequence[int | None], text: str | None, rule: str | None) -> None:
        self.low, self.best, self.high = ends
        self.text, self.rule = text, rule

    def stored(self) -> object:
        """What JSON has of it."""
        same = self.low == self.best == self.high
        figure = self.best if same else [self.low, self.best, self.high]
        return figure if self.text is None and self.rule is None else [figure, self.text, self.rule]


class _Line:
    """A line of a history; what it changed is a figure or a word."""

    __slots__ = ("at", "event_id", "measure", "value", "why")

    def __init__(self, at: Any, measure: str, value: Any, event_id: str | None, why: str) -> None:
        self.at, self.measure, self.event_id, self.why = at, measure, event_id, why
        self.value = value if value is None or isinstance(value, str) else _figure(value)

    def stored(self) -> object:
        """What JSON has of it."""
        return [self.at, self.measure, self.value, self.event_id, self.why]


def _figure(value: Any) -> _Figure:
    """A Count, or what is stored of one, as a figure."""
    if isinstance(value, Count):
        return _Figure((value.low, value.best, value.high), value.text, value.rule)
    text = rule = None
    if isinstance(value, list) and any(isinstance(part, str) for part in value[1:]):
        value, text, rule = value
    return _Figure(value if isinstance(value, list) else (value, value, value), text, rule)


def _made(kind: type, value: Any) -> _Figure | _Line:
    """What has a form of its own, from ours or from what is stored of it."""
    if kind is _Figure:
        return _figure(value)
    if isinstance(value, Revision):
        return _Line(value.at, value.measure, value.value, value.event_id, value.why)
    return _Line(*value)


def _stored(value: _Figure | _Line) -> object:
    return value.stored()


def _name(article: Any, article_id: str) -> None:
    article.article_id = article_id
    for draft in article.drafts:
        draft.event.article_id = article_id


@cache
def _form(kind: Any) -> Any:
    """The type of what is stored of a `kind`."""
    hints = get_type_hints(kind)
    found: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for name, default in _defaults(kind):
        hint = _formed(hints[name])
        usual = _USUAL.get((kind, name), default)
        found.append((name, hint) if usual is MISSING else (name, hint, usual))
    sparse = kind in _SPARSE
    return msgspec.defstruct(
        kind.__name__,
        found,
        kw_only=True,
        omit_defaults=sparse,
        array_like=not sparse,
        rename=_SHORT,
        gc=False,
    )


def _defaults(kind: type) -> list[tuple[str, Any]]:
    """The fields of a `kind` with their defaults."""
    if not is_dataclass(kind):
        return [(item.name, _default_in(kind, item)) for item in struct_fields(kind)]
    return [(item.name, _default_of(kind, item)) for item in fields(kind)]


def _default_in(kind: type, item: FieldInfo) -> Any:
    if (kind, item.name) in _IN_THE_KEY:
        return ""
    return MISSING if item.default is msgspec.NODEFAULT else item.default


def _default_of(kind: type, item: Field[Any]) -> Any:
    if (kind, item.name) in _IN_THE_KEY:
        return ""
    factory: Any = item.default_factory
    if factory is MISSING:
        return item.default
    made = _form(factory) if _is_ours(factory) else factory
    return msgspec.field(default_factory=made)


def _is_ours(hint: Any) -> bool:
    return is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, msgspec.Struct))


_OWN = {Count: _Figure, Revision: _Line}


def _formed(hint: Any) -> Any:
    """`hint` with every type of ours in the form that is stored."""
    if hint in _OWN:
        return _OWN[hint]
    if _is_ours(hint):
        return _form(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union[tuple(map(_formed, parts))]  # noqa: UP007  # made at run time
    if origin in (tuple, dict):
        return origin[tuple(part if part is ... else _formed(part) for part in parts)]
    return hint
