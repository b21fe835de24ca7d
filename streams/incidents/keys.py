"""The blocking keys: what two reports of one happening nearly always share, so that few are ever compared.

All are strings that begin with the type of the event; days are ordinals, months counted from year 0.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from msgspec import Struct

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


class Kept(Struct, frozen=True, gc=False):
    """The keys under which an event is found: each of `flat`, and each of `dated` on each of `days`."""

    flat: tuple[str, ...]
    dated: tuple[str, ...]
    days: tuple[int, ...]


class Keys(Struct, frozen=True, gc=False):
    """The keys under which an event is found, and those under which it looks for others.

    `flat` and `dated` (day by day) say what it is worth to meet there; what it is worth under `rare`, a place
    at any time or a word, depends on how many others are found there.
    """

    kept: Kept
    flat: dict[str, float]
    dated: dict[str, Worth]
    rare: tuple[str, ...]


def keys_of(traits: Traits) -> Keys:
    """The blocking keys of an event with these traits."""
    kind = traits.kind[0]
    marks = list(_marks(traits, kind))
    months = _months(traits)
    rare = (
        *(f"{kind}Q{_name(spot)}" for spot in traits.spots),
        *(f"{kind}W{word}" for word in sorted(traits.words)),
        *(f"{kind}E{word}" for word in sorted(traits.mentioned)),
    )
    by_month = {f"{kind}M{spot.name}|": None for spot in traits.spots}
    flat = dict.fromkeys([f"{name}{month}" for name in by_month for month in months])
    flat |= dict.fromkeys((*marks, *rare))
    kept = Kept(tuple(flat), *_dated(traits, kind))
    return Keys(kept, _asked(traits, kind, marks, months, list(by_month)), _asked_by_day(traits, kind), rare)


def _dated(traits: Traits, kind: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The dated keys under which an event is found, and its days."""
    days = {day for span in traits.exact for day in range(span[0], span[1] + 1)}
    if not days and not traits.loose:
        days = set(traits.published)
    if not days:
        return (), ()
    found: dict[str, None] = {}
    for spot in traits.spots:
        area = _area(kind, spot)
        found |= dict.fromkeys((area.place, *area.region, *area.cell))
    if not traits.spots:
        found[kind + "T"] = None
    if (toll := _toll(traits)) is not None:
        found[toll] = None
    return tuple(found), tuple(sorted(days))


def _asked(
    traits: Traits, kind: str, marks: list[str], months: list[int], by_month: list[str]
) -> dict[str, float]:
    """Each key without a day, with what it is worth to meet there."""
    found: dict[str, float] = {}
    for name in by_month:
        for month in months:
            found.setdefault(f"{name}{month - 1}", 1.0)
            found[f"{name}{month}"] = 1.5
    if not (traits.exact or traits.published or traits.loose):
        found |= {f"{kind}Q{_name(spot)}": 2.0 for spot in traits.spots}
    for key in marks:
        found[key] = _WORTH[key[1]]
    return found


def _asked_by_day(traits: Traits, kind: str) -> dict[str, Worth]:
    """Each dated key, with what it is worth to meet there on which day."""
    inside = {day for span in traits.exact for day in range(span[0], span[1] + 1)}
    around = {day + by for day in inside for by in range(-DAYS_AROUND, DAYS_AROUND + 1)}
    if not inside:
        inside = {day for p in traits.published for day in (p - 1, p)}
        around = {day for p in traits.published for day in range(p - 3, p + 2)}
    next_to = {day for day in around if not inside.isdisjoint((day - 1, day, day + 1))}
    found: dict[str, Worth] = {}
    if not around:
        return found
    nearby = dict.fromkeys(next_to, 1.5)
    for spot in traits.spots:
        area = _area(kind, spot)
        found |= dict.fromkeys(area.around, nearby)
    for spot in traits.spots:
        area = _area(kind, spot)
        found[area.place] = {day: 4.0 if day in inside else 3.0 for day in around}
        for region in area.region:
            found[region] = {day: 2.0 if day in inside else 1.5 if day in next_to else 1.0 for day in around}
    if not traits.spots:
        found[kind + "T"] = dict.fromkeys(around, 0.5)
    if (toll := _toll(traits)) is not None:
        found[toll] = dict.fromkeys(next_to, 2.0)
    return found


class _Area(NamedTuple):
    """The dated keys of a place: itself, its region, the cell it lies in, and that with those around it."""

    place: str
    region: tuple[str, ...]
    cell: tuple[str, ...]
    around: tuple[str, ...]


@lru_cache(maxsize=8192)
def _area(kind: str, spot: Spot) -> _Area:
    region = (f"{kind}A{spot.country}.{spot.admin1}|",) if spot.admin1 else ()
    place = f"{kind}P{_name(spot)}|"
    if spot.latitude is None or spot.longitude is None or spot.precision not in ("city", "admin2"):
        return _Area(place, region, (), ())
    x, y = int(spot.latitude // CELL_DEGREES), int(spot.longitude // CELL_DEGREES)
    around = tuple(f"{kind}G{x + dx},{y + dy}|" for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return _Area(place, region, (around[4],), around)


_WORTH = {"N": 5.0, "L": 2.0, "S": 3.0, "B": 1.5, "U": 1.5, "R": 1.0, "F": 3.0}


def _marks(traits: Traits, kind: str) -> Iterator[str]:
    for letter, names in (
        ("N", traits.victims | traits.names),
        ("L", traits.surnames),
        ("S", traits.streets),
        ("B", traits.buildings),
        ("U", traits.units),
        ("R", traits.parties if traits.kind == "deployment" else ()),
    ):
        if names:
            yield from [f"{kind}{letter}{name}" for name in sorted(names)]
    if traits.hashes:
        yield from [f"{kind}F{value}" for value in nsmallest(SMALLEST_HASHES, traits.hashes)]


def _months(traits: Traits) -> list[int]:
    found: set[int] = set()
    for first, last in (*traits.exact, *traits.loose):
        start, end = _month(first), _month(last)
        found.update(range(max(start, end - LONGEST_LOOSE), end + 1))
    found.update(_month(day) for day in traits.published)
    return sorted(found)


def _toll(traits: Traits) -> str | None:
    """The toll of one event, where few happenings of a day share it."""
    killed, injured = max(traits.killed, default=0), max(traits.injured, default=0)
    return f"{traits.kind[0]}D{killed},{injured}|" if killed + injured >= TELLING_TOLL else None


@lru_cache(maxsize=4096)
def _month(day: int) -> int:
    when = date.fromordinal(day)
    return when.year * 12 + when.month


def _name(spot: Spot) -> str:
    return str(spot.geonames_id) if spot.geonames_id is not None else spot.name
