"""The proper names in the telling of a happening: quarters, markets, ships, groups, people who play a part.

Nothing is known of what they are. They are what two reports of one happening share and its look-alikes don't.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from streams.extraction.document import Sentence
from streams.extraction.lexicon import alternation, word_list, word_set

_UPPER = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
_SHORTEST = 3  # letters of a name that is one word
_MOST = 10
_LOOKED_AT = 60  # names of one text
_TITLE_CASE = 0.6  # from this share of capitalised words on, capitals tell nothing
_LEAD = 3  # sentences that are read together with a happening told among them


@dataclass(slots=True)
class _Name:
    start: int
    end: int
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Patterns:
    run: re.Pattern[str]
    word: re.Pattern[str]
    no_names: frozenset[str]
    no_ends: frozenset[str]
    wide: frozenset[str]


def find_names(
    text: str, sentences: Sequence[Sentence], chosen: Sequence[Sentence], language: str
) -> list[tuple[str, int, int]]:
    """The names that `chosen` of `sentences` hold, those that are told most and first before the others.

    What stands before a happening that is told at the beginning belongs to it as well.
    """
    known = _patterns(language)
    if chosen and chosen[0].index <= _LEAD:
        chosen = [*(s for s in sentences[: chosen[0].index] if s not in chosen), *chosen]
    plain = [sentence for sentence in chosen if not sentence.capitals and not _title_case(sentence)]
    sure = {word for sentence in plain for word in _inside(text, sentence, known)}
    found: list[_Name] = []
    for position, sentence in enumerate(chosen):
        if sentence.capitals:
            continue
        all_sure = sentence in plain
        for match in known.run.finditer(text, sentence.start, sentence.end):
            begins = not text[sentence.start : match.start()].strip(" \"'(•-")
            name = _name(match, known, sure, plain=all_sure, begins=begins)
            if name is not None and not known.wide.issuperset(name.words) and len(found) < _LOOKED_AT:
                name.weight = 3.0 if sentence.in_title else 2.0 if position <= _LEAD else 1.0
                _add(found, name)
    found.sort(key=lambda name: (-name.weight, name.start))
    return [(text[name.start : name.end], name.start, name.end) for name in found[:_MOST]]


def _inside(text: str, sentence: Sentence, known: _Patterns) -> set[str]:
    """The words of a sentence that are capitalised although they don't begin it."""
    return {
        word.lower()
        for match in known.run.finditer(text, sentence.start, sentence.end)
        for number, word in enumerate(known.word.findall(match.group()))
        if number or text[sentence.start : match.start()].strip(" \"'(•-")
    }


def _name(
    match: re.Match[str], known: _Patterns, sure: set[str], *, plain: bool, begins: bool
) -> _Name | None:
    """The name in a run of capitalised words, less what is capitalised for another reason."""
    words = list(known.word.finditer(match.group()))
    if not plain:
        words = _sure_run(words, sure)
    while words and words[0].group().lower() in known.no_names:
        words.pop(0)
    while words and words[-1].group().lower() in known.no_ends:
        words.pop()
    if plain and begins and len(words) == 1 and words[0].group().lower() not in sure:
        return None
    if not words or (len(words) == 1 and len(words[0].group()) < _SHORTEST):
        return None
    first, last = match.start() + words[0].start(), match.start() + words[-1].end()
    return _Name(first, last, tuple(word.group().lower() for word in words), 0.0)


def _sure_run(words: list[re.Match[str]], sure: set[str]) -> list[re.Match[str]]:
    """Of a headline's words the first stretch that the text has as a name."""
    kept: list[re.Match[str]] = []
    for word in words:
        if word.group().lower() in sure:
            kept.append(word)
        elif kept:
            break
    return kept


def _add(found: list[_Name], name: _Name) -> None:
    """Put `name` to the others: told again it weighs more, and of two forms the full one stands."""
    for other in found:
        if set(name.words) <= set(other.words):
            other.weight += 1.0
            return
        if set(other.words) < set(name.words):
            other.start, other.end, other.words = name.start, name.end, name.words
            other.weight += 1.0
            return
    found.append(name)


def _title_case(sentence: Sentence) -> bool:
    words = [word for word in sentence.text.split() if len(word) > _SHORTEST and word[0].isalpha()]
    return len(words) > 1 and sum(word[0].isupper() for word in words) > _TITLE_CASE * len(words)


def _wide(language: str) -> frozenset[str]:
    """The words of the names of countries and their people: a happening's country is no name of its own."""
    path = resources.files("streams.extraction") / "data" / language / "countries.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    return frozenset(
        word
        for row in rows
        for names in row[1:]
        for name in names.split("|")
        for word in name.lower().split()
    )


@cache
def _patterns(language: str) -> _Patterns:
    particles = alternation(word_set(language, "terms", "people", "particles"))
    articles, genitive = (
        alternation(word_list(language, "forms", key)) for key in ("name_articles", "genitive")
    )
    named = rf"(?:(?:{articles})-)?{_UPPER}[^\W\d_]*(?:(?!(?:{genitive})\b)['-][^\W\d_]+)*"
    ends = word_set(language, "terms", "names", "not_names")
    days = word_set(language, "terms", "names", "times")
    return _Patterns(
        run=re.compile(rf"(?<![\w'-]){named}(?: (?:(?:{particles}) )?{named}){{0,4}}"),
        word=re.compile(named),
        no_names=word_set(language, "terms", "people", "not_names") | ends,
        no_ends=ends | days,
        wide=_wide(language),
    )
