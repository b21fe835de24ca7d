"""What happened to an incident, as the tracker tells it, and what that means for alerts."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from schemas.alerts import AlertReason
from schemas.incidents import Incident, Revision
from streams.alerting.machine import Occasion


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one incident. `before` is None for a new one, `after` for one whose record ends.

    `why` is the tracker's word for it, `article_id` the article that caused it, `late` says that the article
    was old when it came, `raised_at` is its event time.
    """

    before: Incident | None
    after: Incident | None
    why: str
    article_id: str | None
    late: bool
    raised_at: datetime | None

    @property
    def incident_id(self) -> str:
        """The incident that changed. Raises ValueError for a change of nothing."""
        incident = self.after or self.before
        if incident is None:
            raise ValueError("a change needs an incident before or after it")
        return incident.incident_id

    @property
    def merged_away(self) -> bool:
        """Whether the incident was merged into another by this change."""
        return self.after is not None and self.after.merged_into is not None


def occasion_of(change: Change) -> Occasion:
    """The occasion on which a change asks the rules."""
    return Occasion(
        kind="news",
        reason=_reason(change),
        late=change.late,
        raised_at=change.raised_at,
        partners=_partners(change),
    )


_DECIDED: dict[str, AlertReason] = {
    "merge": "merged",
    "split": "split",
    "void": "verdict",
    "confirm": "verdict",
}


def _reason(change: Change) -> AlertReason | None:
    """The reason that lies in the change itself; None where only its figures speak."""
    before, after, why = change.before, change.after, change.why.lower()
    retracted = "retract" in why
    if after is None:
        return "retracted" if retracted else "quiet"
    if after.merged_into is not None and (before is None or before.merged_into is None):
        return "merged"
    if after.verdict is not None and (before is None or before.verdict != after.verdict):
        return _DECIDED[after.verdict.action]
    happened = {line.measure for line in _new_lines(change)}
    if "merge" in happened:
        return "merged"
    if "split" in happened or (before is None and after.split_from is not None):
        return "split"
    return "retracted" if retracted else None


def _new_lines(change: Change) -> list[Revision]:
    """What the change added to the incident's history, the latest first."""
    if change.after is None:
        return []
    before = change.before.history if change.before is not None else ()
    last = before[-1] if before else None
    return list(takewhile(lambda line: line != last, reversed(change.after.history)))


def _partners(change: Change) -> tuple[str, ...]:
    """The incidents that this change merged with the incident, or split from it."""
    after = change.after
    if after is None:
        return ()
    found = [after.merged_into, after.split_from if change.before is None else None]
    found += [
        line.value
        for line in _new_lines(change)
        if line.measure in ("merge", "split") and isinstance(line.value, str)
    ]
    return tuple(dict.fromkeys(name for name in found if name and name != after.incident_id))
