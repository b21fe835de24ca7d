"""The places of the world by name, from a file that ships with the package.

GeoNames' countries, first- and second-order divisions and cities of 500 and more (see NOTICE). The file holds
columns; names are found through buckets of their CRC-32, so that loading takes no Python objects: 280,000
places and 420,000 names in about 25 MB. Which country or region goes by which English name is not here but in
the language's own tables.
"""

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from schemas import TocsinError

COUNTRY, ADMIN1, ADMIN2, CITY = range(4)
BUCKET_BITS = 19
_SHIFT = 32 - BUCKET_BITS


class GazetteerError(TocsinError):
    """The gazetteer's file is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. `parent` is the index of what it lies in; a country's is its own.

    `country` is ISO 3166-1 alpha-2 (`XK` for Kosovo), coordinates are WGS 84 degrees, and `population` of a
    division is that of its cities together.
    """

    index: int
    kind: int
    name: str
    country: str
    parent: int
    geonames_id: int
    latitude: float
    longitude: float
    population: int


class Gazetteer:
    """Places by key (see `place_key`) and by index. Shared and immutable."""

    def __init__(self, columns: dict[str, npt.NDArray[np.generic]]) -> None:
        try:
            self._kind = columns["kind"].tobytes()
            self._country = columns["country"].tobytes()
            self._parent = np.cumsum(columns["parent"], dtype=np.int32)
            self._geonames_id = np.cumsum(columns["geonames_id"], dtype=np.int32)
            self._latitude = np.cumsum(columns["latitude"], dtype=np.int32)
            self._longitude = np.cumsum(columns["longitude"], dtype=np.int32)
            self._population = columns["population"]
            self._postings = columns["postings"]
            counts = columns["posting_counts"]
            buckets = columns["buckets"]
            self._countries = columns["countries"].tobytes().decode().split("\n")
            self._names, self._name_ends = _lines(columns["names"])
            self._keys, self._key_ends = _lines(columns["keys"])
        except KeyError as error:
            raise GazetteerError(f"gazetteer.npz: no column {error}") from error
        self._posting_ends = np.cumsum(counts, dtype=np.uint32)
        self._bucket_ends = np.cumsum(buckets, dtype=np.uint32)
        self._by_code = {self._entry(index).country: index for index in range(self._kind.count(COUNTRY))}
        self.find = lru_cache(maxsize=1 << 14)(self._find)
        self.entry = lru_cache(maxsize=1 << 13)(self._entry)

    @staticmethod
    @cache
    def load() -> "Gazetteer":
        """The gazetteer that ships with the package. Raises GazetteerError."""
        path = resources.files("streams.extraction") / "data" / "gazetteer.npz"
        try:
            with path.open("rb") as file, np.load(file) as columns:
                return Gazetteer(dict(columns))
        except (OSError, ValueError) as error:
            raise GazetteerError(f"gazetteer.npz: {error}") from error

    def __len__(self) -> int:
        return len(self._kind)

    def _find(self, key: str) -> tuple[int, ...]:
        """The indexes of the places with this key, the most populous first; empty where there is none."""
        wanted = key.encode()
        bucket = zlib.crc32(wanted) >> _SHIFT
        first = int(self._bucket_ends[bucket - 1]) if bucket else 0
        for position in range(first, int(self._bucket_ends[bucket])):
            start = int(self._key_ends[position - 1]) + 1 if position else 0
            if self._keys[start : int(self._key_ends[position])] == wanted:
                begin = int(self._posting_ends[position - 1]) if position else 0
                return tuple(self._postings[begin : int(self._posting_ends[position])].tolist())
        return ()

    def country(self, code: str) -> int:
        """The index of a country by its code. Raises KeyError."""
        return self._by_code[code]

    def kind(self, index: int) -> int:
        """COUNTRY, ADMIN1, ADMIN2 or CITY."""
        return self._kind[index]

    def population(self, index: int) -> int:
        """How many people live there; 0 where GeoNames doesn't say."""
        return int(self._population[index])

    def country_of(self, index: int) -> int:
        """The index of the country of a place."""
        return self._by_code[self._countries[self._country[index]]]

    def parents(self, index: int) -> tuple[int, ...]:
        """The places that a place lies in, the nearest first, the country last; none for a country."""
        found = []
        while self._kind[index] != COUNTRY:
            index = int(self._parent[index])
            found.append(index)
        return tuple(found)

    def admin1(self, index: int) -> int | None:
        """The index of the first-order division that a place is or lies in."""
        return next((i for i in (index, *self.parents(index)) if self._kind[i] == ADMIN1), None)

    def name(self, index: int) -> str:
        """The name as GeoNames has it."""
        start = int(self._name_ends[index - 1]) + 1 if index else 0
        return self._names[start : int(self._name_ends[index])].decode()

    def _entry(self, index: int) -> Entry:
        """The place at `index`."""
        return Entry(
            index=index,
            kind=self._kind[index],
            name=self.name(index),
            country=self._countries[self._country[index]],
            parent=int(self._parent[index]),
            geonames_id=int(self._geonames_id[index]),
            latitude=int(self._latitude[index]) / 1000,
            longitude=int(self._longitude[index]) / 1000,
            population=int(self._population[index]),
        )


def _lines(column: npt.NDArray[np.generic]) -> tuple[bytes, npt.NDArray[np.uint32]]:
    """A column of text lines and where each ends."""
    text = column.tobytes()
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    return text, np.append(ends, len(text)).astype(np.uint32)
