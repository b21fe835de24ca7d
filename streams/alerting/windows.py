"""Rolling sums over event time: what the incidents of a region count for now.

Derived from the ledger alone (the rules in force and the facts of each incident), so it can be rebuilt at any
time and follows a rollback. Event time is kept to the hour: an incident leaves a window at the first full
hour at which the window no longer reaches it.
"""

from array import array
from bisect import bisect_left, bisect_right, insort
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from schemas.counts import Count

_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNDATED = 1 << 40
"""The hour of an incident without any date: it never leaves."""

ALL = -1
"""A cut-off that every incident is behind of: there is no stream time yet."""

_LOWS, _BESTS, _HIGHS, LOW, BEST, HIGH = 32, 64, 96, 128, 224, 320
"""Where the parts of a packed sum begin, in bits, after the number of incidents: how many of them have each
end, and the sums of the ends. A figure has 64 bits at most, so that no part spills into the next.
"""

_SMALL, _LARGE = (1 << 32) - 1, (1 << 96) - 1

Packed = int
"""Seven sums in one integer: added and subtracted at once, a fifth of the price of seven."""

NOTHING = Count(low=0, best=0, high=0)
"""What a window without incidents counts."""


class Share(NamedTuple):
    """What one incident adds to one window: its hour, its figures, and all of it as one addend."""

    hour: int
    low: int
    best: int
    high: int
    packed: Packed


def share_of(count: Count, at: datetime | None) -> Share:
    """The share of an incident that counts `count` and happened `at`."""
    low = count.low
    best = count.best if count.best is not None else low
    high = count.high if count.high is not None else best
    has = 1 + ((low is not None) << _LOWS) + ((best is not None) << _BESTS)
    has += (count.high is not None) << _HIGHS
    lowest, middle, highest = max(0, low or 0), max(0, best or 0), max(0, high or 0)
    packed = has + (lowest << LOW) + (middle << BEST) + (highest << HIGH)
    return Share(UNDATED if at is None else hour_after(at), lowest, middle, highest, packed)


def hour_after(at: datetime) -> int:
    """The first full hour, counted from 1970, that is not before `at`."""
    return -((_EPOCH - at) // _HOUR)


def cutoff(now: datetime | None, span: int) -> int:
    """Incidents of this hour and earlier have left a window of `span` hours."""
    return ALL if now is None else _hour_before(now) - span


@lru_cache(maxsize=4)
def _hour_before(now: datetime) -> int:
    """The last full hour, counted from 1970, that is not after `now`."""
    return (now - _EPOCH) // _HOUR


@lru_cache(maxsize=256)
def hours(window: timedelta) -> int:
    """The full hours of a window."""
    return window // _HOUR


@lru_cache(maxsize=4096)
def moment(hour: int) -> datetime:
    """The time at which an hour, counted from 1970, begins."""
    return _EPOCH + timedelta(hours=hour)


def number(packed: Packed) -> int:
    """How many incidents the sum is made of."""
    return packed & _SMALL


def end(packed: Packed, which: int) -> int:
    """The sum of one end: LOW, BEST or HIGH."""
    return (packed >> which) & _LARGE


def as_count(packed: Packed) -> Count:
    """The sum as a Count."""
    if not number(packed):
        return NOTHING
    return Count(
        low=end(packed, LOW) if (packed >> _LOWS) & _SMALL else None,
        best=end(packed, BEST) if (packed >> _BESTS) & _SMALL else None,
        high=end(packed, HIGH) if (packed >> _HIGHS) & _SMALL else None,
    )


class Tally:
    """The shares of one window's region, by hour, with the running sums behind two cut-offs.

    Members are in the order of hour and id, whatever order they came in: a restart lists them as before.
    Their hours, names and best figures lie in lists of their own: the latest are cut off in one piece, and to
    find one touches few places in memory, of which a busy window has many.
    A cursor is a memo: the sum of all hours above its cut-off. It moves both ways, hour by hour that holds
    anything, so that asking again costs what changed in between and nothing for what left long ago.
    """

    __slots__ = ("_at", "_bests", "_buckets", "_cuts", "_hours", "_names", "_sums")

    def __init__(self) -> None:
        self._hours: list[int] = []
        self._buckets: dict[int, Packed] = {}
        self._at = array("q")
        self._names: list[str] = []
        self._bests: list[int] = []
        self._cuts = [UNDATED, UNDATED]
        self._sums: list[Packed] = [0, 0]

    def __bool__(self) -> bool:
        return bool(self._hours)

    def set(self, incident_id: str, old: Share | None, new: Share | None) -> None:
        """Replace what an incident adds; None stands for nothing."""
        if old is not None and new is not None and old.hour == new.hour:
            if old.best != new.best:
                self._bests[self._index(new.hour, incident_id)] = new.best
            self._change(new.hour, new.packed - old.packed)
            return
        if old is not None:
            self._remove(incident_id, old)
        if new is not None:
            self._add(incident_id, new)

    def above(self, cut: int, cursor: int = 0) -> Packed:
        """The sum over all hours above `cut`; calls that go on from one another share a `cursor`, 0 or 1."""
        at = self._cuts[cursor]
        if cut != at:
            first, last = bisect_right(self._hours, min(at, cut)), bisect_right(self._hours, max(at, cut))
            moved = sum([self._buckets[hour] for hour in self._hours[first:last]])
            self._sums[cursor] += moved if cut < at else -moved
            self._cuts[cursor] = cut
        return self._sums[cursor]

    def oldest(self, cut: int) -> int | None:
        """The first hour above `cut` that holds an incident with a date."""
        index = bisect_right(self._hours, cut)
        return self._hours[index] if index < len(self._hours) and self._hours[index] < UNDATED else None

    def members(self, cut: int, limit: int) -> tuple[list[str], list[int]]:
        """The incidents above `cut`, the latest first, at most `limit`; and the best figure of each."""
        first = max(bisect_right(self._at, cut), len(self._at) - limit)
        return self._names[first:][::-1], self._bests[first:][::-1]

    def _index(self, hour: int, incident_id: str) -> int:
        """Where the member stands, or would stand."""
        first = bisect_left(self._at, hour)
        return bisect_left(self._names, incident_id, first, bisect_right(self._at, hour, first))

    def _add(self, incident_id: str, share: Share) -> None:
        hour = share.hour
        if hour not in self._buckets:
            insort(self._hours, hour)
            self._buckets[hour] = 0
        index = self._index(hour, incident_id)
        self._at.insert(index, hour)
        self._names.insert(index, incident_id)
        self._bests.insert(index, share.best)
        self._change(hour, share.packed)

    def _remove(self, incident_id: str, share: Share) -> None:
        hour = share.hour
        index = self._index(hour, incident_id)
        del self._at[index], self._names[index], self._bests[index]
        self._change(hour, -share.packed)
        if not self._buckets[hour]:
            del self._buckets[hour]
            del self._hours[bisect_left(self._hours, hour)]

    def _change(self, hour: int, by: Packed) -> None:
        self._buckets[hour] += by
        if hour > self._cuts[0]:
            self._sums[0] += by
        if hour > self._cuts[1]:
            self._sums[1] += by
