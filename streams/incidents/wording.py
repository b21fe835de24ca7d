"""Names and words of reports in the form in which they are compared: lower case, short forms written out."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import dropwhile
from typing import NamedTuple, cast

from streams.incidents.settings import words

MAX_WORDS = 32

_BESIDES = ("block", "the", "of")
"""Words of a street's name that not every report has."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=8192)
def person(name: str) -> str | None:
    """A personal name as "first last" in lower case; None for a description, and for what is one word."""
    parts = [part for part in _WORD.findall(name) if len(part) > 1]
    if parts and parts[-1].lower() in ("jr", "sr", "ii", "iii"):
        parts.pop()
    if len(parts) < 2 or not (parts[0][0].isupper() and parts[-1][0].isupper()):
        return None
    first, last = parts[0].lower(), parts[-1].lower()
    return None if {first, last} & _lists().no_names else f"{first} {last}"


@lru_cache(maxsize=8192)
def street(name: str) -> str:
    """A street's name with its common short forms written out, without house numbers before it."""
    types = _lists().street_types
    parts = [types.get(part, part) for part in (word.lower() for word in _WORD.findall(name))]
    named = list(dropwhile(lambda part: part.isdigit() or part in _BESIDES, parts)) or parts
    return " ".join(part for part in named if part not in _BESIDES)


@lru_cache(maxsize=8192)
def address(name: str) -> str | None:
    """House number and street; None without a number."""
    number = next((part for part in _WORD.findall(name) if part.isdigit()), None)
    return f"{number} {street(name)}" if number is not None else None


@lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """A name in lower case without punctuation."""
    return " ".join(word.lower() for word in _WORD.findall(name))


def generic() -> frozenset[str]:
    """Names of parties that many happenings share."""
    return _lists().generic


def speaks_of_aftermath(title: str) -> bool:
    """Whether a title tells of what came after a happening: a trial, a vigil."""
    return not _lists().aftermath.isdisjoint(_WORD.findall(title.lower()))


def telling_words(texts: Iterable[str]) -> frozenset[str]:
    """What words there are in a title and in the evidence, the common ones left out."""
    found = dict.fromkeys(map(_telling, _TOKEN.findall("\n".join(texts).lower())))
    found.pop(None, None)
    # A set that is made of a dict takes half the room of one that is made of a list.
    return cast("frozenset[str]", frozenset(found if len(found) <= MAX_WORDS else list(found)[:MAX_WORDS]))


@lru_cache(maxsize=65536)
def _telling(token: str) -> str | None:
    """What is compared of a word; None for a common one."""
    word = token.replace("’", "'").removesuffix("'s")
    return _stem(word) if len(word) > 2 and word not in _lists().stop else None


def _stem(word: str) -> str:
    """A word without the endings that headlines vary: "shootings", "shooting" and "shoot" are one."""
    for ending in ("ings", "ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class _Lists(NamedTuple):
    stop: frozenset[str]
    generic: frozenset[str]
    street_types: dict[str, str]
    no_names: frozenset[str]
    aftermath: frozenset[str]


@cache
def _lists() -> _Lists:
    data = words()
    stop, generic = frozenset(data.stop), frozenset(data.generic_names)
    return _Lists(stop, generic, data.street_types, stop | generic, frozenset(data.aftermath))
