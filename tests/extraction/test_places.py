"""Where things happened: the place of the happening, among namesakes, homes, hospitals, people and papers."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.extraction.document import read_document
from streams.extraction.gazetteer import ADMIN1, CITY, COUNTRY, Gazetteer
from streams.extraction.place_keys import place_key
from streams.extraction.places import PlaceFinder
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_words import PlaceWords

CASES = Path(__file__).parent / "cases"
FINDER = PlaceFinder.load()
PIECES = """
    in|of|near|the|Hebron|West Bank|Paris,|Texas|Ala.|police|Iraqi|U.S.|said|John|Hill|village of|Ulumbari|
    province|KABUL (AP) --|St. Louis|al-Bab|’s|,|.|\n\n|Street|-|Sana’a|Port-au-Prince|(|&amp;|São Paulo
""".strip(" \n").split("|")


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8") as file:
        read = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in read if not row[0].startswith("#")]


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1", "precision"), rows("places_accept.tsv"), ids=lambda text: text[:50]
)
def test_the_place_of_the_happening(text: str, name: str, country: str, admin1: str, precision: str) -> None:
    document = read_document(None, text)
    placed = FINDER.resolve(document, FINDER.mentions(document), [0])
    assert placed is not None
    place = placed.place
    found = (place.name, place.country or "-", place.admin1 or "-", place.precision)
    assert found == (name, country, admin1, precision)
    assert document.clean[placed.start : placed.end].casefold() == name.casefold()


@pytest.mark.parametrize(("text", "word"), rows("places_reject.tsv"), ids=lambda text: text[:50])
def test_what_is_no_place(text: str, word: str) -> None:
    document = read_document(None, text)
    assert word.casefold() not in [mention.name.casefold() for mention in FINDER.mentions(document)]


def test_every_kind_of_settlement_names_an_unknown_place() -> None:
    for word in PlaceWords.load("en").settlements:
        document = read_document(None, f"Four people drowned in the {word} of Ulumbari on Monday.")
        assert "Ulumbari" in [mention.name for mention in FINDER.mentions(document)]


def test_a_hint_decides() -> None:
    text = "Officials in Paris said that 500 soldiers would leave Dakar for Bamako."
    document = read_document(None, text)
    start = text.index("Bamako")
    placed = FINDER.resolve(document, FINDER.mentions(document), [0], [(start, start + 6)])
    assert placed is not None
    assert (placed.place.name, placed.place.country) == ("Bamako", "ML")


def test_the_title_places_a_story_that_names_only_streets() -> None:
    document = read_document("Three shot in Toledo bar", "Three men were shot on Elm Street.\n\nA man fled.")
    placed = FINDER.resolve(document, FINDER.mentions(document), [1])
    assert placed is not None
    assert (placed.place.name, placed.place.admin1) == ("Toledo", "Ohio")


def test_a_name_explained_once_means_the_same_throughout() -> None:
    text = "CAMERON, W.Va. (AP) -- Two men drowned.\n\nThe men lived near Cameron and fished in Cameron."
    document = read_document(None, text)
    found = {mention.place.admin1 for mention in FINDER.mentions(document) if mention.place}
    assert found == {"West Virginia"}


NAVY = "MUSCAT - Three frigates of the navy burned in the Strait of Hormuz, officials said.\n\n"
TALK = "Iran protested.\n\nIran sells oil. Ships trade with Iran.\n\nIran has boats. Iran wants talks.\n\n"


@pytest.mark.parametrize("rest", [TALK, TALK + TALK, TALK + "A base was built in the Umbari peninsula."])
def test_lands_about_a_sea_and_names_told_late_are_not_where_it_happened(rest: str) -> None:
    document = read_document(None, NAVY + rest)
    placed = FINDER.resolve(document, FINDER.mentions(document), [0])
    assert placed is not None
    assert placed.place.name == "Strait of Hormuz"


def test_a_land_in_a_region_is_where_it_happened_if_it_is_said() -> None:
    text = "Floods in West Africa killed nine people in Ghana on Monday."
    document = read_document(None, text)
    placed = FINDER.resolve(document, FINDER.mentions(document), [0])
    assert placed is not None
    assert placed.place.name == "Ghana"


def test_nothing_is_guessed() -> None:
    document = read_document(None, "Ten Algerian men were killed by a bomb.")
    assert FINDER.resolve(document, FINDER.mentions(document), [0]) is None
    assert FINDER.resolve(document, (), [0]) is None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_every_mention_has_its_words(text: str) -> None:
    document = read_document(None, text)
    mentions = FINDER.mentions(document)
    for mention in mentions:
        assert document.clean[mention.start : mention.end] == mention.name
        sentence = document.sentences[mention.sentence]
        assert sentence.start <= mention.start < mention.end <= sentence.end
    placed = FINDER.resolve(document, mentions, range(len(document.sentences)))
    if placed is not None:
        assert any((placed.start, placed.end) == (mention.start, mention.end) for mention in mentions)
        assert placed.place.name


@pytest.mark.parametrize(
    ("name", "country", "geonames_id"),
    [("Rafah", "PS", 281102), ("Rafah", "EG", 350350), ("Jenin", "PS", 283506), ("Kupiansk", "UA", 703656)],
)
def test_other_names_are_in_the_gazetteer(name: str, country: str, geonames_id: int) -> None:
    gazetteer = Gazetteer.load()
    entries = [gazetteer.entry(index) for index in gazetteer.find(place_key(name))]
    assert (country, geonames_id) in [(entry.country, entry.geonames_id) for entry in entries]


def test_places_lie_in_their_countries() -> None:
    gazetteer = Gazetteer.load()
    for index in range(0, len(gazetteer), 997):
        entry = gazetteer.entry(index)
        parents = gazetteer.parents(index)
        assert entry.kind == COUNTRY or gazetteer.kind(parents[-1]) == COUNTRY
        assert all(gazetteer.entry(parent).country == entry.country for parent in parents)
        assert -90 <= entry.latitude <= 90
        assert -180 <= entry.longitude <= 180
        if entry.kind == CITY:
            assert index in gazetteer.find(place_key(entry.name)) or not place_key(entry.name).isascii()


def test_a_region_holds_its_divisions() -> None:
    atlas = Atlas.load("en")
    (bank, *_) = atlas.find("West Bank")
    (hebron,) = [
        spot
        for spot in atlas.find("Hebron")
        if spot >= 0 and atlas.gazetteer.entry(spot).geonames_id == 285066
    ]
    assert atlas.within(hebron, bank)
    assert not atlas.within(bank, hebron)
    assert atlas.kind(atlas.parents(hebron)[0]) == ADMIN1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Port-au-Prince", "port au prince"),
        ("Sana’a", "sanaa"),
        ("Saint Louis", "st louis"),
        ("São Paulo", "sao paulo"),
        ("Łódź", "lodz"),
        ("N'Djamena", "ndjamena"),
    ],
)
def test_keys(name: str, key: str) -> None:
    assert place_key(name) == key
