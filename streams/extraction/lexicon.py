"""The word lists: TOML tables under `data/<language>/`, checked when they are loaded.

Nothing else in this package knows a language. A table is read once per process.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from schemas import TocsinError


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


def word_set(language: str, name: str, *keys: str) -> frozenset[str]:
    """`word_list` as a set."""
    return frozenset(word_list(language, name, *keys))


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first, spaces matching any run of blanks."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
