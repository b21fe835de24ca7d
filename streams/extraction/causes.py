"""What hurt the people: the cause code that the words of a happening tell most."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast, get_args

from schemas.events import Cause
from streams.extraction.document import Document
from streams.extraction.lexicon import LexiconError, alternation, load_table, word_set

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NEAR, _TITLE, _ELSEWHERE = 3.0, 2.0, 0.4
_BEGINNING = 8  # sentences


class CauseFound(NamedTuple):
    """A cause, and the words that tell it, as offsets of the clean text."""

    cause: Cause
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CauseFinder:
    """The words of one language for each cause."""

    phrases: re.Pattern[str]
    causes: dict[str, tuple[str, float]]
    takes_nobody: frozenset[str]

    @staticmethod
    @cache
    def load(language: str) -> "CauseFinder":
        """The finder for `language`. Raises LexiconError."""
        words: dict[str, tuple[str, float]] = {}
        for entry in load_table(language, "causes").get("cause", ()):
            if entry.get("id") not in get_args(Cause):
                raise LexiconError(f"{language}/causes.toml: there is no cause {entry.get('id')!r}")
            for word in [*entry.get("words", "").split(), *entry.get("phrases", [])]:
                words[word] = (entry["id"], float(entry.get("weight", 1.0)))
        phrases = re.compile(rf"(?<!\w)(?:{alternation(word for word in words if ' ' in word)})(?!\w)")
        return CauseFinder(phrases, words, word_set(language, "causes", "taken", "never"))

    def find(
        self,
        document: Document,
        sentences: Iterable[int],
        told: Cause | None,
        *,
        taken: bool = False,
        within: int = _BEGINNING,
    ) -> CauseFound | None:
        """The cause of what `sentences` tell (the main one first); `told` is what the verb itself says.

        `taken`: people were only kidnapped or detained, which no storm does. Besides them the
        first `within` sentences are looked at.
        """
        chosen = list(sentences)
        scores: dict[str, float] = {}
        first: dict[str, tuple[float, int, int]] = {}
        rest = [s.index for s in document.sentences[:within] if s.index not in chosen]
        for rank, index in enumerate([*chosen, *rest]):
            sentence = document.sentences[index]
            near = _NEAR if rank == 0 else 1.0 if index in chosen else _ELSEWHERE
            weight = max(near, _TITLE) if sentence.in_title else near
            for match in (
                *self.phrases.finditer(document.lower, sentence.start, sentence.end),
                *_WORD.finditer(document.lower, sentence.start, sentence.end),
            ):
                known = self.causes.get(" ".join(match.group().split()))
                if known is None:
                    continue
                cause, factor = known
                scores[cause] = scores.get(cause, 0.0) + weight * factor
                if cause not in first or weight > first[cause][0]:
                    first[cause] = (weight, match.start(), match.end())
        if told is not None and told in scores:
            scores[told] += 2.0
        if taken:
            scores = {cause: score for cause, score in scores.items() if cause not in self.takes_nobody}
        if not scores:
            return None
        best = max(scores, key=lambda cause: scores[cause])
        return CauseFound(cast("Cause", best), first[best][1], first[best][2])
