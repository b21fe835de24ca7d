"""From tolls and forces to the figure that a rule compares with its levels.

A sum keeps the rule `reach(sum, end) == sum of reach(part, end)`, so a window can add counts up one by one.
"""

from schemas.counts import Count, Measure
from schemas.events import Force
from streams.alerting.rules import Bound, Measured

ONE = Count(low=1, best=1, high=1)


def reach(count: Count, bound: Bound) -> int | None:
    """The figure at one end: `low` is sure; `best`, else low; `high` is possible, else best, else low."""
    if bound == "low":
        return count.low
    if bound == "high" and count.high is not None:
        return count.high
    return count.best if count.best is not None else count.low


def measured(measure: Measured, tolls: dict[Measure, Count], force: Force | None) -> Count | None:
    """What an incident counts for under `measure`; None where nothing is said."""
    if measure.kind == "incidents":
        return ONE
    if measure.kind == "casualties":
        return hurt(tolls)
    count: Count | None = None
    if measure.toll is not None:
        count = tolls.get(measure.toll)
    elif force is not None and measure.kind == "personnel":
        bare = force.personnel == Count() and force.unit == "person"
        count = force.count if bare else force.personnel
    elif force is not None and force.unit == measure.unit:
        count = force.count
    return None if count is None or (count.low, count.best, count.high) == (None, None, None) else count


def plain_name(measure: Measured) -> str:
    """The measure without `rise:`."""
    return measure.text.removeprefix("rise:")


def hurt(tolls: dict[Measure, Count]) -> Count | None:
    """Killed and injured together, or `casualties` at each end where that says more."""
    killed, injured, whole = tolls.get("killed"), tolls.get("injured"), tolls.get("casualties")
    total = add([part for part in (killed, injured) if part is not None])
    if whole is not None:
        total = Count(
            low=_more(total.low, whole.low),
            best=_more(reach(total, "best"), reach(whole, "best")),
            high=_more(reach(total, "high"), reach(whole, "high")) if (total.high or whole.high) else None,
        )
    return None if (total.low, total.best, total.high) == (None, None, None) else total


def add(parts: list[Count]) -> Count:
    """The sum of counts. An end is null only where no part has it; a part without it adds what it has."""
    low = best = high = None
    has_high = False
    for part in parts:
        middle = part.best if part.best is not None else part.low
        top = part.high if part.high is not None else middle
        low = _plus(low, part.low)
        best, high = _plus(best, middle), _plus(high, top)
        has_high = has_high or part.high is not None
    return Count(low=low, best=best, high=high if has_high else None)


def grown(base: Count, now: Count) -> Count:
    """How much more `now` is than `base`, at each end; never below zero."""
    return Count(
        low=_gain(base.low, now.low),
        best=_gain(reach(base, "best"), reach(now, "best")),
        high=_gain(reach(base, "high"), reach(now, "high")),
    )


def same(one: Count, other: Count) -> bool:
    """Whether the figures agree, whatever words they came from."""
    return (one.low, one.best, one.high) == (other.low, other.best, other.high)


def _plus(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def _more(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)


def _gain(base: int | None, now: int | None) -> int | None:
    if now is None:
        return None
    return max(0, now - (base or 0))
