"""Names as words that can be met again: folded, so that spellings of one name from other scripts are one."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import cast

from streams.incidents.settings import words

_SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = (("aa", "a"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("q", "k"))
_DOUBLED = re.compile(r"(.)\1+")


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The capitalised words of `names`, folded; what any text has, and what is too short, is left out."""
    found = dict.fromkeys([fold(word) for word in _WORD.findall("\n".join(names)) if word[0].isupper()])
    found.pop(None, None)
    return cast("frozenset[str]", frozenset(found))


def folded(names: Iterable[str]) -> frozenset[str]:
    """The words of `names`, however they are written, folded."""
    return frozenset(plain for name in names for word in name.split() if (plain := fold(word)) is not None)


@lru_cache(maxsize=65536)
def fold(word: str) -> str | None:
    """A word as its spellings have it in common: "Jameela" as "Jamila", "Karradah" as "Karrada"."""
    lower = word.lower()
    if lower in _no_names():
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    for spelling, usual in _VOWELS:
        plain = plain.replace(spelling, usual)
    plain = _DOUBLED.sub(r"\1", plain).removesuffix("h")
    return plain if len(plain) >= _SHORTEST else None


@cache
def _no_names() -> frozenset[str]:
    lists = words()
    generic = {part for name in lists.generic_names for part in name.split()}
    return frozenset(
        (
            *lists.stop,
            *generic,
            *lists.no_names,
            *lists.given_names,
            *lists.street_types,
            *lists.street_types.values(),
        )
    )
