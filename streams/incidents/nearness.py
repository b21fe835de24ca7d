"""How two places, two times and two figures relate, each in one word that has a weight in `matching.toml`."""

from datetime import date
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from streams.incidents.days import Span
from streams.incidents.traits import Spot, Traits

NEAR_KM = 30.0
REGION_KM = 120.0

_PLACE_ORDER = ("same", "namesake", "near", "within", "region", "country", "far", "abroad")
_FIGURE_ORDER = ("many", "two", "one", "none", "close", "grown", "differ", "clash")


def relate_places(ones: tuple[Spot, ...], others: tuple[Spot, ...]) -> str:
    """How two sets of places relate: the closest pair counts."""
    if not ones or not others:
        return "unknown"
    if len(ones) == 1 == len(others):
        return _relation(ones[0], others[0])
    return min([_relation(one, other) for one in ones for other in others], key=_PLACE_ORDER.index)


def _relation(one: Spot, other: Spot) -> str:
    if one.geonames_id is not None and one.geonames_id == other.geonames_id:
        return "same" if one.precision not in ("country", "region") else "country"
    if one.name == other.name and {one.precision, other.precision} <= {"city", "admin2"}:
        return "same" if one.admin1 == other.admin1 and one.country == other.country else "namesake"
    if one.country and other.country and one.country != other.country:
        if not _fine(one, other) or _far_north(one, other):
            return "abroad"
        distance = _distance(one, other)
        return "near" if distance is not None and distance <= NEAR_KM else "abroad"
    if "country" in (one.precision, other.precision) or one.name == other.name:
        return "country"
    same_region = one.admin1 is not None and one.admin1 == other.admin1
    if same_region and "admin1" in (one.precision, other.precision):
        return "within"
    distance = _distance(one, other)
    if distance is None:
        return "region" if same_region else "country"
    if _fine(one, other) and distance <= NEAR_KM:
        return "near"
    if distance <= REGION_KM and (same_region or not _fine(one, other)):
        return "within" if "admin2" in (one.precision, other.precision) else "region"
    return "far"


def _fine(one: Spot, other: Spot) -> bool:
    return one.precision in ("city", "admin2") and other.precision in ("city", "admin2")


def _far_north(one: Spot, other: Spot) -> bool:
    """Whether the latitudes alone say that two places are not near: a degree is 111 km."""
    if one.latitude is None or other.latitude is None:
        return False
    return abs(one.latitude - other.latitude) * 110 > NEAR_KM


def _distance(one: Spot, other: Spot) -> float | None:
    """Kilometres between two places on a sphere."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    a, b = radians(one.latitude), radians(other.latitude)
    h = sin((a - b) / 2) ** 2 + cos(a) * cos(b) * sin(radians(one.longitude - other.longitude) / 2) ** 2
    return 12742.0 * asin(min(1.0, sqrt(h)))


def relate_days(one: Traits, other: Traits) -> str:
    """How the days of two happenings relate, as far as they are known.

    `fresh`: one is told without a day, in a report of the day of the other or the next.
    """
    if one.exact and other.exact:
        return "same" if one.exact == other.exact else _relate_exact(one.exact, other.exact)
    ones, others = one.exact or one.loose, other.exact or other.loose
    if not ones or not others:
        told = one.published if not ones else other.published
        fresh = any(0 <= day - span[1] <= 1 for day in told for span in one.exact or other.exact)
        return "fresh" if fresh else "unknown"
    gap = min(_days_between(a, b) for a in ones for b in others)
    return "overlap" if gap == 0 else "near" if gap <= 7 else "far"


@lru_cache(maxsize=8192)
def _relate_exact(ones: tuple[Span, ...], others: tuple[Span, ...]) -> str:
    gap = min([_days_between(a, b) for a in ones for b in others])
    if gap <= 1:
        return "same" if gap == 0 else "next"
    if gap > 14 and any(_anniversary(a[0], b[0]) for a in ones for b in others):
        return "year"
    return "near" if gap <= 3 else "apart" if gap <= 14 else "far"


def _anniversary(one: int, other: int) -> bool:
    """Whether two days have the same name in different years: a year is easily misread."""
    first, second = date.fromordinal(one), date.fromordinal(other)
    return (first.month, first.day) == (second.month, second.day)


def _days_between(one: Span, other: Span) -> int:
    return max(0, one[0] - other[1], other[0] - one[1])


def overlapping(ones: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a name of one set is, or is part of, a name of the other."""
    if not ones.isdisjoint(others):
        return True
    pairs = [(_parts(one), _parts(other)) for one in ones for other in others]
    return any(one <= other or other <= one for one, other in pairs)


@lru_cache(maxsize=8192)
def _parts(name: str) -> frozenset[str]:
    return frozenset(name.split())


def relate_figures(ones: tuple[int, ...], others: tuple[int, ...], grows: int | None = None) -> str | None:
    """How two sets of figures for one measure agree: the closest pair counts.

    From `grows` on a figure that was told early may grow to three times of it.
    """
    return _relate_figures(ones, others, grows) if ones and others else None


@lru_cache(maxsize=8192)
def _relate_figures(ones: tuple[int, ...], others: tuple[int, ...], grows: int | None) -> str:
    return min([_figure(a, b, grows) for a in ones for b in others], key=_FIGURE_ORDER.index)


def _figure(a: int, b: int, grows: int | None) -> str:
    if a == b:
        return "many" if a >= 4 else "two" if a >= 2 else "one" if a == 1 else "none"
    small, large = min(a, b), max(a, b)
    if large - small <= 1 or large <= 1.34 * small:
        return "close"
    if grows is not None and small >= grows and large <= 3 * small:
        return "grown"
    return "clash" if large > 3 * small and large - small >= 5 else "differ"
