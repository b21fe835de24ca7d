"""Where a text names places: capitalised words that the atlas knows, and the part each plays there.

The part is told from the words around: "in Leeds" and "the town of Leeds" are where something happens, "Leeds
police" nearly so, "John Hill of Leeds" is a home, "the Leeds Mercury" and "Bob Leeds" no place at all.
"""

import re
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from streams.extraction.document import Document, Sentence
from streams.extraction.gazetteer import ADMIN2, COUNTRY
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_words import PlaceWords

_UPPER = "".join(char for char in map(chr, range(0x250)) if char.isupper())
_WORD = re.compile(
    rf"(?:\b(?:al|el|ad|as|ar|an|az|ash|at|ed|es|abu|bin|bani)-)?[{_UPPER}]"
    r"(?:\.(?:[A-Z]\.)+|[^\W\d_]*(?:'(?![sS]\b)[^\W\d_]+)*)"
)
_BEHIND = re.compile(r"[^\W\d_]+(?:[-'.][^\W\d_]+)*|[,;:()–—-]")
_AHEAD = re.compile(r"\s*([^\W\d_]+(?:['-][^\W\d_]+)*)")
_DATELINE = re.compile(
    r"[^.!?\n]{0,70}?(?:\s[-–—]{1,3}\s|\)\s*[-–—:]{1,3}|—|–|\s--|\(\w{2,12}\))|[^.\n]{0,30}\([A-Z][a-z]{2}"
)
_LONGEST = 5
_ABBREVIATED = 4  # letters and points
_SMALL = 5.0  # about 100,000 people

# The parts that a mention may play, and how well each says where something happens.
PARTS = {
    "typed": 1.1,  # the town of X, X province
    "at": 1.0,
    "title": 0.7,
    "local": 0.55,  # X police
    "toward": 0.5,
    "bare": 0.35,
    "dateline": 0.4,
    "grounded": 0.25,  # Iraqi police
    "elsewhere": 0.2,  # a hospital in X
    "modifier": 0.2,
    "home": 0.15,
    "speaker": 0.12,
    "demonym": 0.08,  # says whose, seldom where
}


@dataclass(slots=True, eq=False)
class Match:
    """A name in the text and the spots that it may mean; `outer` is the mention that says where it lies."""

    start: int
    end: int
    sentence: int
    key: str
    spots: tuple[int, ...]
    part: str
    type: str | None = None
    outer: "Match | None" = None
    scores: dict[int, float] = field(default_factory=dict)

    @property
    def spot(self) -> int | None:
        """The likeliest spot; null where the text names a place that the gazetteer lacks."""
        return max(self.scores, key=lambda spot: (self.scores[spot], -spot)) if self.scores else None


class _Word(NamedTuple):
    text: str
    lower: str
    start: int
    end: int
    gap: str  # what stands between the word before and this one; "|" where that is more than a joiner


class Scanner:
    """Finds the matches of one document after the other; holds nothing but the language's words."""

    def __init__(self, atlas: Atlas, words: PlaceWords) -> None:
        self._atlas = atlas
        self._words = words

    def matches(self, document: Document) -> list[Match]:
        """All names of places, in order, without those of people and bodies."""
        found: list[Match] = []
        people: set[str] = set()
        for sentence in document.sentences:
            found.extend(self._sentence(document.clean, sentence, people))
        return [match for match in found if not self._is_person(match, people)]

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
                found[-1].outer = division
                found.append(division)
                index += 1
                continue
            length, key, spots = self._longest(text, words, index, capitals)
            if not length:
                unknown = self._unknown(text, sentence, words, index)
                if unknown is not None:
                    found.append(unknown)
                    index += 1
                    continue
                if words[index].lower in self._words.given or words[index].lower in self._words.titles:
                    index = self._skip_person(words, index, people)
                else:
                    index += 1
                continue
            match = self._match(text, sentence, words, (index, index + length), key, spots, capitals, people)
            if match is not None:
                found.append(match)
            index += length
        _link(text, found)
        return found

    def _capitals(self, text: str, sentence: Sentence) -> list[_Word]:
        words: list[_Word] = []
        before = sentence.start
        joiners = self._words.joiners
        for match in _WORD.finditer(text, sentence.start, sentence.end):
            start, end = match.span()
            gap = text[before:start]
            if gap not in (" ", "-", "'"):
                plain = gap.strip(" -\n").lower()
                joined = gap[:1] in " -\n" and (not plain or plain in joiners)
                gap = (plain or " ") if joined else ("." if gap == ". " else "|")
            word = match.group()
            words.append(_Word(word, word.lower(), start, end, gap if words else "|"))
            before = end
        return words

    def _longest(
        self, text: str, words: list[_Word], index: int, capitals: bool
    ) -> tuple[int, str, tuple[int, ...]]:
        last = index + 1
        while last < len(words) and last < index + _LONGEST and _joins(words, last):
            last += 1
        first = words[index]
        for stop in range(last, index, -1):
            name = text[first.start : words[stop - 1].end]
            key, spots = self._atlas.look_up(name)
            if spots and not (capitals and not self._stands_in_capitals(key, spots)):
                return stop - index, key, spots
        demonym = self._atlas.demonyms.get(first.lower)
        if demonym is None and last > index + 1:
            demonym = self._atlas.demonyms.get(text[first.start : words[index + 1].end].lower())
            if demonym is not None:
                return 2, "", (demonym,)
        return (1, "", (demonym,)) if demonym is not None else (0, "", ())

    def _abbreviated(self, text: str, word: _Word, found: list[Match]) -> Match | None:
        """The division in "Mobile, Ala." and "Gary, IN"."""
        if not found or text[found[-1].end : word.start] != ", ":
            return None
        end = word.end + (text[word.end : word.end + 1] == ".")
        for stop in (end, word.end):
            spot = self._atlas.abbreviations.get(text[word.start : stop])
            if spot is not None:
                return Match(word.start, stop, found[-1].sentence, "", (spot,), "modifier")
        return None

    def _unknown(self, text: str, sentence: Sentence, words: list[_Word], index: int) -> Match | None:
        """A name that the gazetteer lacks, where the words beside it say that it is a place."""
        word = words[index]
        ahead = _AHEAD.match(text, word.end, min(sentence.end, word.end + 30))
        kind = self._words.types.get(ahead.group(1)) if ahead else None
        if kind not in ("villages", "divisions") and text[word.start - 4 : word.start] != " of ":
            return None
        stop = index + 1
        while stop < len(words) and stop < index + 3 and words[stop].gap in (" ", "-"):
            stop += 1
        end = words[stop - 1].end
        behind = _BEHIND.findall(text[max(sentence.start, word.start - 70) : word.start].lower())
        typed = len(behind) > 1 and behind[-1] == "of" and self._words.types.get(behind[-2])
        if typed and typed != "islands":
            return Match(word.start, end, sentence.index, "", (), "typed", typed)
        if kind in ("villages", "divisions") and self._behind(behind) == "at":
            return Match(word.start, word.end, sentence.index, "", (), "typed", kind)
        return None

    def _stands_in_capitals(self, key: str, spots: tuple[int, ...]) -> bool:
        """Whether a name may be trusted where every word is in capitals."""
        return key not in self._words.common and (len(key) > 3 or self._atlas.is_named(spots[0], key))

    def _match(
        self,
        text: str,
        sentence: Sentence,
        words: list[_Word],
        span: tuple[int, int],
        key: str,
        spots: tuple[int, ...],
        capitals: bool,
        people: set[str],
    ) -> Match | None:
        first, last = words[span[0]], words[span[1] - 1]
        known = self._words
        ahead = _AHEAD.match(text, last.end, min(sentence.end, last.end + 40))
        following = sys.intern(ahead.group(1).lower()) if ahead else ""
        if not key:
            part = "grounded" if following in known.grounded else "demonym"
            return Match(first.start, last.end, sentence.index, key, spots, part)
        if key in known.never or (span[0] and first.gap in ("-", "'")) or text[first.start - 1] == "-":
            return None
        before = words[span[0] - 1] if span[0] and words[span[0]].gap == " " else None
        after = words[span[1]] if span[1] < len(words) and words[span[1]].gap == " " else None
        if before is not None and not capitals and self._names_person(before):
            people.update(word.lower for word in words[span[0] : span[1]])
            return None
        if after is not None and not capitals and following not in known.types:
            if following in known.streets or following in known.not_places:
                return None
            if single_given(key, known) and following not in known.local and not self._is_place(after):
                people.update((key, after.lower))
                return None
        elif capitals and (following in known.streets or following in known.not_places):
            return None
        part, kind = self._part(text, sentence, first.start, last.end, following, after, capitals)
        if part == "":
            return None
        if text[last.end : last.end + 1] == "-":
            part = "modifier"  # Iraq-based
        elif part == "bare" and after is None and following and self._is_short_country(first, spots):
            part = "grounded" if following in known.grounded else "demonym"  # U.S. troops
        alone = before is None or before.start == sentence.start or before.lower in known.fillers
        if " " not in key and not self._trusted(
            text, key, spots, part, first, last, sentence, alone and after is None
        ):
            return None
        match = Match(first.start, last.end, sentence.index, key, spots, part, kind)
        strange = (
            before is not None
            and not capitals
            and before.start > sentence.start
            and not (before.lower in known.fillers or before.lower in known.local or sentence.in_title)
        )
        if strange and part == "typed" and kind is not None and before is not None:
            return Match(before.start, last.end, sentence.index, "", (), part, kind)  # a longer, unknown name
        if strange and part == "bare":
            match.part = "modifier"
        return match

    def _is_short_country(self, word: _Word, spots: tuple[int, ...]) -> bool:
        """Whether this is `US` or the like, which goes before nouns as a demonym does."""
        return (
            len(word.text) <= _ABBREVIATED and word.text.isupper() and self._atlas.kind(spots[0]) == COUNTRY
        )

    def _trusted(
        self,
        text: str,
        key: str,
        spots: tuple[int, ...],
        part: str,
        first: _Word,
        last: _Word,
        sentence: Sentence,
        alone: bool,
    ) -> bool:
        """Whether a single word that may be something else is a place here."""
        if self._atlas.is_named(spots[0], key) or self._is_qualified(text, last.end):
            return True
        common = key in self._words.common
        located = part in ("at", "typed", "toward", "elsewhere")
        size = self._atlas.prior(spots[0])
        if common:
            return located and alone and first.start > sentence.start and not sentence.capitals
        if key in self._words.given or key in self._words.surnames:
            return located or size > _SMALL + 0.5 or (part in ("local", "dateline") and size > 3.5)
        return located or part in ("local", "dateline", "home", "demonym") or size > _SMALL - 0.7

    def _is_qualified(self, text: str, end: int) -> bool:
        """Whether a comma and a region follow: "Mobile, Ala."."""
        if text[end : end + 2] != ", ":
            return False
        match = re.compile(r"[A-Z][\w.]*(?: [A-Z][\w]+)?").match(text, end + 2)
        if match is None:
            return False
        name = match.group()
        short = name.split(" ")[0]
        if short in self._atlas.abbreviations or short + "." in self._atlas.abbreviations:
            return True
        spots = [*self._atlas.find(name), *self._atlas.find(short)]
        return any(self._atlas.kind(spot) < ADMIN2 for spot in spots[:6])

    def _names_person(self, before: _Word) -> bool:
        lower = before.lower.rstrip(".")
        if lower in self._words.titles or (len(lower) == 1 and before.text.isupper()):
            return True
        if lower not in self._words.given:
            return False
        spots = self._atlas.find(before.text)
        return not spots or self._atlas.prior(spots[0]) < _SMALL

    def _is_place(self, word: _Word) -> bool:
        spots = self._atlas.find(word.text)
        return bool(spots) and word.lower not in self._words.surnames

    def _skip_person(self, words: list[_Word], index: int, people: set[str]) -> int:
        """Past a given name or a title and the names that follow it."""
        stop = index + 1
        while (
            stop < len(words) and stop < index + 4 and words[stop].gap in (" ", ".", "al", "el", "bin", "-")
        ):
            lower = words[stop].lower
            if lower in self._words.local or lower in self._words.types or lower in self._words.streets:
                return index + 1
            people.add(lower)
            stop += 1
        return stop

    def _is_person(self, match: Match, people: set[str]) -> bool:
        return match.key in people and match.part in ("bare", "speaker", "modifier", "title", "local")

    def _part(
        self,
        text: str,
        sentence: Sentence,
        start: int,
        end: int,
        following: str,
        after: _Word | None,
        capitals: bool,
    ) -> tuple[str, str | None]:
        """What part a name plays, and the type that the words beside it give it; no part: it is no place."""
        known = self._words
        behind = _BEHIND.findall(text[max(sentence.start, start - 70) : start].lower())
        kind = known.types.get(following)
        part = self._behind(behind)
        if part == "typed" and len(behind) > 1:
            return part, known.types[behind[-2]]
        if kind in ("divisions", "villages", "islands") and following != "state":
            return ("typed" if part in ("at", "bare", "toward", "") else part), kind
        if part in ("at", "toward", "home", "elsewhere"):
            return part, kind
        if not behind and _DATELINE.match(text, end, min(sentence.end, end + 90)):
            return "dateline", None
        if following in known.local:
            return "local", kind
        if part == "body":
            return "", None
        if following in known.speaking and not sentence.in_title:
            return "speaker", None
        if after is not None and not capitals and not sentence.in_title and not _is_titled(sentence):
            return "modifier", None
        return ("title" if sentence.in_title else "bare"), kind

    def _behind(self, behind: list[str]) -> str:
        """The part that the words before a name give it."""
        known = self._words
        if len(behind) >= 2 and behind[-1] == "of" and behind[-2] in known.types:
            return "typed"
        place = len(behind) - 1
        stepped = 0
        while (
            place >= 0
            and stepped < 4
            and (
                behind[place] in known.fillers
                or behind[place] in self._atlas.demonyms
                or behind[place] in known.types
            )
        ):
            place -= 1
            stepped += 1
        if place < 0:
            return ""
        word = behind[place]
        pair = f"{behind[place - 1]} {word}" if place else ""
        if pair in known.bodies or word in known.bodies:
            return "body"
        if pair in known.at:
            return "at"
        if word in known.at:
            if behind[place - 1] in known.speaking or any(
                each in known.elsewhere for each in behind[max(0, place - 3) : place]
            ):
                return "elsewhere"
            return "toward" if word in ("to", "into", "toward", "towards", "on") else "at"
        if word in known.origin or pair in known.origin:
            return "home"
        return ""


def single_given(key: str, words: PlaceWords) -> bool:
    """Whether a name is one word that people are called by."""
    return " " not in key and key in words.given


def _joins(words: list[_Word], index: int) -> bool:
    gap = words[index].gap
    if gap == ".":
        return words[index - 1].lower in ("st", "mt", "ft", "ste")
    return gap != "|"


def _is_titled(sentence: Sentence) -> bool:
    """Whether most words of a sentence are capitalised, as in a headline."""
    letters = [word for word in sentence.text.split() if word[0].isalpha()]
    return len(letters) > 3 and sum(word[0].isupper() for word in letters) > 0.7 * len(letters)


_CONTAINING = re.compile(r"(?:,\s+(?:in\s+)?|\s+(?:in|of)\s+)(?:the\s+)?(?:[a-z-]+ern\s+|\w{4,5}\s)?")


def _link(text: str, found: list[Match]) -> None:
    """Say of each match which neighbour tells where it lies: "Hebron, West Bank", "Iraq's Mosul"."""
    for match, following in pairwise(found):
        between = text[match.end : following.start]
        if match.key and following.key and len(between) < 24 and _CONTAINING.fullmatch(between):
            match.outer = following
        elif (between in ("'s ", "' ") and match.key) or (
            not match.key and following.part == "typed" and len(between) < 20 and between.endswith(" of ")
        ):
            following.outer = match
    for match, following in pairwise(found):
        # A list goes on as it began: "in Baghdad, Mosul and Kirkuk".
        between = text[match.end : following.start]
        if (
            following.part == "bare"
            and match.part in ("at", "typed")
            and between in (", ", " and ", ", and ")
        ):
            following.part = match.part
