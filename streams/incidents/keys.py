"""The blocking keys: what two reports of one happening nearly always share, so that few are ever compared.

All are strings that begin with the type of the event; days are ordinals, months counted from year 0.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from msgspec import Struct

from streams.incidents.traits import Spot, Traits

DAYS_AROUND = 2
CELL_DEGREES = 0.5
LONGEST_LOOSE = 6
"""Months of a loose date that are indexed."""

SMALLEST_HASHES = 10

TELLING_TOLL = 5
"""From so many dead and hurt on, few happenings of a day have the same toll."""


class Keys(Struct, frozen=True, gc=False):
    """The keys under which an event is found, and those under which it looks for others.

    `asked` says what it is worth to meet there; what it is worth under `rare`, a place at any time or a word,
    depends on how many others are found there.
    """

    kept: tuple[str, ...]
    asked: dict[str, float]
    rare: tuple[str, ...]


def keys_of(traits: Traits) -> Keys:
    """The blocking keys of an event with these traits."""
    marks = [traits.kind[0] + key for key in _marks(traits)]
    months = _months(traits)
    rare = (
        *(f"{traits.kind[0]}Q{_name(spot)}" for spot in traits.spots),
        *(f"{traits.kind[0]}W{word}" for word in sorted(traits.words)),
        *(f"{traits.kind[0]}E{word}" for word in sorted(traits.mentioned)),
    )
    return Keys((*_kept(traits, marks, months), *rare), _asked(traits, marks, months), rare)


def _kept(traits: Traits, marks: list[str], months: list[int]) -> tuple[str, ...]:
    """Each key once, in a fixed order."""
    kind = traits.kind[0]
    days = [day for span in traits.exact for day in range(span[0], span[1] + 1)]
    if not days and not traits.loose:
        days = list(traits.published)
    found: list[str] = []
    for spot in traits.spots:
        name = _name(spot)
        found += [f"{kind}M{spot.name}|{month}" for month in months]
        found += [f"{kind}P{name}|{day}" for day in days]
        if spot.admin1:
            found += [f"{kind}A{spot.country}.{spot.admin1}|{day}" for day in days]
        if (cell := _cell(spot)) is not None:
            found += [f"{kind}G{cell[0]},{cell[1]}|{day}" for day in days]
    if not traits.spots:
        found += [f"{kind}T{day}" for day in days]
    if (toll := _toll(traits)) is not None:
        found += [f"{toll}{day}" for day in days]
    found += marks
    return tuple(dict.fromkeys(found))


def _asked(traits: Traits, marks: list[str], months: list[int]) -> dict[str, float]:
    """Each key with what it is worth to meet there."""
    kind = traits.kind[0]
    inside = {day for span in traits.exact for day in range(span[0], span[1] + 1)}
    around = {day + by for day in inside for by in range(-DAYS_AROUND, DAYS_AROUND + 1)}
    if not inside:
        inside = {day for p in traits.published for day in (p - 1, p)}
        around = {day for p in traits.published for day in range(p - 3, p + 2)}
    days = sorted(around)
    next_to = [day for day in days if not inside.isdisjoint((day - 1, day, day + 1))]
    found: dict[str, float] = {}
    for spot in traits.spots:
        for month in months:
            found.setdefault(f"{kind}M{spot.name}|{month - 1}", 1.0)
            found[f"{kind}M{spot.name}|{month}"] = 1.5
        if not days and not traits.loose:
            found[f"{kind}Q{_name(spot)}"] = 2.0
        _ask_for_place(spot, kind, days, inside, next_to, found)
    if not traits.spots:
        found |= {f"{kind}T{day}": 0.5 for day in days}
    if (toll := _toll(traits)) is not None:
        found |= {f"{toll}{day}": 2.0 for day in next_to}
    found |= {key: _WORTH[key[1]] for key in marks}
    return found


def _ask_for_place(
    spot: Spot, kind: str, days: list[int], inside: set[int], next_to: list[int], found: dict[str, float]
) -> None:
    """The keys of the place, the area around it and its region, day by day."""
    for day in days:
        found[f"{kind}P{_name(spot)}|{day}"] = 4.0 if day in inside else 3.0
    if spot.admin1:
        region = f"{kind}A{spot.country}.{spot.admin1}|"
        for day in days:
            found[f"{region}{day}"] = 2.0 if day in inside else 1.5 if day in next_to else 1.0
    if (cell := _cell(spot)) is not None:
        ends = [f"|{day}" for day in next_to]
        for x in (-1, 0, 1):
            for y in (-1, 0, 1):
                area = f"{kind}G{cell[0] + x},{cell[1] + y}"
                for end in ends:
                    found[area + end] = 1.5


_WORTH = {"N": 5.0, "L": 2.0, "S": 3.0, "B": 1.5, "U": 1.5, "R": 1.0, "F": 3.0}


def _marks(traits: Traits) -> Iterator[str]:
    yield from (f"N{name}" for name in sorted(traits.victims | traits.names))
    yield from (f"L{name}" for name in sorted(traits.surnames))
    yield from (f"S{name}" for name in sorted(traits.streets))
    yield from (f"B{name}" for name in sorted(traits.buildings))
    yield from (f"U{name}" for name in sorted(traits.units))
    if traits.kind == "deployment":
        yield from (f"R{name}" for name in sorted(traits.parties))
    yield from (f"F{value}" for value in sorted(traits.hashes)[:SMALLEST_HASHES])


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


def _cell(spot: Spot) -> tuple[int, int] | None:
    if spot.latitude is None or spot.longitude is None or spot.precision not in ("city", "admin2"):
        return None
    return int(spot.latitude // CELL_DEGREES), int(spot.longitude // CELL_DEGREES)
