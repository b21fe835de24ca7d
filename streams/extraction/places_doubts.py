"""What only looks like a place: people, papers, streets, words, and the beginnings of longer names."""

import re

from streams.extraction.gazetteer import ADMIN2
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_parts import Name, PartReader, Word
from streams.extraction.places_words import UPPER, PlaceWords

LOCATED = frozenset({"at", "typed", "toward", "elsewhere", "distant", "nearby"})
"""The parts that a preposition gives: what has one is a place, whatever else it is called."""

_NEARLY = frozenset({"local", "dateline", "home"})
_REGION = re.compile(rf"[{UPPER}][\w.]*(?: [{UPPER}]\w+)?")
_SHORT = 4  # letters that are an abbreviation or somebody's name as often as a place
_CITY = 5.0  # the prior of about 100,000 people
_TOWN = 4.3
_VILLAGE = 3.5


class Doubts:
    """Tells names of places from what is spelled like them; holds nothing but the language's words."""

    def __init__(self, atlas: Atlas, words: PlaceWords, parts: PartReader) -> None:
        self._atlas = atlas
        self._words = words
        self._parts = parts

    def is_other(self, name: Name, people: set[str]) -> bool:
        """Whether the name is part of a person's, a street's or a paper's."""
        known = self._words
        if name.following in known.streets or name.following in known.not_places:
            return name.capitals or name.after is not None
        if name.capitals:
            return False
        if name.following in known.houses and name.after is not None:
            return not self._parts.is_headline(name.sentence)  # "in front of Tyler House"
        if name.before is not None and self._names_person(name.before):
            people.update(name.key.split())
            return True
        if name.after is None or name.following in known.types or name.following in known.local:
            return False
        if name.key in known.given and not self._is_place(name.after):
            people.update((name.key, name.after.lower))
            return True
        return False

    def is_trusted(self, name: Name, part: str, kind: str | None) -> bool:
        """Whether a single word that may be something else is a place here."""
        known = self._words
        if self._atlas.is_named(name.spots[0], name.key) or self._is_qualified(name.text, name.end):
            return True
        if self._has_article(name):
            return False
        if name.key in known.common:
            alone = name.after is None and not self._parts.is_longer(name)
            if self._parts.is_headline(name.sentence):
                return False  # where every word has a capital, it says nothing
            if name.sentence.in_title:
                plain = name.start > name.sentence.start and not name.sentence.capitals
                return plain and kind == "cities"  # "Hull city"
            first = name.start == name.sentence.start
            if kind == "divisions" and self._atlas.kind(name.spots[0]) > ADMIN2:
                return False  # the Department of Justice
            return part in LOCATED and alone and not first and not name.sentence.capitals
        if part in LOCATED:
            return True
        if len(name.key) <= _SHORT and part != "dateline" and self._is_shorthand(name):
            return False
        size = self._atlas.prior(name.spots[0])
        if name.key in known.given or name.key in known.surnames:
            return size > _CITY + 0.5 or (part in ("local", "dateline") and size > _VILLAGE)
        return part in _NEARLY or size > _TOWN

    def is_within(self, name: Name) -> bool:
        """Whether the name stands inside a longer one: "El Comal", "Yeison Murcia Rojas"."""
        known, word = self._words, name.before
        if name.capitals or self._atlas.is_named(name.spots[0], name.key):
            return False
        if word is not None and word.lower in known.name_articles:
            return True
        if " " in name.key:
            return not name.following and self._has_article(name)
        between = word is not None and name.after is not None and self._parts.is_longer(name)
        if not between or self._parts.is_headline(name.sentence):
            return False
        assert name.after is not None
        plain = name.following in known.types or name.following in known.local
        return not plain and not self._is_place(name.after)

    def is_begun(self, name: Name, part: str) -> bool:
        """Whether a small place's name only begins a longer, unknown one: "Bethel Memorial Church"."""
        known = self._words
        if name.after is None or name.capitals or part in ("typed", "dateline"):
            return False
        if name.following in known.never or name.following in known.local or name.following in known.types:
            return False
        if self._atlas.is_named(name.spots[0], name.key) or self._is_great(name.after):
            return False
        return self._atlas.prior(name.spots[0]) < _CITY and not self._parts.is_headline(name.sentence)

    def _has_article(self, name: Name) -> bool:
        """Whether an article goes before the name of a city that has none: "the Honda"."""
        before = name.text[max(name.start - 4, name.sentence.start) : name.start].split()
        if not before or before[-1].lower() not in self._words.articles:
            return False
        if name.following in self._words.local or name.following in self._words.types:
            return False
        return self._atlas.prior(name.spots[0]) < _CITY and not self._atlas.find(
            f"{before[-1].title()} {name.text[name.start : name.end]}"
        )

    def _is_shorthand(self, name: Name) -> bool:
        """Whether a short name is written as an abbreviation (EST), or is only another name of its place."""
        if name.text[name.start : name.end].isupper() and not name.capitals:
            return True
        return self._atlas.first_key(name.spots[0]) != name.key

    def _is_qualified(self, text: str, end: int) -> bool:
        """Whether a comma and a region follow: "Mobile, Ala."."""
        if text[end : end + 2] != ", ":
            return False
        if self._atlas.abbreviated.match(text, end + 2):
            return True
        match = _REGION.match(text, end + 2)
        if match is None:
            return False
        region = match.group()
        spots = [*self._atlas.find(region), *self._atlas.find(region.split(" ")[0])]
        return any(self._atlas.kind(spot) < ADMIN2 for spot in spots[:6])

    def _names_person(self, before: Word) -> bool:
        lower = before.lower.rstrip(".")
        if lower in self._words.titles or (len(lower) == 1 and before.text.isupper()):
            return True
        if lower not in self._words.given:
            return False
        spots = self._atlas.find(before.text)
        return not spots or self._atlas.prior(spots[0]) < _CITY

    def _is_great(self, word: Word) -> bool:
        """Whether a word is the name of a country, a division or a city: "Paris Texas"."""
        return self._is_place(word) and self._atlas.prior(self._atlas.find(word.text)[0]) >= _CITY

    def _is_place(self, word: Word) -> bool:
        return bool(self._atlas.find(word.text)) and word.lower not in self._words.surnames

    def skip(self, words: list[Word], index: int, people: set[str]) -> int:
        """Past a word that names no place, and past a person's names where it is a given one or a title."""
        known = self._words
        if words[index].lower not in known.given and words[index].lower not in known.titles:
            return index + 1
        stop = index + 1
        while stop < len(words) and stop < index + 4 and words[stop].gap in (" ", ".", "al", "el", "-"):
            lower = words[stop].lower
            if lower in known.local or lower in known.types or lower in known.streets:
                return index + 1
            people.add(lower)
            stop += 1
        return stop
