"""Why an article rang, or rang nothing: what a desk asks when it expected an alert."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.counts import Count
from schemas.events import Event, Reading
from schemas.incidents import Incident
from streams.alerting.evaluator import Evaluator
from streams.alerting.facts import Facts
from streams.alerting.matching import refused
from streams.alerting.measures import reach
from streams.alerting.muting import FOREVER, muted_until
from streams.alerting.rules import Rule
from streams.alerting.views import of_incident, of_window
from streams.alerting.windowindex import region_name, subject_of
from streams.alerting.wording import figure_words

Outcome = Literal[
    "rang",
    "below",
    "filter",
    "held",
    "muted",
    "told",
    "old",
    "late",
    "no_event",
    "no_incident",
    "copy",
]


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: a word for programs, a sentence for people, and the rule and incident it is about."""

    outcome: Outcome
    sentence: str
    rule: str | None = None
    incident_id: str | None = None


def why(
    reading: Reading, incidents: Iterable[Incident], evaluator: Evaluator, now: datetime | None
) -> tuple[Why, ...]:
    """Why the article of `reading` rang or didn't; `incidents` are those that it reports on.

    Read it from the top: what holds for the article as a whole comes first, then each incident, rule by rule.
    """
    found = list(_of_article(reading))
    told = set()
    for incident in incidents:
        for report in incident.reports:
            if report.article_id != reading.article_id:
                continue
            told.add(report.event_id)
            if report.copy_of is not None:
                sentence = f"It repeats the text of {report.copy_of} and counts as the same source."
                found.append(Why("copy", sentence, incident_id=incident.incident_id))
        found += judge(incident.incident_id, evaluator, now)
    found += [_without_incident(event) for event in reading.events if event.event_id not in told]
    return tuple(found)


def judge(incident_id: str, evaluator: Evaluator, now: datetime | None) -> tuple[Why, ...]:
    """What every rule in force says of an incident, in the order of the rules."""
    facts, rules = evaluator.facts(incident_id), evaluator.in_force()
    if facts is None or rules is None:
        sentence = f"Nothing is kept of incident {incident_id}: it is over."
        return (Why("no_incident", sentence, incident_id=incident_id),)
    return tuple(_judged(rule, facts, evaluator, now) for rule in rules.rules if rule.on == facts.type)


def _of_article(reading: Reading) -> Iterable[Why]:
    if reading.retracted:
        yield Why("no_event", "Its publisher took the article back; what it said before no longer counts.")
    elif not reading.events:
        plain = reading.language.split("-")[0]
        if plain != "en":
            yield Why("no_event", f"Its language is {reading.language}, which is not read.")
        else:
            yield Why("no_event", "It says nothing of casualties or deployments.")
    if reading.late:
        yield Why("late", "It was old when it came (TOCSIN_MAX_AGE): it updates incidents and rings nothing.")


def _without_incident(event: Event) -> Why:
    """An event that opened no incident and joined none."""
    if event.scope == "cumulative":
        why = "is a toll over a longer time and no single happening"
    elif event.realis == "actual":
        why = "belongs to an incident that is over, or has no figure that counts"
    else:
        why = f"is {event.realis}, which opens no incident"
    return Why("no_incident", f"What it says of {event.type} (event {event.rank}) {why}.")


def _judged(rule: Rule, facts: Facts, evaluator: Evaluator, now: datetime | None) -> Why:
    outcome, sentence = _reason(rule, facts, evaluator, now)
    return Why(outcome, f"{rule.name}: {sentence}.", rule.name, facts.incident_id)


def _reason(rule: Rule, facts: Facts, evaluator: Evaluator, now: datetime | None) -> tuple[Outcome, str]:
    filtered = refused(rule, facts)
    if filtered is not None:
        return "filter", filtered
    if rule.per == "incident":
        subject: str | None = facts.incident_id
        view = of_incident(rule, facts, facts, now, None)
        what = "it"
    else:
        subject = subject_of(rule, facts.place)
        if subject is None:
            return "filter", f"its {rule.per} is not known"
        view = of_window(rule, subject, evaluator.windows, now, aged=False)
        what = f"the sum over {region_name(rule.per, subject)}"
    assert subject is not None, "an incident has an id"
    episode = evaluator.episode(rule.name, subject)
    if episode is not None and episode.state == "open" and episode.last is not None:
        return "rang", f"rings at {episode.last.level} ({episode.last.dedup_key})"
    level = rule.level_at(view.figure)
    if level is None:
        return "below", f"{what} counts {_figure(view.count, rule)}, below {_lowest(rule)}"
    if episode is not None and episode.state == "waiting":
        return _waiting(rule, facts, level.name, now)
    if episode is not None and rule.per == "incident" and level.threshold <= episode.peak:
        return "told", f"it rang at {level.name} or above before, and only a higher level rings again"
    if view.stale or not facts.fresh:
        old = "all its news was late" if not facts.fresh else "it happened or was last told of too long ago"
        return "old", old
    return "old", "it stands above, but its news came when the rule could not ring"


def _waiting(rule: Rule, facts: Facts, level: str, now: datetime | None) -> tuple[Outcome, str]:
    until = muted_until(rule, level, facts.place, now)
    if until is None:
        return "held", f"{level} is reached and must hold before it rings"
    end = "for good" if until >= FOREVER else f"until {until:%Y-%m-%d %H:%M} UTC"
    return "muted", f"{level} is reached and muted {end}"


def _figure(count: Count | None, rule: Rule) -> str:
    """The figure at the rule's bound, and the whole of it where the bound has none."""
    if count is None:
        return f"no {rule.measure.text}"
    figure = reach(count, rule.bound)
    words = figure_words(count).rstrip(",")
    return words if figure is not None else f"{words}, nothing of it sure"


def _lowest(rule: Rule) -> str:
    lowest = rule.levels[0]
    return f"{lowest.name} = {lowest.threshold} ({rule.measure.text}, {rule.bound})"
