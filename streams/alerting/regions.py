"""Countries, their short names and the UN M49 subregions they lie in (`data/countries.tsv`).

>>> country_name("PK"), subregion_of("PK")
('Pakistan', 'Southern Asia')
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

_ARTICLE = "[the] "


class Country(NamedTuple):
    """A country or territory; `subregion` and `region` are M49's."""

    name: str
    subregion: str
    region: str


@cache
def countries() -> dict[str, Country]:
    """All countries by ISO 3166-1 alpha-2. Raises ValueError that names the line of a broken data file."""
    return {
        code: Country(*(name.removeprefix(_ARTICLE) for name in names)) for code, names in _lines().items()
    }


@cache
def _lines() -> dict[str, list[str]]:
    text = (files("streams.alerting") / "data" / "countries.tsv").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        cells = line.split("\t")
        if len(cells) != 4 or len(cells[0]) != 2 or cells[0] in found:
            raise ValueError(
                f"countries.tsv:{number}: expected a new alpha-2, name, subregion, region: {line!r}"
            )
        found[cells[0]] = cells[1:]
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


@cache
def _with_article() -> frozenset[str]:
    names = (name for names in _lines().values() for name in names)
    return frozenset(name.removeprefix(_ARTICLE) for name in names if name.startswith(_ARTICLE))


def in_sentence(name: str) -> str:
    """The name of a country or subregion as a sentence has it.

    >>> in_sentence("Philippines"), in_sentence("Mali")
    ('the Philippines', 'Mali')
    """
    return f"the {name}" if name in _with_article() else name


def subregion_of(code: str) -> str | None:
    """The M49 subregion that the country lies in."""
    country = countries().get(code)
    return country.subregion if country else None
