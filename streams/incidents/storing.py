"""The tracker's records as they are stored: JSON without what goes without saying.

What has few fields, most of them filled, is a list of their values; what has many is an object without those
that have their default. The form is made from the types of the records, so that a field that is added there
is stored, and one that an older record lacks has its default.

>>> from schemas.counts import Count
>>> record = IncidentRecord(incident_id="a", type="casualties", confirmed={"killed": Count(best=3)})
>>> store_tracked(record)
b'{"type":"casualties","confirmed":{"killed":[null,3,null,null,null]}}'
>>> restored(INCIDENT + "a", {"type": "casualties", "confirmed": {"killed": [None, 3]}}) == record
True
"""

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import FieldInfo
from msgspec.structs import fields as struct_fields

from schemas.codec import convert
from schemas.events import Event, Terms
from streams.incidents.state import ARTICLE, INCIDENT, ArticleRecord, Draft, IncidentRecord

_SPARSE = frozenset({ArticleRecord, IncidentRecord, Draft, Event, Terms})
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
    form = msgspec.convert(record, _form(kind), from_attributes=True)
    if isinstance(record, ArticleRecord):
        _name(form, "")
        if record.kept_from == record.published_at:
            form.kept_from = None
    else:
        form.incident_id = ""
    return msgspec.json.encode(form)


def restored(key: str, value: object) -> TrackedRecord:
    """The record that was stored under `key` as `value` (parsed JSON). Raises BadMessage for another."""
    if key.startswith(ARTICLE):
        form: Any = convert(_form(ArticleRecord), value)
        _name(form, key.removeprefix(ARTICLE))
        form.kept_from = form.kept_from or form.published_at
        return msgspec.convert(form, ArticleRecord, from_attributes=True)
    form = convert(_form(IncidentRecord), value)
    form.incident_id = key.removeprefix(INCIDENT)
    return msgspec.convert(form, IncidentRecord, from_attributes=True)


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
        found.append((name, hint) if default is MISSING else (name, hint, default))
    sparse = kind in _SPARSE
    return msgspec.defstruct(
        kind.__name__, found, kw_only=True, omit_defaults=sparse, array_like=not sparse, gc=False
    )


def _defaults(kind: type) -> list[tuple[str, Any]]:
    """The fields of a `kind` with their defaults."""
    if not is_dataclass(kind):
        return [(item.name, _default(kind, item)) for item in struct_fields(kind)]
    return [
        (item.name, "" if (kind, item.name) in _IN_THE_KEY else _made(item.default, item.default_factory))
        for item in fields(kind)
    ]


def _default(kind: type, item: FieldInfo) -> Any:
    if (kind, item.name) in _IN_THE_KEY:
        return ""
    return MISSING if item.default is msgspec.NODEFAULT else item.default


def _made(default: Any, factory: Any) -> Any:
    if factory is MISSING:
        return default
    made = _form(factory) if _is_ours(factory) else factory
    return msgspec.field(default_factory=made)


def _is_ours(hint: Any) -> bool:
    return is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, msgspec.Struct))


def _formed(hint: Any) -> Any:
    """`hint` with every type of ours in the form that is stored."""
    if _is_ours(hint):
        return _form(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union[tuple(map(_formed, parts))]  # noqa: UP007  # made at run time
    if origin in (tuple, dict):
        return origin[tuple(part if part is ... else _formed(part) for part in parts)]
    return hint
