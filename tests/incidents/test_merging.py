"""Merging and splitting by what reports say, and the reasons for every membership."""

import pytest

from streams.incidents import TrackingError
from streams.incidents.settings import Matching, load, matching
from tests.incidents.build import Desk, reading

EARLY = {
    "in": "Torrin",
    "on": 0,
    "cause": "bombing",
    "killed": 6,
    "victims": ["Ila Brand"],
}
OTHER = {"on": 0, "cause": "bombing", "killed": 9, "victims": ["Tom Reyes"]}
BRIDGE = {"in": "Torrin", "on": 0, "cause": "bombing", "killed": 6, "victims": ["Ila Brand", "Tom Reyes"]}


def bridged() -> Desk:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [EARLY]}))
    desk.take(reading({"a": "b", "at": 0.1, "says": [OTHER]}))
    assert len(desk.incidents()) == 2
    desk.take(reading({"a": "c", "at": 0.2, "says": [BRIDGE]}))
    return desk


def test_a_report_that_fits_two_incidents_which_fit_each_other_makes_them_one() -> None:
    desk = bridged()
    (living,) = desk.incidents()
    assert [report.article_id for report in living.reports] == ["a", "b", "c"]
    gone = next(incident for incident in desk.tracker.incidents() if incident.merged_into)
    assert (gone.merged_into, gone.reports) == (living.incident_id, ())
    assert [change.why for change in desk.changes[-2:]] == ["merged", "merged"]


def test_the_older_id_lives_on() -> None:
    desk = bridged()
    (living,) = desk.incidents()
    assert living.incident_id == desk.changes[0].incident_id


def test_what_only_a_retracted_report_held_together_falls_apart() -> None:
    desk = bridged()
    desk.take(reading({"a": "b", "text": 2, "at": 0.4, "says": [{**OTHER, "in": "Osk", "on": 4}]}))
    desk.take(reading({"a": "c", "text": 2, "at": 0.5, "retracted": True}))
    assert [[r.article_id for r in incident.reports] for incident in desk.incidents()] == [["a"], ["b"]]


def test_an_article_that_tells_two_apart_is_never_their_bridge() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [EARLY, OTHER]}))
    desk.take(reading({"a": "c", "at": 0.2, "says": [BRIDGE]}))
    assert len(desk.incidents()) == 2


def test_explain_shows_each_part_of_the_score() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [EARLY]}))
    desk.take(reading({"a": "b", "at": 0.1, "says": [EARLY]}))
    (incident,) = desk.incidents()
    first, second = desk.tracker.explain(incident.incident_id)
    names = {part.name for part in second.parts}
    assert {"place.same", "date.same", "cause.same", "killed.many", "victim.same"} <= names
    bias = matching().scoring["casualties"].bias
    assert second.score == pytest.approx(bias + sum(part.points for part in second.parts), abs=1e-3)
    assert first.article_id == "a"


def test_a_lone_report_has_no_reasons() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [EARLY]}))
    (incident,) = desk.incidents()
    (link,) = desk.tracker.explain(incident.incident_id)
    assert (link.score, link.parts) == (0.0, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits = 3", r"matching.toml: .*limits"),
        ("[copies]\nsimilarity = 'high'", r"matching.toml: "),
        ("= 3", r"matching.toml: "),
    ],
)
def test_wrong_data_is_refused_with_the_file_and_the_entry(text: str, words: str) -> None:
    with pytest.raises(TrackingError, match=words):
        load("matching.toml", Matching, text)
