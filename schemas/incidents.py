"""What all reports together say about one happening."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from schemas.counts import Count, Measure
from schemas.events import Cause, Claim, DateSpan, Direction, EventType, Force, Party, Place, Realis


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's part in an incident. `time` is its `published_at`; `copy_of` the article it repeats."""

    event_id: str
    article_id: str
    rank: int
    source: str | None = None
    url: str | None = None
    title: str | None = None
    time: datetime | None = None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One line of an incident's history: from `at` (stream time) on, `measure` was `value`, and why.

    `measure` is a Measure, `personnel`, `units`, `realis`, `status`, `place`, `merge` or `split`; `value` is
    a Count for figures, else a word or an incident id.
    """

    at: datetime | None
    measure: str
    value: Count | str | None
    event_id: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvidence:
    """The words behind a current figure, and where to read them."""

    field: str
    text: str
    start: int
    end: int
    article_id: str
    url: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The operator's last word on an incident."""

    action: Literal["confirm", "void", "merge", "split"]
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One happening, as of `version`. Merged away: `merged_into` is set and `reports` is empty."""

    incident_id: str
    type: EventType
    version: int
    status: Literal["open", "closed"]
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    realis: Realis = "actual"
    cause: Cause | None = None
    direction: Direction | None = None
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    place: Place | None = None
    date: DateSpan | None = None
    tolls: dict[Measure, Count] = field(default_factory=dict)
    force: Force | None = None
    claims: tuple[Claim, ...] = ()
    confidence: float = 0.5
    evidence: tuple[IncidentEvidence, ...] = ()
    history: tuple[Revision, ...] = ()
    reports: tuple[Report, ...] = ()
    reports_total: int = 0
    sources: int = 0
    source_names: tuple[str, ...] = ()
    headline: str | None = None
    verdict: Decision | None = None
    merged_into: str | None = None
    split_from: str | None = None
    schema_version: int = 1
