"""The rules at work: incident changes in, alerts out. All it remembers is in the ledger.

>>> from streams.ledger import Ledger
>>> evaluator = Evaluator(Ledger())
>>> evaluator.use(default_rules(), None), evaluator.in_force() is not None
((), True)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import msgspec

from schemas.alerts import Alert
from schemas.counts import Count
from streams.alerting import views
from streams.alerting.agenda import Agenda
from streams.alerting.asking import Occasion, Outcome
from streams.alerting.building import Scene, build, orphaned
from streams.alerting.candidates import Candidates
from streams.alerting.damping import still_damped
from streams.alerting.episodes import ALERT, Episode, record_key
from streams.alerting.facts import Facts, facts_of, trailed
from streams.alerting.machine import step
from streams.alerting.matching import refused
from streams.alerting.measures import measured
from streams.alerting.occasions import Change, occasions_of
from streams.alerting.rulefile import default_rules, parse_rules
from streams.alerting.rules import Rule, RuleSet
from streams.alerting.timing import AT_ONCE, REMEMBERED
from streams.alerting.windowindex import Spot, WindowIndex
from streams.alerting.windows import Share
from streams.ledger import Ledger

RULES = "rules"
STANDING = "standing/"

_NO_SCENE = Scene(count=None, facts=())

__all__ = ["Change", "Evaluator", "decoders", "default_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The rule set in force, as it was written."""

    text: str
    digest: str


def decoders() -> dict[str, type]:
    """The types of the records that the evaluator keeps, by the first part of their ledger key."""
    return {RULES: Adopted, STANDING.rstrip("/"): Facts, ALERT.rstrip("/"): Episode}


class Evaluator:
    """Keeps an alert for each rule and each incident or window, and says what is to be sent.

    An exception in any method leaves the ledger half changed: the caller rolls it back.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._agenda = Agenda(ledger)
        self.windows = WindowIndex()
        self._candidates: Candidates | None = None
        self._in_force: RuleSet | None = None
        ledger.watch(STANDING, self._follow_facts)
        ledger.watch(RULES, self._follow_rules)

    def in_force(self) -> RuleSet | None:
        """The rule set in force."""
        if self._in_force is None:
            adopted: Adopted | None = self._ledger.get(RULES)
            self._in_force = None if adopted is None else _parsed(adopted.text)
        return self._in_force

    def use(self, rules: RuleSet, now: datetime | None) -> tuple[Alert, ...]:
        """Let `rules` take effect: what closes because its rule is gone, and what opens or changes."""
        before = self.in_force()
        if before is not None and before.digest == rules.digest:
            return ()
        self._ledger.put(RULES, Adopted(text=rules.text, digest=rules.digest))
        self._index()
        occasion = Occasion(kind="rules", raised_at=now)
        alerts = list(self._drop_orphans(rules, now))
        ids = sorted(key.removeprefix(STANDING) for key in self._ledger.keys(STANDING))
        for incident_id in ids:
            facts = self.facts(incident_id)
            alerts += self._ask_incident(incident_id, facts, facts, occasion, now)
        spots = set(self.windows.spots())
        for key in list(self._ledger.keys(ALERT)):
            episode: Episode = self._ledger.get(key)
            if episode.per != "incident" and episode.rule in rules.by_name:
                spots.add((episode.rule, episode.subject))
        for spot in sorted(spots, key=self._order()):
            alerts += self._ask_window(spot, occasion, now, aged=True)
        return tuple(alerts)

    def apply(self, change: Change, now: datetime | None) -> tuple[Alert, ...]:
        """Take one change of one incident at stream time `now`."""
        return self.apply_all((change,), now)

    def apply_all(self, changes: Sequence[Change], now: datetime | None) -> tuple[Alert, ...]:
        """Take changes that are one step to the tracker, as those of a merger: windows see only their end."""
        self._index()
        asked: list[tuple[Change, Occasion, Facts | None, Facts | None]] = []
        spots: dict[Spot, bool] = {}
        reasons: dict[Spot, Occasion] = {}
        for change, occasion in zip(changes, occasions_of(changes), strict=True):
            incident_id = change.incident_id
            before, shares = self.facts(incident_id), self.windows.shares(incident_id)
            facts = self._remember_facts(change, before, now)
            asked.append((change, occasion, before, facts))
            for spot, fell in _moved(shares, self.windows.shares(incident_id)):
                spots[spot] = spots.get(spot, True) and not fell
                if spot not in reasons or reasons[spot].reason is None:
                    reasons[spot] = occasion
        alerts: list[Alert] = []
        asked.sort(key=lambda item: item[0].merged_away)
        for change, occasion, before, facts in asked:
            alerts += self._ask_incident(change.incident_id, facts, before, occasion, now)
        order = self._order()
        for spot, aged in sorted(spots.items(), key=lambda item: order(item[0])):
            alerts += self._ask_window(spot, reasons[spot], now, aged=aged)
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
                self._forget(episode, now)
                continue
            waiting = episode.state == "waiting" and episode.due not in (None, AT_ONCE)
            at = episode.due if waiting else now
            if rule.per == "incident":
                facts = self.facts(episode.subject)
                alerts += self._ask(rule, episode.subject, facts, facts, occasion, at)
            else:
                alerts += self._ask_window((rule.name, episode.subject), occasion, at, aged=True)
            if self._ledger.get(episode.record) is episode:  # nothing came of it: it waits for news
                self._ledger.put(episode.record, replace(episode, due=None))
        return tuple(alerts)

    def facts(self, incident_id: str) -> Facts | None:
        """What the rules know of an incident."""
        facts: Facts | None = self._ledger.get(STANDING + incident_id)
        return facts

    def episode(self, rule: str, subject: str) -> Episode | None:
        """What is remembered of a rule over an incident or a window."""
        episode: Episode | None = self._ledger.get(record_key(rule, subject))
        return episode

    def open_alerts(self) -> Iterator[Alert]:
        """The alerts that stand, in the order of their keys."""
        for key in sorted(self._ledger.keys(ALERT)):
            episode: Episode = self._ledger.get(key)
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
            known |= set(self._agenda.rules_of(partner))
        crossed = self._candidates.crossed(facts) if facts is not None else []
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
        view = views.of_incident(rule, facts, before, now, occasion.raised_at)
        if facts is not None and _long_quiet(rule, facts, now):
            view = msgspec.structs.replace(view, stale=True)
        partners = [self.episode(rule.name, partner) for partner in occasion.partners]
        known = [partner for partner in partners if partner is not None]
        if occasion.reason == "merged" and facts is not None and facts.counts:
            view = msgspec.structs.replace(
                view,
                inherited=max((partner.peak for partner in known), default=0),
                handed=any(partner.state == "open" or partner.handed for partner in known),
            )
        related = tuple(
            partner.key for partner in known if partner.key and (partner.state == "open" or partner.handed)
        )
        shown = facts if facts is not None and facts.counts else before or facts
        outcome = step(rule, incident_id, self.episode(rule.name, incident_id), view, occasion, now)
        scene = Scene(count=view.count, said=view.said, facts=() if shown is None else (shown,))
        yield from self._settle(rule, incident_id, outcome, scene, related, occasion, now)

    def _ask_window(
        self, spot: Spot, occasion: Occasion, now: datetime | None, *, aged: bool
    ) -> Iterator[Alert]:
        """Ask a rule about one of its windows; `aged`: a fall comes from time."""
        name, subject = spot
        rule = self._rules().by_name[name]
        episode = self.episode(name, subject)
        if episode is None:
            if self.windows.below(rule, subject, now):
                return
        elif still_damped(rule, episode, occasion, self.windows, now, aged=aged):
            return
        view = views.of_window(rule, subject, self.windows, now, aged=aged)
        outcome = step(rule, subject, episode, view, occasion, now)
        scene = _NO_SCENE
        if outcome.drafts:
            scene = views.window_scene(rule, subject, self.windows, self.facts, view, now)
        yield from self._settle(rule, subject, outcome, scene, (), occasion, now)

    def _order(self) -> Callable[[Spot], tuple[int, str]]:
        """By which windows are sorted: their rules' order in the file, then the region."""
        assert self._candidates is not None, "every entry indexes first"
        place = self._candidates.order
        return lambda spot: (place[spot[0]], spot[1])

    def _settle(
        self,
        rule: Rule,
        subject: str,
        outcome: Outcome,
        scene: Scene,
        related: tuple[str, ...],
        occasion: Occasion,
        now: datetime | None,
    ) -> Iterator[Alert]:
        """Make the alerts of a step and remember where it led."""
        episode, before = outcome.episode, self.episode(rule.name, subject)
        if episode is None:
            if before is not None:
                self._ledger.delete(before.record)
            return
        digest = self._rules().digest
        last, key = episode.last, episode.key
        for draft in outcome.drafts:
            last = build(rule, digest, key, last, episode, draft, scene, related, occasion.raised_at or now)
            key = last.dedup_key
            yield last
        if episode.state == "closed":
            last = None
        if last is not episode.last or key != episode.key:
            episode = replace(episode, last=last, key=key)
        if episode is not before and episode != before:
            self._ledger.put(episode.record, episode)

    # What is remembered

    def _remember_facts(self, change: Change, before: Facts | None, now: datetime | None) -> Facts | None:
        incident_id = change.incident_id
        if change.after is None:
            self._ledger.delete(STANDING + incident_id)
            return None
        fresh = not change.late or (before is not None and before.fresh)
        heard = _latest_news(change, before, now)
        facts = facts_of(change.after, fresh=fresh, heard=heard, trail=before.trail if before else ())
        facts = self._with_trail(facts, now)
        self._ledger.put(STANDING + incident_id, facts)
        return facts

    def _with_trail(self, facts: Facts, now: datetime | None) -> Facts:
        assert self._candidates is not None, "every entry indexes first"
        rises, keep = self._candidates.trail(facts.type)
        counts: dict[str, Count] = {}
        for name, measure in rises.items():
            count = measured(measure, facts.tolls, facts.force)
            if count is not None:
                counts[name] = count
        trail = trailed(facts.trail, now, counts, keep) if counts else ()
        return facts if trail == facts.trail else replace(facts, trail=trail)

    def _drop_orphans(self, rules: RuleSet, now: datetime | None) -> Iterator[Alert]:
        """Close the alerts of rules that are gone or that speak of something else now."""
        for key in sorted(self._ledger.keys(ALERT)):
            episode: Episode = self._ledger.get(key)
            rule = rules.by_name.get(episode.rule)
            gone = rule is None or rule.per != episode.per
            if not gone and episode.last is not None and rule is not None:
                gone = (rule.measure.text, rule.on) != (episode.last.measure, episode.last.type)
            if not gone or episode.state == "closed":
                continue
            alert = orphaned(episode, rules.digest, now)
            if alert is None and episode.ordinal == 0 and episode.peak == 0:
                self._ledger.delete(key)
                continue
            rest = replace(episode, state="closed", last=None, since=None, due=now and now + REMEMBERED)
            self._ledger.put(key, rest)
            if alert is not None:
                yield alert

    def _forget(self, episode: Episode, now: datetime) -> None:
        """Drop a closed episode, unless its incident is still there and could ring again."""
        if episode.per == "incident" and self.facts(episode.subject) is not None:
            self._ledger.put(episode.record, replace(episode, due=now + REMEMBERED))
        else:
            self._ledger.delete(episode.record)

    # Indexes

    def _rules(self) -> RuleSet:
        rules = self.in_force()
        if rules is None:
            raise RuntimeError("no rules are in force: call use() first")
        return rules

    def _index(self) -> None:
        """Index the rules in force and all windows again, if the rules changed."""
        if self._candidates is None:
            self._candidates = Candidates(self._rules())
            ids = sorted(self._ledger.keys(STANDING))
            self.windows.load(self._candidates, [self._ledger.get(key) for key in ids])

    def _follow_facts(self, key: str, old: Facts | None, new: Facts | None) -> None:
        if self._candidates is not None:
            self.windows.follow(key.removeprefix(STANDING), new)

    def _follow_rules(self, key: str, old: Adopted | None, new: Adopted | None) -> None:
        self._candidates = self._in_force = None


@lru_cache(maxsize=8)
def _parsed(text: str) -> RuleSet:
    return parse_rules(text, "the rules in force")


def _moved(before: dict[Spot, Share], after: dict[Spot, Share]) -> Iterator[tuple[Spot, bool]]:
    """The windows that a change touched, and whether it took something away there."""
    for spot in {**before, **after}:
        old, new = before.get(spot), after.get(spot)
        yield spot, old is not None and (new is None or _less(old, new))


def _less(old: Share, new: Share) -> bool:
    """Whether an incident counts less than it did, or not for as long."""
    return new.low < old.low or new.best < old.best or new.high < old.high or new.hour < old.hour


def _latest_news(change: Change, before: Facts | None, now: datetime | None) -> datetime | None:
    """When news of the incident last came, by event time: late and early reports give the same."""
    known = before.heard if before is not None else None
    if change.article_id is None and known is not None:
        return known  # time or an operator moved it, no news
    told = change.raised_at or now
    return told if known is None or (told is not None and told > known) else known


def _long_quiet(rule: Rule, facts: Facts, now: datetime | None) -> bool:
    """Whether an alert about the incident would have closed for want of news."""
    quiet = rule.clear.quiet
    return quiet is not None and None not in (now, facts.heard) and now - facts.heard >= quiet  # type: ignore[operator]
