"""What the rules remember, all of it in the ledger: the rule set in force, facts, episodes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from schemas.counts import Count
from streams.alerting.candidates import Candidates
from streams.alerting.episodes import ALERT, Episode, record_key
from streams.alerting.facts import Facts, facts_of, trailed
from streams.alerting.measures import measured
from streams.alerting.occasions import Change
from streams.alerting.rulefile import parse_rules
from streams.alerting.rules import RuleSet
from streams.alerting.timing import REMEMBERED
from streams.ledger import Ledger

RULES = "rules"
STANDING = "standing/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The rule set in force, as it was written."""

    text: str
    digest: str


def decoders() -> dict[str, type]:
    """The types of the records that the evaluator keeps, by the first part of their ledger key."""
    return {RULES: Adopted, STANDING.rstrip("/"): Facts, ALERT.rstrip("/"): Episode}


class Memory:
    """Reads and writes what is remembered. It asks no rule."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def rules(self) -> RuleSet | None:
        """The rule set in force."""
        adopted: Adopted | None = self._ledger.get(RULES)
        return None if adopted is None else _parsed(adopted.text)

    def adopt(self, rules: RuleSet) -> None:
        """Let `rules` be in force."""
        self._ledger.put(RULES, Adopted(text=rules.text, digest=rules.digest))

    def facts(self, incident_id: str) -> Facts | None:
        """What the rules know of an incident."""
        facts: Facts | None = self._ledger.get(STANDING + incident_id)
        return facts

    def incident_ids(self) -> list[str]:
        """The incidents that the rules know of, in order."""
        return sorted(key.removeprefix(STANDING) for key in self._ledger.keys(STANDING))

    def learn(
        self, change: Change, before: Facts | None, candidates: Candidates, now: datetime | None
    ) -> Facts | None:
        """The facts of the incident as the change leaves it, kept from now on; None where its record ends."""
        incident_id = change.incident_id
        if change.after is None:
            self._ledger.delete(STANDING + incident_id)
            return None
        fresh = not change.late or (before is not None and before.fresh)
        heard = _latest_news(change, before, now)
        facts = facts_of(change.after, fresh=fresh, heard=heard, trail=before.trail if before else ())
        facts = _with_trail(facts, candidates, now)
        self._ledger.put(STANDING + incident_id, facts)
        return facts

    def episode(self, rule: str, subject: str) -> Episode | None:
        """What is remembered of a rule over an incident or a window."""
        episode: Episode | None = self._ledger.get(record_key(rule, subject))
        return episode

    def episodes(self) -> Iterator[Episode]:
        """Every episode, in the order of the ledger's keys."""
        for key in sorted(self._ledger.keys(ALERT)):
            yield self._ledger.get(key)

    def keep(self, episode: Episode) -> None:
        """Remember the episode as it is now."""
        self._ledger.put(episode.record, episode)

    def drop(self, episode: Episode) -> None:
        """Remember nothing of the rule over its subject."""
        self._ledger.delete(episode.record)

    def expire(self, episode: Episode, now: datetime) -> None:
        """Drop a closed episode, unless its incident is still there and could ring again."""
        if episode.per == "incident" and self.facts(episode.subject) is not None:
            self.keep(replace(episode, due=now + REMEMBERED))
        else:
            self.drop(episode)


def _with_trail(facts: Facts, candidates: Candidates, now: datetime | None) -> Facts:
    rises, keep = candidates.trail(facts.type)
    counts: dict[str, Count] = {}
    for name, measure in rises.items():
        count = measured(measure, facts.tolls, facts.force)
        if count is not None:
            counts[name] = count
    trail = trailed(facts.trail, now, counts, keep) if counts else ()
    return facts if trail == facts.trail else replace(facts, trail=trail)


def _latest_news(change: Change, before: Facts | None, now: datetime | None) -> datetime | None:
    """When news of the incident last came, by event time: late and early reports give the same."""
    known = before.heard if before is not None else None
    if change.article_id is None and known is not None:
        return known  # time or an operator moved it, no news
    told = change.raised_at or now
    return told if known is None or (told is not None and told > known) else known


@lru_cache(maxsize=8)
def _parsed(text: str) -> RuleSet:
    return parse_rules(text, "the rules in force")
