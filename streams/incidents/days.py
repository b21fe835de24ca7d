"""The days of a happening, and those that its words name where nobody knows of which week or year."""

import re
from functools import cache, lru_cache
from itertools import pairwise

from schemas.events import DateSpan
from streams.incidents.settings import words

_WORD = re.compile(r"[^\W\d_]+|\d+")
_MONTH_DAYS = range(1, 32)


EXACT_DAYS = 3
"""A date span of at most so many days more than one counts as exact."""

Span = tuple[int, int]
"""First and last day, as ordinals."""


def spans(span: DateSpan | None) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """A date as an exact or a loose span; an open end is left out of the comparison."""
    if span is None:
        return (), ()
    first, last = span.earliest or span.latest, span.latest or span.earliest
    if first is None or last is None:
        return (), ()
    return _spans(first.toordinal(), last.toordinal(), span.precision in ("day", "days"))


@lru_cache(maxsize=4096)
def _spans(first: int, last: int, in_days: bool) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The same for all events of a day: what they share is kept once, and near at hand."""
    found = ((first, last),)
    return (found, ()) if in_days and last - first <= EXACT_DAYS else ((), found)


def weekdays(span: DateSpan) -> frozenset[int]:
    """The days of the week of a span, from 0 for Monday."""
    if span.earliest is not None and span.earliest == span.latest:
        return frozenset((span.earliest.weekday(),))
    return _named(span.text or "")[0]


def yeardays(span: DateSpan) -> frozenset[tuple[int, int]]:
    """The days of the year of a span, as month and day."""
    if span.earliest is not None and span.earliest == span.latest:
        return frozenset(((span.earliest.month, span.earliest.day),))
    return _named(span.text or "")[1]


@lru_cache(maxsize=2048)
def _named(text: str) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """The days of the week in a text, and those of the year."""
    parts = _WORD.findall(text.lower())
    weeks, months = _lists()
    found = frozenset(weeks[part] for part in parts if part in weeks)
    days = set()
    for before, after in pairwise(parts):
        month, day = (before, after) if after.isdigit() else (after, before)
        if month in months and day.isdigit() and int(day) in _MONTH_DAYS:
            days.add((months[month], int(day)))
    return found, frozenset(days)


@cache
def _lists() -> tuple[dict[str, int], dict[str, int]]:
    """The names of the days, and of the months from 1, with their numbers."""
    return (
        {name: number for number, names in enumerate(words().weekdays) for name in names.split()},
        {name: number for number, names in enumerate(words().months, 1) for name in names.split()},
    )
