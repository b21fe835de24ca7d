"""The part that a name of a place plays, told from the words around it.

"In Leeds" and "the town of Leeds" are where something happens, "Leeds police" nearly so, "John Hill of Leeds"
is a home, "the University of Leeds" no place at all.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from streams.extraction.document import Sentence
from streams.extraction.gazetteer import COUNTRY
from streams.extraction.places_atlas import Atlas
from streams.extraction.places_words import PlaceWords

# How well each part says where something happens.
PARTS = {
    "typed": 1.1,  # the town of X, X province
    "at": 1.0,
    "title": 0.7,
    "local": 0.55,  # X police
    "toward": 0.5,
    "dateline": 0.4,
    "nearby": 0.75,  # 20 km east of X
    "distant": 0.3,  # 60 miles east of X
    "bare": 0.35,
    "grounded": 0.25,  # Iraqi police
    "elsewhere": 0.2,  # a hospital in X
    "modifier": 0.2,
    "home": 0.15,
    "speaker": 0.12,
    "demonym": 0.08,  # says whose, seldom where
    "stranger": 0.04,  # far from every country that the text speaks of: its namesake is meant
}

QUARTER = "neighbourhoods"
"""The type of a part of a city: "the Austin neighborhood"."""

_BEHIND = re.compile(r"[^\W\d_]+(?:[-'.][^\W\d_]+)*|[,;:()–—-]")
_AHEAD = re.compile(r"\s*([^\W\d_]+(?:['-][^\W\d_]+)*)")
_DATELINE = re.compile(
    r"(?:,\s[A-Z][\w. ]{1,20}?)?"
    r"(?:[^.!?\n]{0,70}?(?:\s[-–—]{1,3}\s|\)\s*[-–—:]{1,3}|—|–|\s--|\(\w{2,12}\))|[^.\n]{0,30}\([A-Z][a-z]{2})"
)
_REACH = 70  # characters looked at before a name
_NEARBY, _MILE = 40, 1.6  # kilometres
_STEPS = 4  # words stepped over on the way to a preposition
_WAY = 4  # words between "from" and "to"
_FAR = 7  # words between how far and of where: "60 miles (96 km) east of"
_ABBREVIATED = 4  # letters and points


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


class Word(NamedTuple):
    """A capitalised word; `gap` is what joins it to the one before, "|" where nothing does."""

    text: str
    lower: str
    start: int
    end: int
    gap: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the atlas knows, as it stands: `before` and `after` are capitalised neighbours.

    `following` is the next word in lower case. `capitals`: case tells nothing in this sentence.
    """

    text: str
    sentence: Sentence
    start: int
    end: int
    key: str
    spots: tuple[int, ...]
    before: Word | None
    after: Word | None
    following: str
    capitals: bool


class PartReader:
    """Tells the parts of names; holds nothing but the language's words."""

    def __init__(self, atlas: Atlas, words: PlaceWords) -> None:
        self._atlas = atlas
        self._words = words
        self._numerals = words.numerals

    def part(self, name: Name) -> tuple[str, str | None]:
        """What part a name plays, and the type that the words beside it give it; no part: it is no place."""
        known = self._words
        behind = self.behind(name.text, name.sentence, name.start)
        kind = known.types.get(name.following)
        part = self.before(behind)
        if part == "typed":
            return part, known.types[behind[-2]]
        if part == "body" or self._is_somebodys(name):
            return "", None
        if kind in ("divisions", "villages", "islands") and name.following not in known.local:
            return ("typed" if part in ("at", "toward", "") else part), kind
        if name.following in known.folk and self._in_custody(name):
            return "home", kind
        if known.wards.match(name.text, name.end, name.sentence.end) and not name.sentence.in_title:
            return "elsewhere", None  # "a nurse at Medina hospital"
        if part == "at" and name.text[name.end : name.end + 1] != "-":
            told = name.following in known.speaking and not name.sentence.in_title
            return ("local" if told else part), kind  # "the prosecutor in Leeds said"
        if part == "distant" and self._is_nearby(name):
            return "nearby", kind
        if part in ("toward", "distant", "home", "elsewhere"):
            return part, kind
        if not behind and _DATELINE.match(name.text, name.end, min(name.sentence.end, name.end + 90)):
            return "dateline", None
        return self._alone(name), kind

    def _alone(self, name: Name) -> str:
        """The part of a name that no preposition goes before."""
        known = self._words
        if name.text[name.end : name.end + 1] == "-":
            return "modifier"  # Iraq-based
        if name.following in known.local:
            return "local"
        if name.following in known.speaking and not name.sentence.in_title:
            return "speaker"
        plain = not name.capitals and not name.sentence.in_title
        if name.after is not None and plain and not self.is_headline(name.sentence):
            return "modifier"
        if name.sentence.in_title:
            return "title"
        if name.after is None and name.following and self._is_short_country(name):
            return "grounded" if name.following in known.grounded else "demonym"  # U.S. troops
        return "modifier" if self.is_longer(name) else "bare"

    def _is_somebodys(self, name: Name) -> bool:
        """Whether a name says where somebody or a firm is at home: "the Lagos-based company"."""
        if name.text[name.end : name.end + 1] != "-":
            return False
        return next_word(name.text, name.sentence, name.end + 1) in self._words.based

    def _is_nearby(self, name: Name) -> bool:
        """Whether a distance from a place is so small that it is the place to name."""
        start = max(name.sentence.start, name.start - _REACH)
        told = self._words.measured.search(name.text[start : name.start].lower())
        value = self._numerals.parse(told.group("number")) if told is not None else None
        if told is None or value is None:
            return False
        return value * (_MILE if told.group("unit") in self._words.miles else 1) <= _NEARBY

    def _in_custody(self, name: Name) -> bool:
        """Whether the sentence is about a suspect: "a Selma man was arrested" says whence he is."""
        return not self._words.custody.isdisjoint(name.sentence.lower.split())

    def is_longer(self, name: Name) -> bool:
        """Whether a capitalised word goes before that is neither a sentence's first nor of those that may."""
        word = name.before
        if word is None or name.capitals or name.sentence.in_title or word.start <= name.sentence.start:
            return False
        return word.lower not in self._words.fillers and word.lower not in self._words.local

    def _is_short_country(self, name: Name) -> bool:
        """Whether this is `US` or the like, which goes before nouns as a demonym does."""
        written = name.text[name.start : name.end]
        return (
            len(written) <= _ABBREVIATED and written.isupper() and self._atlas.kind(name.spots[0]) == COUNTRY
        )

    def behind(self, text: str, sentence: Sentence, start: int) -> list[str]:
        """The words of the sentence before `start`, in lower case, as far as they matter."""
        return _BEHIND.findall(text[max(sentence.start, start - _REACH) : start].lower())

    def before(self, behind: list[str]) -> str:
        """The part that the words before a name give it: typed, body, at, distant, toward,
        elsewhere, home or none."""
        known = self._words
        if len(behind) > 1 and behind[-1] in known.of and behind[-2] in known.types:
            body = len(behind) > 2 and behind[-3] in known.institutions
            return "home" if body else "typed"
        if len(behind) > 1 and behind[-1] in known.of and behind[-2] in known.sites:
            return "at"
        place = len(behind) - 1
        while place >= 0 and len(behind) - place <= _STEPS and self._is_stepped_over(behind[place]):
            place -= 1
        if place < 0:
            return ""
        word, pair = behind[place], f"{behind[place - 1]} {behind[place]}" if place else ""
        if pair in known.bodies or word in known.bodies:
            return "body"
        if pair in known.directions and not known.distances.isdisjoint(behind[max(0, place - _FAR) : place]):
            return "distant"
        if pair in known.at or pair in known.directions:
            return "at"
        if word in known.toward and not known.ways.isdisjoint(behind[max(0, place - _WAY) : place]):
            return "elsewhere"  # "a bus from Meru to Mombasa"
        if word in known.at or word in known.toward:
            earlier = behind[max(0, place - 3) : place]
            if (earlier and earlier[-1] in known.speaking) or not known.elsewhere.isdisjoint(earlier):
                return "elsewhere"
            return "toward" if word in known.toward else "at"
        return "home" if word in known.origin or pair in known.origin else ""

    def is_headline(self, sentence: Sentence) -> bool:
        """Whether most words of a sentence are capitalised."""
        letters = [word for word in sentence.text.split() if word[0].isalpha()]
        return len(letters) > 3 and sum(word[0].isupper() for word in letters) > 0.7 * len(letters)

    def _is_stepped_over(self, word: str) -> bool:
        return word in self._words.fillers or word in self._atlas.demonyms or word in self._words.types


def next_word(text: str, sentence: Sentence, end: int) -> str:
    """The word after `end` in the sentence, in lower case; empty where a mark stands there."""
    match = _AHEAD.match(text, end, min(sentence.end, end + 40))
    return match.group(1).lower() if match else ""
