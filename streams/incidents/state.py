"""What the tracker remembers: one record for each article and one for each incident, both small.

`article/<id>` keeps what one article contributed, so that it can be taken back; `incident/<id>` keeps only
what can't be read off its members' articles: identity, version, history and the operator's decision. The
members of an incident are the drafts that name it, so no record grows with the number of reports.
"""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Any, Final

import msgspec

from schemas.counts import Count, Measure
from schemas.events import DateSpan, Event, EventType, Force, Origin, Place, Terms
from schemas.incidents import Decision, Revision

ARTICLE: Final = "article/"
INCIDENT: Final = "incident/"

EVIDENCE_LENGTH = 200
"""Characters of each piece of evidence that are kept."""

_EVIDENCE_FIELDS = ("tolls.", "force.", "claims.")
_DROPPED = ("article_id", "schema_version", "evidence")
_DEEP = (dict, tuple, Place, DateSpan, Force, Terms)


def _defaults() -> Iterator[tuple[str, Any]]:
    """The fields of an event that are kept as they are, with what they are when a text says nothing."""
    for item in fields(Event):
        if item.name not in _DROPPED:
            made = item.default_factory() if item.default_factory is not MISSING else item.default
            yield item.name, made


_FIELDS = tuple(_defaults())
_NO_TERMS = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One event of an article, and the incident it belongs to.

    `facts` is the event as JSON values without what is default; `held` says that the operator put it where
    it is.
    """

    facts: dict[str, Any]
    incident_id: str
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """What one article contributed. `origins` are the latest records applied, one for each partition.

    `kept_from` is the time from which its retention counts: its `published_at`, else stream time on arrival;
    null while there is no stream time. `copy_of` is the article whose text it repeats.
    """

    article_id: str
    content_hash: str
    retracted: bool = False
    origins: tuple[Origin, ...] = ()
    kept_from: datetime | None = None
    published_at: datetime | None = None
    source: str | None = None
    url: str | None = None
    title: str | None = None
    fingerprint: str | None = None
    copy_of: str | None = None
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecord:
    """What of an incident its members don't say. `active_at`: the time of its latest original report.

    `confirmed` are the figures an operator confirmed; `apart` are incidents that an operator split from it.
    """

    incident_id: str
    type: EventType
    version: int = 0
    closed: bool = False
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    active_at: datetime | None = None
    history: tuple[Revision, ...] = ()
    verdict: Decision | None = None
    confirmed: dict[Measure, Count] | None = None
    merged_into: str | None = None
    split_from: str | None = None
    apart: tuple[str, ...] = ()

    @property
    def pinned(self) -> bool:
        """Whether an operator's decision forbids merging, splitting and closing it automatically."""
        return self.verdict is not None and self.verdict.action == "confirm"

    @property
    def kept_whole(self) -> bool:
        """Whether an operator's decision keeps its members together."""
        return self.verdict is not None and self.verdict.action in ("confirm", "merge")

    @property
    def void(self) -> bool:
        """Whether an operator declared that there was no such happening."""
        return self.verdict is not None and self.verdict.action == "void"


def pack(event: Event) -> dict[str, Any]:
    """The event as plain JSON values, without defaults and with the evidence of its figures only."""
    facts: dict[str, Any] = {}
    for name, default in _FIELDS:
        value = getattr(event, name)
        if value != default:
            facts[name] = msgspec.to_builtins(value) if isinstance(value, _DEEP) else value
    if event.terms != _NO_TERMS:
        facts["terms"] = {name: value for name, value in facts["terms"].items() if value}
    if event.evidence:
        evidence = [
            {
                "field": item.field,
                "start": item.start,
                "end": min(item.end, item.start + EVIDENCE_LENGTH),
                "text": item.text[:EVIDENCE_LENGTH],
            }
            for item in event.evidence
            if item.field.startswith(_EVIDENCE_FIELDS)
        ]
        if evidence:
            facts["evidence"] = evidence
    return facts


def unpack(facts: dict[str, Any], article_id: str) -> Event:
    """The event that `pack` kept."""
    return msgspec.convert({**facts, "article_id": article_id}, Event)


def article_key(article_id: str) -> str:
    """The ledger key of an article."""
    return ARTICLE + article_id


def incident_key(incident_id: str) -> str:
    """The ledger key of an incident."""
    return INCIDENT + incident_id


def decoders() -> dict[str, type]:
    """The type of the records under each kind of key (`<kind>/<id>`), for whoever restores them."""
    return {ARTICLE.rstrip("/"): ArticleRecord, INCIDENT.rstrip("/"): IncidentRecord}
