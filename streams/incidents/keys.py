"""The blocking keys: what two reports of one happening nearly always share, so that few are ever compared.

Keys are kept in tables, one for each type of event and kind of key ("cW": casualties, words). Days are
ordinals, months counted from year 0.
"""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from streams.incidents.days import Span
from streams.incidents.settings import wide_causes
from streams.incidents.traits import Spot, Traits

DAYS_AROUND = 2
CELL_DEGREES = 0.5
LONGEST_LOOSE = 6
"""Months of a loose date that are indexed."""

SMALLEST_HASHES = 10

TELLING_TOLL = 5
"""From so many dead and hurt on, few happenings of a day have the same toll."""


Worth = dict[int, float]
"""What it is worth to meet on a day."""


Key = str | int

Group = tuple[str, Collection[Key]]
"""A table, and keys in it."""


class Kept(Struct, frozen=True, gc=False):
    """The keys under which an event is found: those of `flat`, and each of `dated` on each of `days`."""

    flat: tuple[Group, ...]
    dated: tuple[str, ...]
    days: tuple[int, ...]


class Keys(Struct, frozen=True, gc=False):
    """The keys under which an event is found, and those under which it looks for others.

    `flat` and `dated` (day by day) say what it is worth to meet there; what it is worth under `rare`, a place
    at any time or a word, depends on how many others are found there. `toll` is a key like those of `dated`,
    by which many are met that have nothing else in common.
    """

    kept: Kept
    flat: tuple[tuple[str, Collection[Key], float], ...]
    dated: dict[str, Worth]
    rare: tuple[Group, ...]
    toll: tuple[str, Worth] | None


def keys_of(traits: Traits) -> Keys:
    """The blocking keys of an event with these traits."""
    kind = traits.kind[0]
    when = _calendar(traits.exact, traits.loose, traits.published)
    marks = [(kind + letter, names, worth) for letter, names, worth in _marks(traits) if names]
    places = [place_key(spot) for spot in traits.spots]
    words: list[Group] = [(kind + "W", traits.words), (kind + "E", traits.mentioned)]
    months = [f"{spot.name}|{month}" for spot in traits.spots for month in when.months]
    before = [f"{spot.name}|{month}" for spot in traits.spots for month in when.months_before]
    asked: list[tuple[str, Collection[Key], float]] = [
        (kind + "M", months, 1.5),
        (kind + "M", before, 1.0),
        *marks,
    ]
    if not when.around and not traits.loose:
        asked.append((kind + "Q", places, 2.0))
    areas = [_area(kind, spot) for spot in traits.spots]
    toll, wide = _toll(traits), _wide(traits, kind)
    dated = (*_dated(areas, kind, toll), *wide) if when.days else ()
    by_day = _asked_by_day(areas, kind, when) if when.around else {}
    if by_day and wide:
        by_day |= dict.fromkeys(wide, when.region)
    flat = ((kind + "M", months), *[mark[:2] for mark in marks], (kind + "Q", places), *words)
    # What is added up of several is added up in one order.
    rare = ((kind + "Q", places), *[(table, sorted(found)) for table, found in words])
    return Keys(
        Kept(flat, dated, when.days),
        tuple(asked),
        by_day,
        rare,
        (toll, when.toll) if toll is not None else None,
    )


def _wide(traits: Traits, kind: str) -> list[str]:
    """The dated keys of what strikes many towns of a country at once: each may be named for it."""
    if traits.causes.isdisjoint(wide_causes()):
        return []
    causes = sorted(traits.causes & wide_causes())
    countries = sorted({spot.country for spot in traits.spots if spot.country})
    return [f"{kind}C{country}.{cause}|" for country in countries for cause in causes]


def _dated(areas: list["_Area"], kind: str, toll: str | None) -> tuple[str, ...]:
    """The dated keys under which an event is found."""
    found: dict[str, None] = {}
    for area in areas:
        found |= dict.fromkeys((area.place, *area.region, *area.cell))
    if not areas:
        found[kind + "T"] = None
    if toll is not None:
        found[toll] = None
    return tuple(found)


def _asked_by_day(areas: list["_Area"], kind: str, when: "_Calendar") -> dict[str, Worth]:
    """Each dated key, with what it is worth to meet there on which day."""
    found: dict[str, Worth] = {}
    for area in areas:
        found |= dict.fromkeys(area.around, when.nearby)
    for area in areas:
        found[area.place] = when.place
        found |= dict.fromkeys(area.region, when.region)
    if not areas:
        found[kind + "T"] = when.anywhere
    return found


class _Calendar(NamedTuple):
    """The days and months of an event, and what it is worth to meet around them."""

    days: tuple[int, ...]
    months: tuple[int, ...]
    months_before: tuple[int, ...]
    around: frozenset[int]
    place: Worth
    region: Worth
    nearby: Worth
    toll: Worth
    anywhere: Worth


@lru_cache(maxsize=4096)
def _calendar(exact: tuple[Span, ...], loose: tuple[Span, ...], published: tuple[int, ...]) -> _Calendar:
    days = {day for span in exact for day in range(span[0], span[1] + 1)}
    inside, around = days, {day + by for day in days for by in range(-DAYS_AROUND, DAYS_AROUND + 1)}
    if not days:
        inside = {day for p in published for day in (p - 1, p)}
        around = {day for p in published for day in range(p - 3, p + 2)}
        days = set() if loose else set(published)
    next_to = {day for day in around if not inside.isdisjoint((day - 1, day, day + 1))}
    months = _months(exact, loose, published)
    return _Calendar(
        tuple(sorted(days)),
        months,
        tuple(sorted({month - 1 for month in months}.difference(months))),
        frozenset(around),
        place={day: 4.0 if day in inside else 3.0 for day in around},
        region={day: 2.0 if day in inside else 1.5 if day in next_to else 1.0 for day in around},
        nearby=dict.fromkeys(next_to, 1.5),
        toll=dict.fromkeys(next_to, 2.0),
        anywhere=dict.fromkeys(around, 0.5),
    )


class _Area(NamedTuple):
    """The dated keys of a place: itself, its region, the cell it lies in, and that with those around it."""

    place: str
    region: tuple[str, ...]
    cell: tuple[str, ...]
    around: tuple[str, ...]


@lru_cache(maxsize=8192)
def _area(kind: str, spot: Spot) -> _Area:
    region = (f"{kind}A{spot.country}.{spot.admin1}|",) if spot.admin1 else ()
    place = f"{kind}P{place_key(spot)}|"
    if spot.latitude is None or spot.longitude is None or spot.precision not in ("city", "admin2"):
        return _Area(place, region, (), ())
    x, y = int(spot.latitude // CELL_DEGREES), int(spot.longitude // CELL_DEGREES)
    around = tuple(f"{kind}G{x + dx},{y + dy}|" for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return _Area(place, region, (around[4],), around)


def _marks(traits: Traits) -> tuple[tuple[str, Collection[Key], float], ...]:
    """Names, sites and the smallest hashes, with the letters of their tables and what they are worth."""
    return (
        ("N", traits.victims | traits.names, 5.0),
        ("L", traits.surnames, 2.0),
        ("S", traits.streets, 3.0),
        ("B", traits.buildings, 1.5),
        ("U", traits.units, 1.5),
        ("R", traits.parties if traits.kind == "deployment" else (), 1.0),
        ("F", traits.hashes[:SMALLEST_HASHES], 3.0),
    )


def _months(exact: tuple[Span, ...], loose: tuple[Span, ...], published: tuple[int, ...]) -> tuple[int, ...]:
    found: set[int] = set()
    for first, last in (*exact, *loose):
        start, end = _month(first), _month(last)
        found.update(range(max(start, end - LONGEST_LOOSE), end + 1))
    found.update(_month(day) for day in published)
    return tuple(sorted(found))


def _toll(traits: Traits) -> str | None:
    """The toll of one event, where few happenings of a day share it."""
    killed, injured = max(traits.killed, default=0), max(traits.injured, default=0)
    return f"{traits.kind[0]}D{killed},{injured}|" if killed + injured >= TELLING_TOLL else None


def _month(day: int) -> int:
    when = date.fromordinal(day)
    return when.year * 12 + when.month


def place_key(spot: Spot) -> Key:
    """The key of all events at a place, whenever they were."""
    return spot.geonames_id if spot.geonames_id is not None else spot.name
