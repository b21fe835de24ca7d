"""The bundled articles give what a person reads in them: streams/data/expected.toml, line by line."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from schemas import MEASURES, Alert, BadMessage, Event, Incident, Reading
from streams.intake import article_key
from tests.readings_by_hand import extract_by_hand
from tests.stories import DATA, Story, is_one_of, main_event, members, play, short, standing

FOLDER = Path(str(files("streams") / "data"))
EXPECTED: dict[str, list[dict[str, Any]]] = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
INCIDENTS = {expected["name"]: expected for expected in EXPECTED["incident"]}


@pytest.fixture(scope="module", params=["by hand", "by the extractor"])
def story(request: pytest.FixtureRequest) -> Story:
    """The articles as a person reads them, where only tracking can be wrong, and as Tocsin does."""
    by_hand = extract_by_hand(DATA / "bundled_readings.toml") if request.param == "by hand" else None
    return play(FOLDER / "articles.jsonl", by_hand)


@pytest.fixture(scope="module")
def found(story: Story) -> dict[str, Incident | None]:
    """The incident that stands for each expected one: of those left, the one that shares most articles."""
    left = [*standing(story.incidents, "casualties"), *standing(story.incidents, "deployment")]
    chosen: dict[str, Incident | None] = {}
    for name, expected in sorted(INCIDENTS.items(), key=lambda item: item[1].get("optional", False)):
        chosen[name] = counterpart(expected, left)
        left = [incident for incident in left if incident is not chosen[name]]
    return chosen


def article_id(name: str) -> str:
    """The id of an article; `@` stands before the url of one that brings no id."""
    return article_key({"url": name[1:]}) if name.startswith("@") else name


def counterpart(expected: dict[str, Any], left: list[Incident]) -> Incident | None:
    wanted = {article_id(name) for name in expected.get("articles", [])}

    def likeness(incident: Incident) -> tuple[float, bool]:
        told = members(incident)
        right = is_one_of(key_figure(incident, expected), figure_of(expected))
        return (len(wanted & told) / len(wanted | told) if wanted else 0.0, right)

    best = max((one for one in left if one.type == expected["type"]), key=likeness, default=None)
    return best if best is not None and likeness(best)[0] > 0 else None


FIGURES = (*MEASURES, "personnel", "units")


def figure_of(expected: dict[str, Any]) -> list[str]:
    return next((expected[name] for name in FIGURES if name in expected), [])


def key_figure(incident: Incident, expected: dict[str, Any]) -> Any:
    return figure(incident, next((name for name in FIGURES if name in expected), "killed"))


def figure(incident: Incident, measure: str) -> Any:
    if measure not in ("personnel", "units"):
        return incident.tolls.get(measure)
    if incident.force is None:
        return None
    return incident.force.personnel if measure == "personnel" else incident.force.count


def label(expected: dict[str, Any]) -> str:
    return f"{expected['line']}-{expected.get('id', 'no-id')}"


@pytest.mark.parametrize("expected", EXPECTED["article"], ids=label)
def test_the_main_happening_of_an_article_is_read(expected: dict[str, Any], story: Story) -> None:
    reading = story.steps[expected["line"] - 1].reading
    assert isinstance(reading, Reading)
    if expected.get("none"):
        counted = [one for one in reading.events if one.realis in ("actual", "ordered", "planned")]
        assert [brief(one) for one in counted if one.scope == "incident"] == []
    elif expected.get("passed_over"):
        assert (reading.language, reading.events) == ("es", ())
    elif "type" in expected:
        event = main_event(reading)
        assert event is not None
        assert differences(event, expected) == []
    elif "realis" in expected:
        assert {one.realis for one in reading.events} <= set(expected["realis"].split("|"))


def differences(event: Event, expected: dict[str, Any]) -> list[str]:
    """What is not as expected, as `field: got, not wanted`."""
    force = event.force
    words = {
        "type": event.type,
        "realis": event.realis,
        "scope": event.scope,
        "cause": event.cause,
        "country": event.place.country if event.place else None,
        "direction": event.direction,
        "what": force.what if force else None,
        "unit": force.unit if force else None,
    }
    counts = {measure: event.tolls.get(measure) for measure in MEASURES} | {
        "attackers_killed": event.attackers.get("killed"),
        "personnel": force.personnel if force else None,
        "count": force.count if force else None,
    }
    wrong = [
        f"{name}: {got}, not {expected[name]}"
        for name, got in words.items()
        if name in expected and got not in expected[name].split("|")
    ]
    return wrong + [
        f"{name}: {short(got)}, not {expected[name]}"
        for name, got in counts.items()
        if name in expected and not is_one_of(got, expected[name])
    ]


def brief(event: Event) -> str:
    tolls = {name: short(count) for name, count in event.tolls.items()}
    return f"{event.type} {event.realis} {tolls or (event.force and short(event.force.personnel))}"


@pytest.mark.parametrize("name", INCIDENTS)
def test_an_incident_stands_on_its_articles_and_no_others(
    name: str, found: dict[str, Incident | None]
) -> None:
    expected, incident = INCIDENTS[name], found[name]
    if incident is None:
        assert expected.get("optional") or expected.get("gone"), "there is no such incident"
        return
    wanted = {article_id(one) for one in expected["articles"]}
    allowed = wanted | {article_id(one) for one in expected.get("may_join", [])}
    assert sorted(wanted - members(incident)) == [], "are missing"
    assert sorted(members(incident) - allowed) == [], "do not belong"


@pytest.mark.parametrize("name", [name for name in INCIDENTS if not INCIDENTS[name].get("gone")])
def test_an_incident_has_the_right_figures(name: str, found: dict[str, Incident | None]) -> None:
    expected, incident = INCIDENTS[name], found[name]
    if incident is None:
        assert expected.get("optional"), "there is no such incident"
        return
    for measure in (*MEASURES, "personnel", "units"):
        if measure in expected:
            got = figure(incident, measure)
            assert is_one_of(got, expected[measure]), f"{measure}: {short(got)}, not {expected[measure]}"
    for measure, rival in expected.get("claims", {}).items():
        claimed = [claim.count.value for claim in incident.claims if claim.measure == measure]
        assert rival in claimed
    copies = {one.article_id: one.copy_of for one in incident.reports if one.copy_of}
    assert {name: copies.get(name) for name in expected.get("copies", {})} == expected.get("copies", {})
    for field in ("realis", "cause"):
        assert getattr(incident, field) in expected.get(field, [getattr(incident, field)])
    assert incident.direction == expected.get("direction", incident.direction)
    assert incident.place is not None
    assert incident.place.country == expected["country"]
    assert (incident.status == "closed") >= expected.get("closed", False)


def test_what_nobody_expects_does_not_stand(story: Story, found: dict[str, Incident | None]) -> None:
    known = {incident.incident_id for incident in found.values() if incident}
    others = [
        (incident.type, incident.headline, sorted(members(incident)))
        for kind in ("casualties", "deployment")
        for incident in standing(story.incidents, kind)
        if incident.incident_id not in known and incident.reports and incident.realis != "denied"
    ]
    assert others == []


def rung(story: Story) -> dict[tuple[str, str], list[tuple[str, Alert]]]:
    """The alerts by rule and incident, with the articles that caused them."""
    chains: dict[tuple[str, str], list[tuple[str, Alert]]] = {}
    for article, alert in story.alerts():
        assert alert.incident_id is not None
        chains.setdefault((alert.rule, alert.incident_id), []).append((article, alert))
    return chains


def incident_of(expected: dict[str, Any], story: Story, found: dict[str, Incident | None]) -> str | None:
    incident = found[expected["incident"]]
    if incident is not None:
        return incident.incident_id
    first = article_id(expected["steps"][0].split()[0])  # of one that is gone only its alerts tell
    return next(
        (one.incident_id for name, one in story.alerts() if name == first and one.rule == expected["rule"]),
        None,
    )


@pytest.mark.parametrize("expected", EXPECTED["alert"], ids=lambda one: f"{one['rule']}-{one['incident']}")
def test_an_alert_rings_step_by_step(
    expected: dict[str, Any], story: Story, found: dict[str, Incident | None]
) -> None:
    chain = rung(story).get((expected["rule"], incident_of(expected, story, found) or ""), [])
    told: list[str] = []
    value: int | None = None
    for article, alert in chain:
        now = alert.value.low if alert.bound == "low" else alert.value.value
        if alert.status != "update" or now != value:  # an update may change what the value is not
            told.append(f"{article} {alert.status} {alert.level} {now or 0}")
        value = now
    wanted = [" ".join([article_id(one.split()[0]), *one.split()[1:]]) for one in expected["steps"]]
    if expected.get("open") == "either" and told[-1:] != wanted[-1:]:
        assert " close " in told.pop()
    assert told == wanted
    if expected.get("open", True) != "either":
        assert (chain[-1][1].status != "close") == expected.get("open", True)


def test_nothing_else_rings(story: Story, found: dict[str, Incident | None]) -> None:
    known = {(one["rule"], incident_of(one, story, found)) for one in EXPECTED["alert"]}
    others = [
        [(article, alert.status, alert.explanation) for article, alert in chain]
        for key, chain in rung(story).items()
        if key not in known
    ]
    assert others == []


def test_every_broken_record_is_refused_with_its_reason(story: Story) -> None:
    refused = {
        number: step.reading.kind
        for number, step in enumerate(story.steps, 1)
        if isinstance(step.reading, BadMessage)
    }
    assert list(refused) == [expected["line"] for expected in EXPECTED["dead_letter"]]
    for expected in EXPECTED["dead_letter"]:
        assert refused[expected["line"]] == expected.get("kind", refused[expected["line"]])


def test_a_record_that_comes_again_changes_nothing(story: Story) -> None:
    again = next(expected["line"] for expected in EXPECTED["article"] if "again" in expected.get("note", ""))
    assert story.steps[again - 1].outputs == ()
