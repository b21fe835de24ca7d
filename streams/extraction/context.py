"""What surrounds a statement: an earlier happening, another one, a whole war, a drill, an outdated figure."""

import re
from functools import cache
from typing import Literal, get_args

from streams.extraction.document import Sentence
from streams.extraction.lexicon import LexiconError, any_of, load_table

Cue = Literal[
    "historical",
    "other",
    "cumulative",
    "unreal",
    "overall",
    "local",
    "outdated",
    "blamed",
    "denied",
    "earlier",
]

"""What a sentence says of its own statements."""
Whole = Literal[
    "sport",
    "remembers",
    "consequence",
    "late",
    "bulletin",
    "fiction",
    "days",
    "news",
    "rehearsal",
    "turn",
    "violent",
    "reviewed",
    "unconfirmed",
    "saved",
    "rescued",
    "untold",
    "living",
]
"""What a title or a whole text is like."""

_EXACT: frozenset[str] = frozenset({"denied", "earlier"})

Span = tuple[int, int]

_REVIEW, _REHEARSAL, _MATCH = 3, 2, 3  # different words
_QUOTES = " \"'-"
_SEGMENT = re.compile(r";|:\s|\s[–—-]+\s|,\s+(?=\w+\s)|\.\s")
_SENTENCES = re.compile(r"[;:]|\s[–—-]+\s")
_YEAR = re.compile(r"(?:1(?<!\w1)[5-9]|2(?<!\w2)0)\d\d\b")
_YEARS = ("year_alone", "year_ends", "no_year")


class Context:
    """The cues of one language."""

    def __init__(self, language: str) -> None:
        table = load_table(language, "context")
        patterns_of: dict[str, re.Pattern[str]] = {}
        for cue in (*get_args(Cue), *get_args(Whole), *_YEARS):
            patterns = table.get(cue)
            if not isinstance(patterns, list):
                raise LexiconError(f"{language}/context.toml, {cue}: a list of patterns was expected")
            for number, pattern in enumerate(patterns, start=1):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise LexiconError(f"{language}/context.toml, {cue} {number}: {error}") from error
            patterns_of[cue] = any_of(patterns)
        self._cues = {cue: patterns_of[cue] for cue in get_args(Cue)}
        self._whole = {cue: patterns_of[cue] for cue in get_args(Whole)}
        self._year_alone, self._year_ends, self._no_year = (patterns_of[name] for name in _YEARS)

    @staticmethod
    @cache
    def load(language: str) -> "Context":
        """The cues for `language`. Raises LexiconError."""
        return Context(language)

    def cues(self, text: str) -> dict[str, tuple[Span, ...]]:
        """Where each cue holds in a sentence in lower case, as offsets within it: from its own clause on.

        What is said "a day after" another happening is a clause by itself: it holds from its own words on,
        and where it opens the sentence, to the comma.
        """
        found: dict[str, tuple[Span, ...]] = {}
        for cue, pattern in self._cues.items():
            first = pattern.search(text)
            if first is None:
                continue
            if cue in _EXACT:
                starts = (match.start() for match in pattern.finditer(text, first.start()))
                found[cue] = tuple((start, self._stop(text, start)) for start in starts)
            else:
                turn = self._whole["turn"].search(text, first.end()) if cue == "outdated" else None
                found[cue] = ((clause_start(text, first.start()), turn.start() if turn else len(text)),)
        return found

    def _stop(self, text: str, start: int) -> int:
        """Where a clause from `start` on ends: that opens the sentence at a comma, another at a "but"."""
        comma = text.find(",", start) if not text[:start].strip(_QUOTES) else -1
        turn = self._whole["turn"].search(text, start)
        return comma if comma > 0 else turn.start() if turn else len(text)

    def holds(self, cue: Whole, text: str) -> bool:
        """Whether a cue stands anywhere in a text in lower case."""
        return self._whole[cue].search(text) is not None

    def made_up(self, title: str, text: str) -> bool:
        """Whether nothing of what `text` tells happened: a review, a drill. Both are in lower case; `title`
        holds the first sentences too."""
        if self.holds("reviewed", title) or len(self._words("fiction", text)) >= _REVIEW:
            return not self.holds("news", text)
        return len(self._words("rehearsal", text)) >= _REHEARSAL and self.holds("rehearsal", title)

    def about_sport(self, text: str) -> bool:
        """Whether a text in lower case tells of games, and nobody of what police or officials say."""
        return len(self._words("sport", text)) >= _MATCH and not self.holds("news", text)

    def _words(self, cue: Whole, text: str) -> set[str]:
        return {match.group() for match in self._whole[cue].finditer(text)}

    def years(self, sentence: Sentence) -> tuple[tuple[int, int], ...]:
        """The years that a sentence names, each with the start of its clause."""
        text = sentence.text
        found = []
        for match in _YEAR.finditer(text):
            end = match.end()
            if self._no_year.match(text, end):
                continue
            start = clause_start(text, match.start())
            if start and self._year_alone.fullmatch(text, start, end) and self._year_ends.match(text, end):
                start = clause_start(text, start - 2)  # "20 died there, 25 km from here, in 1998"
                start = 0 if not _SENTENCES.search(text, 0, start) else start
            found.append((int(match.group()), start))
        return tuple(found)


def clause_start(text: str, offset: int) -> int:
    """Where the clause that holds `offset` starts."""
    start = 0
    for match in _SEGMENT.finditer(text, 0, offset):
        start = match.end()
    return start
