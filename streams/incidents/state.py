"""What the tracker remembers: one record for each article and one for each incident, both small.

`article/<id>` keeps what one article contributed, so that it can be taken back; `incident/<id>` keeps only
what can't be read off its members' articles: identity, version, history and the operator's decision. The
members of an incident are the drafts that name it, so no record grows with the number of reports.
"""

import operator
from dataclasses import replace
from datetime import datetime
from typing import Final

from msgspec import Struct

from schemas.counts import Count, Measure
from schemas.events import Event, EventType, Evidence, Origin
from schemas.incidents import Decision, Revision

ARTICLE: Final = "article/"
INCIDENT: Final = "incident/"

EVIDENCE_LENGTH = 200
"""Characters of each piece of evidence that are kept."""

_EVIDENCE_FIELDS = ("tolls.", "force.", "claims.")


class Draft(Struct, frozen=True, gc=False, kw_only=True):
    """One event of an article as `kept`, and the incident it belongs to.

    `held` says that the operator put it where it is.
    """

    event: Event
    incident_id: str
    held: bool = False


class ArticleRecord(Struct, frozen=True, gc=False, kw_only=True):
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


class IncidentRecord(Struct, frozen=True, gc=False, kw_only=True):
    """What of an incident its members don't say. `active_at`: the time of its latest original report.

    `verdict` is the operator's latest decision, but those before it stand too: `confirmed` are the figures of
    an incident that was confirmed, `whole` says that reports were merged into it, `apart` are the incidents
    that were split from it.
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
    whole: bool = False

    @property
    def pinned(self) -> bool:
        """Whether an operator's decision forbids merging, splitting and closing it automatically."""
        return self.confirmed is not None

    @property
    def kept_whole(self) -> bool:
        """Whether an operator's decision keeps its members together."""
        return self.pinned or self.whole

    @property
    def void(self) -> bool:
        """Whether an operator declared that there was no such happening."""
        return self.verdict is not None and self.verdict.action == "void"


def kept(event: Event) -> Event:
    """`event` with the evidence of its figures only, and of that no more than a few words."""
    found = [_cut(item) for item in event.evidence if item.field.startswith(_EVIDENCE_FIELDS)]
    same = len(found) == len(event.evidence) and all(map(operator.is_, found, event.evidence))
    return event if same else replace(event, evidence=tuple(found))


def _cut(item: Evidence) -> Evidence:
    if len(item.text) <= EVIDENCE_LENGTH and item.end - item.start <= EVIDENCE_LENGTH:
        return item
    end = min(item.end, item.start + EVIDENCE_LENGTH)
    return Evidence(field=item.field, start=item.start, end=end, text=item.text[:EVIDENCE_LENGTH])


def article_key(article_id: str) -> str:
    """The ledger key of an article."""
    return ARTICLE + article_id


def incident_key(incident_id: str) -> str:
    """The ledger key of an incident."""
    return INCIDENT + incident_id
