"""What happened to an incident, as the tracker tells it, and what that means for alerts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.alerts import AlertReason
from schemas.incidents import Incident
from streams.alerting.asking import Occasion


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one incident. `before` is None for a new one, `after` for one whose record ends.

    `why` is the tracker's word for it; `retracted`, `merged` and `split` become reasons of alerts.
    `article_id` is the article that caused it, `late` says that it was old when it came, `raised_at` is its
    event time.
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


def occasions_of(changes: Sequence[Change]) -> list[Occasion]:
    """The occasion of each change; `changes` are one step, so a merger's two sides are in it together."""
    partners: defaultdict[str, list[str]] = defaultdict(list)
    for change in changes:
        for other in _named(change):
            partners[change.incident_id].append(other)
            if any(one.incident_id == other for one in changes):
                partners[other].append(change.incident_id)
    return [
        Occasion(
            kind="news",
            reason=_reason(change),
            late=change.late,
            raised_at=change.raised_at,
            partners=tuple(dict.fromkeys(partners[change.incident_id])) if partners else (),
        )
        for change in changes
    ]


_SAID: dict[str, AlertReason] = {
    "retracted": "retracted",
    "merged": "merged",
    "split": "split",
}
_DECIDED: dict[str, AlertReason] = {
    "merge": "merged",
    "split": "split",
    "void": "verdict",
    "confirm": "verdict",
}


def _reason(change: Change) -> AlertReason | None:
    """The reason that lies in the change itself; None where only its figures speak."""
    before, after = change.before, change.after
    if after is None:
        return _SAID.get(change.why, "quiet")
    if after.merged_into is not None and (before is None or before.merged_into is None):
        return "merged"
    if after.verdict is not None and (before is None or before.verdict != after.verdict):
        return _DECIDED[after.verdict.action]
    return _SAID.get(change.why)


def _named(change: Change) -> list[str]:
    """The incident that it was merged into or split from by this change."""
    before, after = change.before, change.after
    if after is None or (after.merged_into is None and after.split_from is None):
        return []
    named = []
    if after.merged_into is not None and (before is None or before.merged_into != after.merged_into):
        named.append(after.merged_into)
    if after.split_from is not None and (before is None or before.split_from != after.split_from):
        named.append(after.split_from)
    return named
