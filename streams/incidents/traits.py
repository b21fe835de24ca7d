"""What of an event tells one happening from another, in a form that is quick to compare.

`read_traits` makes the traits of one event; `combining.py` those of several that tell of one happening.
"""

import re
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from schemas.counts import Count
from schemas.events import Cause, Event, EventType, Force, Place
from schemas.fingerprints import decode
from streams.incidents.days import Span, spans, weekdays, yeardays
from streams.incidents.name_words import folded, name_words
from streams.incidents.wording import (
    address,
    generic,
    person,
    plain,
    speaks_of_aftermath,
    street,
    telling_words,
)

MAX_NAMES = 32

T = TypeVar("T")

_FIGURES = ("tolls.", "force.count")
_TELLING = 3
_MAGNITUDE, _NUMBER = "magnitude ", re.compile(r"\d{1,2}(?:\.\d{1,3})?")


class Spot(NamedTuple):
    """A place, ready to compare; `name` in lower case."""

    name: str
    geonames_id: int | None
    country: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    precision: str
    words: frozenset[str]
    """The name as the words of a title would have it."""
    folded: frozenset[str]
    """The words of the name and of the region it is in, in the form in which names are compared."""


_NO_HASHES: "array[int]" = array("I")
_EMPTY: frozenset[Any] = frozenset()
"""The one empty set: most sets of most events are empty, and each by itself takes 216 bytes."""


class Traits(Struct, frozen=True, gc=False, kw_only=True):
    """The comparable side of one event, or of all events of an incident.

    Days are ordinals; `hashes` are in their order (an array: there are many, and all are kept); `title_names`
    are the surnames as the words of a title would have them; `mentioned` the words of all names, `headline`
    those of them that the title has, `telling` where the names of the telling are among them; `aftermath`:
    the titles speak of what came after the happening, a trial or a vigil; `hurt`: how many were killed and
    injured together; `detained`: how many, if not one; `weekdays` (from 0) and `yeardays` (month
    and day) are those that an article without a date names; `magnitudes` those of a quake.
    """

    kind: EventType
    causes: frozenset[Cause] = frozenset()
    spots: tuple[Spot, ...] = ()
    exact: tuple[Span, ...] = ()
    loose: tuple[Span, ...] = ()
    published: tuple[int, ...] = ()
    killed: tuple[int, ...] = ()
    injured: tuple[int, ...] = ()
    victims: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    victim_surnames: frozenset[str] = frozenset()
    title_names: frozenset[str] = frozenset()
    ages: frozenset[int] = frozenset()
    streets: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    buildings: frozenset[str] = frozenset()
    hours: frozenset[int] = frozenset()
    units: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    headline: frozenset[str] = frozenset()
    telling: bool = False
    words: frozenset[str] = frozenset()
    hashes: "array[int]" = _NO_HASHES
    whats: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    counts: frozenset[int] = frozenset()
    parties: frozenset[str] = frozenset()
    aftermath: bool = False
    hurt: frozenset[int] = frozenset()
    detained: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    yeardays: frozenset[tuple[int, int]] = frozenset()
    magnitudes: frozenset[float] = frozenset()


def read_traits(
    event: Event, title: str | None, published: datetime | None, fingerprint: str | None
) -> Traits:
    """The traits of one event of an article.

    What is only recalled there shares nothing with what else that article's title and text are on.
    """
    if event.realis == "historical" and event.rank:
        title = fingerprint = None
    terms, people = event.terms, (*event.actors, *event.targets)
    victims = _each(person, tuple([victim.name for victim in terms.victims if victim.name]))
    called = tuple([party.name for party in people])
    persons = _each(person, called)
    names = _set(persons - victims - generic()) if persons else persons
    surnames = _surnames(victims | names)
    mentioned = _mentioned(event)
    force = event.force
    exact, loose = spans(event.date)
    return Traits(
        kind=event.type,
        causes=_only(event.cause) if event.cause != "other" else _EMPTY,
        spots=(_spot(event.place),) if event.place else (),
        exact=exact,
        loose=loose,
        published=_alone(published.toordinal()) if published else (),
        killed=_figures(event.tolls.get("killed")),
        injured=_figures(event.tolls.get("injured")),
        victims=victims,
        names=names,
        surnames=surnames,
        victim_surnames=_surnames(victims),
        title_names=telling_words(sorted(surnames)) if surnames else surnames,
        ages=_numbers(tuple([victim.age for victim in terms.victims if victim.age is not None])),
        streets=_each(street, terms.streets),
        addresses=_each(address, terms.streets),
        buildings=_each(plain, terms.buildings),
        hours=_numbers(terms.hours),
        units=_each(plain, terms.units),
        mentioned=mentioned,
        headline=_set(mentioned & name_words((title or "",))) if event.rank == 0 else _EMPTY,
        telling=bool(terms.names),
        words=telling_words(_texts(event, title or "")),
        hashes=array("I", decode(fingerprint).ranked) if fingerprint else _NO_HASHES,
        whats=_only(force.what) if force else _EMPTY,
        directions=_only(event.direction),
        counts=_sizes(force) if force else _EMPTY,
        parties=_each(_party, called),
        aftermath=speaks_of_aftermath(title or ""),
        hurt=_hurt(event),
        detained=_set([number for number in _figures(event.tolls.get("detained")) if number > 1]),
        weekdays=_EMPTY if published or not event.date else weekdays(event.date),
        yeardays=_EMPTY if published or not event.date else yeardays(event.date),
        magnitudes=_magnitudes(terms.names) if event.cause == "earthquake" else _EMPTY,
    )


def _magnitudes(names: Sequence[str]) -> frozenset[float]:
    """How strong the quake was, which stands among the names as "magnitude 6.1"."""
    said = [name.removeprefix(_MAGNITUDE) for name in names if name.startswith(_MAGNITUDE)]
    return frozenset(float(number) for number in said if _NUMBER.fullmatch(number))


def _hurt(event: Event) -> frozenset[int]:
    """How many were killed and injured together, where that tells something."""
    tolls = event.tolls
    together = sum((*_figures(tolls.get("killed")), *_figures(tolls.get("injured"))))
    return _only(together) if together >= _TELLING else _EMPTY


def _texts(event: Event, title: str) -> Iterator[str]:
    """The words that tell the happening from others.

    Of those that prove a figure only how many: what befell people, reports of look-alikes say too.
    """
    yield title
    for count in event.tolls.values():
        yield count.text or ""
    if event.force is not None:
        yield event.force.count.text or ""
    for item in event.evidence:
        if not item.field.startswith(_FIGURES):
            yield item.text


@lru_cache(maxsize=16384)
def _each(read: Callable[[str], str | None], names: tuple[str, ...]) -> frozenset[str]:
    """What `read` makes of each name, if anything."""
    return _set(list(filter(None, map(read, names))))


def _set(values: Collection[T]) -> frozenset[T]:
    """`values` as a set; of those that are empty there is one."""
    return frozenset(values) if values else _EMPTY


@lru_cache(maxsize=1024)
def _only(value: str | int | None) -> frozenset[Any]:
    """The set of one word or number of few, or of none."""
    return frozenset((value,)) if value else _EMPTY


@lru_cache(maxsize=8192)
def _surnames(names: frozenset[str]) -> frozenset[str]:
    return _set([name.rsplit(" ", 1)[-1] for name in names])


def _sizes(force: Force) -> frozenset[int]:
    counts = (force.count,) if force.estimated else (force.count, force.personnel)
    return frozenset(value for count in counts if (value := count.value) is not None)


def _mentioned(event: Event) -> frozenset[str]:
    """The words of all names that the event holds, whatever they name, but for its place."""
    terms = event.terms
    parties = (party.name for party in (*event.actors, *event.targets) if party.role != party.name.lower())
    victims = (victim.name for victim in terms.victims if victim.name)
    found = name_words((*terms.names, *victims, *terms.buildings, *terms.streets, *parties))
    return found if len(found) <= MAX_NAMES else frozenset(sorted(found)[:MAX_NAMES])


def _party(name: str) -> str | None:
    named = plain(name)
    return named if named not in generic() else None


def _figures(count: Count | None) -> tuple[int, ...]:
    """The figure of a count; what adds to another or is a share of it is none."""
    value = count.value if count is not None and count.rule not in ("more", "part") else None
    return _alone(value) if value is not None else ()


@lru_cache(maxsize=4096)
def _alone(value: int) -> tuple[int, ...]:
    """One number, kept once for all events that have it."""
    return (value,)


@lru_cache(maxsize=4096)
def _numbers(values: tuple[int, ...]) -> frozenset[int]:
    return _set(values)


@lru_cache(maxsize=8192)
def _spot(place: Place) -> Spot:
    name = plain(place.name)
    return Spot(
        name,
        place.geonames_id,
        place.country,
        place.admin1,
        place.latitude,
        place.longitude,
        place.precision,
        telling_words((place.name,)) if place.precision in ("city", "admin2") else _EMPTY,
        folded((name, place.admin1 or "")),
    )
