"""Numbers as a language writes them: digits, words and mixtures of both, to whole numbers.

>>> english = Numerals.load("en")
>>> english.parse("1.2 million"), english.parse("twenty-one"), english.parse("two and a half thousand")
(1200000, 21, 2500)
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from streams.extraction.lexicon import LexiconError, alternation, load_table, word_list

DIGITS = (
    r"(?:\d{1,3}(?:,\d{3})+(?!,?\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!,?\d)"  # 1,250,000 or 12,50,000
    r"|\d{1,3}(?:,\s000)+(?!,?\d)|\d+)(?:\.\d+)?"
)
_GAP = r"(?:\s*-\s*|\s+)"
_SPACED = re.compile(r",\s000")  # "20, 000", as some feeds break it
_SEPARATOR = re.compile(r"[\s-]+")


class Numerals:
    """The numbers of one language, as a pattern and its reading; the words are in `quantities.toml`."""

    def __init__(self, language: str) -> None:
        table = load_table(language, "quantities")
        units, teens, tens = (_figures(table, language, key) for key in ("units", "teens", "tens"))
        self._hundred = _figures(table, language, "hundred")
        self._scales = _figures(table, language, "scales")
        self._dozens = _figures(table, language, "dozens")
        self._fractions = _figures(table, language, "fractions")
        self._small = units | teens | tens
        self._single = {word: value for word, value in self._small.items() if word not in self._fractions}
        self._articles = frozenset(word_list(language, "quantities", "numerals", "articles"))
        self._and = word_list(language, "quantities", "numerals", "and")[0]
        self._of = word_list(language, "quantities", "numerals", "of")[0]

        unit, teen, ten = (alternation(words) for words in (units, teens, tens))
        article, joined = alternation(self._articles), self._and
        hundred, dozen = alternation(self._hundred), alternation(self._dozens)
        scale, fraction = alternation(self._scales), alternation(self._fractions)
        pair = rf"(?:(?:{ten})(?:{_GAP}(?:{unit}))?|{teen}|{unit})"
        group = rf"(?:(?:{pair}|{article}){_GAP}(?:{hundred})\b(?:{_GAP}(?:{joined}\s+)?{pair}\b)?|{pair})"
        large = rf"(?:{group}|{article}){_GAP}(?:{scale})\b"
        on = rf"{_GAP}(?:{joined}\s+)?{group}"
        written = rf"(?:{large}(?:{on}{_GAP}(?:{scale})\b)*(?:{on}\b)?|{group}\b)"
        whole = rf"(?:{DIGITS}|{written})"
        multiple = rf"(?:{scale}|{hundred}|{dozen})"
        counted = rf"{_GAP}(?:{scale}|{dozen})\b"
        part = rf"(?:(?:{article})\s+)?(?:{fraction})(?:{_GAP}{self._of})?(?:{_GAP}(?:{article}))?{counted}"
        mixed = rf"{whole}{_GAP}{joined}{_GAP}(?:{article}){_GAP}(?:{fraction}){counted}"
        self.multiple = multiple
        self.pattern = (
            rf"(?:{part}|{mixed}|(?:{article})\s+(?:{dozen})\b|{whole}(?:{_GAP}{multiple}\b)*|(?:{dozen})\b)"
        )
        self.starters = frozenset({*self._small, *self._articles, *self._fractions, *self._dozens})
        multiples = {*self._hundred, *self._scales, *self._dozens, *self._fractions}
        self.after: dict[str, frozenset[str]] = dict.fromkeys(self._articles, frozenset(multiples))
        """The words that can only begin a number where one of these follows."""

    @staticmethod
    @cache
    def load(language: str) -> "Numerals":
        """The numerals of `language`. Raises LexiconError where its data is missing or wrong."""
        return Numerals(language)

    def scale_of(self, word: str) -> int:
        """What a word like "thousand" or "dozen" multiplies by; 1 for others."""
        return self._scales.get(word) or self._hundred.get(word) or self._dozens.get(word) or 1

    def parse(self, text: str) -> int | None:
        """The whole number that `text` (lower case, matched by `pattern`) writes; null where it is none."""
        if text.isdecimal():
            return int(text)
        single = self._single.get(text)
        if single is not None:
            return single
        total = Fraction(0)
        current: Fraction | None = None
        for word in filter(None, _SEPARATOR.split(_SPACED.sub(",000", text))):
            if word in self._fractions:
                share = Fraction(1, self._fractions[word])
                current = share if current is None else current + share
            elif word in self._small:
                current = (current or Fraction(0)) + self._small[word]
            elif word in self._hundred or word in self._dozens or word in self._scales:
                factor = self.scale_of(word)
                if word in self._scales and not text[:1].isdigit():
                    total += (Fraction(1) if current is None else current) * factor
                    current = None
                else:
                    current = (Fraction(1) if current is None else current) * factor
            elif word[0].isdigit():
                current = Fraction(word.replace(",", ""))
            elif word not in self._articles and word not in (self._and, self._of):
                return None
        total += current or Fraction(0)
        return int(total) if total.denominator == 1 else None


def _figures(table: Mapping[str, object], language: str, key: str) -> dict[str, int]:
    where = f"{language}/quantities.toml, numerals.{key}"
    numerals = table.get("numerals")
    figures = numerals.get(key) if isinstance(numerals, Mapping) else None
    if not isinstance(figures, Mapping) or not figures:
        raise LexiconError(f"{where}: a table of words and whole numbers was expected")
    for word, figure in figures.items():
        if type(figure) is not int or figure < 0:
            raise LexiconError(f"{where}, {word!r}: a whole number from 0 was expected, not {figure!r}")
    return {word.lower(): figure for word, figure in figures.items()}
