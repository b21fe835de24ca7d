"""The rules at work: incident changes in, alerts out. All it remembers is in the ledger.

>>> from streams.alerting import default_rules
>>> from streams.ledger import Ledger
>>> evaluator = Evaluator(Ledger())
>>> evaluator.use(default_rules(), None), evaluator.in_force() is not None
((), True)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from schemas.alerts import Alert
from streams.alerting import views
from streams.alerting.agenda import Agenda
from streams.alerting.asking import Occasion, Outcome
from streams.alerting.building import Scene, build
from streams.alerting.candidates import Candidates
from streams.alerting.damping import Calm
from streams.alerting.episodes import Episode, told
from streams.alerting.facts import Facts
from streams.alerting.machine import step
from streams.alerting.matching import refused
from streams.alerting.memory import RULES, STANDING, Adopted, Memory
from streams.alerting.occasions import Change, occasions_of
from streams.alerting.orphans import close_orphans
from streams.alerting.rules import Rule, RuleSet
from streams.alerting.timing import AT_ONCE
from streams.alerting.windowindex import Spot, WindowIndex, moved
from streams.ledger import Ledger

_NO_SCENE = Scene(count=None, facts=())


class Evaluator:
    """Keeps an alert for each rule and each incident or window, and says what is to be sent.

    An exception in any method leaves the ledger half changed: the caller rolls it back.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._memory = Memory(ledger)
        self._agenda = Agenda(ledger)
        self.windows = WindowIndex()
        self._calm = Calm(ledger, self.windows)
        self._candidates: Candidates | None = None
        self._in_force: RuleSet | None = None
        ledger.watch(STANDING, self._follow_facts)
        ledger.watch(RULES, self._follow_rules)

    def in_force(self) -> RuleSet | None:
        """The rule set in force."""
        if self._in_force is None:
            self._in_force = self._memory.rules()
        return self._in_force

    def use(self, rules: RuleSet, now: datetime | None) -> tuple[Alert, ...]:
        """Let `rules` take effect: what closes because its rule is gone, and what opens or changes."""
        before = self.in_force()
        if before is not None and before.digest == rules.digest:
            return ()
        self._memory.adopt(rules)
        self._index()
        occasion = Occasion(kind="rules", raised_at=now)
        alerts = list(close_orphans(self._memory, rules, now))
        for incident_id in self._memory.incident_ids():
            facts = self.facts(incident_id)
            alerts += self._ask_incident(incident_id, facts, facts, occasion, now)
        spots = set(self.windows.spots())
        for episode in self._memory.episodes():
            if episode.per != "incident" and episode.rule in rules.by_name:
                spots.add((episode.rule, episode.subject))
        for spot in sorted(spots, key=self._order()):
            if not self._calm.holds(rules.by_name[spot[0]], spot, occasion, now, aged=True):
                alerts += self._ask_window(spot, occasion, now, aged=True)
        return tuple(alerts)

    def apply(self, change: Change, now: datetime | None) -> tuple[Alert, ...]:
        """Take one change of one incident at stream time `now`."""
        return self.apply_all((change,), now)

    def apply_all(self, changes: Sequence[Change], now: datetime | None) -> tuple[Alert, ...]:
        """Take changes that are one step to the tracker, as those of a merger: windows see only their end."""
        candidates = self._index()
        asked: list[tuple[Change, Occasion, Facts | None, Facts | None]] = []
        spots: dict[Spot, bool] = {}
        reasons: dict[Spot, Occasion] = {}
        for change, occasion in zip(changes, occasions_of(changes), strict=True):
            incident_id = change.incident_id
            before, shares = self.facts(incident_id), self.windows.shares(incident_id)
            facts = self._memory.learn(change, before, candidates, now)
            asked.append((change, occasion, before, facts))
            for spot, fell in moved(shares, self.windows.shares(incident_id)):
                spots[spot] = spots.get(spot, True) and not fell
                if spot not in reasons or reasons[spot].reason is None:
                    reasons[spot] = occasion
        alerts: list[Alert] = []
        if len(asked) > 1:
            asked.sort(key=lambda item: item[0].merged_away)
        for change, occasion, before, facts in asked:
            alerts += self._ask_incident(change.incident_id, facts, before, occasion, now)
        rules, calm = self._rules().by_name, self._calm
        stirred = [
            spot
            for spot, aged in spots.items()
            if not calm.holds(rules[spot[0]], spot, reasons[spot], now, aged=aged)
        ]
        for spot in sorted(stirred, key=self._order()):
            alerts += self._ask_window(spot, reasons[spot], now, aged=spots[spot])
        return tuple(alerts)

    def advance(self, now: datetime) -> tuple[Alert, ...]:
        """Let time go on to `now`: holds ripen, windows age, quiet alerts close, reminders go out."""
        self._index()
        rules = self._rules()
        occasion = Occasion(kind="time", raised_at=now)
        alerts: list[Alert] = []
        while (episode := self._agenda.due(now)) is not None:
            rule = rules.by_name.get(episode.rule)
            if episode.state == "closed" or rule is None:
                self._memory.expire(episode, now)
                continue
            waiting = episode.state == "waiting" and episode.due not in (None, AT_ONCE)
            at = episode.due if waiting else now
            if rule.per == "incident":
                facts = self.facts(episode.subject)
                alerts += self._ask(rule, episode.subject, facts, facts, occasion, at)
            elif (later := self._calm.later(rule, episode, now)) is not None:
                self._memory.keep(later)
            else:
                alerts += self._ask_window((rule.name, episode.subject), occasion, at, aged=True)
            if (
                self.episode(episode.rule, episode.subject) is episode
            ):  # nothing came of it: it waits for news
                self._memory.keep(replace(episode, due=None))
        return tuple(alerts)

    def facts(self, incident_id: str) -> Facts | None:
        """What the rules know of an incident."""
        return self._memory.facts(incident_id)

    def episode(self, rule: str, subject: str) -> Episode | None:
        """What is remembered of a rule over an incident or a window."""
        return self._memory.episode(rule, subject)

    def open_alerts(self) -> Iterator[Alert]:
        """The alerts that stand, in the order of their keys."""
        for episode in self._memory.episodes():
            if episode.state == "open" and episode.last is not None:
                yield episode.last

    # How a rule is asked

    def _ask_incident(
        self,
        incident_id: str,
        facts: Facts | None,
        before: Facts | None,
        occasion: Occasion,
        now: datetime | None,
    ) -> Iterator[Alert]:
        assert self._candidates is not None, "every entry indexes first"
        rules = self._rules()
        order = self._candidates.order
        known = set(self._agenda.rules_of(incident_id))
        for partner in occasion.partners:
            known.update(self._agenda.rules_of(partner))
        crossed = self._candidates.crossed(facts) if facts is not None else []
        if not crossed and not known:
            return
        names = {rule.name for rule in crossed} | (known & rules.by_name.keys())
        for name in sorted(names, key=order.__getitem__):
            rule = rules.by_name[name]
            if rule.per != "incident":
                continue
            if name not in known and (facts is None or refused(rule, facts) is not None):
                continue  # most rules, most of the time: nothing stands, and the filters say no
            yield from self._ask(rule, incident_id, facts, before, occasion, now)

    def _ask(
        self,
        rule: Rule,
        incident_id: str,
        facts: Facts | None,
        before: Facts | None,
        occasion: Occasion,
        now: datetime | None,
    ) -> Iterator[Alert]:
        stale = facts is not None and _long_quiet(rule, facts, now)
        view = views.of_incident(rule, facts, before, now, occasion.raised_at, stale=stale)
        known = [one for name in occasion.partners if (one := self.episode(rule.name, name)) is not None]
        if occasion.reason == "merged" and facts is not None and facts.counts:
            view = msgspec.structs.replace(
                view,
                inherited=max((partner.peak for partner in known), default=0),
                handed=any(partner.state == "open" or partner.handed for partner in known),
            )
        related = tuple(
            [one.key for one in known if one.key is not None and (one.state == "open" or one.handed)]
        )
        shown = facts if facts is not None and facts.counts else before or facts
        episode = self.episode(rule.name, incident_id)
        outcome = step(rule, incident_id, episode, view, occasion, now)
        scene = Scene(count=view.count, said=view.said, facts=() if shown is None else (shown,))
        yield from self._settle(rule, episode, outcome, scene, related, occasion, now)

    def _ask_window(
        self, spot: Spot, occasion: Occasion, now: datetime | None, *, aged: bool
    ) -> Iterator[Alert]:
        """Ask a rule about one of its windows; `aged`: a fall comes from time."""
        name, subject = spot
        rule = self._rules().by_name[name]
        episode = self.episode(name, subject)
        view = views.of_window(rule, subject, self.windows, now, aged=aged)
        outcome = step(rule, subject, episode, view, occasion, now)
        scene = _NO_SCENE
        if outcome.drafts:
            scene = views.window_scene(rule, subject, self.windows, self.facts, view, now)
        yield from self._settle(rule, episode, outcome, scene, (), occasion, now)

    def _order(self) -> Callable[[Spot], tuple[int, str]]:
        """By which windows are sorted: their rules' order in the file, then the region."""
        assert self._candidates is not None, "every entry indexes first"
        place = self._candidates.order
        return lambda spot: (place[spot[0]], spot[1])

    def _settle(
        self,
        rule: Rule,
        before: Episode | None,
        outcome: Outcome,
        scene: Scene,
        related: tuple[str, ...],
        occasion: Occasion,
        now: datetime | None,
    ) -> Iterator[Alert]:
        """Make the alerts of a step and remember where it led."""
        episode = outcome.episode
        if episode is None:
            if before is not None:
                self._memory.drop(before)
            return
        digest = self._rules().digest
        last, key = episode.last, episode.key
        for draft in outcome.drafts:
            last = build(rule, digest, key, last, episode, draft, scene, related, occasion.raised_at or now)
            key = last.dedup_key
            yield last
        if outcome.drafts:
            episode = told(episode, key, None if episode.state == "closed" else last)
        if episode is not before and episode != before:
            self._memory.keep(episode)

    # Indexes

    def _rules(self) -> RuleSet:
        rules = self.in_force()
        if rules is None:
            raise RuntimeError("no rules are in force: call use() first")
        return rules

    def _index(self) -> Candidates:
        """Index the rules in force and all windows again, if the rules changed."""
        if self._candidates is None:
            self._candidates = Candidates(self._rules())
            known = (self.facts(incident_id) for incident_id in self._memory.incident_ids())
            self.windows.load(self._candidates, [facts for facts in known if facts is not None])
            self._calm.clear()
        return self._candidates

    def _follow_facts(self, key: str, old: Facts | None, new: Facts | None) -> None:
        if self._candidates is not None:
            self.windows.follow(key.removeprefix(STANDING), new)

    def _follow_rules(self, key: str, old: Adopted | None, new: Adopted | None) -> None:
        self._candidates = self._in_force = None


def _long_quiet(rule: Rule, facts: Facts, now: datetime | None) -> bool:
    """Whether an alert about the incident would have closed for want of news."""
    quiet = rule.clear.quiet
    return quiet is not None and None not in (now, facts.heard) and now - facts.heard >= quiet  # type: ignore[operator]
