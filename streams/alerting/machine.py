"""What an alert does next: one step of one rule over one subject. Pure; docs/rules.md tells it in words.

nothing ──crossed──▶ (waiting: held or muted) ──▶ open ──▶ update, escalate, correct … ──▶ close
"""

from dataclasses import replace
from datetime import datetime

from streams.alerting.asking import Draft, Occasion, Outcome, View
from streams.alerting.episodes import Episode
from streams.alerting.muting import FOREVER, muted_until
from streams.alerting.ringing import plain_reason, rung
from streams.alerting.rules import Rule
from streams.alerting.standing import Standing
from streams.alerting.timing import REMEMBERED, held_until


def step(
    rule: Rule, subject: str, episode: Episode | None, view: View, occasion: Occasion, now: datetime | None
) -> Outcome:
    """Ask `rule` about `subject` at stream time `now`."""
    if episode is not None and episode.state == "open" and episode.last is not None:
        return Standing(rule, episode, episode.last, view, occasion, now).step()
    return _idle(rule, subject, episode, view, occasion, now)


def _idle(
    rule: Rule, subject: str, episode: Episode | None, view: View, occasion: Occasion, now: datetime | None
) -> Outcome:
    level = rule.level_at(view.figure)
    peak = max(episode.peak if episode is not None else 0, view.inherited)
    waiting = episode is not None and episode.state == "waiting"
    told = rule.per == "incident" and not view.handed and level is not None and level.threshold <= peak
    may_begin = waiting or not (occasion.late or occasion.kind == "time")
    if level is None or told or view.stale or not view.alive or not may_begin:
        return Outcome(_at_rest(rule, subject, episode, peak, now))
    before = episode or Episode(rule=rule.name, subject=subject, per=rule.per, state="closed")
    since = before.since or now
    until = held_until(rule, since, now) or muted_until(rule, level.name, view.place, now)
    if until is not None:
        due = None if until >= FOREVER else until
        return Outcome(replace(before, state="waiting", peak=peak, since=since, due=due))
    noted = rung(rule, level, peak, view, view.heard or now, now)
    opened = replace(before, state="open", ordinal=before.ordinal + 1, key=None, last=None, **noted)
    return Outcome(opened, (Draft("open", plain_reason(occasion) or "crossed", level),))


def _at_rest(
    rule: Rule, subject: str, episode: Episode | None, peak: int, now: datetime | None
) -> Episode | None:
    """What stays of an episode that doesn't ring; nothing where nothing ever rang."""
    if peak == 0 and (episode is None or episode.ordinal == 0):
        return None
    if episode is not None and episode.state == "closed" and episode.peak == peak:
        return episode
    before = episode or Episode(rule=rule.name, subject=subject, per=rule.per, state="closed")
    due = before.due if before.state == "closed" else None
    return replace(before, state="closed", peak=peak, since=None, due=due or (now and now + REMEMBERED))
