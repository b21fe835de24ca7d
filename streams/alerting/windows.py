"""Rolling sums over event time: what the incidents of a region count for now.

Derived from the ledger alone (the rules in force and the facts of each incident), so it can be rebuilt at any
time and follows a rollback. Event time is kept to the hour: an incident leaves a window at the first full
hour at which the window no longer reaches it.
"""

from bisect import bisect_left, bisect_right, insort
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from schemas.counts import Count

_HOUR = 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNDATED = 1 << 40
"""The hour of an incident without any date: it never leaves."""


ALL = -1
"""A cut-off that every incident is behind of: there is no stream time yet."""


class Share(NamedTuple):
    """What one incident adds to one window: its hour and its figures, each with whether it has one."""

    hour: int
    low: int
    has_low: int
    best: int
    has_best: int
    high: int
    has_high: int


Totals = tuple[int, int, int, int, int, int, int]
"""How many incidents, then the sums of the six figures of their shares."""

LOW, BEST, HIGH = 1, 3, 5
"""Where the sums of the ends stand in Totals."""

_EMPTY: Totals = (0, 0, 0, 0, 0, 0, 0)

NOTHING = Count(low=0, best=0, high=0)
"""What a window without incidents counts."""


def share_of(count: Count, at: datetime | None) -> Share:
    """The share of an incident that counts `count` and happened `at`."""
    best = count.best if count.best is not None else count.low
    high = count.high if count.high is not None else best
    return Share(
        UNDATED if at is None else hour_after(at),
        count.low or 0,
        count.low is not None,
        best or 0,
        best is not None,
        high or 0,
        count.high is not None,
    )


def hour_after(at: datetime) -> int:
    """The first full hour, counted from 1970, that is not before `at`."""
    return -int(-(at - _EPOCH).total_seconds() // _HOUR)


def cutoff(now: datetime | None, window: timedelta) -> int:
    """Incidents of this hour and earlier have left the window."""
    return ALL if now is None else _hour_before(now) - hours(window)


@lru_cache(maxsize=4)
def _hour_before(now: datetime) -> int:
    """The last full hour, counted from 1970, that is not after `now`."""
    return int((now - _EPOCH).total_seconds() // _HOUR)


@lru_cache(maxsize=256)
def hours(window: timedelta) -> int:
    """The full hours of a window."""
    return int(window.total_seconds() // _HOUR)


@lru_cache(maxsize=4096)
def moment(hour: int) -> datetime:
    """The time at which an hour, counted from 1970, begins."""
    return _EPOCH + timedelta(hours=hour)


def as_count(totals: Totals) -> Count:
    """The sum as a Count."""
    number, low, has_low, best, has_best, high, has_high = totals
    if number == 0:
        return NOTHING
    return Count(
        low=low if has_low else None, best=best if has_best else None, high=high if has_high else None
    )


class Tally:
    """The shares of one window's region, by hour, with the running sums behind one or two cut-offs.

    Members are in the order of hour and id, whatever order they came in: a restart lists them as before.
    A cursor is a memo: the sum of all hours above its cut-off. It moves both ways, hour by hour that holds
    anything, so that asking again costs what changed in between and nothing for what left long ago.
    """

    def __init__(self) -> None:
        self._hours: list[int] = []
        self._buckets: dict[int, Totals] = {}
        self._members: list[tuple[int, str]] = []
        self._best: dict[str, int] = {}
        self._cursors: list[tuple[int, Totals]] = []

    def __bool__(self) -> bool:
        return bool(self._hours)

    def set(self, incident_id: str, old: Share | None, new: Share | None) -> None:
        """Replace what an incident adds; None stands for nothing."""
        if old is not None and new is not None and old.hour == new.hour:
            self._best[incident_id] = new.best
            self._change(new.hour, _plus((0, *new[1:]), (0, *old[1:]), -1))
            return
        if old is not None:
            self._remove(incident_id, old)
        if new is not None:
            self._add(incident_id, new)

    def above(self, cut: int, cursor: int = 0) -> Totals:
        """The sum over all hours above `cut`; calls that go on from one another share a `cursor`."""
        while cursor >= len(self._cursors):
            self._cursors.append((UNDATED, _EMPTY))
        at, totals = self._cursors[cursor]
        if cut != at:
            first, last = bisect_right(self._hours, min(at, cut)), bisect_right(self._hours, max(at, cut))
            sign = -1 if cut > at else 1
            for hour in self._hours[first:last]:
                totals = _plus(totals, self._buckets[hour], sign)
            self._cursors[cursor] = (cut, totals)
        return totals

    def oldest(self, cut: int) -> int | None:
        """The first hour above `cut` that holds an incident with a date."""
        index = bisect_right(self._hours, cut)
        return self._hours[index] if index < len(self._hours) and self._hours[index] < UNDATED else None

    def members(self, cut: int, limit: int) -> list[tuple[str, int]]:
        """The incidents above `cut`, the latest first, each with its best figure; at most `limit`."""
        first = max(bisect_left(self._members, (cut + 1, "")), len(self._members) - limit)
        best = self._best
        return [(incident_id, best[incident_id]) for _, incident_id in self._members[first:]][::-1]

    def _add(self, incident_id: str, share: Share) -> None:
        hour = share.hour
        if hour not in self._buckets:
            insort(self._hours, hour)
            self._buckets[hour] = _EMPTY
        insort(self._members, (hour, incident_id))
        self._best[incident_id] = share.best
        self._change(hour, (1, *share[1:]))

    def _remove(self, incident_id: str, share: Share) -> None:
        hour = share.hour
        del self._members[bisect_left(self._members, (hour, incident_id))]
        del self._best[incident_id]
        self._change(hour, _plus(_EMPTY, (1, *share[1:]), -1))
        if not self._buckets[hour][0]:
            del self._buckets[hour]
            del self._hours[bisect_left(self._hours, hour)]

    def _change(self, hour: int, by: Totals) -> None:
        self._buckets[hour] = _plus(self._buckets[hour], by, 1)
        for index, (cut, totals) in enumerate(self._cursors):
            if hour > cut:
                self._cursors[index] = (cut, _plus(totals, by, 1))


def _plus(totals: Totals, more: Totals, sign: int) -> Totals:
    return (
        totals[0] + sign * more[0],
        totals[1] + sign * more[1],
        totals[2] + sign * more[2],
        totals[3] + sign * more[3],
        totals[4] + sign * more[4],
        totals[5] + sign * more[5],
        totals[6] + sign * more[6],
    )
