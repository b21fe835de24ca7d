"""Countries, their short names and the UN M49 subregions they lie in (`data/countries.tsv`).

>>> country_name("PK"), subregion_of("PK")
('Pakistan', 'Southern Asia')
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Country(NamedTuple):
    """A country or territory; `subregion` and `region` are M49's."""

    name: str
    subregion: str
    region: str


@cache
def countries() -> dict[str, Country]:
    """All countries by ISO 3166-1 alpha-2. Raises ValueError that names the line of a broken data file."""
    text = (files("streams.alerting") / "data" / "countries.tsv").read_text("utf-8")
    found: dict[str, Country] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        cells = line.split("\t")
        if len(cells) != 4 or len(cells[0]) != 2 or cells[0] in found:
            raise ValueError(
                f"countries.tsv:{number}: expected a new alpha-2, name, subregion, region: {line!r}"
            )
        found[cells[0]] = Country(*cells[1:])
    return found


@cache
def named_regions() -> dict[str, frozenset[str]]:
    """The countries of each M49 subregion and region, by lower-case name."""
    found: dict[str, set[str]] = {}
    for code, country in countries().items():
        for name in (country.subregion, country.region):
            found.setdefault(name.lower(), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def country_name(code: str) -> str:
    """The short English name, or the code itself where it is not known."""
    country = countries().get(code)
    return country.name if country else code


def subregion_of(code: str) -> str | None:
    """The M49 subregion that the country lies in."""
    country = countries().get(code)
    return country.subregion if country else None
