"""Every number in a sentence: how many it says, with open ends, and what it counts.

>>> from streams.extraction.document import read_document
>>> sentence = read_document(None, "At least 20 of the 45-year-old's men fled.").sentences[0]
>>> [(q.count.text, q.count.low, q.count.high, q.kind) for q in find_quantities(sentence)]
[('At least 20', 20, None, 'people_or_units'), ('45', 45, 45, 'age')]
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from weakref import WeakKeyDictionary

from schemas import Count
from streams.extraction.document import Sentence, Token
from streams.extraction.lexicon import alternation, word_list
from streams.extraction.quantity_kinds import Kind, Kinds
from streams.extraction.quantity_scan import Found, NumberScanner


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence: tokens `start_token` to `end_token` (exclusive), its bounds included.

    `count.text` is the words as the clean text has them; `kind` says what the number counts. For what is no
    whole number ("6.7 magnitude") the ends of the count are null.
    """

    start_token: int
    end_token: int
    count: Count
    kind: Kind


_NOTHING = Token("", "", 0, 0)


class QuantityReader:
    """Finds the quantities of one language."""

    def __init__(self, language: str) -> None:
        def listed(*keys: str) -> str:
            return alternation(word_list(language, "quantities", *keys))

        self._scanner, self._kinds = NumberScanner.load(language), Kinds.load(language)
        self._read: WeakKeyDictionary[Sentence, tuple[Quantity, ...]] = WeakKeyDictionary()
        verbs, to, states = (listed("feared", key) for key in ("verbs", "before_state", "states"))
        self._fear = re.compile(rf"\b(?:{verbs})\b")
        joined = alternation(word_list(language, "quantities", "ranges", "and"))
        self._feared = re.compile(
            rf"(?:\s+(?!(?:{joined})\b)[^\W\d_][\w'-]*){{0,4}}?\s+(?:{verbs})\s+(?:(?:{to})\s+)?(?:\w+\s+){{0,2}}?(?:{states})\b"
        )
        self._feared_id = word_list(language, "quantities", "feared", "id")[0]

        self._list_marks = {
            ",",
            "-",
            *word_list(language, "quantities", "ranges", "and"),
            *word_list(language, "quantities", "ranges", "to"),
        }

    @staticmethod
    @cache
    def load(language: str) -> "QuantityReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return QuantityReader(language)

    def find(self, sentence: Sentence) -> tuple[Quantity, ...]:
        """The quantities of `sentence`, from left to right, none overlapping another.

        Several readers ask for those of one sentence: they are kept as long as the sentence lives.
        """
        known = self._read.get(sentence)
        if known is None:
            known = self._read[sentence] = self._find(sentence)
        return known

    def _find(self, sentence: Sentence) -> tuple[Quantity, ...]:
        tokens = sentence.tokens
        may_start = self._scanner.may_start
        text, base = sentence.text, sentence.start
        lower = ""
        found: list[Found] = []
        position = -1
        for token, following in zip_longest(tokens, tokens[1:], fillvalue=_NOTHING):
            if not may_start(token.lower, following.lower):
                continue
            start = token.start - base
            if start < position:
                continue
            if not lower:
                lower = sentence.lower.replace("–", "-")
            number = self._scanner.at(lower, text, start, max(position, 0))
            if number:
                found.append(number)
                position = number.end
        if not found:
            return ()
        starts = [token.start - base for token in tokens]
        capitals = sentence.capitals
        fear = bool(self._fear.search(lower))
        quantities: list[Quantity] = []
        for number in found:
            quantity = self._finish(number, text, lower, starts, capitals=capitals, fear=fear)
            if quantities and quantities[-1].kind == "age" and self._listed(quantities[-1], quantity, tokens):
                quantity = replace(quantity, kind="age")
            quantities.append(quantity)
        return tuple(quantities)

    def _listed(self, first: Quantity, second: Quantity, tokens: tuple[Token, ...]) -> bool:
        """Whether `second` goes on with the list of `first`: "aged 5, 7 and 9"."""
        between = tokens[first.end_token : second.start_token]
        after = tokens[second.end_token : second.end_token + 1]
        return (
            second.kind == "people_or_units"
            and 0 < len(between) <= 2
            and all(token.lower in self._list_marks for token in between)
            and (not after or after[0].lower in self._list_marks or after[0].lower in ".;)")
        )

    def _finish(
        self, found: Found, text: str, lower: str, starts: list[int], *, capitals: bool, fear: bool
    ) -> Quantity:
        count = found.number
        kind = found.kind
        if kind is None:
            kind = self._kinds.kind(text, lower, found.bare, found.end, found.figures, capitals=capitals)
            if found.start < found.bare and self._kinds.follows_age(lower, found.start):
                kind = "age"  # "aged about 25"
        if fear and kind == "people_or_units" and count.best and self._feared.match(lower, found.end):
            count = replace(count, low=None, rule=self._feared_id)
        words = text[found.start : found.end]
        return Quantity(
            start_token=bisect_right(starts, found.start) - 1,
            end_token=bisect_right(starts, found.end - 1),
            count=count if count.text == words else replace(count, text=words),
            kind=kind,
        )


def find_quantities(sentence: Sentence, language: str = "en") -> tuple[Quantity, ...]:
    """The numbers of `sentence` from left to right. Raises LexiconError where the language has no data."""
    return QuantityReader.load(language).find(sentence)
