"""What a rule sees of an incident or of a window, and what an alert about it shows."""

from collections.abc import Callable
from datetime import datetime, timedelta

from schemas.counts import Count
from streams.alerting.asking import View
from streams.alerting.building import LISTED, Scene
from streams.alerting.facts import Facts
from streams.alerting.matching import refused
from streams.alerting.measures import grown, measured, plain_name, reach
from streams.alerting.rules import Rule
from streams.alerting.windowindex import WindowIndex, region_place

_LARGEST = 3
_NOTHING = View()


def of_incident(
    rule: Rule,
    facts: Facts | None,
    before: Facts | None,
    now: datetime | None,
    at: datetime | None,
    *,
    stale: bool = False,
) -> View:
    """The incident as the rule sees it, and saw it `before`; `at` is the event time of what happens now.

    `stale`: it may not ring, whatever else holds.
    """
    if facts is None or not facts.counts:
        return _NOTHING
    if refused(rule, facts) is not None:
        return View(said=measured(rule.measure, facts.tolls, facts.force))
    count, ageing = _counted(rule, facts, now)
    return View(
        count=count,
        figure=reach(count, rule.bound) if count is not None else None,
        realis=facts.realis,
        place=facts.place,
        alive=facts.alive,
        heard=facts.heard,
        stale=stale or not facts.fresh or too_old(rule, facts, at or now),
        aged=rule.measure.rise and not _fell(rule, before, facts),
        ageing=ageing,
    )


def _fell(rule: Rule, before: Facts | None, facts: Facts) -> bool:
    """Whether the toll itself was lowered, and not only the window moved on."""
    old = measured(rule.measure, before.tolls, before.force) if before is not None else None
    new = measured(rule.measure, facts.tolls, facts.force)
    if old is None or new is None:
        return old is not None
    return (reach(new, rule.bound) or 0) < (reach(old, rule.bound) or 0)


def too_old(rule: Rule, facts: Facts, now: datetime | None) -> bool:
    """Whether it happened too long ago for the rule to ring now."""
    return rule.max_age is not None and None not in (facts.at, now) and now - facts.at > rule.max_age  # type: ignore[operator]


def _counted(rule: Rule, facts: Facts, now: datetime | None) -> tuple[Count | None, datetime | None]:
    count = measured(rule.measure, facts.tolls, facts.force)
    if count is None or not rule.measure.rise:
        return count, None
    assert rule.window is not None, "a rise has a window"
    cut = now - rule.window if now is not None else None
    name = plain_name(rule.measure)
    steps = [step for step in facts.trail if name in step.counts]
    old = [step for step in steps if cut is not None and (step.at is None or step.at <= cut)]
    if not steps:
        return Count(low=0, best=0, high=0), None
    base = old[-1] if old else steps[0]
    later = [step.at for step in steps[1:] if step.at is not None and (cut is None or step.at > cut)]
    ageing = later[0] + rule.window if later and now is not None else None
    return grown(base.counts[name], count), ageing


def of_window(rule: Rule, subject: str, windows: WindowIndex, now: datetime | None, *, aged: bool) -> View:
    """The window as the rule sees it."""
    standing = windows.standing(rule, subject, now)
    count = standing.count
    return View(
        count=count,
        figure=reach(count, rule.bound),
        place=region_place(rule.per, subject),
        incidents=standing.incidents,
        aged=aged,
        ageing=standing.ageing,
    )


def window_scene(
    rule: Rule,
    subject: str,
    windows: WindowIndex,
    facts_of: Callable[[str], Facts | None],
    view: View,
    now: datetime | None,
) -> Scene:
    """What an alert about the window shows: the latest incidents in it, and the largest of those."""
    listed, figures = windows.members(rule, subject, now, LISTED)
    largest = sorted(range(len(figures)), key=figures.__getitem__, reverse=True)[:_LARGEST]
    facts = (facts_of(listed[index]) for index in largest)
    window = rule.window or timedelta(0)
    return Scene(
        count=view.count,
        facts=tuple(item for item in facts if item is not None),
        incidents=view.incidents,
        incident_ids=tuple(listed),
        start=now - window if now is not None else None,
        end=now,
    )
