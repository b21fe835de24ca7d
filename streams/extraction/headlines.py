"""Pages without their story: under the title stand only the lists and forms that a site prints everywhere.

Archives and scrapers bring many. What such a text names, a place, a day or people, has nothing to do with
what the title tells.
"""

import re
from functools import cache

from streams.extraction.document import Document
from streams.extraction.harm import load_harm
from streams.extraction.lexicon import word_set

_WORD = re.compile(r"[^\W\d_]{4,}")
_PARTS = re.compile(r"\s(?:[-|:•]|--|–|—)\s")
_STEM = 5  # letters by which a word is met again in another form
_FEW = 3  # telling words that a title must have
_TAKEN_UP = 0.26
"""The share of the title's telling words that even a story without a word of harm takes up."""


class Headlines:
    """Tells by its words whether a text goes on with what its title says."""

    def __init__(self, language: str) -> None:
        self._harm = load_harm(language).gate
        self._small = word_set(language, "tongue", "own")

    @staticmethod
    @cache
    def load(language: str) -> "Headlines":
        """The words of `language`. Raises LexiconError."""
        return Headlines(language)

    def stand_alone(self, document: Document) -> bool:
        """Whether the title tells of harm, and what stands below it of something else.

        >>> from streams.extraction.document import read_document
        >>> page = read_document("Gunman wounds four at Leeds market", "Most read. Sign up for news.")
        >>> Headlines.load("en").stand_alone(page)
        True
        """
        title = document.title
        body = next((sentence.start for sentence in document.sentences if not sentence.in_title), None)
        if title is None or body is None or not self._harm.search(document.lower, title.start, title.end):
            return False
        if self._harm.search(document.lower, body):
            return False
        words = self._telling(title.lower)
        taken_up = sum(document.lower.find(word[:_STEM], body) >= 0 for word in words)
        return len(words) >= _FEW and taken_up < _TAKEN_UP * len(words)

    def _telling(self, title: str) -> set[str]:
        """The words that the story would have, too, of the part of a title that tells of harm."""
        parts = _PARTS.split(title)
        part = next((part for part in parts if self._harm.search(part)), title)
        return {word for word in _WORD.findall(part) if word not in self._small}
