"""What rings: one alert, never edited; a later one refers to it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from schemas.counts import Count
from schemas.events import DateSpan, EventType, Place, Realis
from schemas.incidents import IncidentEvidence

AlertStatus = Literal["open", "update", "escalate", "correct", "close"]
AlertReason = Literal[
    "crossed", "changed", "revised", "aged", "retracted", "merged", "split", "rules", "verdict", "quiet"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The region and the stretch of event time that a summing rule looked at, with what lay in it.

    `start` and `end` are null while there is no stream time. The latest 200 incidents are named;
    `incidents_total` says how many there are.
    """

    per: str
    region: str
    start: datetime | None
    end: datetime | None
    incident_ids: tuple[str, ...] = ()
    incidents_total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to a desk. `alert_id` and `dedup_key` are deterministic; `raised_at` is event time."""

    alert_id: str
    dedup_key: str
    rule: str
    rules_digest: str
    type: EventType
    status: AlertStatus
    reason: AlertReason
    level: str
    version: int
    measure: str
    bound: Literal["low", "best", "high"]
    value: Count
    threshold: int
    explanation: str
    raised_at: datetime | None = None
    references: tuple[str, ...] = ()
    related_keys: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    incident_id: str | None = None
    realis: Realis | None = None
    place: Place | None = None
    date: DateSpan | None = None
    window: Window | None = None
    sources: int = 0
    source_names: tuple[str, ...] = ()
    evidence: tuple[IncidentEvidence, ...] = ()
    schema_version: int = 1
