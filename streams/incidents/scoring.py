"""How well two sets of traits agree: a sum of log-odds, each part with its name, so that it can be explained.

The weights are data (`matching.toml`). A part that has no weight counts nothing, which is also what an
unknown value counts: nobody is punished for what a text leaves out.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import fsum

from streams.incidents.name_words import fold
from streams.incidents.nearness import overlapping, relate_figures, relate_places
from streams.incidents.settings import Scoring, words
from streams.incidents.timing import Finding, relate_dates, relate_day_names, relate_published
from streams.incidents.traits import Spot, Traits

Rarity = Callable[[str], float]
"""How much a shared word says: its inverse document frequency."""

Crowd = Callable[[Spot], int]
"""How many incidents are known at a place."""

NAME_WORTH = 5.0
"""The rarity of a name that few happenings of a stream share."""

MOST_NAMES = 3.0
ALIKE = 1.7
"""From so many shared names on, a place or a cause that differs was probably misread in one of the two."""

_ELSEWHERE = ("far", "abroad")
_MET = ("same", "namesake", "near", "within")
_GROWS = {"killed": 4, "injured": 10}


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for or against: `points` = weight times `value`, in log-odds."""

    name: str
    value: float
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """How well an event fits, in log-odds: 0 is even odds."""

    total: float
    parts: tuple[Part, ...]


class Scale:
    """Weighs the traits of one event, or of one incident, against others of its type."""

    def __init__(
        self, traits: Traits, scoring: Scoring, rarity: Rarity, name_rarity: Rarity, crowd: Crowd
    ) -> None:
        self._traits = traits
        self._name_rarity = name_rarity
        self._crowd = crowd
        self._scoring = scoring
        self._hashes = frozenset(traits.hashes)
        self._rarity = {word: rarity(word) for word in traits.words}
        self._rarity_total = fsum(self._rarity.values())

    def total(self, other: Traits) -> float:
        """The score of `other`, in log-odds."""
        weights = self._scoring.weights
        points = 0.0
        for name, value in self.findings(other):
            if name in weights:
                points += weights[name] * value
        return self._scoring.bias + points

    def score(self, other: Traits) -> Score:
        """The same with its parts."""
        weights = self._scoring.weights
        parts = tuple(
            Part(name, value, weights[name] * value)
            for name, value in self.findings(other)
            if name in weights
        )
        return Score(self.total(other), parts)

    def findings(self, other: Traits) -> list[Finding]:
        """What is alike and what differs."""
        one = self._traits
        place = relate_places(one.spots, other.spots)
        if place == "far" and not _wide().isdisjoint(one.causes & other.causes):
            place = "far_wide"
        met = place in _MET
        named = not met and (_names_place(one, other) or _names_place(other, one))
        known = not (
            one.victims.isdisjoint(other.victims | other.names)
            and other.victims.isdisjoint(one.names)
            and one.addresses.isdisjoint(other.addresses)
        )
        kind = "_known" if known else "_after" if one.aftermath or other.aftermath else ""
        here, there = _place_words(one.spots), _place_words(other.spots)
        names = self._shared_names(other, here & there if met else frozenset())
        alike = "_alike" if names is not None and names >= ALIKE else ""
        found: list[Finding] = [
            ("place." + place + (alike if place in _ELSEWHERE else ""), 1.0),
            relate_dates(one, other, kind),
        ]
        if place == "same" and one.published and other.published:
            found.append(("place.lone", 1.0 / max(1, *map(self._crowd, one.spots))))
        if names is not None:
            found.append(("names", names))
        elif one.telling and other.telling:
            found.append(("names.none", 1.0))
        if _apart(one, other, here, there, met=met):
            found.append(("names.apart", 1.0))
        if named:
            found.append(("place.named", 1.0))
        relate_day_names(one, other, found)
        relate_published(one, other, kind, found)
        if one.kind == "casualties":
            _casualties(one, other, found, alike, beside=place == "near")
        else:
            _deployments(one, other, found)
        _names(one, other, found, met=named or met)
        self._words(other, found, apart=place in _ELSEWHERE and not named)
        return found

    def _shared_names(self, other: Traits, place: frozenset[str]) -> float | None:
        """How many rare names are shared beyond `place`, by their rarity; None where no name is."""
        one = self._traits
        shared = (one.mentioned & other.mentioned) - place
        if not shared:
            return None
        # Those that are weighed as what they are count once.
        counted = (
            one.surnames & other.surnames,
            one.streets & other.streets,
            one.buildings & other.buildings,
        )
        shared -= _folded(name for names in counted for name in names)
        return min(MOST_NAMES, fsum(self._name_rarity(name) for name in shared) / NAME_WORTH)

    def _words(self, other: Traits, found: list[Finding], *, apart: bool) -> None:
        """What the wording shares. Texts from one form, about different places, are no copies."""
        one = self._traits
        if one.words and other.words:
            shared = fsum(self._rarity[word] for word in one.words & other.words)
            whole = self._rarity_total * min(1.0, len(other.words) / len(one.words))
            found.append(("words", min(1.0, shared / whole)))
        if one.hashes and other.hashes and not apart:
            shared_text = len(self._hashes.intersection(other.hashes))
            if shared_text:
                ceiling = min(one.hashes[-1], other.hashes[-1])
                compared = min(bisect_right(one.hashes, ceiling), bisect_right(other.hashes, ceiling))
                found.append(("text", min(1.0, shared_text / max(compared, 6))))


def _apart(one: Traits, other: Traits, here: frozenset[str], there: frozenset[str], *, met: bool) -> bool:
    """Whether each headline has names, beyond the place of both, of which the other report knows none."""
    place = here & there if met else frozenset()
    ours, theirs = one.headline - place, other.headline - place
    return (
        bool(ours and theirs)
        and ours.isdisjoint(other.mentioned | there)
        and theirs.isdisjoint(one.mentioned | here)
    )


@lru_cache(maxsize=8192)
def _place_words(spots: tuple[Spot, ...]) -> frozenset[str]:
    """The words of the names of places and of the regions they are in."""
    return _folded(name for spot in spots for name in (spot.name, (spot.admin1 or "")))


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(folded for name in names for word in name.split() if (folded := fold(word)) is not None)


def _names_place(one: Traits, other: Traits) -> bool:
    """Whether the words of `one` name a place of `other`, whatever place `one` was given itself."""
    return any(spot.words <= one.words for spot in other.spots if spot.words)


def _casualties(one: Traits, other: Traits, found: list[Finding], alike: str, *, beside: bool) -> None:
    """`beside`: the two are in neighbouring towns, of which each may have its own bombing."""
    if one.causes and other.causes:
        if shared := one.causes & other.causes:
            found.append(("cause.same", 1.0))
            if shared & (_wide() if beside else _rare()):
                found.append(("cause.rare", 1.0))
        else:
            pairs = {(a, b) for a in one.causes for b in other.causes}
            kin = pairs & _kin()
            if kin:
                rare = _wide() if beside else _rare()
                likeness = "akin" if any(rare.issuperset(pair) for pair in kin) else "kin"
            else:
                likeness = ("differ" if pairs & _one_sort() else "apart") + alike
            found.append(("cause." + likeness, 1.0))
    if (how := relate_figures(one.killed, other.killed, _GROWS["killed"])) is not None:
        found.append(("killed." + how, 1.0))
    if (how := relate_figures(one.injured, other.injured, _GROWS["injured"])) is not None:
        found.append(("injured." + how, 1.0))
    if one.hurt & other.hurt:
        found.append(("hurt.same", 1.0))
    if one.detained & other.detained:
        found.append(("detained.same", 1.0))
    elif one.detained and other.detained and not (one.killed or one.injured):
        found.append(("detained.differ", 1.0))  # who is arrested for a murder is counted up for months
    if one.addresses & other.addresses:
        found.append(("address.same", 1.0))
    for name, ones, others in (
        ("street", one.streets, other.streets),
        ("building", one.buildings, other.buildings),
    ):
        if ones and others:
            found.append((f"{name}.{'same' if overlapping(ones, others) else 'differ'}", 1.0))
    if one.hours and other.hours:
        gap = min(min((a - b) % 24, (b - a) % 24) for a in one.hours for b in other.hours)
        found.append((f"hour.{'near' if gap <= 1 else 'differ' if gap >= 4 else 'close'}", 1.0))


@cache
def _rare() -> frozenset[str]:
    return frozenset(words().rare)


@cache
def _wide() -> frozenset[str]:
    return frozenset(words().wide)


@cache
def _kin() -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for pair in words().kin for a, b in (pair, reversed(pair)))


@cache
def _one_sort() -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for sort in words().sorts for a in sort for b in sort)


def _names(one: Traits, other: Traits, found: list[Finding], *, met: bool) -> None:
    surnames = one.surnames & other.surnames
    if surnames:
        victims = one.victims & other.victims
        persons = (one.victims | one.names) & (other.victims | other.names)
        if victims:
            found.append(("victim.same", min(2.0, float(len(victims)))))
        if others := persons - victims:
            found.append(("person.same", min(2.0, float(len(others)))))
        if victims and met:
            found.append(("victim.there", 1.0))
        if not persons:
            found.append(("surname.same", min(2.0, float(len(surnames)))))
    elif one.title_names & other.words or other.title_names & one.words:
        found.append(("surname.named", 1.0))
    if one.victim_surnames and other.victim_surnames and not one.victim_surnames & other.victim_surnames:
        found.append(("victim.differ", 1.0))
    elif one.surnames and other.surnames and not surnames:
        found.append(("person.differ", 1.0))
    if one.ages and other.ages:
        shared = one.ages & other.ages
        found.append(("age.same", min(3.0, float(len(shared)))) if shared else ("age.differ", 1.0))


def _deployments(one: Traits, other: Traits, found: list[Finding]) -> None:
    for name, ones, others in (
        ("force", one.whats, other.whats),
        ("direction", one.directions, other.directions),
    ):
        if ones and others:
            found.append((f"{name}.{'same' if ones & others else 'differ'}", 1.0))
    for name, ones, others in (("actor", one.parties, other.parties), ("unit", one.units, other.units)):
        if ones and others:
            found.append((f"{name}.{'same' if overlapping(ones, others) else 'differ'}", 1.0))
    how = relate_figures(tuple(sorted(one.counts)), tuple(sorted(other.counts)))
    if how is not None:
        found.append((f"count.{how}", 1.0))
