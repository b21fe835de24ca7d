"""The one sentence of an alert, on which a person can act."""

import re
from dataclasses import replace
from datetime import datetime

import msgspec
from msgspec import Struct

from schemas.alerts import Alert
from schemas.counts import Count
from schemas.incidents import IncidentEvidence
from streams.alerting.asking import Draft
from streams.alerting.facts import Facts
from streams.alerting.measures import reach, same
from streams.alerting.regions import country_name, in_sentence
from streams.alerting.rules import Rule
from streams.alerting.template import render
from streams.alerting.windowindex import region_name
from streams.alerting.wording import (
    against_words,
    date_words,
    day_words,
    figure_words,
    place_words,
    span_words,
    what_words,
)

_QUOTE = 120
_TOLD_AGAIN = re.compile(r"(?:Raised from|Update|Corrected|Reminder)\b[^:]*: (?=.)")
"""What `_prefix` writes before a sentence that is told again."""

_CORRECTED = {
    "retracted": " after a retraction",
    "merged": " after a merger with another incident",
    "split": " after reports were split off",
    "verdict": " by an operator",
    "rules": " by new rules",
}
_BACK = {
    "retracted": "the article was retracted",
    "verdict": "an operator decided so",
    "split": "its reports were split off",
    "revised": "the reports were revised",
}


class Told(Struct, frozen=True):
    """What a sentence is made of. `facts` are the incident's, or those of the window's largest one."""

    rule: Rule
    subject: str
    draft: Draft
    count: Count | None
    facts: Facts | None
    incidents: int
    evidence: tuple[IncidentEvidence, ...]
    sources: int
    last: Alert | None
    at: datetime | None


def explanation(told: Told) -> str:
    """The sentence, by the rule's template if it has one."""
    sentence = _sentence(told)
    if told.rule.text is None:
        return sentence
    return render(told.rule.text, _fields(told, sentence))


def plain_sentence(sentence: str) -> str:
    """An alert's sentence without what it says of the alert before it, to be read after a colon."""
    plain = _TOLD_AGAIN.sub("", sentence)
    return plain[0].lower() + plain[1:] if plain[1:2].islower() else plain


def _sentence(told: Told) -> str:
    draft, last, rule = told.draft, told.last, told.rule
    if told.count is None:
        before = figure_words(last.value) if last is not None else "the figure"
        thing = f"{before} {_thing(_as_it_was(told), last.value if last else Count())}"
        if draft.reason == "merged":
            return f"Closed, merged with another incident: {thing}."
        if draft.reason == "rules":
            return f"Closed, no rule in force asks for it: {thing}."
        if draft.reason in ("quiet", "aged"):
            return f"Closed, it lies behind: {thing}."
        if draft.status == "close":
            return f"Closed, withdrawn: {_scene(told)}."
        denied = draft.reason == "revised" and told.facts is not None and told.facts.realis == "denied"
        why = "it was denied or called off" if denied else _BACK.get(draft.reason, "it no longer counts")
        return f"Withdrawn, {why}: {thing}."
    figure = reach(told.count, rule.bound)
    words = figure_words(told.count)
    body = f"{words} {_thing(told, told.count)}{_proof(told)}: "
    body += against_words(figure, draft.level.threshold, draft.level.name) + "."
    prefix = _prefix(told)
    return prefix + (body if prefix else body[0].upper() + body[1:])


def _as_it_was(told: Told) -> Told:
    """With the realis of the last alert: what was planned was planned, though it is denied now."""
    last, facts = told.last, told.facts
    if last is None or facts is None or last.realis is None or last.realis == facts.realis:
        return told
    return msgspec.structs.replace(told, facts=replace(facts, realis=last.realis))


def _thing(told: Told, count: Count) -> str:
    """What was counted, where and when."""
    rule = told.rule
    grew = f"more {what_words(rule.measure, told.facts, count)}" if rule.measure.rise else None
    what = grew or what_words(rule.measure, told.facts, count)
    if rule.per == "incident":
        within = f" within {span_words(rule.window)}" if rule.window is not None else ""
        return f"{what} {_scene(told)}{within}"
    assert rule.window is not None, "a rule that is not per incident has a window"
    noun = "incident" if told.incidents == 1 else "incidents"
    counted = rule.measure.kind != "incidents" and told.incidents
    number = f" in {told.incidents} {noun}" if counted else ""
    end = f" to {day_words(told.at.date(), told.at)}" if told.at is not None else ""
    where = in_sentence(region_name(rule.per, told.subject))
    return f"{what} {where} within {span_words(rule.window)}{end}{number}"


def _scene(told: Told) -> str:
    """Where and when an incident was."""
    where = place_words(told.facts.place if told.facts else None)
    when = date_words(told.facts.date if told.facts else None, told.at)
    return f"{where}, {when}" if when else where


def _prefix(told: Told) -> str:
    draft, last = told.draft, told.last
    if draft.status == "open" or last is None:
        return ""
    was = _was(told, last)
    if draft.status == "escalate":
        return f"Raised from {last.level}{was}: "
    if draft.status == "update":
        return "Reminder: " if draft.reason == "crossed" else f"Update{was}: "
    if draft.status == "correct":
        return f"Corrected{_CORRECTED.get(draft.reason, '')}{was}: "
    return f"Closed, {_over(told)}: "


def _was(told: Told, last: Alert) -> str:
    """What the last alert told that is no longer so, in brackets; nothing where the figure is the same."""
    if told.count is None or not same(told.count, last.value):
        return f" (was {figure_words(last.value).rstrip(',')})"
    if told.facts is not None and last.realis and last.realis != told.facts.realis:
        return f" (was {last.realis})"
    before = place_words(last.place)
    if last.place is not None and told.facts is not None and before != place_words(told.facts.place):
        return f" (was in {before})"
    return ""


def _over(told: Told) -> str:
    """Why an alert closes whose figure still stands."""
    if told.draft.reason == "aged":
        return "incidents aged out"
    if told.draft.reason != "quiet":
        return "no longer above its threshold"
    if told.rule.per == "incident" and told.facts is not None and not told.facts.alive:
        return "its incident is over"  # the tracker's own decision, whatever the rule's `quiet`
    quiet = told.rule.clear.quiet
    return f"no news for {span_words(quiet)}" if quiet else "no more news"


def _proof(told: Told) -> str:
    """`(3 independent sources; 'at least a dozen people were killed', Health Ministry)`."""
    parts = []
    if told.rule.per == "incident" and told.sources:
        parts.append(f"{told.sources} independent sources" if told.sources > 1 else "1 source")
    if told.rule.per != "incident" and told.incidents > 1 and told.facts is not None:
        parts.append(f"most in {place_words(told.facts.place)}")
    quote = _quote(told)
    if quote:
        claimant = _claimant(told)
        parts.append(f"'{quote}', {claimant}" if claimant else f"'{quote}'")
    return f" ({'; '.join(parts)})" if parts else ""


def _quote(told: Told) -> str:
    if not told.evidence:
        return ""
    text = " ".join(told.evidence[0].text.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rstrip() + "…"


def _claimant(told: Told) -> str:
    if told.facts is None:
        return ""
    measure = told.rule.measure
    name = measure.toll or ("killed" if measure.kind == "casualties" else measure.kind)
    claimant = told.facts.claimants.get(name, "")
    return claimant or (told.evidence[0].source or "" if told.evidence else "")


def _fields(told: Told, sentence: str) -> dict[str, str]:
    rule, draft = told.rule, told.draft
    count = told.count or Count()
    place = told.facts.place if told.facts is not None else None
    per_incident = rule.per == "incident"

    def plain(value: int | None) -> str:
        return "" if value is None else str(value)

    return {
        "sentence": sentence,
        "rule": rule.name,
        "level": draft.level.name,
        "status": draft.status,
        "reason": draft.reason,
        "measure": rule.measure.text,
        "figure": figure_words(count).rstrip(","),
        "value": plain(reach(count, rule.bound)),
        "low": plain(count.low),
        "best": plain(count.best),
        "high": plain(count.high),
        "threshold": str(draft.level.threshold),
        "where": place_words(place) if per_incident else region_name(rule.per, told.subject),
        "place": place.name if place is not None else "",
        "country": country_name(place.country) if place is not None and place.country else "",
        "date": date_words(told.facts.date if told.facts is not None else None, told.at),
        "sources": str(told.sources),
        "quote": _quote(told),
        "claimant": _claimant(told),
        "incidents": str(told.incidents),
        "window": span_words(rule.window) if rule.window is not None else "",
        "realis": told.facts.realis if told.facts is not None else "",
    }
