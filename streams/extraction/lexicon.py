"""The word lists: TOML tables under `data/<language>/`, checked when they are loaded.

Nothing else in this package knows a language. A table is read, and a list of it checked, once per process.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from schemas import TocsinError

T = TypeVar("T")

_BOUNDARY = re.compile(r"((?:\(\?<![^()]*\))*)\\b")  # also behind what must not stand before it
_END = ""  # stands among the letters that may follow where a word may end


class LexiconError(TocsinError):
    """A data file of the extraction is missing or wrong; the message names file and entry."""


@cache
def load_table(language: str, name: str) -> Mapping[str, Any]:
    """The TOML table `data/<language>/<name>.toml`. Raises LexiconError."""
    path = resources.files("streams.extraction") / "data" / language / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LexiconError(f"{language}/{name}.toml: there is no such file") from error
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{language}/{name}.toml: {error}") from error


@cache
def word_list(language: str, name: str, *keys: str) -> tuple[str, ...]:
    """The list of words at `keys` in a table; lower case, each once. Raises LexiconError."""
    where = f"{language}/{name}.toml, {'.'.join(keys)}"
    value: Any = load_table(language, name)
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            raise LexiconError(f"{where}: missing")
        value = value[key]
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise LexiconError(f"{where}: a list of words, or words in one string, was expected")
    words = tuple(word.lower() for word in value)
    for word, times in Counter(words).items():
        if times > 1:
            raise LexiconError(f"{where}: {word!r} stands there twice")
    return words


@cache
def word_set(language: str, name: str, *keys: str) -> frozenset[str]:
    """`word_list` as a set."""
    return frozenset(word_list(language, name, *keys))


def load_model(language: str, name: str, build: Callable[[Any], T]) -> T:
    """What `build` makes of the JSON file `data/<language>/<name>.json`. Raises LexiconError."""
    path = resources.files("streams.extraction") / "data" / language / f"{name}.json"
    try:
        return build(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise LexiconError(f"{language}/{name}.json: {error}") from error


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest that fits first; spaces match any run of blanks.

    What several words begin with stands there once, so that hundreds of words cost little more than one.

    >>> alternation(["car", "cars", "cat"])
    'ca(?:r(?:s|)|t)'
    """
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for letter in word:
            branch = branch.setdefault(letter, {})
        branch[_END] = {}
    return "|".join(_written(tree))


def _written(tree: Mapping[str, Any]) -> list[str]:
    """The ways to go on from a point in a word, the end of the word last."""
    ways = []
    for letter, rest in sorted(tree.items(), key=lambda way: (way[0] == _END, way[0])):
        following = _written(rest)
        tail = following[0] if len(following) == 1 else f"(?:{'|'.join(following)})" if following else ""
        ways.append((r"\s+" if letter == " " else re.escape(letter)) + tail)
    return ways


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """An expression for any of `patterns`. Those that begin at a boundary of words are tried only there."""
    within, elsewhere = [], []
    for pattern in patterns:
        boundary = _BOUNDARY.match(pattern)
        if boundary and not _has_ways(pattern):
            within.append(boundary.group(1) + pattern[boundary.end() :])
        else:
            elsewhere.append(pattern)
    return re.compile("|".join([rf"\b(?:{'|'.join(within)})", *elsewhere] if within else elsewhere))


def _has_ways(pattern: str) -> bool:
    """Whether a bar outside of all brackets splits the pattern."""
    bare, brackets = re.sub(r"\\.|\[[^\]]*\]", "", pattern), 1
    while brackets:
        bare, brackets = re.subn(r"\([^()]*\)", "", bare)
    return "|" in bare
