"""How the times of two reports relate: the days of the happening, those of the week, those of printing."""

from functools import lru_cache
from math import log

from streams.incidents.nearness import relate_days
from streams.incidents.traits import Traits

Finding = tuple[str, float]
"""Something that is alike or differs, by name, and how much."""


def relate_dates(one: Traits, other: Traits, kind: str) -> Finding:
    """How the dates relate.

    `kind`: where a victim or an address was met, and where a report is on the aftermath, dates that differ
    say less.
    """
    how = relate_days(one, other)
    return ("date." + how + (kind if how in ("near", "apart", "far") else ""), 1.0)


def relate_day_names(one: Traits, other: Traits, found: list[Finding]) -> None:
    """Whether two articles, one of them without a date, name the same day of the year, or of the week."""
    if one.exact and other.exact:
        return
    if one.yeardays and other.yeardays:
        found.append((f"yearday.{'same' if one.yeardays & other.yeardays else 'differ'}", 1.0))
    elif one.weekdays and other.weekdays:
        gap = min(min((a - b) % 7, (b - a) % 7) for a in one.weekdays for b in other.weekdays)
        if gap != 1:
            found.append((f"weekday.{'differ' if gap else 'same'}", 1.0))


def relate_published(one: Traits, other: Traits, kind: str, found: list[Finding]) -> None:
    """The days between the reports; for a report without a date of the happening this is all there is."""
    if not one.published or not other.published:
        return
    gap = log(1 + days_apart(one.published, other.published))
    found.append(("published.gap" + ("_same" if one.exact and one.exact == other.exact else kind), gap))
    if kind != "_known" and not ((one.exact or one.loose) and (other.exact or other.loose)):
        found.append(("published.gap_undated" + kind, gap))
    for this, that in ((one, other), (other, one)):
        # A happening that lies after the other report was printed can't be what it tells of.
        if this.exact and this.exact[0][0] > that.published[-1] + 1:
            found.append(("published.before" + kind, 1.0))


@lru_cache(maxsize=8192)
def days_apart(ones: tuple[int, ...], others: tuple[int, ...]) -> int:
    """The days between those that are closest together; 0 where there are none."""
    return min([abs(a - b) for a in ones for b in others], default=0)
