"""Where paragraphs, sentences and tokens end, by the conventions of one language."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from streams.extraction.lexicon import alternation, word_list, word_set

_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_LINE = re.compile(r"\n[^\S\n]*")
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s+\S)|[;:]?\s+•\s+|\s\|\s|\s(?:--\s){2,}")
_LAST_WORD = re.compile(r"(?:[^\W\d_]+\.)*[^\W_]+$")
_OPENING = " \t\n\"'([-—–"
_STOPS = ".!?"
_LONGEST = 1200
_WRAPPED = range(40, 101)  # the length of a line that a fixed-width feed broke


class Splitter:
    """The splitter of one language; its abbreviations are in `data/<language>/abbreviations.toml`."""

    def __init__(self, language: str) -> None:
        name = "abbreviations"
        self._titles = word_set(language, name, "titles")
        self._before_number = word_set(language, name, "before_number")
        self._either = word_set(language, name, "either")
        self._openers = word_set(language, name, "openers")
        dotted = {
            *word_list(language, name, "titles"),
            *word_list(language, name, "before_number"),
            *(word for word in self._either if "." not in word),
        }
        short = alternation(dotted)
        contracted = rf"(?:{alternation(word_list(language, 'forms', 'contracted'))})\b"
        half = alternation(word_list(language, "forms", "half_days"))
        self._token = re.compile(
            r"[^\W\d_]+(?=[\s,])"  # most words, without a look at anything below
            r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,]*\d)"  # 1,200
            r"|\d{1,2}:\d{2}(?!\d)"
            r"|\d+(?:-\d+){2,}"  # telephone numbers, dates
            r"|\d+\.\d+(?:-[^\W\d_]+)*(?!\d)|\.\d+"
            r"|\d+(?=-\d)"  # either end of a range
            rf"|\b(?:{short})\.(?:-(?:{short})\.)*(?=\W)"
            r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W\d_]\.(?=\s[^\W\d_])"
            rf"|(?:{half})\b|'{contracted}"
            rf"|[^\W_]+(?:-[^\W_]+)*(?:'(?!{contracted})[^\W\d_]+)?(?:-[^\W_]+)*"
            r"|\.{2,}|-{2,}|[^\w\s]|_+",
            re.IGNORECASE,
        )

    @staticmethod
    @cache
    def load(language: str) -> "Splitter":
        """The splitter for `language`. Raises LexiconError where its data is missing."""
        return Splitter(language)

    def paragraphs(self, text: str, title_length: int) -> Iterator[tuple[int, int]]:
        """The paragraphs of `text`; the title is one, and a line break ends one unless the feed wraps."""
        wrapped = _is_wrapped(text, title_length)
        bounds = [0, *([title_length] if title_length else [])]
        for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True):
            position = start
            pattern = _BLANK_LINE if wrapped or start < title_length else _LINE
            for match in pattern.finditer(text, start, end):
                yield from _trimmed(text, position, match.start())
                position = match.end()
            yield from _trimmed(text, position, end)

    def sentences(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The sentences of the paragraph `text[start:end]`; a very long one is cut at a blank."""
        position = start
        for match in _END.finditer(text, start, end):
            stop = match.start()
            if text[stop] in _STOPS:
                if not self._ends(text, position, match, end):
                    continue
                stop = match.end()
            yield from _capped(text, position, stop)
            position = stop
        yield from _capped(text, position, end)

    def _ends(self, text: str, start: int, match: re.Match[str], end: int) -> bool:
        following = text[match.end() : min(end, match.end() + 40)].lstrip(_OPENING)
        if not following:
            return True
        if following[0].islower():
            return False
        if match.group() != ".":
            return True
        before = _LAST_WORD.search(text, max(start, match.start() - 30), match.start())
        word = before.group().lower() if before else ""
        if word in self._titles or (len(word) == 1 and word.isalpha()):
            return False
        if word in self._before_number:
            return not following[0].isdigit()
        if word in self._either or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
            first = re.match(r"[\w']+", following)
            return first is None or first.group().lower() in self._openers
        return True

    def tokens(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The tokens of `text[start:end]` as offsets."""
        for match in self._token.finditer(text, start, end):
            yield match.span()


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cut = max(text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in ("; ", ", ", " "))
        cut = cut + 1 if cut > 0 else start + _LONGEST
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _is_wrapped(text: str, title_length: int) -> bool:
    """Whether a feed broke the lines at a fixed width, so that a line break means nothing."""
    lines = [line.strip() for line in text[title_length : title_length + 6000].split("\n")]
    followed = [len(line) for line, after in pairwise(lines) if line and after]
    return bool(followed) and sum(length in _WRAPPED for length in followed) >= 0.6 * len(followed)
