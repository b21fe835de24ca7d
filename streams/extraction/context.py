"""What surrounds a statement: an earlier happening, another one, a whole war, a drill, an outdated figure."""

import re
from functools import cache
from typing import Literal, get_args

from streams.extraction.document import Sentence
from streams.extraction.lexicon import LexiconError, load_table

Cue = Literal[
    "historical", "other", "cumulative", "unreal", "overall", "local", "outdated", "blamed", "sport"
]

_SEGMENT = re.compile(r";|:\s|\s[–—-]+\s|,\s+(?=\w+ing\b|\w+\s)|\.\s")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b(?!\s*(?:people|homes|others))")


class Context:
    """The cues of one language."""

    def __init__(self, language: str) -> None:
        table = load_table(language, "context")
        self._cues: dict[str, re.Pattern[str]] = {}
        for cue in get_args(Cue):
            patterns = table.get(cue)
            if not isinstance(patterns, list):
                raise LexiconError(f"{language}/context.toml, {cue}: a list of patterns was expected")
            for number, pattern in enumerate(patterns, start=1):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise LexiconError(f"{language}/context.toml, {cue} {number}: {error}") from error
            self._cues[cue] = re.compile("|".join(patterns))

    @staticmethod
    @cache
    def load(language: str) -> "Context":
        """The cues for `language`. Raises LexiconError."""
        return Context(language)

    def cues(self, sentence: Sentence) -> dict[str, tuple[int, ...]]:
        """Where each cue starts to hold, as offsets within the sentence: at its own clause, from there on."""
        text = sentence.text.lower()
        found: dict[str, tuple[int, ...]] = {}
        for cue, pattern in self._cues.items():
            starts = [match.start() for match in pattern.finditer(text)]
            if starts:
                found[cue] = tuple(_clause(text, start) for start in starts)
        return found

    def holds(self, cue: Cue, text: str) -> bool:
        """Whether a cue stands anywhere in a text in lower case."""
        return self._cues[cue].search(text) is not None

    @staticmethod
    def years(sentence: Sentence) -> tuple[tuple[int, int], ...]:
        """The years that a sentence names, each with the start of its clause."""
        text = sentence.text
        return tuple((int(match.group()), _clause(text, match.start())) for match in _YEAR.finditer(text))


def _clause(text: str, offset: int) -> int:
    start = 0
    for match in _SEGMENT.finditer(text, 0, offset):
        start = match.end()
    return start
