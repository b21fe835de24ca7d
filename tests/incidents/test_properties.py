"""What must always hold, whatever comes: checked on random streams over a small world."""

import json
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import encode
from streams.incidents import Tracker, TrackingSettings, restored, store_tracked
from streams.incidents.index import Index
from streams.incidents.matcher import Matcher
from streams.incidents.settings import matching
from streams.ledger import Ledger
from tests.incidents.build import PLACES, Desk, moment, reading

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = ["Ila Brand", "Tom Reyes", "Mara Voss", "Odd Lien"]
COUNTS = st.integers(0, 6)


def casualty(draw: st.DrawFn) -> dict[str, Any]:
    said: dict[str, Any] = {"cause": draw(st.sampled_from(["shooting", "bombing", "flood"]))}
    if draw(st.booleans()):
        said["in"] = draw(st.sampled_from(sorted(PLACES)))
    if draw(st.booleans()):
        said["on"] = draw(st.integers(0, 5))
    for measure in ("killed", "injured"):
        if draw(st.booleans()):
            said[measure] = draw(COUNTS)
    said["victims"] = draw(st.lists(st.sampled_from(NAMES), max_size=2))
    said["streets"] = draw(st.lists(st.sampled_from(["Mill Street", "Quay Road"]), max_size=1))
    said["realis"] = draw(st.sampled_from(["actual", "actual", "actual", "historical", "denied"]))
    said["words"] = draw(st.sampled_from(["", "the toll was lowered", "died of his wounds"]))
    return said


def deployment(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "force": draw(st.sampled_from(["troops", "police"])),
        "in": draw(st.sampled_from(sorted(PLACES))),
        "count": draw(st.sampled_from([100, 1000, [36, None, None]])),
        "realis": draw(st.sampled_from(["planned", "ordered", "actual", "denied"])),
        "actors": draw(st.lists(st.sampled_from(["Xanian army", "Border Guard"]), max_size=1)),
    }


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    says = [
        casualty(draw) if draw(st.integers(0, 4)) else deployment(draw)
        for _ in range(draw(st.integers(0, 2)))
    ]
    line: dict[str, Any] = {
        "a": draw(st.sampled_from("abcdefgh")),
        "text": draw(st.integers(1, 3)),
        "says": says,
        "by": draw(st.sampled_from(["wire", "daily", "herald"])),
        "retracted": not draw(st.integers(0, 9)),
    }
    if draw(st.integers(0, 5)):
        line["at"] = draw(st.integers(0, 60)) / 4
    if draw(st.integers(0, 2)):
        start = draw(st.sampled_from([0, 0, 500]))
        line["wording"] = [start, start + draw(st.integers(10, 40))]
    return line


STREAMS = st.lists(lines(), min_size=1, max_size=14)


def stored(ledger: Ledger) -> dict[str, bytes]:
    return {key: store_tracked(ledger.get(key)) for key in sorted(ledger.keys())}


def read_back(records: dict[str, bytes]) -> Ledger:
    ledger = Ledger()
    for key, raw in reversed(records.items()):
        ledger.load(key, restored(key, json.loads(raw)))
    return ledger


@SETTINGS
@given(STREAMS)
def test_a_repetition_changes_nothing(stream: list[dict[str, Any]]) -> None:
    desk = Desk()
    for line in stream:
        one = reading(line)
        desk.take(one)
        before = stored(desk.ledger)
        assert desk.tracker.apply(one, desk.now) == ()
        desk.ledger.commit()
        assert stored(desk.ledger) == before


@SETTINGS
@given(STREAMS)
def test_what_is_all_retracted_leaves_closed_incidents_without_tolls(stream: list[dict[str, Any]]) -> None:
    desk = Desk()
    for line in stream:
        desk.take(reading(line))
    for article in sorted({line["a"] for line in stream}):
        desk.take(reading({"a": article, "text": "gone", "retracted": True, "at": 20}))
    for incident in desk.tracker.incidents():
        assert (incident.status, incident.reports, incident.tolls, incident.force) == ("closed", (), {}, None)


@SETTINGS
@given(STREAMS, st.integers(0, 14))
def test_a_restart_in_the_middle_changes_nothing(stream: list[dict[str, Any]], cut: int) -> None:
    through, halted = Desk(), Desk()
    for line in stream[:cut]:
        through.take(reading(line))
        halted.take(reading(line))
    halted.ledger = read_back(stored(halted.ledger))
    halted.tracker = Tracker(halted.ledger)
    assert list(halted.tracker.incidents()) == list(through.tracker.incidents())
    for line in stream[cut:]:
        assert encode(halted.take(reading(line))) == encode(through.take(reading(line)))
    assert encode(halted.advance(300)) == encode(through.advance(300))
    assert stored(halted.ledger) == stored(through.ledger)


@SETTINGS
@given(STREAMS, st.integers(0, 13))
def test_a_step_that_is_taken_back_leaves_no_trace(stream: list[dict[str, Any]], failing: int) -> None:
    plain, troubled = Desk(), Desk()
    for position, line in enumerate(stream):
        one = reading(line)
        if position == failing and one.published_at is not None:
            troubled.tracker.advance(max(one.published_at, troubled.now or one.published_at))
            troubled.tracker.apply(one, one.published_at)
            troubled.ledger.rollback()
        plain.take(one)
        troubled.take(one)
    assert stored(troubled.ledger) == stored(plain.ledger)
    assert encode(troubled.advance(300)) == encode(plain.advance(300))


@SETTINGS
@given(STREAMS)
def test_versions_rise_by_one_and_every_change_follows_on_the_last(stream: list[dict[str, Any]]) -> None:
    desk = Desk()
    for line in stream:
        desk.take(reading(line))
    desk.advance(40)
    desk.advance(400)
    last: dict[str, Any] = {}
    for change in desk.changes:
        assert change.before == last.get(change.incident_id)
        if change.after is not None:
            assert change.after.version == (change.before.version if change.before else 0) + 1
            history = change.before.history if change.before else ()
            assert change.after.history[: len(history)] == history
        last[change.incident_id] = change.after
    assert list(desk.ledger.keys("incident/")) == []


@SETTINGS
@given(STREAMS)
def test_state_ends_with_the_retention(stream: list[dict[str, Any]]) -> None:
    desk = Desk()
    for line in stream:
        desk.take(reading(line))
    desk.advance(200)
    desk.advance(400)
    assert not len(desk.ledger)


@SETTINGS
@given(st.permutations(sorted(PLACES)[:4]), st.permutations(range(8)))
def test_the_order_of_unrelated_articles_is_irrelevant(places: list[str], order: list[int]) -> None:
    towns = {"Arda": 0, "Osk": 1, "Torrin": 2, "Velma": 3}
    lines_ = [
        {
            "a": f"{place}{copy}",
            "at": 0.1 * copy,
            "says": [
                {
                    "in": place,
                    "on": 0,
                    "killed": 5 + 3 * towns[place],
                    "streets": [f"{place} Street"],
                    "cause": cause,
                }
            ],
        }
        for place, cause in zip(sorted(towns), ["shooting", "flood", "bombing", "fire"], strict=True)
        for copy in (0, 1)
    ]
    desk = Desk()
    for position in order:
        desk.take(reading(lines_[position]))
    assert [sorted(r.article_id for r in incident.reports) for incident in desk.incidents()] == [
        [f"{place}0", f"{place}1"] for place in sorted(towns)
    ]
    assert desk.now == moment(0.1)


@SETTINGS
@given(STREAMS, st.sampled_from([-6.0, -2.0, 0.0, 0.1, 1.0, 4.0]))
def test_a_comparison_that_is_cut_short_could_not_have_reached_the_bar(
    stream: list[dict[str, Any]], least: float
) -> None:
    desk = Desk()
    for line in stream:
        desk.take(reading(line))
    index = Index(desk.ledger, matching().limits, TrackingSettings())
    matcher = Matcher(index, matching())
    names = [key.removeprefix("incident/") for key in desk.ledger.keys("incident/")]
    told = [member.traits for name in names for member in index.members(name)]
    for one, other in permutations(told, 2):
        if one.kind == other.kind:
            scale = matcher.scale(one)
            whole, cut = scale.total(other), scale.total(other, least)
            assert cut == whole if whole >= least else cut < least
