"""A text as sentences and tokens, with the way back to the words as they came.

All offsets here are of the clean text; `Document.span` turns them into offsets of the original. Tokens are
made only for the sentences that somebody looks at: most articles are put aside before that.

>>> document = read_document("3 dead in Leeds", "Gov. Hill said 1,200 fled.")
>>> [token.text for token in document.sentences[1].tokens]
['Gov.', 'Hill', 'said', '1,200', 'fled', '.']
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from streams.extraction.captions import Captions
from streams.extraction.cleaning import Clean, clean
from streams.extraction.splitting import Splitter

_WORD = re.compile(r"[^\W\d_]+|\d+")


def words_in(text: str) -> list[str]:
    """The words and whole numbers of `text` in order, split as `Sentence.words` are."""
    return _WORD.findall(text)


class Token(NamedTuple):
    """One word, number or mark; `start` and `end` are offsets of the clean text."""

    text: str
    lower: str
    start: int
    end: int


class Sentence:
    """A stretch of the clean text without an end of sentence or paragraph in it.

    `index` counts sentences, `paragraph` paragraphs (the title is paragraph 0 where there is one).
    """

    def __init__(
        self,
        source: str,
        lower: str,
        splitter: Splitter,
        index: int,
        start: int,
        end: int,
        paragraph: int,
        in_title: bool,
    ) -> None:
        self._source = source
        self._lower = lower
        self._splitter = splitter
        self.index = index
        self.start = start
        self.end = end
        self.paragraph = paragraph
        self.in_title = in_title

    @property
    def text(self) -> str:
        """The words, as the clean text has them."""
        return self._source[self.start : self.end]

    @property
    def lower(self) -> str:
        """The words in lower case, letter for letter."""
        return self._lower[self.start : self.end]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words and whole numbers in lower case, in no order.

        Much cheaper than tokens: by these a reader can tell that it has nothing to look for here.
        """
        return frozenset(_WORD.findall(self._lower, self.start, self.end))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The sentence's tokens, in order."""
        source = self._source
        found = []
        for start, end in self._splitter.tokens(source, self.start, self.end):
            text = source[start:end]
            found.append(Token(text, text.lower(), start, end))
        return tuple(found)

    @cached_property
    def capitals(self) -> bool:
        """Whether the sentence is written in capitals, so that case tells nothing."""
        text = self.text
        upper = sum(map(str.isupper, text))
        return upper >= 4 and upper >= 0.8 * sum(map(str.isalpha, text))

    def __repr__(self) -> str:
        return f"Sentence({self.index}, {self.text!r})"


class Document:
    """An article's text: `original` as it came, `clean` as it is read, and its sentences.

    `lower` is the clean text in lower case, letter for letter: the offsets are the same. In it a sentence is
    one line, however the text was wrapped, so that what is looked for may stand across its lines. A
    gallery of pictures is left out of both.
    """

    def __init__(self, cleaned: Clean, title_length: int, language: str) -> None:
        self._cleaned = cleaned
        self.language = language
        self.original = cleaned.original
        self.clean = cleaned.text
        splitter = Splitter.load(language)
        lower = _lower(self.clean)
        paragraphs = list(splitter.paragraphs(self.clean, title_length))
        gallery = Captions.load(language).among(lower, paragraphs)
        spans = [
            (first, last, number, start < title_length)
            for number, (start, end) in enumerate(paragraphs)
            if number not in gallery
            for first, last in splitter.sentences(self.clean, start, end)
        ]
        if gallery:
            lower = _rewritten(lower, [paragraphs[number] for number in sorted(gallery)], _blank)
        if "\n" in lower:
            lower = _rewritten(lower, [(first, last) for first, last, *_ in spans], _one_line)
        self.lower = lower
        self.sentences: tuple[Sentence, ...] = tuple(
            Sentence(self.clean, self.lower, splitter, index, *span) for index, span in enumerate(spans)
        )

    @property
    def title(self) -> Sentence | None:
        """The first sentence of the title, where there is one."""
        return next((sentence for sentence in self.sentences if sentence.in_title), None)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original text of `clean[start:end]`."""
        return self._cleaned.span(start, end)

    def quote(self, start: int, end: int) -> str:
        """The words of `clean[start:end]` as the original has them."""
        first, last = self.span(start, end)
        return self.original[first:last]


def read_document(title: str | None, body: str | None, language: str = "en") -> Document:
    """The sentences of an article. Pure, and linear in its length; `Document.original` is `Article.text`."""
    original = "\n\n".join(part for part in (title, body) if part)
    cleaned = clean(original)
    title_length = cleaned.reached(len(title)) if title else 0
    return Document(cleaned, title_length, language)


def _rewritten(text: str, spans: list[tuple[int, int]], change: Callable[[str], str]) -> str:
    """`text` with what `change` makes of each span, as long as it was; they are in order, none overlap."""
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], change(text[start:end]))
        done = end
    return "".join((*pieces, text[done:]))


def _blank(part: str) -> str:
    return " " * len(part)


def _one_line(part: str) -> str:
    return part.replace("\n", " ")


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
