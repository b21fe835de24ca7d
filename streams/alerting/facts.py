"""What the rules need to know of an incident: a small record; the incident itself is another's state."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from schemas.counts import Count, Measure
from schemas.events import Cause, DateSpan, Direction, EventType, Force, Place, Realis
from schemas.incidents import Incident, IncidentEvidence, Report

_DAY = timedelta(days=1)
_EVIDENCE = 12
_NAMES = 50
_STEPS = 100
_QUOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From `at` (stream time) on, these were the figures, by measure."""

    at: datetime | None
    counts: dict[str, Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An incident as the rules see it.

    `counts` is false for one that is void, merged away or withdrawn; `alive` is false once it is closed.
    `fresh` is false while all its news was late. `at` is the time at which it happened, as late as can be;
    `heard` is the latest event time of its news, in whatever order they came. `outlets` are the sources by
    independent report, lower case. `trail` holds earlier figures for the rules that watch a rise.
    """

    incident_id: str
    type: EventType
    counts: bool = True
    alive: bool = True
    fresh: bool = True
    realis: Realis = "actual"
    cause: Cause | None = None
    direction: Direction | None = None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    place: Place | None = None
    date: DateSpan | None = None
    at: datetime | None = None
    tolls: dict[Measure, Count] = field(default_factory=dict)
    force: Force | None = None
    claimants: dict[str, str] = field(default_factory=dict)
    confidence: float = 0.5
    evidence: tuple[IncidentEvidence, ...] = ()
    sources: int = 0
    source_names: tuple[str, ...] = ()
    outlets: tuple[tuple[str, ...], ...] = ()
    heard: datetime | None = None
    trail: tuple[Step, ...] = ()


def facts_of(incident: Incident, *, fresh: bool, heard: datetime | None, trail: tuple[Step, ...]) -> Facts:
    """The facts of an incident as it stands."""
    void = incident.verdict is not None and incident.verdict.action == "void"
    withdrawn = incident.status == "closed" and not incident.reports
    return Facts(
        incident_id=incident.incident_id,
        type=incident.type,
        counts=not (void or withdrawn or incident.merged_into is not None),
        alive=incident.status == "open",
        fresh=fresh,
        realis=incident.realis,
        cause=incident.cause,
        direction=incident.direction,
        actors=tuple([party.name.lower() for party in incident.actors]),
        targets=tuple([party.name.lower() for party in incident.targets]),
        place=incident.place,
        date=incident.date,
        at=happened(incident),
        tolls=incident.tolls,
        force=incident.force,
        claimants={
            claim.measure: claim.claimant for claim in incident.claims if claim.leading and claim.claimant
        },
        confidence=incident.confidence,
        evidence=tuple([_short(item) for item in incident.evidence[:_EVIDENCE]]),
        sources=incident.sources,
        source_names=incident.source_names[:_NAMES],
        outlets=outlets(incident.reports),
        heard=heard,
        trail=trail,
    )


def happened(incident: Incident) -> datetime | None:
    """The latest moment at which it can have happened: the end of its last day, or an earlier first report.

    One that is dated no closer than a week counts as in the middle of its span. None where nothing is known.
    """
    times = [report.time for report in incident.reports if report.time is not None]
    first = min(times) if times else incident.opened_at
    span = incident.date
    last = (span.latest or span.earliest) if span is not None else None
    if span is None or last is None:
        return first
    end = _midnight(last + _DAY)
    if span.precision not in ("day", "days") and span.earliest is not None:
        start = _midnight(span.earliest)
        end = start + (end - start) / 2
    return end if first is None else min(first, end)


@lru_cache(maxsize=1024)
def _midnight(day: date) -> datetime:
    """When the day begins."""
    return datetime.combine(day, time(), UTC)


def trailed(
    trail: tuple[Step, ...], at: datetime | None, counts: dict[str, Count], keep: timedelta
) -> tuple[Step, ...]:
    """The trail with the present figures on it, and without what no rise within `keep` can reach back to."""
    if trail and trail[-1].counts == counts:
        return trail
    steps = (*trail, Step(at=at, counts=counts))[-_STEPS:]
    if at is None:
        return steps
    old = sum(1 for step in steps if step.at is None or step.at <= at - keep)
    return steps[max(0, old - 1) :]


def outlets(reports: tuple[Report, ...]) -> tuple[tuple[str, ...], ...]:
    """For each text that is no copy, the sources that carry it or its copies; the text's own source first."""
    origin = {report.article_id: report.copy_of for report in reports}
    groups: dict[str, list[str]] = {}
    for report in reports:
        root, seen = report.article_id, {report.article_id}
        while (above := origin.get(root)) is not None and above not in seen:
            root = above
            seen.add(root)
        name = source_name(report)
        group = groups.setdefault(root, [])
        if name is not None and name not in group:
            group.insert(0 if report.article_id == root else len(group), name)
    return tuple([tuple(names) for names in groups.values() if names])


def source_name(report: Report) -> str | None:
    """The source, else the host of the url; lower case, without a leading `www.`."""
    if report.source:
        return report.source.lower()
    host = urlsplit(report.url).hostname if report.url else None
    return host.removeprefix("www.") if host else None


def _short(item: IncidentEvidence) -> IncidentEvidence:
    if len(item.text) <= _QUOTE:
        return item
    return IncidentEvidence(
        field=item.field,
        text=item.text[:_QUOTE],
        start=item.start,
        end=item.start + _QUOTE,
        article_id=item.article_id,
        url=item.url,
        source=item.source,
    )
