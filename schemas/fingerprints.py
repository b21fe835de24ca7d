"""The near-copy signature of a Reading: how much of one story's wording stands in another.

A signature keeps the smallest hashes of a text's word triples (a bottom-k sketch). Two sketches are compared
below the smaller of their two ceilings, where both are complete; what they share there, as a part of the
smaller one, estimates containment. So a wire story and its cut reprint are alike although their lengths
differ, which the plain Jaccard index misses.

>>> similarity(encode([1, 2, 3, 4, 5, 6, 7]), encode([1, 2, 3, 4, 5, 6, 7]))
1.0
"""

import base64
import struct
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

SKETCH_SIZE = 72
"""Hashes kept: 360 characters of text."""

HASH_BITS = 32
_FULL = 1 << HASH_BITS
_VERSION = "1"
_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_NO_DIGIT = 255
_DIGITS = bytes(_ALPHABET.index(code) if code in _ALPHABET else _NO_DIGIT for code in range(256))
_PLACES = tuple([digit * 85**place for digit in range(256)] for place in (4, 3, 2, 1))
"""What a digit stands for, place by place: by table it is many times as fast as base64.b85decode."""

_TRUSTED = 10
"""Fewer hashes to compare than this speak for little: the estimate is lowered in proportion."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A decoded signature: `hashes` has every hash of the text below `ceiling`, `ranked` them in order."""

    hashes: frozenset[int]
    ceiling: int
    ranked: tuple[int, ...]


def encode(hashes: Iterable[int]) -> str:
    """The signature of a text whose word triples hash to `hashes` (each from 0 to 2**32 - 1)."""
    smallest = sorted(set(hashes))
    complete = len(smallest) <= SKETCH_SIZE
    kept = smallest[:SKETCH_SIZE]
    if smallest and (smallest[0] < 0 or smallest[-1] >= _FULL):
        raise ValueError(f"hashes have {HASH_BITS} bits, these go from {smallest[0]} to {smallest[-1]}")
    packed = base64.b85encode(struct.pack(f">{len(kept)}I", *kept)).decode("ascii")
    return f"{_VERSION}{'=' if complete else '<'}{packed}"


@lru_cache(maxsize=64)
def decode(signature: str) -> Sketch:
    """The sketch that a signature holds. Raises ValueError when it is none."""
    if signature[:1] != _VERSION or signature[1:2] not in ("=", "<"):
        raise ValueError(f"not a signature of version {_VERSION}: {signature[:12]!r}")
    try:
        digits = signature[2:].encode("ascii").translate(_DIGITS)
    except UnicodeEncodeError as error:
        raise ValueError(f"a damaged signature: {signature[:12]!r}") from error
    first, second, third, fourth = _PLACES
    hashes = [
        first[a] + second[b] + third[c] + fourth[d] + e
        for a, b, c, d, e in zip(
            digits[::5], digits[1::5], digits[2::5], digits[3::5], digits[4::5], strict=False
        )
    ]
    ranked = sorted(hashes)  # they are written in their order: this only makes sure
    highest = ranked[-1] if ranked else 0
    if len(digits) % 5 or _NO_DIGIT in digits or highest >= _FULL:
        raise ValueError(f"a damaged signature: {signature[:12]!r}")
    complete = signature[1] == "="
    ceiling = _FULL if complete or not hashes else highest + 1
    found = frozenset(hashes)
    return Sketch(found, ceiling, tuple(ranked if len(found) == len(ranked) else sorted(found)))


def overlap(first: str, second: str) -> tuple[int, int]:
    """What two signatures share and how many hashes could be compared: the evidence behind `similarity`.

    Raises ValueError for a damaged signature.
    """
    one, other = decode(first), decode(second)
    ceiling = min(one.ceiling, other.ceiling)
    shared = sum(value < ceiling for value in one.hashes & other.hashes)
    return shared, min(bisect_left(sketch.ranked, ceiling) for sketch in (one, other))


def similarity(first: str | None, second: str | None) -> float:
    """The part, 0 to 1, of the shorter text's word triples that the other has too; symmetric, 1 to itself.

    Null signatures and texts without triples are like nothing. Raises ValueError for a damaged signature.
    """
    if not first or not second:
        return 0.0
    shared, compared = overlap(first, second)
    if shared and first == second:
        return 1.0
    return shared / max(compared, _TRUSTED)
