"""What an alert carries beside its sentence: ids, references, counterparts, labels, window, evidence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas import Claim, Count, IncidentEvidence
from schemas.alerts import Alert
from schemas.codec import decode, encode
from streams.alerting import parse_rules
from streams.alerting.building import LISTED, REFERENCES
from tests.alerting.story import START, Stage
from tests.alerting.test_scenarios import rule_sets


def stage(rules: str) -> Stage:
    return Stage({name: parse_rules(text, name) for name, text in rule_sets(rules).items()})


def test_it_says_which_rule_made_it_and_carries_its_labels() -> None:
    one = stage('killed & labels = { desk = "asia" } || killed & bound = "best"')
    (first,) = one.do("A killed=4")
    assert (first.rule, first.measure, first.bound, first.labels) == ("r", "killed", "low", {"desk": "asia"})
    one.do("use b")
    (second,) = one.do("A killed=5")
    digests = [rules.digest for rules in one.rules.values()]
    assert [first.rules_digest, second.rules_digest] == digests
    assert (second.bound, second.labels, second.references) == ("best", {}, (first.alert_id,))


def test_references_are_all_earlier_ones_then_the_first_and_the_latest() -> None:
    one = stage("killed & levels = { notice = 1 }")
    for number in range(1, REFERENCES + 20):
        one.do(f"A killed={number}")
    last = one.sent[-1]
    ids = [alert.alert_id for alert in one.sent]
    assert last.version == REFERENCES + 19
    assert one.sent[3].references == tuple(ids[:3])
    assert last.references == (ids[0], *ids[-REFERENCES:-1])


def test_time_is_that_of_the_article_else_that_of_the_stream() -> None:
    one = stage('killed & hold = "1h"')
    one.do("A killed=4")
    (held,) = one.do("+2h")
    assert held.raised_at == START + timedelta(hours=2)
    (fresh,) = one.do("A killed=5")
    assert fresh.raised_at == one.now


@pytest.mark.parametrize("rules", ["killed", 'killed & per = "country" & window = "7d"'])
def test_it_carries_the_words_and_the_sources(rules: str) -> None:
    one = stage(rules)
    one.do("A killed=none at=PK")
    words = [
        IncidentEvidence(
            field=name, text=f"words of {name}", start=0, end=5, article_id="a", url="https://x.example"
        )
        for name in ("place", "tolls.injured", "tolls.killed")
    ]
    one.incidents["A"] = replace(
        one.incidents["A"], evidence=tuple(words), source_names=("AP", "Reuters"), sources=2
    )
    (alert,) = one.do("A killed=4")
    assert [item.field for item in alert.evidence] == ["tolls.killed", "place", "tolls.injured"]
    assert alert.evidence[0].url == "https://x.example"
    assert (alert.sources, alert.source_names) == (2, ("AP", "Reuters"))


def test_a_window_names_its_latest_incidents_and_counts_all() -> None:
    one = stage('killed & per = "world" & window = "7d" & levels = { notice = 250 }')
    for number in range(LISTED + 50):
        one.do(f"I{number} killed=1")
    (alert,) = one.sent
    window = alert.window
    assert window is not None
    assert (window.per, window.region, window.incidents_total) == ("world", "world", LISTED + 50)
    assert len(window.incident_ids) == LISTED
    assert (window.start, window.end) == (START - timedelta(days=7), START)
    assert alert.value == Count(low=250, best=250, high=250)


def test_a_merger_names_the_counterpart_on_both_sides() -> None:
    one = stage("killed")
    one.do("A killed=4")
    one.do("B killed=5")
    stays, goes = one.do("A > B")
    assert (stays.dedup_key, stays.related_keys) == ("r:B:1", ("r:A:1",))
    assert (goes.dedup_key, goes.related_keys) == ("r:A:1", ("r:B:1",))
    assert goes.value == Count(low=4, best=4, high=4)
    (later,) = one.do("B killed=6")
    assert later.related_keys == ("r:A:1",)


def test_a_split_names_the_counterpart_of_the_child() -> None:
    one = stage("killed")
    one.do("A killed=12")
    parent, child = one.do("A killed=6 / B killed=6")
    assert (parent.incident_id, child.incident_id) == ("A", "B")
    assert child.related_keys == ("r:A:1",)


def test_a_window_s_episode_carries_its_day() -> None:
    one = stage('killed & per = "country" & window = "1d"')
    one.do("A killed=4 at=PK")
    one.do("+1d")
    one.do("B killed=5 at=PK")
    assert [alert.dedup_key for alert in one.sent] == ["r:PK:2026-11-22.1"] * 2 + ["r:PK:2026-11-23.2"]


def test_it_travels_as_json() -> None:
    one = stage("killed")
    one.do("A killed=none at=PK")
    claim = Claim(measure="killed", count=Count(), claimant="police", leading=True)
    one.incidents["A"] = replace(one.incidents["A"], claims=(claim,))
    (alert,) = one.do("A killed=4")
    assert decode(Alert, encode(alert)) == alert


def test_what_is_over_is_forgotten_in_the_end() -> None:
    one = stage('w: killed & per = "country" & window = "1d" && r: killed')
    one.do("A killed=4 at=PK")
    one.do("+4d")
    one.do("A gone")
    assert list(one.ledger.keys("standing/")) == []
    assert len(list(one.ledger.keys("alert/"))) == 2
    one.do("+400d")
    assert list(one.ledger.keys("alert/")) == []


def test_what_can_still_ring_is_not_forgotten() -> None:
    one = stage("killed")
    one.do("A killed=4")
    one.do("+4d")
    one.do("+400d")
    assert one.do("A killed=5") == ()
    assert list(one.ledger.keys("alert/")) == ["alert/r/A"]
