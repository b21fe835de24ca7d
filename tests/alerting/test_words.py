"""Sentences of alerts, word for word, and why an article rang nothing."""

import re
from dataclasses import replace
from datetime import date

import pytest

from schemas import Claim, Count, DateSpan, Event, Force, IncidentEvidence, Place, Reading
from streams.alerting import default_rules, parse_rules
from streams.alerting.regions import country_name
from streams.alerting.template import FIELDS
from streams.alerting.why import why
from streams.alerting.wording import figure_words
from tests.alerting.story import START, Stage
from tests.alerting.test_scenarios import rule_sets

JENIN = Place(name="Jenin", country="PS", admin1="West Bank", latitude=32.46, longitude=35.3)
DAY = DateSpan(earliest=date(2026, 11, 22), latest=date(2026, 11, 22))
QUOTE = IncidentEvidence(
    field="tolls.killed", text="at least a dozen people were killed", start=0, end=35, article_id="a"
)


def stage(rules: str) -> Stage:
    return Stage({name: parse_rules(text, name) for name, text in rule_sets(rules).items()})


def told(rules: str, *actions: str) -> list[str]:
    """The sentences of the last action; the incident A is in Jenin, with words and a claimant."""
    one = stage(rules)
    one.do("A killed=none")
    claim = Claim(measure="killed", count=Count(), claimant="Health Ministry", leading=True)
    one.incidents["A"] = replace(
        one.incidents["A"], place=JENIN, date=DAY, sources=3, evidence=(QUOTE,), claims=(claim,)
    )
    for action in actions[:-1]:
        one.do(action)
    return [alert.explanation for alert in one.do(actions[-1])]


PROOF = (
    "in Jenin, West Bank, on 22 Nov "
    "(3 independent sources; 'at least a dozen people were killed', Health Ministry)"
)


@pytest.mark.parametrize(
    ("actions", "sentence"),
    [
        (["A killed=12+"], f"At least 12 killed {PROOF}: above 10 = warning."),
        (["A killed=10"], f"10 killed {PROOF}: at 10 = warning."),
        (["A killed=1000-1200"], f"1,000 to 1,200 killed {PROOF}: above 25 = critical."),
        (["A killed=4", "A killed=5"], f"Update (was 4): 5 killed {PROOF}: above 3 = notice."),
        (
            ["A killed=4", "A killed=12"],
            f"Raised from notice (was 4): 12 killed {PROOF}: above 10 = warning.",
        ),
        (["A killed=12", "A killed=4"], f"Corrected (was 12): 4 killed {PROOF}: above 3 = notice."),
        (["A killed=4", "+3d"], f"Closed, no news for 3 days: 4 killed {PROOF}: above 3 = notice."),
        (
            ["A killed=4", "A status=closed why=closed"],
            f"Closed, its incident is over: 4 killed {PROOF}: above 3 = notice.",
        ),
    ],
)
def test_a_sentence(actions: list[str], sentence: str) -> None:
    assert told("killed", *actions)[-1] == sentence


def test_what_is_withdrawn_says_so() -> None:
    correct, close = told("killed", "A killed=4", "A killed=none status=closed reports= why=retracted")
    thing = "4 killed in Jenin, West Bank, on 22 Nov."
    assert correct == f"Withdrawn, the article was retracted: {thing}"
    assert close == "Closed, withdrawn: Jenin, West Bank, on 22 Nov."


def test_a_merger_says_what_it_was() -> None:
    assert told("killed", "A killed=4", "B killed=5", "A > B")[-1].startswith("Closed, merged with another")


def test_a_window_says_how_much_where_and_in_how_many() -> None:
    rules = 'killed & per = "country" & window = "7d"'
    sentence = told(rules, "A killed=2", "B killed=9 at=PS/Jenin")[0]
    assert sentence.startswith(
        "11 killed in Palestine within 7 days to 22 Nov in 2 incidents (most in Jenin,"
    )
    assert sentence.endswith("West Bank; 'at least a dozen people were killed'): above 10 = warning.")


def test_a_rise_says_more() -> None:
    rules = 'rise:killed & window = "6h"'
    sentence = told(rules, "A killed=2", "+1h", "A killed=9")[0]
    assert sentence.startswith("7 more killed in Jenin, West Bank, on 22 Nov within 6 hours (3 independent")


def test_a_reminder_says_so() -> None:
    assert told('killed & repeat = "6h"', "A killed=4", "+6h")[0].startswith("Reminder: 4 killed")


@pytest.mark.parametrize(
    ("rule", "actions", "sentence"),
    [
        ("killed", ["A killed=4"], f"4 killed {PROOF}: above 3 = notice."),
        ("killed", ["A killed=4", "A killed=12"], f"12 killed {PROOF}: above 10 = warning."),
        ("killed", ["A killed=9", "A killed=7"], f"7 killed {PROOF}: above 3 = notice."),
        ("killed", ["A killed=20+"], f"at least 20 killed {PROOF}: above 10 = warning."),
        ('killed & repeat = "6h"', ["A killed=4", "+6h"], f"4 killed {PROOF}: above 3 = notice."),
        ('killed & text = "ALARM: {figure}"', ["A killed=4"], "ALARM: 4"),
    ],
)
def test_a_rule_that_is_gone_leaves_a_plain_sentence(rule: str, actions: list[str], sentence: str) -> None:
    closing = told(f"{rule} || other: injured", *actions, "use b")[-1]
    assert closing == f"Closed, no rule in force asks for it: {sentence}"


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        (
            "units=12 unit=battalion people=3600-14400 realis=planned",
            "3,600 to 14,400 troops (12 battalions, estimated) planned for",
        ),
        ("people=550 force=guards", "550 guards deployed in"),
        ("people=1000 realis=ordered", "1,000 troops ordered to"),
        ("people=450 dir=withdraw", "450 troops withdrawn from"),
    ],
)
def test_a_force_says_what_is_done_with_it(settings: str, start: str) -> None:
    rules = 'personnel & levels = { notice = 100 } & where = { direction = ["deploy", "withdraw"] }'
    assert told(rules, f"A {settings}")[0].startswith(start)


def test_a_change_of_realis_says_what_it_was() -> None:
    rules = "personnel & levels = { notice = 100 }"
    sentence = told(rules, "A people=550 realis=planned", "A realis=ordered")[0]
    assert sentence.startswith("Update (was planned): 550 troops ordered to Jenin, West Bank")


def test_what_is_called_off_says_what_it_was() -> None:
    rules = "personnel & levels = { notice = 100 }"
    sentence = told(rules, "A people=550 realis=planned", "A realis=denied status=closed why=closed")[0]
    assert sentence.startswith("Withdrawn, it was denied or called off: 550 troops planned for Jenin")


def test_a_place_that_moved_says_where_it_was() -> None:
    sentence = told("killed", "A killed=5", "A at=PK/Quetta")[0]
    assert sentence.startswith("Update (was in Jenin, West Bank): 5 killed in Quetta, Balochistan")


def test_a_split_that_leaves_the_figure_says_no_other() -> None:
    sentence = told("killed", "A killed=5", "A killed=5 / B killed=1")[0]
    assert sentence.startswith("Corrected after reports were split off: 5 killed in Jenin")


@pytest.mark.parametrize(
    ("per", "place", "words"),
    [
        ("incident", "PH", "5 killed in the Philippines"),
        ("country", "PH", "5 killed in the Philippines within"),
        ("country", "ML", "5 killed in Mali within"),
        ("subregion", "HT", "5 killed in the Caribbean within"),
        ("subregion", "ML", "5 killed in Western Africa within"),
        ("world", "ML", "5 killed in the world within"),
    ],
)
def test_names_take_their_article(per: str, place: str, words: str) -> None:
    window = "" if per == "incident" else ' & window = "7d"'
    one = stage(f'killed & per = "{per}"{window}')
    one.do("A killed=none")
    country = Place(name=country_name(place), country=place, precision="country")
    one.incidents["A"] = replace(one.incidents["A"], place=country)
    assert one.do("A killed=5")[0].explanation.startswith(words)


def test_a_window_without_incidents_counts_none() -> None:
    rules = 'killed & per = "country" & window = "2d"'
    close = told(rules, "A killed=5 seen=0", "+3d")[-1]
    assert close == (
        "Closed, incidents aged out: 0 killed in Palestine within 2 days to 25 Nov: below 3 = notice."
    )


def test_a_template_is_filled_in() -> None:
    text = "{level}! {figure} {measure} in {place} ({country}), {sources} sources: {quote} {{sic}}"
    assert told(f'killed & text = "{text}"', "A killed=12+")[0] == (
        "warning! at least 12 killed in Jenin (Palestine), 3 sources: at least a dozen people were killed"
        " {sic}"
    )


def test_every_field_of_a_template_is_filled_in() -> None:
    fields = " ".join(f"{name}=<{{{name}}}>" for name in FIELDS)
    sentence = told(f'killed & text = "{fields}"', "A killed=12")[0]
    empty = re.findall(r"(\w+)=<>", sentence)
    assert empty == ["window"], "only a rule with a window has one"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (Count(low=1500, best=1500, high=1500), "1,500"),
        (Count(low=20, best=20), "at least 20"),
        (Count(low=12, best=15), "at least 12, probably 15,"),
        (Count(low=16, best=20, high=24), "16 to 24"),
        (Count(best=20, high=20), "up to 20"),
        (Count(best=20), "about 20"),
        (Count(low=24), "at least 24"),
        (Count(), "no figure"),
    ],
)
def test_a_figure_in_words(count: Count, words: str) -> None:
    assert figure_words(count) == words


def reasons(rules: str, *actions: str, reading: Reading | None = None) -> list[str]:
    one = stage(rules)
    for action in actions:
        one.do(action)
    asked = reading or Reading(article_id="article-0", content_hash="h", events=(event(),))
    return [reason.outcome for reason in why(asked, one.incidents.values(), one.evaluator, one.now)]


def event(**fields: object) -> Event:
    return replace(Event(event_id="event-0", article_id="article-0", rank=0, type="casualties"), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "actions", "outcome"),
    [
        ("killed", ["A killed=12"], "rang"),
        ("killed", ["A killed=2"], "below"),
        ("killed", ["A killed=<12"], "below"),
        ("killed & min_sources = 2", ["A killed=12"], "filter"),
        ('killed & where = { country = ["AF"] }', ["A killed=12 at=PK"], "filter"),
        ('killed & hold = "1h"', ["A killed=12"], "held"),
        ('killed & mute = { country = ["PK"] }', ["A killed=12 at=PK"], "muted"),
        ('killed & mute = { daily = ["09:00", "12:00"] }', ["A killed=12"], "muted"),
        ("killed", ["A killed=12", "+3d"], "told"),
        ('killed & max_age = "9d"', ["A killed=12 date=2026-01-01"], "old"),
        ("killed", ["A killed=12 late=yes"], "old"),
        ('killed & per = "country" & window = "7d"', ["A killed=2 at=PK"], "below"),
        ('killed & per = "country" & window = "7d"', ["A killed=12 at=PK"], "rang"),
        ('killed & per = "country" & window = "7d"', ["A killed=12"], "filter"),
    ],
)
def test_why_an_article_rang_or_did_not(rules: str, actions: list[str], outcome: str) -> None:
    assert reasons(rules, *actions) == [outcome]


@pytest.mark.parametrize(
    ("reading", "outcomes"),
    [
        (Reading(article_id="x", content_hash="h"), ["no_event"]),
        (Reading(article_id="x", content_hash="h", language="fr"), ["no_event"]),
        (Reading(article_id="x", content_hash="h", retracted=True), ["no_event"]),
        (Reading(article_id="x", content_hash="h", late=True), ["no_event", "late"]),
        (Reading(article_id="x", content_hash="h", events=(event(scope="cumulative"),)), ["no_incident"]),
        (Reading(article_id="x", content_hash="h", events=(event(realis="historical"),)), ["no_incident"]),
        (Reading(article_id="x", content_hash="h", events=(event(),)), ["no_incident"]),
    ],
)
def test_why_an_article_without_an_incident_rang_nothing(reading: Reading, outcomes: list[str]) -> None:
    assert reasons("killed", reading=reading) == outcomes


def test_a_copy_is_called_one() -> None:
    reading = Reading(article_id="article-1", content_hash="h", events=(event(event_id="event-1"),))
    assert reasons("killed", "A killed=2 names=Reuters|Dawn=Reuters", reading=reading) == ["copy", "below"]


FORCES = [
    ("guards", "person", "actual", Count(low=550, best=550, high=550), "warning"),
    ("troops", "person", "ordered", Count(low=1000, best=1000, high=1000), "warning"),
    ("troops", "battalion", "planned", Count(low=3600, best=7200, high=14400), "critical"),
]


@pytest.mark.parametrize(("what", "unit", "realis", "people", "level"), FORCES)
def test_the_default_rules_ring_for_forces(
    what: str, unit: str, realis: str, people: Count, level: str
) -> None:
    one = Stage({"a": default_rules()})
    force = Force(what=what, unit=unit, personnel=people, estimated=unit != "person")  # type: ignore[arg-type]
    one.do("A people=1")
    one.incidents["A"] = replace(one.incidents["A"], place=JENIN, force=force)
    assert [(alert.rule, alert.level) for alert in one.do(f"A realis={realis}")] == [("deployments", level)]


@pytest.mark.parametrize(
    ("settings", "rung"),
    [
        ("killed=2", []),
        ("killed=3", ["deaths notice"]),
        ("killed=12+ cause=bombing at=PK", ["deaths warning"]),
        ("killed=<30", []),
        ("killed=40 cause=bombing at=PK/Quetta", ["deaths critical", "violence-week notice"]),
        ("killed=40 cause=earthquake at=PK/Quetta", ["deaths critical"]),
        ("killed=120 injured=700", ["deaths disaster", "injured critical"]),
        ("injured=60", ["injured notice"]),
        (
            "missing=30 kidnapped=5 detained=150 displaced=5000",
            ["missing warning", "abductions notice", "arrests notice", "displaced notice"],
        ),
        ("killed=50 date=2026-01-05", []),
        ("units=3 unit=ship people=none", ["warships notice"]),
        ("people=2500 dir=withdraw", ["withdrawals warning"]),
        ("people=60", []),
    ],
)
def test_the_default_rules_ring_as_a_desk_would(settings: str, rung: list[str]) -> None:
    one = Stage({"a": default_rules()}, now=START)
    assert [f"{alert.rule} {alert.level}" for alert in one.do(f"A {settings}")] == rung
