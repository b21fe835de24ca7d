"""From the words of a date to days, relative to the day of publication."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas import DateSpan
from schemas.events import DatePrecision
from streams.extraction.dates_words import DateWords

_WEEK = 7
_NOON = 12
_SATURDAY = 5
_CENTURY = 1900


@dataclass(frozen=True, slots=True)
class Reference:
    """The day (and UTC hour) of publication, or where that is unknown a year that the text names."""

    today: date | None
    hour: int
    year: int | None


@dataclass(frozen=True, slots=True)
class _Case:
    match: re.Match[str]
    words: DateWords
    reference: Reference
    before: date | None
    future: bool

    def group(self, name: str) -> str | None:
        """What a named group matched; null where the pattern has none."""
        return self.match.groupdict().get(name)


def work_out(
    rule: str,
    match: re.Match[str],
    words: DateWords,
    reference: Reference,
    *,
    before: date | None,
    future: bool,
) -> DateSpan | None:
    """The days that a match means; null where it means none, without days where they can't be known.

    `before` is a date that the sentence gave already, from which "two days earlier" counts; `future` says
    that the sentence speaks of what is to come.
    """
    try:
        return _RULES[rule](_Case(match, words, reference, before, future))
    except (ValueError, OverflowError):  # the 31st of June, the year 2999 of a day count
        return None


def _calendar(case: _Case) -> DateSpan | None:
    month_word, day, year_word = case.group("month"), case.group("day"), case.group("year")
    month = None
    if month_word is not None:
        month = int(month_word) if month_word.isdigit() else case.words.months[month_word]
    year = None if year_word is None else int(year_word) + (_CENTURY if len(year_word) == 2 else 0)
    which = case.words.which.get(case.group("which") or "")
    if month is None:
        return None if year is None else _part(case, date(year, 1, 1), date(year, 12, 31), "year")
    if year is None:
        year = _year_of(case, month, int(day or 1), which if day is None else None)
        if year is not None and day is not None and which is not None and case.reference.today is not None:
            year = case.reference.today.year + which
    if year is None:
        return DateSpan(precision="day" if day else "month")
    if day is None:
        return _part(case, date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")
    first = date(year, month, int(day))
    last = date(year, month, int(case.group("day2") or day))
    if last < first:
        return None
    return DateSpan(earliest=first, latest=last, precision="day" if first == last else "days")


def _year_of(case: _Case, month: int, day: int, which: int | None) -> int | None:
    """The year of a month and day without one: the last such, or where the text looks ahead the next."""
    today = case.reference.today
    if today is None:
        return case.before.year if case.before is not None else case.reference.year
    candidate = date(today.year, month, min(day, monthrange(today.year, month)[1]))
    if which == 1:
        return today.year + (candidate <= today)
    if case.future and which is None:
        last = (
            candidate.replace(day=monthrange(today.year, month)[1])
            if case.group("day") is None
            else candidate
        )
        return today.year + (last < today)
    return today.year - (
        candidate > today + timedelta(days=_WEEK)
    )  # what is dated a day too early is this year's


def _part(case: _Case, first: date, last: date, precision: DatePrecision) -> DateSpan:
    part = case.words.parts.get(case.group("part") or "")
    if part is None:
        return DateSpan(earliest=first, latest=last, precision=precision)
    length = (last - first).days
    return DateSpan(
        earliest=first + timedelta(days=length * part[0] // 10),
        latest=first + timedelta(days=length * part[1] // 10),
        precision="days",
    )


def _weekday(case: _Case) -> DateSpan:
    today = case.reference.today
    if today is None:
        return DateSpan(precision="day")
    which = case.words.which.get(case.group("which") or "")
    day = _nearest(case, case.words.weekdays[case.group("weekday") or ""], which)
    if case.group("later"):
        monday = today - timedelta(days=today.weekday() + _WEEK)
        day = monday + timedelta(days=day.weekday())
    second = case.group("weekday2")
    if second is None:
        return DateSpan(earliest=day, latest=day, precision="day")
    end = _nearest(case, case.words.weekdays[second], which)
    start = end - timedelta(days=(end.weekday() - day.weekday()) % _WEEK)
    return DateSpan(earliest=start, latest=end, precision="days")


def _nearest(case: _Case, weekday: int, which: int | None) -> date:
    today = case.reference.today
    assert today is not None
    back = (today.weekday() - weekday) % _WEEK
    if case.future and which is None:
        return today + timedelta(days=(weekday - today.weekday()) % _WEEK)
    if which == 1:
        return today + timedelta(days=(weekday - today.weekday() - 1) % _WEEK + 1)
    if back == _WEEK - 1 and case.reference.hour >= _NOON and which is None:
        return today + timedelta(days=1)  # where they write it is tomorrow already
    if which is not None and which < 0 and back == 0:
        back = _WEEK
    return today - timedelta(days=back)


def _ago(case: _Case) -> DateSpan | None:
    unit = case.group("unit") or case.group("unit_before")
    way = case.group("way") or "before"
    number = _number(case, case.group("number") or "one")
    if unit is None or number is None:
        return None
    days = case.words.units.get(unit, 1)
    origin = case.before if way in ("later", "after") else case.reference.today
    if way not in ("ago", "later", "after") and case.before is not None:
        origin = case.before
    if origin is None:
        return DateSpan(precision="day")
    if case.group("told") and case.before is None:
        return None
    sign = 1 if way in ("later", "after") else -1
    if days == 0 and way != "ago":
        return None  # an hour before is no day
    if days == 0:
        shift = origin + timedelta(days=sign * (number // 24))
        return DateSpan(earliest=min(shift, origin), latest=max(shift, origin), precision="days")
    if days == 365:
        year = origin.year + sign * number
        return DateSpan(earliest=date(year, 1, 1), latest=date(year, 12, 31), precision="year")
    if days == 30:
        first = _month(origin, sign * number)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return DateSpan(earliest=first, latest=last, precision="month")
    middle = origin + timedelta(days=sign * number * days)
    slack = timedelta(days=3 if days == _WEEK else 0)
    precision: DatePrecision = "week" if days == _WEEK else "day"
    return DateSpan(earliest=middle - slack, latest=middle + slack, precision=precision)


def _span(case: _Case) -> DateSpan | None:
    unit = case.group("unit") or ""
    days = case.words.units[unit]
    number_word = case.group("number")
    number = _number(case, number_word) if number_word else None
    which = case.words.which.get(case.group("which") or "last", -1)
    today = case.reference.today
    precision: DatePrecision = {365: "year", 30: "month", _WEEK: "week"}.get(days, "days")  # type: ignore[assignment]
    if today is None:
        return DateSpan(precision=precision)
    if number is not None or (case.group("which") == "past" and days != 2):
        length = (number or 1) * days if days else max((number or 24) // 24, 1)
        if which > 0:
            return DateSpan(earliest=today, latest=today + timedelta(days=length), precision="days")
        return DateSpan(earliest=today - timedelta(days=length), latest=today, precision="days")
    if days == 365:
        first, last = date(today.year + which, 1, 1), date(today.year + which, 12, 31)
    elif days == 30:
        first = _month(today, which)
        last = first.replace(day=monthrange(first.year, first.month)[1])
    elif days == _WEEK:
        first = today - timedelta(days=today.weekday() - _WEEK * which)
        last = first + timedelta(days=6)
    elif unit.startswith("weekend"):
        sunday = today - timedelta(days=(today.weekday() + 1) % _WEEK)
        if today.weekday() == _SATURDAY:
            sunday = today + timedelta(days=1)
        first, last = sunday - timedelta(days=1), sunday
    else:
        return None
    if which == 0 and case.future:
        first = max(first, today)
        if unit.startswith("week") and today.weekday() >= _SATURDAY:  # "this week", said on a Sunday
            last = max(last, today + timedelta(days=_WEEK))
    elif which == 0:
        last = min(last, today)
    part = {"earlier": "early", "later": "late"}.get(case.group("part") or "", case.group("part") or "")
    tenths = case.words.parts.get(part) if which else None
    if tenths is not None:
        length = (last - first).days
        first, last = (
            first + timedelta(days=length * tenths[0] // 10),
            first + timedelta(days=length * tenths[1] // 10),
        )
        precision = "days"
    return DateSpan(earliest=first, latest=last, precision=precision)


def _season(case: _Case) -> DateSpan | None:
    month = case.words.seasons[case.group("season") or ""]
    today = case.reference.today
    year_word = case.group("year")
    if year_word is not None:
        year = int(year_word)
    elif today is None:
        return DateSpan(precision="season")
    else:
        year = today.year - (date(today.year, month, 1) > today)
        which = case.words.which.get(case.group("which") or "")
        if which == 1 or (case.future and which is None):
            year += 1
        if which == -1 and _month(date(year, month, 1), 3) > today:
            year -= 1
    first = date(year, month, 1)
    return DateSpan(earliest=first, latest=_month(first, 3) - timedelta(days=1), precision="season")


def _named(case: _Case) -> DateSpan | None:
    first, last, precision = case.words.named[" ".join((case.group("word") or "").split())]
    today = case.reference.today
    days: DatePrecision = "day" if precision == "day" else "days"
    if today is None:
        return DateSpan(precision=days)
    return DateSpan(
        earliest=today + timedelta(days=first), latest=today + timedelta(days=last), precision=days
    )


def _holiday(case: _Case) -> DateSpan | None:
    month, day = case.words.holidays[" ".join((case.group("holiday") or "").split())]
    year = _year_of(case, month, day, None)
    if year is None:
        return DateSpan(precision="day")
    return DateSpan(earliest=date(year, month, day), latest=date(year, month, day), precision="day")


def _event(case: _Case) -> DateSpan | None:
    return DateSpan(precision="days")


def _number(case: _Case, word: str) -> int | None:
    return int(word) if word.isdigit() else case.words.numbers.get(word)


def _month(day: date, shift: int) -> date:
    """The first of the month that lies `shift` months from `day`'s."""
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


_RULES: dict[str, Callable[[_Case], DateSpan | None]] = {
    "calendar": _calendar,
    "called": _calendar,
    "weekday": _weekday,
    "ago": _ago,
    "span": _span,
    "season": _season,
    "named": _named,
    "holiday": _holiday,
    "event": _event,
}
