"""When time alone changes something about an alert."""

from datetime import UTC, datetime, timedelta

from streams.alerting.asking import View
from streams.alerting.muting import FOREVER
from streams.alerting.rules import Rule

AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""Due as soon as there is a stream time."""

REMEMBERED = timedelta(days=366)
"""How long a closed episode is remembered after its subject has gone."""


def held_until(rule: Rule, since: datetime | None, now: datetime | None) -> datetime | None:
    """Until when the rule waits with what crossed `since`; None where it may ring."""
    if not rule.hold:
        return None
    if since is None or now is None:
        return AT_ONCE
    return since + rule.hold if now < since + rule.hold else None


def due_at(
    rule: Rule,
    view: View,
    *,
    heard: datetime | None,
    sent_at: datetime | None,
    below: bool = False,
    below_since: datetime | None = None,
    damped: bool = False,
    pending: bool = False,
    muted: datetime | None = None,
) -> datetime | None:
    """When time alone may change something about an open alert."""
    due = view.ageing or FOREVER
    if rule.clear.quiet is not None:
        due = min(due, _after(heard, rule.clear.quiet))
    if rule.repeat is not None:
        due = min(due, max(_after(sent_at, rule.repeat), muted or AT_ONCE))
    if damped and rule.damp.every is not None:
        due = min(due, _after(sent_at, rule.damp.every))
    if below and rule.clear.after:
        due = min(due, _after(below_since, rule.clear.after))
    if pending and muted is not None:
        due = min(due, muted)
    return None if due >= FOREVER else due


def _after(base: datetime | None, span: timedelta) -> datetime:
    return AT_ONCE if base is None else base + span
