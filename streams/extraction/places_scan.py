"""Where a text names places: capitalised words that the atlas knows, less people, papers and streets."""

import re
from itertools import pairwise

from streams.extraction.document import Document, Sentence
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_doubts import LOCATED, Doubts
from streams.extraction.places_parts import Match, Name, PartReader, Word, next_word
from streams.extraction.places_words import UPPER, PlaceWords

_NEXT = re.compile(r" ([a-z]+)")
_LONGEST = 5  # words of a name
_JOINER = 9  # characters between two words of a name at most
_GAP = 24  # characters between two names of which one tells where the other lies


class Scanner:
    """Finds the matches of one document after the other; holds nothing but the language's words."""

    def __init__(self, atlas: Atlas, words: PlaceWords) -> None:
        self._atlas = atlas
        self._words = words
        self._parts = PartReader(atlas, words)
        self._listed = re.compile(rf"(?:(?:{words.listing.pattern})[{UPPER}][\w'-]+)*\s([a-z]+)")
        self._doubts = Doubts(atlas, words, self._parts)

    def matches(self, document: Document) -> list[Match]:
        """All names of places, in order, without those of people and bodies."""
        found: list[Match] = []
        people: set[str] = set()
        venues: set[str] = set()
        for sentence in document.sentences:
            found.extend(self._sentence(document.clean, sentence, people, venues))
        found = [match for match in found if match.key not in venues]
        return [match for match in found if match.key not in people or match.part in LOCATED]

    def _sentence(self, text: str, sentence: Sentence, people: set[str], venues: set[str]) -> list[Match]:
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
                index = self._doubts.skip(words, index, people) if unknown is None else index + 1
                continue
            if self._is_venue(text, sentence, words[index]):
                venues.add(key)
                index += length
                continue
            match = self._match(text, sentence, words, (index, index + length), key, spots, capitals, people)
            if match is not None:
                found.append(match)
            index += length
        self._link(text, found)
        self._retype(text, sentence, found)
        return found

    def _capitals(self, text: str, sentence: Sentence) -> list[Word]:
        words: list[Word] = []
        before = sentence.start
        joiners = self._words.joiners
        for match in self._words.capital.finditer(text, sentence.start, sentence.end):
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
            if key in self._atlas.demonyms and self._is_of_people(text, words[stop - 1].end):
                break  # "Somali forces": the people, and not the region
            if spots and not (capitals and not self._stands_in_capitals(key, spots)):
                return stop - index, key, spots
        demonym = self._atlas.demonyms.get(first.lower)
        if demonym is not None:
            return 1, "", (demonym,)
        if last > index + 1:
            demonym = self._atlas.demonyms.get(text[first.start : words[index + 1].end].lower())
        return (0, "", ()) if demonym is None else (2, "", (demonym,))

    def _is_of_people(self, text: str, end: int) -> bool:
        """Whether what looks like a region goes before a noun that is none: "Somali forces"."""
        word = _NEXT.match(text, end)
        return word is not None and word.group(1) not in self._words.types

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
        behind = self._parts.behind(text, sentence, word.start)
        stop = index + 1
        while stop < len(words) and stop < index + 3 and words[stop].gap in (" ", "-"):
            stop += 1
        if self._is_scene(text, sentence, words[index:stop], behind):
            return Match(word.start, words[stop - 1].end, sentence.index, "", (), "at", kind)
        if not after_of and kind not in ("villages", "divisions", "islands"):
            return None
        if after_of and len(behind) > 1 and behind[-2] in self._words.settlements:
            end, kind = words[stop - 1].end, self._words.types.get(behind[-2])
            return Match(word.start, end, sentence.index, "", (), "typed", kind)
        if kind == "islands" and self._is_plain_island(sentence, words, index):
            return Match(word.start, word.end, sentence.index, "", (), "typed", kind)
        if kind in ("villages", "divisions") and self._parts.before(behind) == "at":
            return Match(word.start, word.end, sentence.index, "", (), "typed", kind)
        return None

    def _is_scene(self, text: str, sentence: Sentence, name: list[Word], behind: list[str]) -> bool:
        """Whether a name is where something happened, said right before: "the bombing in Teri Mangal"."""
        known = self._words
        if len(behind) < 2 or behind[-1] not in known.inside or behind[-2] not in known.scenes:
            return False
        if sentence.in_title or sentence.capitals or self._parts.is_headline(sentence):
            return False
        if next_word(text, sentence, name[-1].end) in known.of or name[0].text.isupper():
            return False  # "in Back of the Yards", "in NATO"
        others = known.never | known.common | known.streets | known.not_places | known.venues
        return not any(word.lower in others or word.lower in known.types for word in name)

    def _is_venue(self, text: str, sentence: Sentence, first: Word) -> bool:
        """Whether a name is that of a building or a body: "the bar La Paloma"."""
        behind = self._parts.behind(text, sentence, first.start)
        return len(behind) > 1 and behind[-1] in self._words.venues and behind[-2] in self._words.articles

    def _is_plain_island(self, sentence: Sentence, words: list[Word], index: int) -> bool:
        """Whether a name before "island" stands alone: no longer one's end, no sentence's first word."""
        word = words[index]
        return word.start > sentence.start and word.gap == "|" and not self._parts.is_headline(sentence)

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
        if self._doubts.is_other(name, people):
            return None
        part, kind = self._parts.part(name)
        if part == "" or (" " not in key and not self._doubts.is_trusted(name, part, kind)):
            return None
        if self._doubts.is_begun(name, part) or self._doubts.is_within(name):
            return None
        if part == "typed" and kind is not None and before is not None and self._parts.is_longer(name):
            return Match(before.start, last.end, sentence.index, "", (), part, kind)  # and it is unknown
        return Match(first.start, last.end, sentence.index, key, spots, part, kind)

    def _retype(self, text: str, sentence: Sentence, found: list[Match]) -> None:
        """Read the names of a list as what the plural behind them says: "Meigs and Gallia counties"."""
        for at, match in enumerate(found):
            listed = self._listed.match(text, match.end, sentence.end) if match.key else None
            single = self._words.plurals.get(listed.group(1)) if listed else None
            if single is not None:
                key, spots = self._atlas.look_up(f"{text[match.start : match.end]} {single}")
                if spots:
                    start, end = match.start, match.end
                    found[at] = Match(start, end, match.sentence, key, spots, match.part, "divisions")

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
