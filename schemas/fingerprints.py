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
from binascii import a2b_base64
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

SKETCH_SIZE = 72
"""Hashes kept: 384 characters of text."""

HASH_BITS = 32
_FULL = 1 << HASH_BITS
_HASH_BYTES = 4
_VERSION = "2"
_DECODERS: dict[str, Callable[[str], bytes]] = {
    "1": base64.b85decode,
    "2": lambda text: a2b_base64(text, strict_mode=True),
}
"""How each version is written; base64, a little longer than base85, is read many times as fast."""

_TRUSTED = 10
"""Fewer hashes to compare than this speak for little: the estimate is lowered in proportion."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A decoded signature: `ranked` has every hash of the text below `ceiling`, in order."""

    ranked: tuple[int, ...]
    ceiling: int


def encode(hashes: Iterable[int]) -> str:
    """The signature of a text whose word triples hash to `hashes` (each from 0 to 2**32 - 1)."""
    smallest = sorted(set(hashes))
    complete = len(smallest) <= SKETCH_SIZE
    kept = smallest[:SKETCH_SIZE]
    if smallest and (smallest[0] < 0 or smallest[-1] >= _FULL):
        raise ValueError(f"hashes have {HASH_BITS} bits, these go from {smallest[0]} to {smallest[-1]}")
    packed = base64.b64encode(struct.pack(f">{len(kept)}I", *kept)).decode("ascii")
    return f"{_VERSION}{'=' if complete else '<'}{packed}"


@lru_cache(maxsize=64)
def decode(signature: str) -> Sketch:
    """The sketch that a signature holds. Raises ValueError when it is none."""
    decoder = _DECODERS.get(signature[:1])
    if decoder is None or signature[1:2] not in ("=", "<"):
        raise ValueError(f"not a signature of versions {', '.join(_DECODERS)}: {signature[:12]!r}")
    try:
        packed = decoder(signature[2:])
        hashes = struct.unpack(f">{len(packed) // _HASH_BYTES}I", packed)
    except (ValueError, struct.error) as error:
        raise ValueError(f"a damaged signature: {signature[:12]!r}") from error
    ranked = tuple(sorted(hashes))  # they are written in their order: this only makes sure
    complete = signature[1] == "=" or not ranked
    return Sketch(ranked, _FULL if complete else ranked[-1] + 1)


def overlap(first: str, second: str) -> tuple[int, int]:
    """What two signatures share and how many hashes could be compared: the evidence behind `similarity`.

    Raises ValueError for a damaged signature.
    """
    one, other = decode(first), decode(second)
    ceiling = min(one.ceiling, other.ceiling)
    shared = sum(value < ceiling for value in set(one.ranked).intersection(other.ranked))
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
