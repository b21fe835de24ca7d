"""Two attacks in neighbouring towns and the force that answers them: the state after every article."""

import tomllib
from dataclasses import dataclass, field
from typing import Any

import pytest

from schemas import Count, Incident, Reading
from streams.alerting import default_rules
from tests.readings_by_hand import extract_by_hand
from tests.stories import DATA, Story, is_one_of, members, play, short, standing

EXPECTED: dict[str, Any] = tomllib.loads((DATA / "long_story.toml").read_text("utf-8"))
NAMES: dict[str, dict[str, Any]] = EXPECTED["incidents"]


@dataclass
class State:
    """What should stand after a step: for each incident its articles and the latest expectations."""

    articles: dict[str, set[str]] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)


def states() -> list[State]:
    """The expectations after each step, with what was not said carried over."""
    found: list[State] = []
    articles: dict[str, set[str]] = {}
    figures: dict[str, dict[str, Any]] = {}
    copies: dict[str, str] = {}
    for step in EXPECTED["step"]:
        if "joins" in step:
            articles.setdefault(step["joins"], set()).add(step["article"])
        if "leaves" in step:
            articles[step["leaves"]].discard(step["article"])
            copies.pop(step["article"], None)
        if "copy_of" in step:
            copies[step["article"]] = step["copy_of"]
        for name in NAMES:
            figures[name] = figures.get(name, {}) | step.get(name, {})
        found.append(State({name: set(ids) for name, ids in articles.items()}, dict(figures), dict(copies)))
    return found


STATES = states()
STEPS = range(len(STATES))


@pytest.fixture(scope="module", params=["by hand", "by the extractor"])
def story(request: pytest.FixtureRequest) -> Story:
    """The story as a person reads it, where only tracking and alerting can be wrong, and as Tocsin does."""
    by_hand = extract_by_hand(DATA / "long_story_readings.toml") if request.param == "by hand" else None
    return play(DATA / "long_story.jsonl", by_hand)


def label(number: int) -> str:
    return f"{number + 1}-{EXPECTED['step'][number]['article']}"


def incident_for(name: str, number: int, story: Story) -> Incident | None:
    """The incident that shares the most articles with the one expected."""
    wanted = STATES[number].articles.get(name, set())

    def likeness(incident: Incident) -> tuple[int, int]:
        told = members(incident)
        return len(wanted & told), -len(told)

    candidates = standing(story.steps[number].incidents, NAMES[name]["type"])
    best = max(candidates, key=likeness, default=None)
    return best if best is not None and likeness(best)[0] else None


@pytest.mark.parametrize("number", STEPS, ids=label)
def test_each_happening_is_one_incident_with_its_reports(number: int, story: Story) -> None:
    found = {name: incident_for(name, number, story) for name in STATES[number].articles}
    missing = [name for name, incident in found.items() if incident is None]
    assert missing == []
    ids = [incident.incident_id for incident in found.values() if incident]
    assert len(set(ids)) == len(ids), "two happenings became one incident"
    for name, incident in found.items():
        assert incident is not None
        assert sorted(STATES[number].articles[name] - members(incident)) == [], f"are missing in {name}"
        copies = {report.article_id: report.copy_of for report in incident.reports if report.copy_of}
        wanted = {one: of for one, of in STATES[number].copies.items() if one in members(incident)}
        assert copies == wanted


@pytest.mark.parametrize("number", STEPS, ids=label)
def test_nothing_else_is_open(number: int, story: Story) -> None:
    known = {
        incident.incident_id
        for name in STATES[number].articles
        if (incident := incident_for(name, number, story))
    }
    others = [
        (incident.type, incident.headline, sorted(members(incident)))
        for incident in story.steps[number].incidents
        if incident.incident_id not in known and incident.merged_into is None and incident.reports
    ]
    assert others == []


@pytest.mark.parametrize("number", STEPS, ids=label)
def test_the_figures_are_right_after_every_article(number: int, story: Story) -> None:
    wrong = []
    for name in STATES[number].articles:
        incident = incident_for(name, number, story)
        assert incident is not None, name
        for what, expected in STATES[number].figures[name].items():
            got = value(incident, what)
            if isinstance(got, Count | None):
                right, shown = is_one_of(got, expected), short(got)
            else:
                right, shown = expected in got if isinstance(got, list) else got == expected, got
            if not right:
                wrong.append(f"{name}.{what}: {shown}, not {expected}")
    assert wrong == []


def value(incident: Incident, what: str) -> Any:
    if what in ("sources", "realis"):
        return getattr(incident, what)
    if what == "claims_killed":
        return [claim.count.value for claim in incident.claims if claim.measure == "killed"]
    if what == "personnel":
        return incident.force and incident.force.personnel
    return incident.tolls.get(what)  # type: ignore[call-overload]


def test_alerts_ring_at_the_right_article_and_at_no_other(story: Story) -> None:
    final = {name: incident_for(name, len(STATES) - 1, story) for name in NAMES}
    names = {incident.incident_id: name for name, incident in final.items() if incident}
    values: dict[str, int | None] = {}
    told: list[tuple[str, str]] = []
    for article, alert in story.alerts():
        now = alert.value.low if alert.bound == "low" else alert.value.value
        if alert.status != "update" or now != values.get(alert.dedup_key):
            name = names.get(alert.incident_id or "", alert.explanation)
            told.append((article, f"{name} {alert.status} {alert.level} {now}"))
        values[alert.dedup_key] = now
    assert told == [(step["article"], step["rings"]) for step in EXPECTED["step"] if "rings" in step]


def test_the_default_rules_ring_what_a_desk_judged_right() -> None:
    by_hand = extract_by_hand(DATA / "long_story_readings.toml")
    story = play(DATA / "long_story.jsonl", by_hand, default_rules())
    judged = [
        tuple(line.split("\t")[:6])
        for line in (DATA / "long_story_alerts.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    rang = [
        (article, alert.rule, alert.status, alert.reason, alert.level, short(alert.value))
        for article, alert in story.alerts()
    ]
    assert rang == judged


@pytest.mark.parametrize("name", NAMES)
def test_an_incident_is_where_and_what_it_was(name: str, story: Story) -> None:
    incident = incident_for(name, len(STATES) - 1, story)
    assert incident is not None
    assert incident.place is not None
    assert incident.place.country == NAMES[name]["country"]
    assert incident.cause in NAMES[name].get("cause", [None])
    assert incident.direction == NAMES[name].get("direction")


def test_histories_are_append_only(story: Story) -> None:
    told: dict[str, tuple[Any, ...]] = {}
    for step in story.steps:
        for incident in step.incidents:
            before = told.get(incident.incident_id, ())
            assert incident.history[: len(before)] == before
            told[incident.incident_id] = incident.history


def test_an_edited_article_is_read_again(story: Story) -> None:
    hashes = [
        step.reading.content_hash
        for step in story.steps
        if isinstance(step.reading, Reading) and step.reading.article_id == "irapuato-02"
    ]
    assert len(set(hashes)) == 2
