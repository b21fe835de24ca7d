"""Which incident an event belongs to: few candidates, each scored against its members together."""

from collections.abc import Collection
from dataclasses import dataclass
from math import inf

from msgspec import Struct

from streams.incidents.index import Index
from streams.incidents.members import Member, Read
from streams.incidents.scoring import Part, Scale, Score, ceilings
from streams.incidents.settings import Decisions, Matching
from streams.incidents.traits import Traits


class Candidate(Struct, frozen=True, gc=False):
    """An incident that an event might belong to; `score` in log-odds."""

    incident_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Link:
    """How well one member fits the others of its incident; no parts where it is alone."""

    article_id: str
    event_id: str
    score: float
    parts: tuple[Part, ...]


class Matcher:
    """Scores by the shipped rules over the records that `index` follows."""

    def __init__(self, index: Index, rules: Matching) -> None:
        self._index = index
        self._rules = rules
        self._most = {kind: ceilings(scoring.weights) for kind, scoring in rules.scoring.items()}

    def decisions(self, traits: Traits) -> Decisions:
        """The thresholds for events of that type."""
        return self._rules.decisions[traits.kind]

    def score(self, one: Traits, other: Traits) -> Score:
        """How well two sets of traits agree."""
        return self.scale(one).score(other)

    def total(self, one: Traits, other: Traits) -> float:
        """The same in one number, without the reasons."""
        return self.scale(one).total(other)

    def scale(self, traits: Traits) -> Scale:
        """What weighs others against these traits."""
        scoring, most = self._rules.scoring[traits.kind], self._most[traits.kind]
        index = self._index
        return Scale(traits, scoring, most, index.rarities, index.name_rarity, index.crowd)

    def rank(self, known: Read, also: Collection[str] = ()) -> list[Candidate]:
        """The incidents that an event may join, best first; `also` are tried too, whatever their score."""
        traits = known.traits
        found = []
        scale = self.scale(traits)
        bar = self.bar(traits)
        least = min(bar, self.decisions(traits).merge)
        for incident_id in self._index.candidates(known.keys, also):
            profile = self._index.profile(incident_id)
            if profile is None or profile.kind != traits.kind:
                continue
            asked_for = incident_id in also
            score = scale.total(profile, -inf if asked_for else least)
            if score >= bar and len(self._index.members(incident_id)) > 1:
                most = self._one_by_one(scale, incident_id, bar)
                score = score if most >= bar else most
            if score >= least or asked_for:
                found.append(Candidate(incident_id, score))
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.incident_id))

    def _one_by_one(self, scale: Scale, incident_id: str, bar: float) -> float:
        """How well an incident's members are fitted one by one: what fits a bit of each fits none.

        They do so where they fit on average, or one of them very well, as a copy does; once one does so by
        `bar`, no more are asked.
        """
        limits = self._rules.limits
        scores: list[float] = []
        for member in self._asked(incident_id):
            scores.append(scale.total(member.traits))
            if scores[-1] - limits.below_best >= bar:
                return scores[-1] - limits.below_best
        return max(sum(scores) / len(scores) + limits.above_mean, max(scores) - limits.below_best)

    def _asked(self, incident_id: str) -> list[Member]:
        """The members of an incident that are compared one by one: of many the first and the last."""
        members, half = self._index.members(incident_id), self._rules.limits.asked // 2
        return members if len(members) <= 2 * half else [*members[:half], *members[-half:]]

    def belong(self, one: str, other: str) -> bool:
        """Whether two incidents are one: together they fit, and so do most members of the smaller."""
        ours, theirs = self._index.profile(one), self._index.profile(other)
        if ours is None or theirs is None or self.total(ours, theirs) < self.decisions(ours).merge:
            return False
        few, many = sorted((one, other), key=lambda incident_id: len(self._index.members(incident_id)))
        asked = self._asked(few)
        bars = [(self.scale(member.traits), self.bar(member.traits)) for member in asked]
        fitting = sum(self._one_by_one(scale, many, bar) >= bar for scale, bar in bars)
        return 2 * fitting > len(asked)

    def bar(self, traits: Traits) -> float:
        """The score from which on an event joins."""
        decisions = self.decisions(traits)
        return decisions.join if traits.exact or traits.loose or traits.published else decisions.undated

    def groups(self, members: list[Member]) -> list[list[Member]]:
        """`members` as groups that links of `leave` or more hold together, the largest first."""
        left = list(members)
        found: list[list[Member]] = []
        while left:
            group = [left.pop(0)]
            for member in group:
                linked = [other for other in left if self._holds(member, other)]
                left = [other for other in left if other not in linked]
                group.extend(linked)
            found.append(sorted(group, key=lambda member: member.order))
        return sorted(found, key=lambda group: (-len(group), group[0].order))

    def _holds(self, one: Member, other: Member) -> bool:
        if one.draft.held or other.draft.held or one.article.article_id == other.article.article_id:
            return True
        return self.total(one.traits, other.traits) >= self.decisions(one.traits).leave

    def explain(self, members: list[Member]) -> tuple[Link, ...]:
        """How well each of an incident's members fits the others."""
        links = []
        for member in members:
            others = [other for other in members if other is not member]
            found = self.score(member.traits, self._index.combined(others)) if others else Score(0.0, ())
            links.append(
                Link(member.article.article_id, member.event.event_id, round(found.total, 3), found.parts)
            )
        return tuple(links)
