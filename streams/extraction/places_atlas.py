"""The gazetteer as one language sees it: countries, regions and aliases by their names in that language.

A *spot* is a number: the index of a place in the gazetteer, or a negative one for a region of the language's
own table.
"""

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from schemas import Place
from schemas.events import PlacePrecision
from streams.extraction.gazetteer import ADMIN1, ADMIN2, CITY, COUNTRY, Gazetteer
from streams.extraction.lexicon import LexiconError, load_table
from streams.extraction.place_keys import place_key

_PRECISION: dict[int, PlacePrecision] = {COUNTRY: "country", ADMIN1: "admin1", ADMIN2: "admin2", CITY: "city"}
REGION = -1
_DEGREE, _NEAR = 111.0, 60.0  # km
_SHORT = 3  # letters; names as short as that are found only as they are written


@dataclass(frozen=True, slots=True)
class Region:
    """A region without borders of its own: the countries or divisions that it touches, and its middle."""

    name: str
    members: frozenset[int]
    country: int | None
    latitude: float
    longitude: float
    geonames_id: int | None


class Atlas:
    """Spots by name, and what lies in what. Shared and immutable."""

    def __init__(self, language: str) -> None:
        self.gazetteer = Gazetteer.load()
        self.regions: list[Region] = []
        self._named: dict[str, tuple[int, ...]] = {}
        self._exact: dict[str, int] = {}
        self.demonyms: dict[str, int] = {}
        self.abbreviations: dict[str, int] = {}
        self._language = language
        table = load_table(language, "places")
        self._read_countries()
        for name, row in table.get("regions", {}).items():
            self._add_region(name, row)
        for name, (code, division, place) in table.get("aliases", {}).items():
            self._add(name, self._inside(code, division, place, f"aliases.{name}"))
        for code, divisions in table.get("abbreviations", {}).items():
            for division, shorts in divisions.items():
                spot = self._division(code, division, f"abbreviations.{code}")
                self.abbreviations.update(dict.fromkeys(shorts, spot))
        shorts = sorted(self.abbreviations, key=len, reverse=True)
        self.abbreviated = re.compile(rf"(?:{'|'.join(map(re.escape, shorts))})(?!\w)")
        self.parents = lru_cache(maxsize=1 << 14)(self._parents)
        self.look_up = lru_cache(maxsize=1 << 15)(self._look_up)
        self.prior = lru_cache(maxsize=1 << 14)(self._prior)
        self.first_key = lru_cache(maxsize=1 << 14)(self._first_key)
        self.division = lru_cache(maxsize=1 << 14)(self._division_of)

    @staticmethod
    @cache
    def load(language: str) -> "Atlas":
        """The atlas of `language`. Raises GazetteerError and LexiconError."""
        return Atlas(language)

    def _look_up(self, text: str) -> tuple[str, tuple[int, ...]]:
        """The key of `text` and the spots that may be called so."""
        key = place_key(text)
        return key, self._find(text, key)

    def find(self, text: str) -> tuple[int, ...]:
        """The spots that may be called `text`."""
        return self.look_up(text)[1]

    def _find(self, text: str, key: str) -> tuple[int, ...]:
        if len(text) <= _SHORT or "." in text:
            exact = self._exact.get(text)
            if exact is not None:
                return (exact,)
            if len(key) < _SHORT:
                return ()
        named = self._named.get(key, ())
        return named + tuple(spot for spot in self.gazetteer.find(key) if spot not in named)

    def is_named(self, spot: int, key: str) -> bool:
        """Whether the language's own tables give `spot` this name."""
        return spot in self._named.get(key, ())

    def _parents(self, spot: int) -> tuple[int, ...]:
        """What a spot lies in: divisions, the country, and regions with all their members."""
        if spot < 0:
            country = self.regions[-spot - 1].country
            return () if country is None else (country,)
        chain = self.gazetteer.parents(spot)
        inside = {spot, *chain}
        return chain + tuple(
            -number for number, region in enumerate(self.regions, start=1) if region.members & inside
        )

    def within(self, inner: int, outer: int) -> bool:
        """Whether `inner` is `outer` or lies in it."""
        return inner == outer or outer in self.parents(inner)

    def kind(self, spot: int) -> int:
        """COUNTRY, ADMIN1, ADMIN2, CITY or REGION."""
        return REGION if spot < 0 else self.gazetteer.kind(spot)

    def country(self, spot: int) -> int | None:
        """The country of a spot; null for a region of several."""
        return self.regions[-spot - 1].country if spot < 0 else self.gazetteer.country_of(spot)

    def countries(self, spot: int) -> frozenset[int]:
        """The countries that a spot lies in or, of a region, touches."""
        if spot >= 0:
            return frozenset((self.gazetteer.country_of(spot),))
        region = self.regions[-spot - 1]
        touched = {self.gazetteer.country_of(member) for member in region.members}
        return frozenset(touched if region.country is None else touched | {region.country})

    def _first_key(self, spot: int) -> str:
        """The key of the name under which the gazetteer lists a spot first."""
        return "" if spot < 0 else place_key(self.gazetteer.name(spot))

    def _division_of(self, spot: int) -> int | None:
        """The first-order division that a spot is or lies in."""
        return None if spot < 0 else self.gazetteer.admin1(spot)

    def _prior(self, spot: int) -> float:
        """How likely a spot is meant, other things equal: about the logarithm of its people."""
        kind = self.kind(spot)
        if kind in (REGION, COUNTRY):
            return 7.5
        return math.log10(self.gazetteer.population(spot) + 100)

    def place(self, spot: int, name: str) -> Place:
        """The spot as a message has it, called `name`."""
        if spot < 0:
            region = self.regions[-spot - 1]
            country = None if region.country is None else self.gazetteer.entry(region.country).country
            return Place(
                name=name,
                country=country,
                geonames_id=region.geonames_id,
                latitude=region.latitude,
                longitude=region.longitude,
                precision="region",
            )
        entry = self.gazetteer.entry(spot)
        division = self.division(spot)
        return Place(
            name=name,
            country=entry.country,
            admin1=None if division is None else self.gazetteer.name(division),
            geonames_id=entry.geonames_id,
            latitude=entry.latitude,
            longitude=entry.longitude,
            precision=_PRECISION[entry.kind],
        )

    def is_far(self, spot: int, other: int) -> bool:
        """Whether a city lies in the country of another, but in another division and not near."""
        if self.country(spot) != self.country(other) or self.division(spot) == self.division(other):
            return False
        one, two = self.gazetteer.entry(spot), self.gazetteer.entry(other)
        east = (one.longitude - two.longitude) * math.cos(math.radians(one.latitude))
        return math.hypot(one.latitude - two.latitude, east) * _DEGREE > _NEAR

    def _read_countries(self) -> None:
        path = resources.files("streams.extraction") / "data" / self._language / "countries.tsv"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
            try:
                code, names, demonyms = line.split("\t")
                spot = self.gazetteer.country(code)
            except (ValueError, KeyError) as error:
                raise LexiconError(f"{self._language}/countries.tsv, line {number}: {line!r}") from error
            for name in names.split("|"):
                self._add(name, spot)
            for demonym in filter(None, demonyms.split("|")):
                self.demonyms.setdefault(place_key(demonym), spot)

    def _add(self, name: str, spot: int) -> None:
        if len(name) <= _SHORT or "." in name:
            self._exact[name] = spot
        if len(place_key(name)) > _SHORT or name.istitle():
            key = place_key(name)
            self._named[key] = (*self._named.get(key, ()), spot)

    def _add_region(self, name: str, row: dict[str, Any]) -> None:
        where = f"regions.{name}"
        try:
            codes, latitude, longitude = row["countries"], row["latitude"], row["longitude"]
            divisions = row.get("divisions")
            if divisions:
                members = {
                    self._division(code, part, where, codes) for part in divisions for code in codes[:1]
                }
            else:  # which parts of a single country it has is not known: it lies in it, nothing in it
                members = {self.gazetteer.country(code) for code in codes} if len(codes) > 1 else set()
        except KeyError as error:
            raise LexiconError(f"{self._language}/places.toml, {where}: {error}") from error
        only = self.gazetteer.country(codes[0]) if len(codes) == 1 else None
        spot = -len(self.regions) - 1
        self.regions.append(
            Region(name, frozenset(members), only, latitude, longitude, row.get("geonames_id"))
        )
        for other in row["names"]:
            self._add(other, spot)

    def _division(self, code: str, name: str, where: str, also: list[str] | None = None) -> int:
        countries = {self.gazetteer.country(each) for each in (code, *(also or ()))}
        for spot in self.gazetteer.find(place_key(name)):
            if self.gazetteer.kind(spot) == ADMIN1 and self.gazetteer.country_of(spot) in countries:
                return spot
        raise LexiconError(f"{self._language}/places.toml, {where}: {code} has no division {name!r}")

    def _inside(self, code: str, division: str, name: str, where: str) -> int:
        outer = self._division(code, division, where)
        found = [
            spot
            for spot in self.gazetteer.find(place_key(name))
            if spot == outer or outer in self.gazetteer.parents(spot)
        ]
        if not found:
            raise LexiconError(f"{self._language}/places.toml, {where}: no {name!r} in {division}")
        return max(found, key=self.gazetteer.kind)
