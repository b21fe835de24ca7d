"""Figures, places and days as a sentence says them."""

from datetime import date, datetime, timedelta

from schemas.counts import Count
from schemas.events import DateSpan, Place, Unit
from streams.alerting.facts import Facts
from streams.alerting.regions import country_name, in_sentence
from streams.alerting.rules import Bound, Measured

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TOLLS = {
    "killed": "killed",
    "injured": "injured",
    "missing": "missing",
    "kidnapped": "kidnapped",
    "detained": "detained",
    "displaced": "displaced",
}
_FORCES = {
    "militia": "militia fighters",
    "ships": "people on ships",
    "aircraft": "aircrew",
    "other": "people",
}
_FORCES["vehicles"] = "people in vehicles"
_PLURALS = {"company": "companies", "aircraft": "aircraft", "person": "people", "other": "units"}
_SENT = {
    ("deploy", "actual"): "deployed in",
    ("deploy", "ordered"): "ordered to",
    ("deploy", "planned"): "planned for",
    ("withdraw", "actual"): "withdrawn from",
    ("withdraw", "ordered"): "ordered out of",
    ("withdraw", "planned"): "to be withdrawn from",
    ("stock", "actual"): "present in",
}


def number(value: int) -> str:
    """With commas between thousands."""
    return f"{value:,}"


def figure_words(count: Count) -> str:
    """A count as a sentence says it: `at least 12`, `16 to 24`, `up to 20`, `no figure`."""
    low, best, high = count.low, count.best, count.high
    if low is None:
        if high is not None:
            return f"up to {number(high)}"
        return f"about {number(best)}" if best is not None else "no figure"
    if high is not None:
        return number(low) if low == high else f"{number(low)} to {number(high)}"
    if best is not None and best > low:
        return f"at least {number(low)}, probably {number(best)},"
    return f"at least {number(low)}"


def what_words(measure: Measured, facts: Facts | None, count: Count) -> str:
    """What the figure counts: `killed`, `troops ordered to`, `battalions of police planned for`."""
    if measure.toll is not None:
        return _TOLLS[measure.toll] + " in"
    if measure.kind == "casualties":
        return "killed or injured in"
    if measure.kind == "incidents":
        return "incidents in" if reach_best(count) != 1 else "incident in"
    force = facts.force if facts is not None else None
    kind = force.what if force is not None else "other"
    people = _FORCES.get(kind, kind)
    sent = "sent to or from"
    if facts is not None:
        sent = _SENT.get((facts.direction or "deploy", facts.realis), f"({facts.realis}) for")
    if measure.kind == "units" and measure.unit not in (None, "person"):
        assert measure.unit is not None
        unit = unit_words(measure.unit, count)
        of = f" of {kind}" if kind in ("troops", "police", "guards", "militia", "peacekeepers") else ""
        return f"{unit}{of} {sent}"
    if measure.kind == "personnel" and force is not None and force.estimated and force.unit != "person":
        units = f"{figure_words(force.count).rstrip(',')} {unit_words(force.unit, force.count)}"
        people = f"{people} ({units}, estimated)"
    return f"{people} {sent}"


def unit_words(unit: Unit, count: Count) -> str:
    """The unit in the number that fits."""
    return unit if reach_best(count) == 1 else _PLURALS.get(unit, f"{unit}s")


def reach_best(count: Count) -> int | None:
    """The figure that decides between singular and plural."""
    return count.best if count.best is not None else count.low


def place_words(place: Place | None) -> str:
    """`Jenin, West Bank`: the name, and the division or country it lies in; `the Philippines`."""
    if place is None:
        return "an unknown place"
    if place.precision == "country":
        return in_sentence(place.name)
    outer = place.admin1
    if not outer or outer == place.name:
        outer = country_name(place.country) if place.country else None
    return place.name if not outer or outer == place.name else f"{place.name}, {outer}"


def date_words(span: DateSpan | None, now: datetime | None) -> str:
    """`on 22 Nov`, with the year where it isn't this one; empty where the day is not known."""
    if span is None or (span.earliest is None and span.latest is None):
        return ""
    first = span.earliest or span.latest
    last = span.latest or span.earliest
    assert first is not None
    assert last is not None
    if span.precision == "year":
        return f"in {last.year}"
    if span.precision == "month":
        return f"in {_MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return f"on {day_words(last, now)}"
    return f"between {day_words(first, now)} and {day_words(last, now)}"


def day_words(day: date, now: datetime | None) -> str:
    """`22 Nov`, with the year where it isn't this one."""
    plain = f"{day.day} {_MONTHS[day.month - 1]}"
    return plain if now is not None and day.year == now.year else f"{plain} {day.year}"


def span_words(span: timedelta) -> str:
    """`7 days`, `6 hours`."""
    hours = int(span.total_seconds() // 3600)
    size, unit = (hours // 24, "day") if hours % 24 == 0 and hours > 0 else (hours, "hour")
    if hours == 0:
        size, unit = int(span.total_seconds() // 60), "minute"
    return f"{size} {unit}" if size == 1 else f"{size} {unit}s"


def against_words(figure: int | None, threshold: int, level: str) -> str:
    """How the figure stands to the threshold: `above 10 = critical`."""
    if figure is None:
        return f"no longer counts against {number(threshold)} = {level}"
    side = "above" if figure > threshold else "at" if figure == threshold else "below"
    return f"{side} {number(threshold)} = {level}"


def bounded(bound: Bound) -> str:
    """What a bound means, for pages and reports."""
    return {"low": "sure", "best": "best estimate", "high": "possible"}[bound]
