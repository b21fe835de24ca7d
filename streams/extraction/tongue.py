"""Whether a text is in the language it is said to be in: feeds may not say, and some words look alike."""

import re
from functools import cache

from streams.extraction.document import Document
from streams.extraction.lexicon import word_set

_LOOKED_AT = 4000  # characters of a text
_SURE = 2  # small words of other languages without which a text is never taken for theirs
_WORD = re.compile(r"[^\W\d_]+")


class Tongue:
    """The small words of one language and of its neighbours; they are in `tongue.toml`."""

    def __init__(self, language: str) -> None:
        self._own, self._others = (word_set(language, "tongue", key) for key in ("own", "others"))

    @staticmethod
    @cache
    def load(language: str) -> "Tongue":
        """The words of `language`. Raises LexiconError."""
        return Tongue(language)

    def is_own(self, document: Document) -> bool:
        """Whether a text has no more small words of other languages than of this one.

        >>> from streams.extraction.document import read_document
        >>> Tongue.load("en").is_own(read_document(None, "Die zwei, die bei dem Brand starben, waren alt."))
        False
        """
        words = _WORD.findall(document.lower, 0, _LOOKED_AT)
        others = sum(word in self._others for word in words)
        return others < _SURE or others <= sum(word in self._own for word in words)
