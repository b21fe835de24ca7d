"""Alerts whose rule is gone, or speaks of something else now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from schemas.alerts import Alert
from streams.alerting.building import orphaned
from streams.alerting.episodes import Episode
from streams.alerting.memory import Memory
from streams.alerting.rules import RuleSet
from streams.alerting.timing import REMEMBERED


def close_orphans(memory: Memory, rules: RuleSet, now: datetime | None) -> Iterator[Alert]:
    """Close what stands under no rule of `rules`, and forget what only waited."""
    for episode in memory.episodes():
        if episode.state == "closed" or not _orphan(episode, rules):
            continue
        alert = orphaned(episode, rules.digest, now)
        if alert is None and episode.ordinal == 0 and episode.peak == 0:
            memory.drop(episode)
            continue
        memory.keep(replace(episode, state="closed", last=None, since=None, due=now and now + REMEMBERED))
        if alert is not None:
            yield alert


def _orphan(episode: Episode, rules: RuleSet) -> bool:
    rule = rules.by_name.get(episode.rule)
    if rule is None or rule.per != episode.per:
        return True
    last = episode.last
    return last is not None and (rule.measure.text, rule.on) != (last.measure, last.type)
