"""Which rules may have something to say about an incident, found by type, country and figure."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from schemas.counts import Count
from schemas.events import EventType
from streams.alerting.facts import Facts
from streams.alerting.measures import measured, plain_name, reach
from streams.alerting.rules import Bound, Measured, Rule, RuleSet


@dataclass(slots=True)
class _Group:
    """The rules per incident that compare the same figure, by the lowest level of each."""

    measure: Measured
    bound: Bound
    lowest: list[int] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(slots=True)
class _Pool:
    """The rules that look at incidents of one type in one country."""

    groups: list[_Group] = field(default_factory=list)
    rises: list[Rule] = field(default_factory=list)
    windows: list[tuple[int, Rule]] = field(default_factory=list)


class Candidates:
    """An index of one rule set."""

    def __init__(self, rules: RuleSet) -> None:
        self.order = {rule.name: index for index, rule in enumerate(rules.rules)}
        countries: dict[EventType, set[str]] = defaultdict(set)
        for rule in rules.rules:
            countries[rule.on] |= rule.where.countries or set()
        self._trails = {on: _trail(rules, on) for on in ("casualties", "deployment")}
        self._pools: dict[tuple[EventType, str | None], _Pool] = {}
        for on in ("casualties", "deployment"):
            for country in (None, *sorted(countries[on])):
                self._pools[on, country] = _pool(rules, on, country)

    def trail(self, on: EventType) -> tuple[dict[str, Measured], timedelta]:
        """The measures whose rise some rule per incident watches, and for how long at most."""
        return self._trails[on]

    def windows(self, facts: Facts) -> list[tuple[int, Rule]]:
        """The rules with windows that may count the incident; those with one number let the same ones in."""
        return self._pool(facts).windows

    def crossed(self, facts: Facts) -> list[Rule]:
        """The rules per incident whose lowest level the incident reaches, as far as figures go."""
        pool = self._pool(facts)
        found = list(pool.rises)
        counts: dict[str, Count | None] = {}
        for group in pool.groups:
            text = group.measure.text
            if text not in counts:
                counts[text] = measured(group.measure, facts.tolls, facts.force)
            count = counts[text]
            figure = reach(count, group.bound) if count is not None else None
            if figure is not None:
                found.extend(group.rules[: bisect_right(group.lowest, figure)])
        return found

    def _pool(self, facts: Facts) -> _Pool:
        country = facts.place.country if facts.place is not None else None
        return self._pools.get((facts.type, country)) or self._pools[facts.type, None]


def _trail(rules: RuleSet, on: str) -> tuple[dict[str, Measured], timedelta]:
    mine = [rule for rule in rules.rules if rule.on == on and rule.measure.rise and rule.per == "incident"]
    spans = [rule.window for rule in mine if rule.window is not None]
    return {plain_name(rule.measure): rule.measure for rule in mine}, max(spans, default=timedelta(0))


def _pool(rules: RuleSet, on: EventType, country: str | None) -> _Pool:
    pool = _Pool()
    groups: dict[tuple[str, Bound], _Group] = {}
    doors: dict[tuple[object, ...], int] = {}
    mine = [
        rule
        for rule in rules.rules
        if rule.on == on and (rule.where.countries is None or country in rule.where.countries)
    ]
    for rule in sorted(mine, key=lambda rule: rule.levels[0].threshold):
        if rule.per != "incident":
            filters = (rule.where, rule.min_confidence, rule.min_sources, rule.sources)
            pool.windows.append((doors.setdefault(filters, len(doors)), rule))
        elif rule.measure.rise:
            pool.rises.append(rule)
        else:
            group = groups.setdefault((rule.measure.text, rule.bound), _Group(rule.measure, rule.bound))
            group.lowest.append(rule.levels[0].threshold)
            group.rules.append(rule)
    pool.groups = list(groups.values())
    return pool
