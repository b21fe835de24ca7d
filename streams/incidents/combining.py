"""The traits of several events that tell of one happening, together.

Sets are unions; what reports disagree about is kept side by side, so that any of them can be met again.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import reduce
from typing import Any

from msgspec.structs import replace

from streams.incidents.traits import Spot, Traits

MAX_HASHES = 144


def combine(parts: Sequence[Traits]) -> Traits:
    """The traits of several events together; `parts` is not empty and its order doesn't matter."""
    return reduce(_join, parts)


def _join(one: Traits, other: Traits) -> Traits:
    """Most fields of most reports are empty, or known already: `added` has those that are neither."""
    added: dict[str, Any] = {}
    for name in _SETS:
        more = getattr(other, name)
        if more and not more <= (known := getattr(one, name)):
            added[name] = known | more
    for name in _ORDERED:
        more = getattr(other, name)
        if more and more != (known := getattr(one, name)):
            added[name] = tuple(sorted({*known, *more}))
    if other.spots and other.spots != one.spots:
        added["spots"] = tuple(sorted({*one.spots, *other.spots}, key=_spot_order))
    if other.hashes and other.hashes != one.hashes:
        added["hashes"] = _hashes(one.hashes, other.hashes)
    if other.telling and not one.telling:
        added["telling"] = True
    if one.aftermath and not other.aftermath:
        added["aftermath"] = False
    return replace(one, **added) if added else one


_ORDERED = ("exact", "loose", "published", "killed", "injured")
_NOTHING = Traits(kind="casualties")
_SETS = tuple(name for name in Traits.__struct_fields__ if isinstance(getattr(_NOTHING, name), frozenset))


def _hashes(one: "array[int]", other: "array[int]") -> "array[int]":
    if len(one) >= MAX_HASHES:
        other = other[: bisect_left(other, one[-1])]
    known = set(one)
    more = [value for value in other if value not in known]
    # Two runs in order are quickly one.
    return array("I", sorted((*one, *more))[:MAX_HASHES]) if more else one


def _spot_order(spot: Spot) -> tuple[str, int, str, str]:
    return spot.name, spot.geonames_id or 0, spot.country or "", spot.admin1 or ""
