"""Who gives a figure: "the ministry said", "according to police"."""

import re
from functools import cache

from streams.extraction.document import Document, Sentence, words_in
from streams.extraction.lexicon import alternation, word_list

_WORD = r"[^\s,.;:\"()]+"


class ClaimantFinder:
    """The verbs of saying of one language."""

    def __init__(self, language: str) -> None:
        short = alternation(
            word for key in ("titles", "either") for word in word_list(language, "abbreviations", key)
        )
        word = rf"(?:(?:{short})\.|(?!(?:{short})\.){_WORD})"
        name = rf"(?:{word}\s+){{0,7}}?{word}"
        said = alternation(word_list(language, "claims", "said"))
        by = alternation(word_list(language, "claims", "by"))
        stop = alternation(word_list(language, "claims", "not_claimants"))
        self._after = re.compile(rf",\"?\s+(?P<who>{name})\s+(?:{said})\b", re.IGNORECASE)
        self._before = re.compile(
            rf"(?:^|[,\"–—]\s*|\s-\s*)(?P<who>{name})\s+(?:{said})\s+(?!(?:{by}))", re.IGNORECASE
        )
        self._by = re.compile(rf"\b(?:{by})\s+(?P<who>{name})(?=[,.;:]|$|\s+(?:{said})\b)", re.IGNORECASE)
        telling, naming = (
            frozenset(words_in(phrase)[0] for phrase in word_list(language, "claims", key))
            for key in ("said", "by")
        )  # of which a sentence has a word where the pattern can match
        self._patterns = ((self._by, naming), (self._after, telling), (self._before, telling))
        partisan, minor = (alternation(word_list(language, "claims", key)) for key in ("partisan", "minor"))
        self._partisan = re.compile(rf"\b(?:{partisan})\b", re.IGNORECASE)
        self._minor = re.compile(rf"\b(?:{minor})\b", re.IGNORECASE)
        self._not = re.compile(rf"\b(?:{stop})\b", re.IGNORECASE)
        before, behind = (
            alternation(word_list(language, "claims", key)) for key in ("not_first", "not_last")
        )
        self._first = re.compile(rf"(?:(?:{before})\s+|[-–—•*]\s*)+", re.IGNORECASE)
        self._last = re.compile(rf"(?:\s+(?:{behind}))+$", re.IGNORECASE)

    @staticmethod
    @cache
    def load(language: str) -> "ClaimantFinder":
        """The finder for `language`. Raises LexiconError."""
        return ClaimantFinder(language)

    def find(self, document: Document, sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
        """Who gives the figure at clean offsets `start` to `end`, as offsets; None for the article."""
        text = document.clean[sentence.start : sentence.end]
        start, end = start - sentence.start, end - sentence.start
        found: list[tuple[int, tuple[int, int]]] = []
        for pattern, needed in self._patterns:
            if needed.isdisjoint(sentence.words):
                continue
            for match in pattern.finditer(text):
                span = self._trimmed(text, *match.span("who"))
                if (span[0] < end and start < span[1]) or self._not.search(text, *span):
                    continue
                if pattern is self._before and span[0] > start:
                    continue
                if pattern is self._after and span[0] < end:
                    continue
                found.append((min(abs(span[0] - end), abs(start - span[1])), span))
        if not found:
            return None
        first, last = min(found)[1]
        return first + sentence.start, last + sentence.start

    def rank(self, claimant: str) -> int:
        """How good a source is: 0 takes a side, 1 is a single voice, 2 counts by office."""
        return 0 if self._partisan.search(claimant) else 1 if self._minor.search(claimant) else 2

    def _trimmed(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The name without the small words that only lead to it or come after it: "but police on Monday"."""
        lead = text.rfind(" - ", start, end)
        start = lead + 3 if lead >= 0 else start  # "QUEBEC, April 3 - a company said"
        first = self._first.match(text, start, end)
        if first is not None and first.end() < end:
            start = first.end()
        last = self._last.search(text, start, end)
        return start, last.start() if last is not None else end
