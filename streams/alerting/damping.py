"""The usual case of a window in a busy region, answered without asking the rule in full.

Its alert is open, the sum moved a little within the level, and an update is damped: nothing is to be told
and nothing to be remembered. `machine` would find the same, for four times the price.
"""

from datetime import datetime

from streams.alerting.asking import Occasion
from streams.alerting.episodes import Episode
from streams.alerting.measures import reach
from streams.alerting.rules import Rule
from streams.alerting.windowindex import WindowIndex


def still_damped(
    rule: Rule,
    episode: Episode,
    occasion: Occasion,
    windows: WindowIndex,
    now: datetime | None,
    *,
    aged: bool,
) -> bool:
    """Whether asking the rule now would surely change nothing; `aged`: a fall comes from time."""
    damp, last, sent_at = rule.damp, episode.last, episode.sent_at
    if occasion.kind != "news" or occasion.reason is not None or episode.state != "open" or last is None:
        return False
    if damp.every is None or rule.repeat or rule.clear.quiet or rule.measure.rise:
        return False
    if now is None or sent_at is None or episode.below or episode.pending:
        return False
    if episode.due is None or now >= episode.due or episode.due > sent_at + damp.every:
        return False  # it would have to be remembered when the damping ends
    told = last.value
    figures = windows.figures(rule, episode.subject, now)
    if figures is None or figures.ageing < episode.due:
        return False
    level = rule.level_at(figures.reach(rule.bound))
    if level is None or level.name != last.level or level.threshold != last.threshold:
        return False
    before, best = reach(told, rule.bound) or 0, reach(told, "best") or 0
    moved = figures.reach(rule.bound) - before
    if not aged and (moved < 0 or figures.best < best):
        return False  # a correction, which is never damped
    return damp.change is None or abs(moved) < damp.change.of(before)
