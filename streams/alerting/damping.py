"""The usual case of a window, answered without asking the rule in full.

Either nothing stands and the sum lies below all levels; or an alert is open, the sum moved a little within
the level, and an update is damped. Then nothing is to be told and nothing to be remembered: `machine` would
find the same, for ten times the price.
"""

import math
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from streams.alerting.asking import Occasion
from streams.alerting.episodes import ALERT, Episode
from streams.alerting.measures import reach, same
from streams.alerting.muting import FOREVER
from streams.alerting.rules import Bound, Rule
from streams.alerting.timing import AT_ONCE
from streams.alerting.windowindex import Spot, WindowIndex
from streams.alerting.windows import BEST, HIGH, LOW, as_count, end, hour_after, hours, moment
from streams.ledger import Ledger

_MANY = 1 << 100
_ENDS: dict[Bound, int] = {"low": LOW, "best": BEST, "high": HIGH}


class Band(Struct, frozen=True, gc=False):
    """From `floor` to `ceiling` the figure may move before `due`; the highest one where nothing `stands`.

    Less than what was `told`, or less at its `best`, is a correction, unless it comes from time. An incident
    older than the hour `oldest` would leave before `due`, which would have to be remembered.
    """

    stands: bool
    hours: int
    shift: int = LOW
    due: datetime = FOREVER
    oldest: int = 0
    floor: int = 0
    ceiling: int = -1
    told: int = 0
    best: int = 0


class Calm:
    """Remembers the band of each window with an episode, and one for each rule's windows without.

    All of it is derived from rules and episodes, so that it is never state.
    """

    def __init__(self, ledger: Ledger, windows: WindowIndex) -> None:
        self._windows = windows
        self._episodes: dict[Spot, Episode] = {}
        self._bands: dict[Spot, Band] = {}
        self._resting: dict[str, Band] = {}
        ledger.watch(ALERT, self._follow)

    def __len__(self) -> int:
        return len(self._bands)

    def clear(self) -> None:
        """Forget every band, since the rules changed."""
        self._bands.clear()
        self._resting.clear()

    def holds(self, rule: Rule, spot: Spot, occasion: Occasion, now: datetime | None, *, aged: bool) -> bool:
        """Whether asking the rule now would surely change nothing; `aged`: a fall comes from time."""
        band = self._band(rule, spot, self._episodes.get(spot))
        if not band.stands:
            sums, _ = self._windows.sums(spot, band.hours, now)
            return max(end(sums, LOW), end(sums, BEST), end(sums, HIGH)) <= band.ceiling
        if occasion.kind != "news" or occasion.reason is not None or now is None or now >= band.due:
            return False
        sums, oldest = self._windows.sums(spot, band.hours, now)
        if oldest is not None and oldest < band.oldest:
            return False
        figure = end(sums, band.shift)
        if figure < band.floor or figure > band.ceiling:
            return False
        return aged or (figure >= band.told and end(sums, BEST) >= band.best)

    def later(self, rule: Rule, episode: Episode, now: datetime) -> Episode | None:
        """The episode with its next turn, where incidents aged out of it without a word; else None."""
        spot = (rule.name, episode.subject)
        band = self._band(rule, spot, episode)
        last, sent_at, every = episode.last, episode.sent_at, rule.damp.every
        if not band.stands or band.ceiling < 0 or last is None or sent_at is None or every is None:
            return None
        sums, oldest = self._windows.sums(spot, band.hours, now)
        if now >= sent_at + every or not band.floor <= end(sums, band.shift) <= band.ceiling:
            return None
        due = None if oldest is None else moment(oldest + band.hours)
        if not same(as_count(sums), last.value):
            due = sent_at + every if due is None else min(due, sent_at + every)
        return None if due == episode.due else replace(episode, due=due)

    def _band(self, rule: Rule, spot: Spot, episode: Episode | None) -> Band:
        if episode is None:
            return self._resting.get(rule.name) or self._resting.setdefault(rule.name, _band(rule, None))
        return self._bands.get(spot) or self._bands.setdefault(spot, _band(rule, episode))

    def _follow(self, key: str, old: Episode | None, new: Episode | None) -> None:
        known = new or old
        assert known is not None, "a change has a record on one side"
        if known.per == "incident":
            return
        spot = (known.rule, known.subject)
        self._bands.pop(spot, None)
        if new is None:
            del self._episodes[spot]
        else:
            self._episodes[spot] = new


def _band(rule: Rule, episode: Episode | None) -> Band:
    """The band of what is remembered; one that is over already where nothing may pass."""
    assert rule.window is not None, "a rule that is not per incident has a window"
    span = hours(rule.window)
    if episode is None:
        return Band(False, span, ceiling=rule.levels[0].threshold - 1)
    none = Band(True, span, due=AT_ONCE)
    damp, last, due, sent_at = rule.damp, episode.last, episode.due, episode.sent_at
    if episode.state != "open" or last is None or sent_at is None or due is None:
        return none
    if damp.every is None or rule.repeat or rule.clear.quiet or rule.measure.rise:
        return none
    if episode.below or episode.pending or due > sent_at + damp.every:
        return none  # it would have to be remembered when the damping ends
    level = rule.level_named(last.level)
    if level is None or level.threshold != last.threshold:
        return none
    told = reach(last.value, rule.bound) or 0
    higher = [other.threshold - 1 for other in rule.levels if other.threshold > level.threshold]
    floor, ceiling = level.threshold, min(higher, default=_MANY)
    if damp.change is not None:
        still = math.ceil(damp.change.of(told)) - 1  # the longest way that is not worth an update
        floor, ceiling = max(floor, told - still), min(ceiling, told + still)
    return Band(
        True,
        span,
        _ENDS[rule.bound],
        due,
        hour_after(due) - span,
        floor,
        ceiling,
        told,
        reach(last.value, "best") or 0,
    )
