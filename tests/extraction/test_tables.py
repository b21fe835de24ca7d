"""A wrong entry in a table of places, dates or terms is refused, and the message names it."""

import numpy as np
import pytest

from streams.extraction.dates_words import DateWords, _patterns, _table
from streams.extraction.document import read_document
from streams.extraction.gazetteer import Gazetteer, GazetteerError
from streams.extraction.lexicon import LexiconError
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_words import PlaceWords, _pattern, read_lines
from streams.extraction.terms import find
from streams.extraction.terms_scene import _forms


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"rule": "moon", "match": "x"}], "patterns 1: no rule 'moon'"),
        ([{"rule": "event", "match": "x"}, {"rule": "event", "match": "("}], "patterns 2"),
        ([{"rule": "event", "match": "{moons}"}], "patterns 1: 'moons'"),
        ([{"rule": "event"}], "patterns 1: 'match'"),
        ([{"rule": "event", "match": "x", "needs": ["moons"]}], "patterns 1: 'moons'"),
    ],
)
def test_date_patterns(rows: list[dict[str, str]], message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        _patterns("xx", rows, {}, {})


def test_date_tables() -> None:
    with pytest.raises(LexiconError, match=r"xx/dates.toml, months"):
        _table("xx", {"months": 12}, "months")


def test_place_tables() -> None:
    atlas = Atlas.load("en")
    with pytest.raises(LexiconError, match=r"regions.Moon: PS has no division 'Tycho'"):
        atlas._add_region(
            "Moon", {"countries": ["PS"], "divisions": ["Tycho"], "latitude": 0, "longitude": 0}
        )
    with pytest.raises(LexiconError, match=r"regions.Moon: 'latitude'"):
        atlas._add_region("Moon", {"countries": ["PS"], "longitude": 0})
    with pytest.raises(LexiconError, match=r"aliases.Big T: no 'Tycho' in Texas"):
        atlas._inside("US", "Texas", "Tycho", "aliases.Big T")
    with pytest.raises(LexiconError, match=r"places.toml, moons"):
        _pattern("en", "moons", ())


def test_name_lists() -> None:
    with pytest.raises(LexiconError, match=r"en/moons.txt"):
        read_lines("en", "moons.txt")


def test_street_forms() -> None:
    with pytest.raises(LexiconError, match=r"xx/terms.toml, streets"):
        _forms("xx", {"streets": []}, "streets")


@pytest.mark.parametrize("load", [DateWords.load, PlaceWords.load, Atlas.load])
def test_a_language_without_tables(load: object) -> None:
    assert callable(load)
    with pytest.raises(LexiconError, match="xx/"):
        load("xx")


def test_a_gazetteer_without_a_column() -> None:
    with pytest.raises(GazetteerError, match="no column 'kind'"):
        Gazetteer({"names": np.zeros(1, np.uint8)})


def test_the_terms_of_an_empty_text() -> None:

    assert find(read_document("", "")).marks == ()
