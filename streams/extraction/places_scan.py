"""Where a text names places: capitalised words that the atlas knows, less people, papers and streets."""

import re
from itertools import pairwise

from streams.extraction.document import Document, Sentence
from streams.extraction.gazetteer import ADMIN2
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_parts import Match, Name, PartReader, Word, next_word
from streams.extraction.places_words import PlaceWords

_UPPER = "".join(char for char in map(chr, range(0x250)) if char.isupper())
_WORD = re.compile(
    rf"(?:\b(?:al|el|ad|as|ar|an|az|ash|at|ed|er|es|ez|en|et|ul|ud|ur|abu|bin|bani)-)?[{_UPPER}]"
    r"(?:\.(?:[A-Z]\.)+|[^\W\d_]*(?:'(?![sS]\b)[^\W\d_]+)*)"
)
_REGION = re.compile(rf"[{_UPPER}][\w.]*(?: [{_UPPER}]\w+)?")
_SHORT = 4  # letters that are an abbreviation or somebody's name as often as a place
_LONGEST = 5  # words of a name
_JOINER = 9  # characters between two words of a name at most
_GAP = 24  # characters between two names of which one tells where the other lies
_CITY = 5.0  # the prior of about 100,000 people
_TOWN = 4.3
_VILLAGE = 3.5
_LOCATED = frozenset({"at", "typed", "toward", "elsewhere"})
_NEARLY = frozenset({"local", "dateline", "home"})


class Scanner:
    """Finds the matches of one document after the other; holds nothing but the language's words."""

    def __init__(self, atlas: Atlas, words: PlaceWords) -> None:
        self._atlas = atlas
        self._words = words
        self._parts = PartReader(atlas, words)

    def matches(self, document: Document) -> list[Match]:
        """All names of places, in order, without those of people and bodies."""
        found: list[Match] = []
        people: set[str] = set()
        for sentence in document.sentences:
            found.extend(self._sentence(document.clean, sentence, people))
        return [match for match in found if match.key not in people or match.part in _LOCATED]

    def _sentence(self, text: str, sentence: Sentence, people: set[str]) -> list[Match]:
        words = self._capitals(text, sentence)
        if not words:
            return []
        capitals = sentence.capitals
        found: list[Match] = []
        index = 0
        while index < len(words):
            division = self._abbreviated(text, words[index], found)
            if division is not None:
                found.append(division)
                index += 1
                continue
            length, key, spots = self._longest(text, words, index, capitals)
            if not length:
                unknown = self._unknown(text, sentence, words, index)
                if unknown is not None:
                    found.append(unknown)
                index = self._skip(words, index, people) if unknown is None else index + 1
                continue
            match = self._match(text, sentence, words, (index, index + length), key, spots, capitals, people)
            if match is not None:
                found.append(match)
            index += length
        self._link(text, found)
        return found

    def _capitals(self, text: str, sentence: Sentence) -> list[Word]:
        words: list[Word] = []
        before = sentence.start
        joiners = self._words.joiners
        for match in _WORD.finditer(text, sentence.start, sentence.end):
            start, end = match.span()
            gap = text[before:start]
            if len(gap) > _JOINER:
                gap = "|"
            elif gap not in (" ", "-", "'"):
                plain = gap.strip(" -\n").lower()
                joined = gap[:1] in " -\n" and (not plain or plain in joiners)
                gap = (plain or " ") if joined else ("." if gap == ". " else "|")
            word = match.group()
            words.append(Word(word, word.lower(), start, end, gap if words else "|"))
            before = end
        return words

    def _longest(
        self, text: str, words: list[Word], index: int, capitals: bool
    ) -> tuple[int, str, tuple[int, ...]]:
        """The longest name that starts at a word: its words, key and spots; a demonym has no key."""
        last = index + 1
        while last < len(words) and last < index + _LONGEST and self._joins(words, last):
            last += 1
        first = words[index]
        for stop in range(last, index, -1):
            key, spots = self._atlas.look_up(text[first.start : words[stop - 1].end])
            if spots and not (capitals and not self._stands_in_capitals(key, spots)):
                return stop - index, key, spots
        demonym = self._atlas.demonyms.get(first.lower)
        if demonym is not None:
            return 1, "", (demonym,)
        if last > index + 1:
            demonym = self._atlas.demonyms.get(text[first.start : words[index + 1].end].lower())
        return (0, "", ()) if demonym is None else (2, "", (demonym,))

    def _joins(self, words: list[Word], index: int) -> bool:
        gap = words[index].gap
        return words[index - 1].lower in self._words.shortened if gap == "." else gap != "|"

    def _stands_in_capitals(self, key: str, spots: tuple[int, ...]) -> bool:
        """Whether a name may be trusted where every word is in capitals."""
        if self._atlas.is_named(spots[0], key):
            return True
        return (
            len(key) > 3
            and key not in self._words.common
            and key.split(maxsplit=1)[0] not in self._words.fillers
        )

    def _abbreviated(self, text: str, word: Word, found: list[Match]) -> Match | None:
        """The division in "Mobile, Ala." and "Gary, IN"; it says where the name before it lies."""
        if not found or text[found[-1].end : word.start] != ", ":
            return None
        short = self._atlas.abbreviated.match(text, word.start)
        if short is None:
            return None
        spot = self._atlas.abbreviations[short.group()]
        found[-1].outer = Match(word.start, short.end(), found[-1].sentence, "", (spot,), "modifier")
        return found[-1].outer

    def _unknown(self, text: str, sentence: Sentence, words: list[Word], index: int) -> Match | None:
        """A name that the gazetteer lacks, where the words beside it say that it is a place."""
        word = words[index]
        kind = self._words.types.get(next_word(text, sentence, word.end))
        after_of = text[max(word.start - 4, 0) : word.start].strip().lower() in self._words.of
        if not after_of and kind not in ("villages", "divisions"):
            return None
        behind = self._parts.behind(text, sentence, word.start)
        if after_of and len(behind) > 1 and behind[-2] in self._words.settlements:
            stop = index + 1
            while stop < len(words) and stop < index + 3 and words[stop].gap in (" ", "-"):
                stop += 1
            end, kind = words[stop - 1].end, self._words.types[behind[-2]]
            return Match(word.start, end, sentence.index, "", (), "typed", kind)
        if kind in ("villages", "divisions") and self._parts.before(behind) == "at":
            return Match(word.start, word.end, sentence.index, "", (), "typed", kind)
        return None

    def _match(
        self,
        text: str,
        sentence: Sentence,
        words: list[Word],
        span: tuple[int, int],
        key: str,
        spots: tuple[int, ...],
        capitals: bool,
        people: set[str],
    ) -> Match | None:
        first, last = words[span[0]], words[span[1] - 1]
        following = next_word(text, sentence, last.end)
        if not key:
            part = "grounded" if following in self._words.grounded else "demonym"
            return Match(first.start, last.end, sentence.index, key, spots, part)
        if key in self._words.never or (span[0] and first.gap in ("-", "'")) or text[first.start - 1] == "-":
            return None
        before = words[span[0] - 1] if span[0] and first.gap == " " else None
        after = words[span[1]] if span[1] < len(words) and words[span[1]].gap == " " else None
        name = Name(text, sentence, first.start, last.end, key, spots, before, after, following, capitals)
        if self._is_other(name, people):
            return None
        part, kind = self._parts.part(name)
        if part == "" or (" " not in key and not self._is_trusted(name, part, kind)):
            return None
        if self._is_begun(name, part):
            return None
        if part == "typed" and kind is not None and before is not None and self._parts.is_longer(name):
            return Match(before.start, last.end, sentence.index, "", (), part, kind)  # and it is unknown
        return Match(first.start, last.end, sentence.index, key, spots, part, kind)

    def _is_other(self, name: Name, people: set[str]) -> bool:
        """Whether the name is part of a person's, a street's or a paper's."""
        known = self._words
        if name.following in known.streets or name.following in known.not_places:
            return name.capitals or name.after is not None
        if name.capitals:
            return False
        if name.before is not None and self._names_person(name.before):
            people.update(name.key.split())
            return True
        if name.after is None or name.following in known.types or name.following in known.local:
            return False
        if name.key in known.given and not self._is_place(name.after):
            people.update((name.key, name.after.lower))
            return True
        return False

    def _is_trusted(self, name: Name, part: str, kind: str | None) -> bool:
        """Whether a single word that may be something else is a place here."""
        known = self._words
        if self._atlas.is_named(name.spots[0], name.key) or self._is_qualified(name.text, name.end):
            return True
        if self._has_article(name):
            return False
        if name.key in known.common:
            alone = name.after is None and not self._parts.is_longer(name)
            if name.sentence.in_title or self._parts.is_headline(name.sentence):
                return False  # where every word has a capital, it says nothing
            first = name.start == name.sentence.start
            if kind == "divisions" and self._atlas.kind(name.spots[0]) > ADMIN2:
                return False  # the Department of Justice
            return part in _LOCATED and alone and not first and not name.sentence.capitals
        if part in _LOCATED:
            return True
        if len(name.key) <= _SHORT and part != "dateline" and self._is_shorthand(name):
            return False
        size = self._atlas.prior(name.spots[0])
        if name.key in known.given or name.key in known.surnames:
            return size > _CITY + 0.5 or (part in ("local", "dateline") and size > _VILLAGE)
        return part in _NEARLY or size > _TOWN

    def _is_begun(self, name: Name, part: str) -> bool:
        """Whether a small place's name only begins a longer, unknown one: "Bethel Memorial Church"."""
        known = self._words
        if name.after is None or name.capitals or name.sentence.in_title or part == "typed":
            return False
        if name.following in known.never or name.following in known.local or name.following in known.types:
            return False
        if self._atlas.is_named(name.spots[0], name.key) or self._is_place(name.after):
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

    def _is_place(self, word: Word) -> bool:
        return bool(self._atlas.find(word.text)) and word.lower not in self._words.surnames

    def _skip(self, words: list[Word], index: int, people: set[str]) -> int:
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

    def _link(self, text: str, found: list[Match]) -> None:
        """Say of each match which neighbour tells where it lies: "Hebron, West Bank", "Iraq's Mosul"."""
        known = self._words
        for match, following in pairwise(found):
            between = text[match.end : following.start]
            if len(between) > _GAP:
                continue
            if match.key and following.key and known.containing.fullmatch(between):
                match.outer = following
            elif match.key and between.strip().lower() in known.possessives:
                following.outer = match
            elif (
                not match.key
                and following.part == "typed"
                and between.rpartition(" ")[0].rpartition(" ")[2] in known.of
            ):
                following.outer = match  # the Lebanese city of Tripoli
            # A list goes on as it began: "in Baghdad, Mosul and Kirkuk".
            if (
                following.part == "bare"
                and match.part in ("at", "typed")
                and known.listing.fullmatch(between)
            ):
                following.part = match.part
