"""What every ringing has in common: the reason that its occasion gives, and what is noted of it."""

from datetime import datetime
from typing import Any

from schemas.alerts import AlertReason
from streams.alerting.asking import Occasion, View
from streams.alerting.rules import Level, Rule
from streams.alerting.timing import due_at

_SAID_BY_THE_CHANGE: frozenset[AlertReason] = frozenset({"retracted", "merged", "split", "verdict"})


def plain_reason(occasion: Occasion) -> AlertReason | None:
    """The reason that is given whatever the figure does; None where only the figure speaks."""
    if occasion.kind == "rules":
        return "rules"
    return occasion.reason if occasion.reason in _SAID_BY_THE_CHANGE else None


def rung(
    rule: Rule, level: Level, peak: int, view: View, heard: datetime | None, now: datetime | None
) -> dict[str, Any]:
    """What changes in an episode that rings at `level` now."""
    return {
        "peak": max(peak, level.threshold),
        "since": None,
        "heard": heard,
        "sent_at": now,
        "below": False,
        "below_since": None,
        "pending": False,
        "handed": False,
        "due": due_at(rule, view, heard=heard, sent_at=now),
    }
