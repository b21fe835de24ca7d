"""Which of the happenings of a text is its news: the order of the drafts."""

import re
from functools import cache

from streams.extraction.document import Document
from streams.extraction.drafts import CasualtyDraft, DeploymentDraft
from streams.extraction.lexicon import alternation, word_list

_TOLD = ("actual", "ordered", "planned", "denied")


class Ranker:
    """Orders drafts in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        words = alternation(word_list(language, "deployments", "answering", "words"))
        self._answering = re.compile(rf"(?<!\w)(?:{words})(?!\w)")

    @staticmethod
    @cache
    def load(language: str) -> "Ranker":
        """The ranker of `language`. Raises LexiconError where its data is missing or wrong."""
        return Ranker(language)

    def order(
        self, document: Document, harm: list[CasualtyDraft], forces: list[DeploymentDraft]
    ) -> list[CasualtyDraft | DeploymentDraft]:
        """Main happening first: the one told first, each kind in its own order, then the others.

        What is only recalled or supposed comes behind, and so does the harm that a sending answers
        ("Following the attack that killed nine, the army sent").
        """
        main: list[CasualtyDraft | DeploymentDraft] = [*harm[:1], *forces[:1]]
        main.sort(key=lambda draft: self._place(document, draft, forces))
        return [*main, *forces[1:], *harm[1:]]

    def _place(
        self, document: Document, draft: CasualtyDraft | DeploymentDraft, forces: list[DeploymentDraft]
    ) -> tuple[bool, int, bool, int]:
        if not draft.sentences:
            return draft.realis not in _TOLD, 0, False, 0
        sentence = document.sentences[min(draft.sentences)]
        inside = [mark.start for mark in draft.marks if sentence.start <= mark.start < sentence.end]
        offset = min(inside, default=sentence.start)
        answered = False
        if isinstance(draft, CasualtyDraft) and any(sentence.index in each.sentences[:1] for each in forces):
            answered = self._answering.search(document.lower, sentence.start, offset) is not None
        return draft.realis not in _TOLD, sentence.index, answered, offset
