"""How well two sets of traits agree: a sum of log-odds, each part with its name, so that it can be explained.

The weights are data (`matching.toml`). A part that has no weight counts nothing, which is also what an
unknown value counts: nobody is punished for what a text leaves out.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import fsum, inf
from typing import NamedTuple

from msgspec import Struct

from streams.incidents.likeness import (
    MOST_AGES,
    casualties,
    deployments,
    headlines_apart,
    known_to_both,
    mass,
    names_place,
    people,
    place_words,
    sites,
)
from streams.incidents.name_words import folded
from streams.incidents.nearness import relate_places
from streams.incidents.settings import Scoring, wide_causes
from streams.incidents.timing import Finding, days_apart, relate_dates, relate_day_names, relate_published
from streams.incidents.traits import Spot, Traits

Rarities = Callable[[Collection[str]], dict[str, float]]
"""How much it says that two reports share each of some words: their inverse document frequencies."""

Rarity = Callable[[str], float]
"""The same of one name."""

Crowd = Callable[[Spot], int]
"""How many incidents are known at a place."""

NAME_WORTH = 5.0
"""The rarity of a name that few happenings of a stream share."""

MOST_NAMES = 3.0
ALIKE = 1.7
"""From so many shared names on, a place or a cause that differs was probably misread in one of the two."""

LATE = 21
"""Days after which what two texts share is likely what a site prints with every story."""

_ELSEWHERE = ("far", "abroad")
_MET = ("same", "namesake", "near", "within")

_TIMES = ("date", "yearday", "weekday", "published")
_FIGURES = ("killed", "injured", "hurt", "detained", "magnitude")
_SENDING = ("force", "direction", "actor", "unit", "count")
_COARSE = frozenset({"place", "names", "cause", "mass", *_TIMES, *_FIGURES, *_SENDING})
"""What a first look at a pair compares; by then most pairs of two happenings are told apart."""

_ROUNDING = 1e-9

_SITE = ("address", "street", "building")
_OF_PEOPLE = frozenset({"victim.same", "person.same", "victim.there", "surname.same"})


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


class Ceilings(NamedTuple):
    """What the particulars of a pair can add to its score at most.

    `site`: by street and house, `text`: by being copies, `others`: by all else but names of people.
    """

    site: float
    text: float
    others: float


def ceilings(weights: Mapping[str, float]) -> Ceilings:
    """The ceilings that follow from the weights of one type."""
    most: dict[str, float] = {}
    for name, weight in weights.items():
        about = name.split(".")[0]
        if about not in _COARSE and name not in _OF_PEOPLE:
            most[about] = max(most.get(about, 0.0), weight * MOST_AGES if about == "age" else weight)
    site, text = sum(most.pop(about, 0.0) for about in _SITE), most.pop("text", 0.0)
    return Ceilings(site, text, sum(most.values()))


class _Coarse(Struct, frozen=True, gc=False):
    """What a first look finds; `met`: at one place, or one that is named; `apart`: at places far apart.

    `alike` is added to the name of a difference where rare names are shared.
    """

    found: list[Finding]
    met: bool
    apart: bool
    alike: str


class Scale:
    """Weighs the traits of one event, or of one incident, against others of its type."""

    def __init__(
        self,
        traits: Traits,
        scoring: Scoring,
        most: Ceilings,
        rarities: Rarities,
        name_rarity: Rarity,
        crowd: Crowd,
    ) -> None:
        self._traits = traits
        self._crowd = crowd
        self._lone: float | None = None
        self._most = most
        self._name_rarity = name_rarity
        self._names: dict[str, float] = {}
        self._scoring = scoring
        self._hashes = frozenset(traits.hashes)
        self._rarity = rarities(traits.words)
        self._rarity_total = fsum(self._rarity.values())

    def total(self, other: Traits, least: float = -inf) -> float:
        """The score of `other`, in log-odds; of one that can't reach `least` only what is against it."""
        weights = self._scoring.weights
        coarse = self._circumstances(other)
        points = 0.0
        for name, value in coarse.found:
            if name in weights:
                points += weights[name] * value
        most = self._scoring.bias + points + self._at_most(other, coarse)
        if most < least - _ROUNDING:
            return most
        for name, value in self._particulars(other, coarse):
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
        coarse = self._circumstances(other)
        return coarse.found + self._particulars(other, coarse)

    def _circumstances(self, other: Traits) -> _Coarse:
        """How place, time, cause and figures relate."""
        one = self._traits
        place = relate_places(one.spots, other.spots)
        if place == "far" and not wide_causes().isdisjoint(one.causes & other.causes):
            place = "far_wide"
        met, elsewhere = place in _MET, place in _ELSEWHERE
        named = not met and (names_place(one, other) or names_place(other, one))
        names, alike = None, ""
        if not one.mentioned.isdisjoint(other.mentioned):
            names = self._shared_names(other, met=met)
            if names is not None and names >= ALIKE:
                alike = "_alike"
        after = one.aftermath or other.aftermath
        kind = "_known" if known_to_both(one, other) else "_after" if after else alike
        found: list[Finding] = [
            ("place." + place + alike if elsewhere else "place." + place, 1.0),
            relate_dates(one, other, kind),
        ]
        if place == "same" and one.published and other.published:
            if self._lone is None:
                self._lone = 1.0 / max(1, *map(self._crowd, one.spots))
            found.append(("place.lone", self._lone))
        if names is not None:
            found.append(("names", names))
        elif one.telling and other.telling:
            found.append(("names.none", 1.0))
        if one.headline and other.headline and headlines_apart(one, other, met=met):
            found.append(("names.apart", 1.0))
        if named:
            found.append(("place.named", 1.0))
        relate_day_names(one, other, found)
        relate_published(one, other, kind, found)
        if one.kind == "casualties":
            casualties(one, other, found, alike, beside=place == "near")
            mass(one, other, found, place, found[1][0])
        else:
            deployments(one, other, found)
        return _Coarse(found, named or met, elsewhere and not named, alike)

    def _particulars(self, other: Traits, coarse: _Coarse) -> list[Finding]:
        """What street, house, hour, people and words have in common."""
        one = self._traits
        found: list[Finding] = []
        if one.kind == "casualties":
            sites(one, other, found, coarse.alike)
        people(one, other, found, coarse.alike, met=coarse.met)
        self._words(other, found, apart=coarse.apart)
        return found

    def _at_most(self, other: Traits, coarse: _Coarse) -> float:
        """No less than what the particulars can add to the score."""
        one, most = self._traits, self._most
        if not one.surnames.isdisjoint(other.surnames):
            return inf
        sited = (one.streets and other.streets) or (one.buildings and other.buildings)
        return most.others + (most.site if sited else 0.0) + (0.0 if coarse.apart else most.text)

    def _shared_names(self, other: Traits, *, met: bool) -> float | None:
        """How many rare names are shared beyond the place, by their rarity; None where no name is."""
        one = self._traits
        shared = one.mentioned & other.mentioned
        if met:
            shared -= place_words(one.spots) & place_words(other.spots)
        if not shared:
            return None
        # Those that are weighed as what they are count once.
        for mine, theirs in (
            (one.surnames, other.surnames),
            (one.streets, other.streets),
            (one.buildings, other.buildings),
        ):
            if not mine.isdisjoint(theirs):
                shared -= folded(mine & theirs)
        known = self._names
        for name in shared:
            if name not in known:
                known[name] = self._name_rarity(name)
        return min(MOST_NAMES, fsum([known[name] for name in shared]) / NAME_WORTH)

    def _words(self, other: Traits, found: list[Finding], *, apart: bool) -> None:
        """What the wording shares. Texts from one form, about different places, are no copies."""
        one = self._traits
        if one.words and other.words:
            shared = fsum([self._rarity[word] for word in one.words & other.words])
            whole = self._rarity_total * min(1.0, len(other.words) / len(one.words))
            found.append(("words", min(1.0, shared / whole)))
        if one.hashes and other.hashes and not apart:
            shared_text = len(self._hashes.intersection(other.hashes))
            if shared_text:
                ceiling = min(one.hashes[-1], other.hashes[-1])
                compared = min(bisect_right(one.hashes, ceiling), bisect_right(other.hashes, ceiling))
                late = days_apart(one.published, other.published) > LATE
                share = min(1.0, shared_text / max(compared, 6))
                found.append(("text.late" if late else "text", share))
