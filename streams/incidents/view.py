"""The published Incident: what a record and its members say together. A pure function of both."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from schemas.counts import Count, Measure
from schemas.events import Claim, DateSpan, Party, Place, Realis
from schemas.incidents import Incident, IncidentEvidence
from streams.incidents.force import ForceEstimate, estimate_force
from streams.incidents.members import Member
from streams.incidents.state import IncidentRecord
from streams.incidents.toll import Estimate, estimate_tolls

T = TypeVar("T")

MAX_PARTIES = 8
MAX_CLAIMS = 12
MAX_SOURCES = 50
MAX_VOTERS = 40
MAX_STATEMENTS = 60
"""The toll of a happening that many report is what the latest reports say."""
_FINE = {"city": 0, "admin2": 1, "admin1": 2, "country": 3, "region": 4}
_STAGES: tuple[Realis, ...] = ("planned", "ordered", "actual")


class Figures(Struct, frozen=True, gc=False):
    """The current figures of an incident with the members that give them."""

    tolls: dict[Measure, Estimate]
    force: ForceEstimate | None


NO_FIGURES = Figures({}, None)


class Shown(Struct, frozen=True, gc=False):
    """The members that are counted, by time: the latest ones, of these the originals, of these what stands.

    Where nothing is original, or nothing stands, the wider list is repeated. What is put to the vote is
    asked of `voters`: what stands, of many the first and the last.
    """

    members: Sequence[Member]
    originals: Sequence[Member]
    standing: Sequence[Member]
    voters: Sequence[Member]


def show(members: Sequence[Member], reports: int) -> Shown:
    """The latest `reports` of `members`."""
    shown = members if len(members) <= reports else members[-reports:]
    originals = [member for member in shown if member.original] or shown
    standing = [member for member in originals if member.stands] or originals
    half = MAX_VOTERS // 2
    voters = standing if len(standing) <= MAX_VOTERS else [*standing[:half], *standing[-half:]]
    return Shown(shown, originals, standing, voters)


def figures_of(record: IncidentRecord, shown: Shown) -> Figures:
    """The current figures."""
    if record.type == "casualties":
        return Figures(estimate_tolls(shown.members[-MAX_STATEMENTS:]), None)
    return Figures({}, estimate_force(shown.standing))


def publish(record: IncidentRecord, members: Sequence[Member], shown: Shown, figures: Figures) -> Incident:
    """The incident as it is published; `members` are all of it, by time."""
    originals, voters = shown.originals, [member.event for member in shown.voters]
    tolls, force = figures.tolls, figures.force
    names = sorted({member.source for member in members if member.original})
    return Incident(
        incident_id=record.incident_id,
        type=record.type,
        version=record.version,
        status="closed" if record.closed else "open",
        opened_at=record.opened_at,
        updated_at=record.updated_at,
        realis=realis_of(record, originals),
        cause=_most([event.cause for event in voters]),
        direction=_most([event.direction for event in voters]),
        actors=_parties([event.actors for event in voters if event.actors]),
        targets=_parties([event.targets for event in voters if event.targets]),
        place=_place([event.place for event in voters if event.place is not None]),
        date=_date([event.date for event in voters if event.date is not None]),
        tolls=_floor({measure: estimate.count for measure, estimate in tolls.items()}, record.confirmed),
        force=force.force if force else None,
        claims=_claims(originals),
        confidence=_confidence(originals),
        evidence=_evidence(tolls, force.member if force else None),
        history=record.history,
        reports=tuple([member.report for member in shown.members]),
        reports_total=len(members),
        sources=len(names),
        source_names=tuple(names[:MAX_SOURCES]),
        headline=_headline(shown.voters),
        verdict=record.verdict,
        merged_into=record.merged_into,
        split_from=record.split_from,
    )


def numbered(view: Incident, record: IncidentRecord) -> Incident:
    """`view`, which nobody else has seen yet, as the version that `record` is now.

    It is changed in its place: to copy an incident costs as much as to make it.
    """
    for name, value in (
        ("version", record.version),
        ("updated_at", record.updated_at),
        ("history", record.history),
    ):
        object.__setattr__(view, name, value)
    return view


def settled(view: Incident, *, closed: bool) -> None:
    """Set the status of a view that nobody else has seen yet."""
    object.__setattr__(view, "status", "closed" if closed else "open")


def realis_of(record: IncidentRecord, members: Sequence[Member]) -> Realis:
    """How real it is: a deployment advances from planned to actual, and the latest denial ends it."""
    said: list[Realis] = [member.event.realis for member in members]
    if not said:
        return "actual" if record.type == "casualties" else "planned"
    if record.type == "casualties":
        return "actual" if "actual" in said else said[-1]
    if said[-1] == "denied":
        return "denied"
    stages = [stage for stage in _STAGES if stage in said]
    return stages[-1] if stages else said[-1]


def _floor(figures: dict[Measure, Count], confirmed: dict[Measure, Count] | None) -> dict[Measure, Count]:
    """The figures, none lower than what an operator confirmed."""
    for measure, floor in (confirmed or {}).items():
        now = figures.get(measure)
        if now is None or (now.value or 0) < (floor.value or 0):
            figures[measure] = floor
    return figures


def _most(values: Sequence[T | None]) -> T | None:
    """The most frequent value that is not null; of equals the earliest."""
    found = [value for value in values if value is not None]
    if not found or found.count(found[0]) == len(found):
        return found[0] if found else None
    counts = Counter(found)
    return max(counts, key=counts.__getitem__)


def _parties(groups: Sequence[tuple[Party, ...]]) -> tuple[Party, ...]:
    """The parties that most reports name; of equals the earliest."""
    counts: dict[Party, int] = {}
    for group in groups:
        for party in dict.fromkeys(group):
            counts[party] = counts.get(party, 0) + 1
    if len(groups) > 1 and len(counts) > 1:
        return tuple(sorted(counts, key=counts.__getitem__, reverse=True)[:MAX_PARTIES])
    return tuple(counts)[:MAX_PARTIES]


def _place(places: Sequence[Place]) -> Place | None:
    """The place most reports give, of the finest precision that any gives; of equals the earliest."""
    return _vote(
        places,
        identity=lambda place: place.geonames_id or place.name.lower(),
        rank=lambda place: _FINE[place.precision],
    )


def _date(spans: Sequence[DateSpan]) -> DateSpan | None:
    """The date most reports give, the narrowest first; of equals the earliest report's."""
    return _vote(
        spans,
        identity=lambda span: (span.earliest, span.latest),
        rank=lambda span: (span.latest - span.earliest).days if span.earliest and span.latest else 10_000,
    )


def _vote(values: Sequence[T], identity: Callable[[T], Hashable], rank: Callable[[T], int]) -> T | None:
    if not values or values.count(values[0]) == len(values):
        return values[0] if values else None
    ranks = list(map(rank, values))
    best = min(ranks)
    finest = [value for value, its in zip(values, ranks, strict=True) if its == best]
    if len(finest) == 1:
        return finest[0]
    counts = Counter(map(identity, values))
    return max(finest, key=lambda value: counts[identity(value)]) if len(counts) > 1 else finest[0]


def _claims(members: Sequence[Member]) -> tuple[Claim, ...]:
    """Rival figures side by side: the latest of each claimant for each measure."""
    latest: dict[tuple[str, str | None], Claim] = {}
    for member in members:
        for claim in member.event.claims:
            key = (claim.measure, claim.claimant.lower() if claim.claimant else None)
            latest.pop(key, None)
            latest[key] = claim
    return tuple(list(latest.values())[-MAX_CLAIMS:])


def _confidence(members: Sequence[Member]) -> float:
    """How sure it is that there was such a happening: independent reports add up."""
    doubt = 1.0
    for member in members[-MAX_SOURCES:]:
        doubt *= 1.0 - member.event.confidence
    return round(min(0.99, 1.0 - doubt), 3)


def _evidence(tolls: dict[Measure, Estimate], force: Member | None) -> tuple[IncidentEvidence, ...]:
    """The words behind the current figures."""
    wanted = [(f"tolls.{measure}", estimate.member) for measure, estimate in tolls.items()]
    if force is not None:
        wanted += [("force.count", force), ("force.personnel", force)]
    return tuple(
        IncidentEvidence(
            field=item.field,
            text=item.text,
            start=item.start,
            end=item.end,
            article_id=member.article.article_id,
            url=member.article.url,
            source=member.article.source,
        )
        for field, member in wanted
        for item in member.event.evidence
        if item.field == field
    )


def _headline(members: Sequence[Member]) -> str | None:
    """The title of the latest report whose main happening this is, else of any."""
    titled = [member for member in members if member.article.title]
    main = next((member for member in reversed(titled) if member.event.rank == 0), None)
    return (main or titled[-1]).article.title if titled else None


def latest_time(members: Sequence[Member]) -> datetime | None:
    """The time of the latest original report."""
    times = [m.article.kept_from for m in members if m.original and m.article.kept_from is not None]
    return max(times, default=None)


def stands(members: Sequence[Member]) -> bool:
    """Whether a happening is left: some event that may found one."""
    return any(member.stands for member in members)
