"""Reads a rule's filters: `where`, `sources` and `mute`."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args

from schemas.events import Cause, Direction, EventType, ForceKind, Realis
from streams.alerting.reader import Section
from streams.alerting.regions import countries, named_regions
from streams.alerting.rules import Box, Circle, Mute, Outlets, Where

_CODE = re.compile(r"[A-Z]{2}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_CODES = 'a list of ISO 3166-1 codes, as ["PK", "AF"]'
_CIRCLE = "a circle, as { lat = 31.5, lon = 34.5, km = 50 }, or a list of them"
_BOX = "a box, as { south = 29, west = 34, north = 34, east = 36 }, or a list of them"
_DAILY = '["22:00", "06:00"]: from and until'
_MOMENT = "a moment, as 2026-12-24T18:00:00Z"

_DEFAULT_REALIS: dict[EventType, frozenset[Realis]] = {
    "casualties": frozenset({"actual"}),
    "deployment": frozenset({"actual", "ordered", "planned"}),
}


@dataclass(frozen=True, slots=True)
class Lists:
    """The country lists that a file may name in `region`: its own, and the UN M49 regions."""

    own: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, section: Section | None) -> "Lists":
        """The lists of the `[regions]` table."""
        found: dict[str, frozenset[str]] = {}
        for name in section.rest() if section else ():
            assert section is not None
            found[name.lower()] = _codes(section, name) or frozenset()
        return cls(found)

    def get(self, name: str) -> frozenset[str] | None:
        """The countries of the region called `name`, in any case."""
        return self.own.get(name.lower()) or named_regions().get(name.lower())

    def names(self) -> tuple[str, ...]:
        """The names that one may use."""
        return (*self.own, *sorted(named_regions()))


def read_where(section: Section, on: EventType | None, lists: Lists) -> Where:
    """The rule's `where`, with the defaults of `on`."""
    realis = _DEFAULT_REALIS.get(on or "casualties", frozenset())
    directions: frozenset[Direction] | None = frozenset({"deploy"}) if on == "deployment" else None
    table = section.table("where", 'a table of filters, as { country = ["PK"] }')
    if table is None:
        return Where(realis=realis, directions=directions)
    for key, belongs in (("cause", "casualties"), ("force", "deployment"), ("direction", "deployment")):
        if table.has(key) and on is not None and on != belongs:
            table.wrong(key, f'has a meaning for on = "{belongs}" only; leave it out')
    causes: Any = table.words("cause", get_args(Cause))
    forces: Any = table.words("force", get_args(ForceKind))
    asked: Any = table.words("direction", get_args(Direction))
    wanted: Any = table.words("realis", get_args(Realis))
    where = Where(
        countries=_countries(table, lists),
        circles=_circles(table),
        boxes=_boxes(table),
        places=_lower(table.words("place")),
        causes=frozenset(causes) if causes else None,
        actors=tuple(word.lower() for word in table.words("actor") or ()),
        targets=tuple(word.lower() for word in table.words("target") or ()),
        forces=frozenset(forces) if forces else None,
        directions=frozenset(asked) if asked else directions,
        realis=frozenset(wanted) if wanted else realis,
    )
    table.done()
    return where


def read_sources(section: Section) -> Outlets:
    """The rule's `sources`: which count towards `min_sources`."""
    table = section.table("sources", 'a table, as { only = ["Reuters"] } or { ignore = ["example.com"] }')
    if table is None:
        return Outlets()
    outlets = Outlets(only=_lower(table.words("only")), ignore=_lower(table.words("ignore")) or frozenset())
    table.done()
    return outlets


def read_mutes(section: Section, lists: Lists, levels: tuple[str, ...]) -> tuple[Mute, ...]:
    """The rule's `mute`: times and places that don't ring."""
    found = []
    for table in section.tables("mute", 'a table, as { daily = ["22:00", "06:00"] }, or a list of them'):
        if not table.rest():
            table.wrong(None, "is empty, which would mute everything; say when or where")
        days = table.words("days", _DAYS)
        found.append(
            Mute(
                countries=_countries(table, lists),
                places=_lower(table.words("place")),
                circles=_circles(table),
                boxes=_boxes(table),
                levels=_frozen(table.words("levels", levels or None)),
                start=_moment(table, "from"),
                until=_moment(table, "until"),
                daily=_daily(table),
                days=frozenset(_DAYS.index(day) for day in days) if days else None,
                offset=_offset(table),
            )
        )
        table.done()
    return tuple(found)


def _frozen(words: tuple[str, ...] | None) -> frozenset[str] | None:
    return frozenset(words) if words else None


def _lower(words: tuple[str, ...] | None) -> frozenset[str] | None:
    return frozenset(word.lower() for word in words) if words else None


def _codes(section: Section, key: str) -> frozenset[str] | None:
    words = section.words(key)
    for word in words or ():
        if not _CODE.fullmatch(word) or word not in countries():
            section.wrong(key, f"{word!r} is no country code; it must be {_CODES}")
            return None
    return _frozen(words)


def _countries(section: Section, lists: Lists) -> frozenset[str] | None:
    """What `country` and `region` let through together: both must hold."""
    codes = _codes(section, "country")
    names = section.words("region")
    if names is None:
        return codes
    inside: set[str] = set()
    for name in names:
        region = lists.get(name)
        if region is None:
            section.wrong("region", f"{name!r} is not known; name a list in [regions] or use a UN M49 region")
            return codes
        inside |= region
    both = frozenset(inside) if codes is None else codes & inside
    if not both:
        section.wrong("region", "shares no country with `country`; nothing would pass both")
    return both


def _circles(section: Section) -> tuple[Circle, ...]:
    found = []
    for table in section.tables("circle", _CIRCLE):
        latitude = table.number("lat", -90, 90, "a latitude from -90 to 90")
        longitude = table.number("lon", -180, 180, "a longitude from -180 to 180")
        km = table.number("km", 0.1, 20_000, "kilometres from 0.1 to 20000")
        table.done()
        if not table.gave("lat", "lon", "km"):
            section.wrong("circle", f"is not complete; it must be {_CIRCLE}")
        elif latitude is not None and longitude is not None and km is not None:
            found.append(Circle(latitude=latitude, longitude=longitude, km=km))
    return tuple(found)


def _boxes(section: Section) -> tuple[Box, ...]:
    found = []
    for table in section.tables("box", _BOX):
        south = table.number("south", -90, 90, "a latitude from -90 to 90")
        north = table.number("north", -90, 90, "a latitude from -90 to 90")
        west = table.number("west", -180, 180, "a longitude from -180 to 180")
        east = table.number("east", -180, 180, "a longitude from -180 to 180")
        table.done()
        if not table.gave("south", "north", "west", "east"):
            section.wrong("box", f"is not complete; it must be {_BOX}")
        elif south is None or north is None or west is None or east is None:
            continue  # said by `number`
        elif south >= north:
            table.wrong("north", f"{north} must be above south = {south}")
        else:
            found.append(Box(south=south, west=west, north=north, east=east))
    return tuple(found)


def _moment(section: Section, key: str) -> datetime | None:
    value: datetime | None = section.take(key, datetime, _MOMENT)
    if value is not None and value.tzinfo is None:
        section.wrong(key, f"{value} has no offset; it must be {_MOMENT}")
        return None
    return value.astimezone(UTC) if value else None


def _daily(section: Section) -> tuple[time, time] | None:
    words = section.words("daily")
    if words is None:
        return None
    clocks = [_CLOCK.fullmatch(word) for word in words]
    if len(clocks) != 2 or not all(clocks) or words[0] == words[1]:
        section.wrong("daily", f"{list(words)!r} is not right; it must be {_DAILY}")
        return None
    start, until = (time(int(clock[1]), int(clock[2])) for clock in clocks if clock)
    return start, until


def _offset(section: Section) -> timedelta:
    value = section.text("offset", 'an offset from UTC, as "+05:00"')
    if value is None:
        return timedelta(0)
    found = _OFFSET.fullmatch(value)
    if not found or int(found[2]) > 14 or int(found[3]) > 59:
        section.wrong("offset", f'{value!r} is not right; it must be an offset from UTC, as "+05:00"')
        return timedelta(0)
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return span if found[1] == "+" else -span
