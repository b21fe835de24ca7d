"""From a draft to the Alert that is sent: its ids, references, evidence and sentence."""

import hashlib
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from schemas.alerts import Alert, Window
from schemas.counts import Count
from schemas.incidents import IncidentEvidence
from streams.alerting.asking import Draft
from streams.alerting.episodes import Episode
from streams.alerting.explain import Told, explanation, plain_sentence
from streams.alerting.facts import Facts
from streams.alerting.matching import counted_sources
from streams.alerting.rules import Rule

REFERENCES = 50
"""At most so many earlier alerts are named: the first and the latest."""

LISTED = 200
"""At most so many incidents of a window are named, the latest first."""

_EVIDENCE = 8
_SOURCES = 50
_FIELDS = {
    "toll": ("tolls.",),
    "casualties": ("tolls.killed", "tolls.injured", "tolls.casualties"),
    "personnel": ("force",),
    "units": ("force",),
    "incidents": ("tolls.", "force"),
}


class Scene(Struct, frozen=True, kw_only=True):
    """What the alert is about: the incident's facts, or the window and the facts of its largest incidents.

    `count` is None where nothing counts any more; `said` is then the figure that is still told.
    """

    count: Count | None
    said: Count | None = None
    facts: tuple[Facts, ...]
    incidents: int = 1
    incident_ids: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


def alert_id(dedup_key: str, version: int) -> str:
    """The id of the alert that is version `version` of its key."""
    return hashlib.sha256(f"{dedup_key}\n{version}".encode()).hexdigest()[:32]


def dedup_key(episode: Episode, at: datetime | None) -> str:
    """One key for what is one thing to a person: rule, subject, episode.

    A window's episode carries its day, since an episode that was long ago may have been forgotten.
    """
    label = str(episode.ordinal)
    if episode.per != "incident":
        label = f"{at:%Y-%m-%d}.{label}" if at is not None else label
    return f"{episode.rule}:{episode.subject}:{label}"


def build(
    rule: Rule,
    digest: str,
    key: str | None,
    last: Alert | None,
    episode: Episode,
    draft: Draft,
    scene: Scene,
    related: tuple[str, ...],
    at: datetime | None,
) -> Alert:
    """The alert; `last` is the one before it of the same `key` (None: a new episode), `at` its event time."""
    key = key or dedup_key(episode, at)
    version = last.version + 1 if last is not None else 1
    facts = scene.facts[0] if scene.facts else None
    evidence = _evidence(rule, scene) if scene.count is not None else ()
    single = facts if rule.per == "incident" else None
    names = _names(scene)
    sources = counted_sources(rule.sources, single) if single is not None else len(names)
    told = Told(
        rule, episode.subject, draft, scene.count, facts, scene.incidents, evidence, sources, last, at
    )
    earlier = last.related_keys if last is not None else ()
    return Alert(
        alert_id=alert_id(key, version),
        dedup_key=key,
        rule=rule.name,
        rules_digest=digest,
        type=rule.on,
        status=draft.status,
        reason=draft.reason,
        level=draft.level.name,
        version=version,
        measure=rule.measure.text,
        bound=rule.bound,
        value=_value(draft, scene, last),
        threshold=draft.level.threshold,
        explanation=explanation(told),
        raised_at=at,
        references=references(last),
        related_keys=tuple(dict.fromkeys((*earlier, *related))),
        labels=rule.labels,
        incident_id=episode.subject if rule.per == "incident" else None,
        realis=single.realis if single is not None else None,
        place=single.place if single is not None else None,
        date=single.date if single is not None else None,
        window=_window(rule, episode, scene),
        sources=sources,
        source_names=names,
        evidence=evidence,
    )


def _value(draft: Draft, scene: Scene, last: Alert | None) -> Count:
    if scene.count is not None:
        return scene.count
    if draft.reason in ("merged", "quiet", "rules") and last is not None:  # what it was is still true
        return last.value
    return scene.said or Count()


def orphaned(episode: Episode, digest: str, at: datetime | None) -> Alert | None:
    """The closing of an alert whose rule is gone; None where none stands."""
    last = episode.last
    if last is None or episode.state != "open":
        return None
    version = last.version + 1
    return replace(
        last,
        alert_id=alert_id(last.dedup_key, version),
        rules_digest=digest,
        status="close",
        reason="rules",
        version=version,
        explanation=f"Closed, no rule in force asks for it: {plain_sentence(last.explanation)}",
        raised_at=at,
        references=references(last),
    )


def references(last: Alert | None) -> tuple[str, ...]:
    """The ids of the alerts of the same key up to `last`: all, or the first and the latest of many."""
    if last is None:
        return ()
    earlier = (*last.references, last.alert_id)
    return earlier if len(earlier) <= REFERENCES else (earlier[0], *earlier[1 - REFERENCES :])


def _window(rule: Rule, episode: Episode, scene: Scene) -> Window | None:
    if rule.per == "incident":
        return None
    return Window(
        per=rule.per,
        region=episode.subject,
        start=scene.start,
        end=scene.end,
        incident_ids=scene.incident_ids,
        incidents_total=scene.incidents,
    )


def _names(scene: Scene) -> tuple[str, ...]:
    if len(scene.facts) == 1:
        return scene.facts[0].source_names
    names = dict.fromkeys([name for facts in scene.facts for name in facts.source_names])
    return tuple(names)[:_SOURCES]


def _evidence(rule: Rule, scene: Scene) -> tuple[IncidentEvidence, ...]:
    """The words behind the figure first, then others of the incident."""
    wanted = _FIELDS[rule.measure.kind]
    if rule.measure.toll is not None:
        wanted = (f"tolls.{rule.measure.toll}",)
    items = [item for facts in scene.facts for item in facts.evidence]
    items.sort(key=lambda item: not item.field.startswith(wanted))
    return tuple(items[:_EVIDENCE])
