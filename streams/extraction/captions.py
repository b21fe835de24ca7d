"""Galleries: paragraphs under pictures, told by the credit at their end.

The caption of one picture goes with the story, and may say what the story doesn't. Those of a gallery are
about whatever its pictures show, old happenings among them.
"""

from collections.abc import Sequence
from functools import cache

from streams.extraction.lexicon import any_of, word_list

_LONGEST = 1_000  # characters; a whole text that was run together is no caption
_GALLERY = 5  # captions that make one
_CREDIT = 120  # characters at the end of a caption that its credit may take


class Captions:
    """The credits of one language; they are in `boilerplate.toml`."""

    def __init__(self, language: str) -> None:
        self._hints = word_list(language, "boilerplate", "credit_words")
        self._credit = any_of(word_list(language, "boilerplate", "credits"))

    @staticmethod
    @cache
    def load(language: str) -> "Captions":
        """The credits of `language`. Raises LexiconError."""
        return Captions(language)

    def among(self, lower: str, paragraphs: Sequence[tuple[int, int]]) -> frozenset[int]:
        """Which of `paragraphs`, given as offsets in a text in lower case, are a gallery's; not all."""
        if not any(word in lower for word in self._hints):
            return frozenset()
        found = frozenset(
            number
            for number, (start, end) in enumerate(paragraphs)
            if end - start <= _LONGEST and self._credit.search(lower, max(start, end - _CREDIT), end)
        )
        return found if _GALLERY <= len(found) < len(paragraphs) else frozenset()
