"""What a step changed: the changes that reach consumers, and the lines they add to an incident's history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.counts import Count
from schemas.incidents import Incident, Revision
from streams.incidents.view import Figures

Why = Literal[
    "reported", "revised", "retracted", "merged", "split", "verdict", "closed", "reopened", "expired"
]

FIRST_LINES = 20
"""Of a history that grew too long, so many of the oldest lines stay."""


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """One incident as it was and as it is; `after` None: it is forgotten, with a tombstone.

    `article_id` is the article that caused it, null for a verdict or the passing of time.
    """

    incident_id: str
    before: Incident | None
    after: Incident | None
    why: Why
    article_id: str | None = None


def revisions(
    before: Incident | None, after: Incident, figures: Figures, at: datetime | None, why: Why
) -> Iterator[Revision]:
    """What is new in `after`, as lines of its history."""
    for measure, estimate in figures.tolls.items():
        now, old = after.tolls.get(measure), before.tolls.get(measure) if before else None
        if now is not None and not _equal(old, now):
            yield Revision(
                at=at,
                measure=measure,
                value=_bare(now),
                event_id=estimate.member.event.event_id,
                why=estimate.why,
            )
    for measure in sorted(set(before.tolls) - set(after.tolls)) if before else ():
        yield Revision(at=at, measure=measure, value=None, event_id=None, why=why)
    if after.force is not None and figures.force is not None:
        old_force = before.force if before else None
        event_id = figures.force.member.event.event_id
        for name, count, was in (
            ("units", after.force.count, old_force.count if old_force else None),
            ("personnel", after.force.personnel, old_force.personnel if old_force else None),
        ):
            if not _equal(was, count):
                yield Revision(at=at, measure=name, value=_bare(count), event_id=event_id, why="reported")
    if before is not None and before.realis != after.realis:
        yield Revision(at=at, measure="realis", value=after.realis, event_id=None, why=why)
    if (before.status if before else None) != after.status:
        yield Revision(at=at, measure="status", value=after.status, event_id=None, why=why)
    if before is not None and before.place != after.place and after.place is not None:
        yield Revision(at=at, measure="place", value=after.place.name, event_id=None, why=why)
    if after.merged_into is not None and (before is None or before.merged_into != after.merged_into):
        yield Revision(at=at, measure="merge", value=after.merged_into, event_id=None, why=why)
    if after.split_from is not None and (before is None or before.split_from != after.split_from):
        yield Revision(at=at, measure="split", value=after.split_from, event_id=None, why=why)


def extended(history: tuple[Revision, ...], lines: tuple[Revision, ...], limit: int) -> tuple[Revision, ...]:
    """`history` with `lines` appended; one longer than `limit` loses lines from its middle."""
    longer = history + lines
    if len(longer) <= limit:
        return longer
    return longer[:FIRST_LINES] + longer[FIRST_LINES - limit :]


def _equal(one: Count | None, other: Count | None) -> bool:
    return _ends(one) == _ends(other)


def _ends(count: Count | None) -> tuple[int | None, int | None, int | None]:
    return (count.low, count.best, count.high) if count is not None else (None, None, None)


def _bare(count: Count) -> Count:
    return Count(low=count.low, best=count.best, high=count.high)
