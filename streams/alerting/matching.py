"""Which incidents a rule looks at, and which filter keeps the others out."""

import math
import re
from functools import lru_cache

from schemas.events import Place
from streams.alerting.facts import Facts
from streams.alerting.rules import Box, Circle, Outlets, Rule

_EARTH_KM = 6371.0


def refused(rule: Rule, facts: Facts) -> str | None:
    """The first filter that keeps the incident out of the rule, as a person would say it; else None."""
    where = rule.where
    place = facts.place
    if facts.type != rule.on:
        return f"it is no {rule.on} incident"
    if not facts.counts:
        return "it was withdrawn, voided or merged away"
    if where.countries is not None and (place is None or place.country not in where.countries):
        return f"its country is {place.country if place and place.country else 'not known'}"
    if facts.realis not in where.realis:
        return f"it is {facts.realis}"
    if where.directions is not None and facts.direction not in where.directions:
        return f"its direction is {facts.direction or 'not known'}"
    if where.causes is not None and facts.cause not in where.causes:
        return f"its cause is {facts.cause or 'not known'}"
    if where.forces is not None and (facts.force is None or facts.force.what not in where.forces):
        return f"its force is {facts.force.what if facts.force else 'not known'}"
    if where.places is not None and not in_places(place, where.places):
        return f"its place is {place.name if place else 'not known'}"
    if (where.circles or where.boxes) and not on_map(place, where.circles, where.boxes):
        return "it lies outside the circle or box"
    if where.actors and not _named(where.actors, facts.actors):
        return f"its actors are {', '.join(facts.actors) or 'not known'}"
    if where.targets and not _named(where.targets, facts.targets):
        return f"its targets are {', '.join(facts.targets) or 'not known'}"
    return _unsure(rule, facts)


def _unsure(rule: Rule, facts: Facts) -> str | None:
    if facts.confidence < rule.min_confidence:
        return f"its confidence is {facts.confidence:.2f}, below {rule.min_confidence}"
    if rule.min_sources > 1 or not rule.sources.all:
        sources = counted_sources(rule.sources, facts)
        if sources < rule.min_sources:
            return f"{sources} of the {rule.min_sources} independent sources it needs"
    return None


def counted_sources(allowed: Outlets, facts: Facts) -> int:
    """How many independent sources count. A text and its copies are one, if any of them counts."""
    if allowed.all:
        return facts.sources
    found = set()
    for group in facts.outlets:
        name = next((name for name in group if allowed.counts(name)), None)
        if name is not None:
            found.add(name)
    return len(found)


def in_places(place: Place | None, names: frozenset[str]) -> bool:
    """Whether the place, or the division it lies in, has one of the (lower-case) names."""
    return place is not None and (place.name.lower() in names or (place.admin1 or "").lower() in names)


def on_map(place: Place | None, circles: tuple[Circle, ...], boxes: tuple[Box, ...]) -> bool:
    """Whether the place lies in a circle or a box; a country or an unbounded region has no point there."""
    if place is None or place.latitude is None or place.longitude is None:
        return False
    if place.precision in ("country", "region"):
        return False
    latitude, longitude = place.latitude, place.longitude
    return any(_distance(latitude, longitude, c) <= c.km for c in circles) or any(
        b.south <= latitude <= b.north and _between(b, longitude) for b in boxes
    )


@lru_cache(maxsize=4096)
def _word(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)")


def _named(wanted: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(_word(phrase).search(name) for phrase in wanted for name in names)


def _between(box: Box, longitude: float) -> bool:
    if box.west <= box.east:
        return box.west <= longitude <= box.east
    return longitude >= box.west or longitude <= box.east


def _distance(latitude: float, longitude: float, circle: Circle) -> float:
    """Great-circle kilometres to the circle's centre (haversine)."""
    here, there = math.radians(latitude), math.radians(circle.latitude)
    turn = math.radians(longitude - circle.longitude)
    chord = math.sin((here - there) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))
