"""Who was hurt: the happenings of a text with their tolls."""

from functools import cache

from streams.extraction.document import Document
from streams.extraction.drafts import CasualtyDraft, Note


class Finder:
    """Finds casualties in documents of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    @staticmethod
    @cache
    def load(language: str) -> "Finder":
        """The finder for `language`, with its data. Raises LexiconError."""
        return Finder(language)

    def find(self, document: Document, notes: list[Note] | None = None) -> list[CasualtyDraft]:
        """The happenings of `document`, main one first; what was weighed is added to `notes`."""
        return []
