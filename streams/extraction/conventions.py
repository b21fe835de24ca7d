"""What the words of a number stand for: the operator's table of conventions, checked when it is loaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from schemas import Count
from streams.extraction.lexicon import LexiconError, load_table

_FILE = "quantities"


@dataclass(frozen=True, slots=True)
class Bound:
    """What "at least" or "about" make of a number: factors of its ends, null where an end is open."""

    id: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    low: Fraction | None
    best: Fraction | None
    high: Fraction | None
    below: int

    def of(self, count: Count, text: str) -> Count:
        """`count` as this bound leaves it."""
        value = count.best if count.best is not None else count.low
        if value is None:
            return count
        if count.best is None:  # "more than dozens", "nearly hundreds": vague words keep their own ends
            return Count(low=count.low, text=text, rule=self.id)
        top = count.high if count.high is not None else value
        base = count.low if count.low is not None else value
        high = _times(self.high, top)
        return Count(
            low=_times(self.low, base),
            best=_times(self.best, value),
            high=None if high is None else max(0, high - self.below),
            text=text,
            rule=self.id,
        )


@dataclass(frozen=True, slots=True)
class VagueWord:
    """A phrase that is a number by itself, and the neighbours that make it one or keep it from it."""

    id: str
    count: Count
    only_before: frozenset[str]
    not_before: frozenset[str]
    not_after: frozenset[str]
    scaled_only: bool


@dataclass(frozen=True, slots=True)
class Conventions:
    """The table of one language."""

    bounds: tuple[Bound, ...]
    words: Mapping[str, VagueWord]
    of_scale: Mapping[str, tuple[str, int]]
    plurals: Mapping[str, int]
    named: Mapping[str, Count]

    def count(self, id_: str, text: str | None = None) -> Count:
        """The convention for words that hold no number: `bare_plural`, `one_person`, `no_reports`."""
        count = self.named[id_]
        return Count(low=count.low, best=count.best, high=count.high, text=text, rule=id_)


@cache
def load_conventions(language: str) -> Conventions:
    """The conventions of `language`. Raises LexiconError, which names file and entry."""
    table = load_table(language, _FILE)
    words: dict[str, VagueWord] = {}
    for entry, where in _entries(table, language, "word"):
        vague = VagueWord(
            id=_text(entry, "id", where),
            count=_count(entry, where),
            only_before=frozenset(_phrases(entry, "only_before", where)),
            not_before=frozenset(_phrases(entry, "not_before", where)),
            not_after=frozenset(_phrases(entry, "not_after", where)),
            scaled_only=bool(entry.get("scaled_only", False)),
        )
        for phrase in _phrases(entry, "words", where, required=True):
            if phrase in words:
                raise LexiconError(f"{where}: {phrase!r} stands there twice")
            words[phrase] = vague
    of_scale = {
        phrase: (_text(entry, "id", where), _whole(entry, "factor", where))
        for entry, where in _entries(table, language, "of_scale")
        for phrase in _phrases(entry, "words", where, required=True)
    }
    bounds = tuple(
        Bound(
            id=_text(entry, "id", where),
            before=_phrases(entry, "before", where),
            after=_phrases(entry, "after", where),
            low=_factor(entry, "low", where),
            best=_factor(entry, "best", where),
            high=_factor(entry, "high", where),
            below=_whole(entry, "below", where) if "below" in entry else 0,
        )
        for entry, where in _entries(table, language, "bound")
    )
    for bound, (_, where) in zip(bounds, _entries(table, language, "bound"), strict=True):
        _ordered([bound.low, bound.best, bound.high], where)
    named = {
        _text(entry, "id", where): _count(entry, where) for entry, where in _entries(table, language, "named")
    }
    for needed in ("bare_plural", "one_person", "no_reports"):
        if needed not in named:
            raise LexiconError(f"{language}/{_FILE}.toml, named: {needed!r} is missing")
    plurals = table.get("plurals")
    if not isinstance(plurals, dict) or not all(
        type(figure) is int and figure > 0 for figure in plurals.values()
    ):
        raise LexiconError(f"{language}/{_FILE}.toml, plurals: a table of whole numbers was expected")
    return Conventions(bounds, words, of_scale, plurals, named)


def _times(factor: Fraction | None, value: int) -> int | None:
    return None if factor is None else round(factor * value)


def _entries(table: Mapping[str, Any], language: str, key: str) -> list[tuple[Mapping[str, Any], str]]:
    where = f"{language}/{_FILE}.toml, {key}"
    entries = table.get(key)
    if (
        not isinstance(entries, list)
        or not entries
        or not all(isinstance(entry, Mapping) for entry in entries)
    ):
        raise LexiconError(f"{where}: entries headed [[{key}]] were expected")
    return [(entry, f"{where} {entry.get('id', number)!r}") for number, entry in enumerate(entries, 1)]


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise LexiconError(f"{where}, {key}: a word was expected, not {value!r}")
    return value


def _whole(entry: Mapping[str, Any], key: str, where: str) -> int:
    value = entry.get(key)
    if type(value) is not int or value < 0:
        raise LexiconError(f"{where}, {key}: a whole number from 0 was expected, not {value!r}")
    return value


def _factor(entry: Mapping[str, Any], key: str, where: str) -> Fraction | None:
    value = entry.get(key)
    if value is None:
        return None
    if type(value) not in (int, float) or value <= 0:
        raise LexiconError(f"{where}, {key}: a factor above 0 was expected, not {value!r}")
    return Fraction(str(value))


def _phrases(entry: Mapping[str, Any], key: str, where: str, *, required: bool = False) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise LexiconError(f"{where}, {key}: a list of words was expected, not {value!r}")
    if required and not value:
        raise LexiconError(f"{where}, {key}: at least one word was expected")
    return tuple(re.sub(r"\s+", " ", word.lower()) for word in value)


def _count(entry: Mapping[str, Any], where: str) -> Count:
    low, best, high = (_whole(entry, key, where) if key in entry else None for key in ("low", "best", "high"))
    _ordered([low, best, high], where)
    return Count(low=low, best=best, high=high)


def _ordered(ends: list[Any], where: str) -> None:
    known = [end for end in ends if end is not None]
    if known != sorted(known):
        raise LexiconError(f"{where}: low, best and high must not fall, but are {', '.join(map(str, known))}")
