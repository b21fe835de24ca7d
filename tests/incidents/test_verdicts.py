"""The operator's last word: what is decided stays, whatever comes later."""

from typing import Any

import pytest

from schemas import BadMessage, Verdict
from schemas.incidents import Incident
from streams.incidents import IncidentChange
from tests.incidents.build import Desk, moment, reading

MILL = {"in": "Torrin", "on": 0, "killed": 3, "streets": ["Mill Street"]}
QUAY = {"in": "Torrin", "on": 0, "killed": 1, "injured": 8, "streets": ["Quay Road"], "hours": [20]}


def judge(desk: Desk, action: Any, incident_id: str, **more: Any) -> tuple[IncidentChange, ...]:
    verdict = Verdict(
        action=action, incident_id=incident_id, by="desk", at=moment(1), why="we rang them", **more
    )
    found = desk.tracker.judge(verdict, desk.now)
    desk.ledger.commit()
    return found


def two_incidents() -> tuple[Desk, Incident, Incident]:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [MILL]}))
    desk.take(reading({"a": "b", "at": 0.2, "says": [QUAY]}))
    first, second = desk.incidents()
    return desk, first, second


def test_confirm_keeps_an_incident_open_and_its_toll_up() -> None:
    desk, first, _ = two_incidents()
    (change,) = judge(desk, "confirm", first.incident_id)
    assert change.why == "verdict"
    assert change.after is not None
    assert change.after.verdict is not None
    desk.take(reading({"a": "a", "text": 2, "at": 0, "says": [{**MILL, "killed": 1}]}))
    desk.advance(30)
    confirmed = desk.tracker.incident(first.incident_id)
    assert confirmed is not None
    assert (confirmed.status, confirmed.tolls["killed"].best) == ("open", 3)


def test_a_confirmed_toll_may_rise() -> None:
    desk, first, _ = two_incidents()
    judge(desk, "confirm", first.incident_id)
    desk.take(reading({"a": "c", "at": 0.5, "says": [{**MILL, "killed": 4}]}))
    confirmed = desk.tracker.incident(first.incident_id)
    assert confirmed is not None
    assert confirmed.tolls["killed"].best == 4


def test_void_closes_and_later_reports_join_in_silence() -> None:
    desk, first, _ = two_incidents()
    (change,) = judge(desk, "void", first.incident_id)
    assert change.after is not None
    assert change.after.status == "closed"
    desk.take(reading({"a": "c", "at": 0.5, "says": [{**MILL, "killed": 4}]}))
    void = desk.tracker.incident(first.incident_id)
    assert void is not None
    assert (void.status, void.reports_total) == ("closed", 2)


def test_merge_moves_the_reports_and_points_to_where_they_are() -> None:
    desk, first, second = two_incidents()
    changes = judge(desk, "merge", first.incident_id, others=(second.incident_id,))
    assert {change.incident_id: change.why for change in changes} == {
        first.incident_id: "verdict",
        second.incident_id: "merged",
    }
    merged, gone = desk.tracker.incident(first.incident_id), desk.tracker.incident(second.incident_id)
    assert merged is not None
    assert gone is not None
    assert [report.article_id for report in merged.reports] == ["a", "b"]
    assert (gone.merged_into, gone.reports, gone.status) == (first.incident_id, (), "closed")


def test_what_an_operator_merged_an_edit_does_not_split() -> None:
    desk, first, second = two_incidents()
    judge(desk, "merge", first.incident_id, others=(second.incident_id,))
    desk.take(reading({"a": "b", "text": 2, "at": 0.3, "says": [{**QUAY, "injured": 9}]}))
    assert [sorted(r.article_id for r in i.reports) for i in desk.incidents()] == [["a", "b"]]


def test_a_confirmed_incident_stays_confirmed_when_others_are_merged_into_it() -> None:
    desk, first, second = two_incidents()
    judge(desk, "confirm", first.incident_id)
    judge(desk, "merge", first.incident_id, others=(second.incident_id,))
    desk.take(reading({"a": "a", "text": 2, "at": 0.4, "says": [{**MILL, "killed": 1}]}))
    desk.advance(30)
    merged = desk.tracker.incident(first.incident_id)
    assert merged is not None
    assert (merged.status, merged.tolls["killed"].best, merged.reports_total) == ("open", 3, 2)


def test_a_confirmed_toll_goes_with_the_incident_into_another() -> None:
    desk, first, second = two_incidents()
    judge(desk, "confirm", first.incident_id)
    judge(desk, "merge", second.incident_id, others=(first.incident_id,))
    desk.take(reading({"a": "a", "text": 2, "at": 0.4, "retracted": True}))
    desk.advance(30)
    merged = desk.tracker.incident(second.incident_id)
    assert merged is not None
    assert (merged.status, merged.tolls["killed"].best) == ("open", 3)


def test_a_confirmed_incident_stays_confirmed_when_it_is_split() -> None:
    desk = Desk()
    for article in "abc":
        desk.take(reading({"a": article, "at": 0.1, "says": [MILL]}))
    (incident,) = desk.incidents()
    judge(desk, "confirm", incident.incident_id)
    judge(desk, "split", incident.incident_id, article_ids=("b",))
    desk.advance(30)
    left, right = desk.incidents()
    assert [(i.status, len(i.reports)) for i in (left, right)] == [("open", 2), ("closed", 1)]


def test_what_was_merged_stays_whole_after_a_split() -> None:
    desk, first, second = two_incidents()
    desk.take(reading({"a": "c", "at": 0.3, "says": [MILL]}))
    judge(desk, "merge", first.incident_id, others=(second.incident_id,))
    judge(desk, "split", first.incident_id, article_ids=("c",))
    desk.take(reading({"a": "b", "text": 2, "at": 0.3, "says": [{**QUAY, "in": "Arda", "injured": 9}]}))
    assert [sorted(r.article_id for r in i.reports) for i in desk.incidents()] == [["a", "b"], ["c"]]


@pytest.mark.parametrize("action", ["merge", "split"])
def test_what_is_void_is_confirmed_before_it_is_merged_or_split(action: str) -> None:
    desk, first, second = two_incidents()
    judge(desk, "void", first.incident_id)
    more = {"others": (second.incident_id,)} if action == "merge" else {"article_ids": ("a",)}
    with pytest.raises(BadMessage, match="confirm it first"):
        judge(desk, action, first.incident_id, **more)
    judge(desk, "confirm", first.incident_id)
    confirmed = desk.tracker.incident(first.incident_id)
    assert confirmed is not None
    assert confirmed.status == "open"


def test_an_article_that_tells_of_both_is_forgotten_with_what_they_were_merged_into() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [MILL, QUAY]}))
    first, second = desk.tracker.incidents()
    judge(desk, "merge", first.incident_id, others=(second.incident_id,))
    desk.advance(200)
    assert not len(desk.ledger)


def test_split_takes_articles_out_for_good() -> None:
    desk = Desk()
    for article in "abc":
        desk.take(reading({"a": article, "at": 0.1, "says": [MILL]}))
    (incident,) = desk.incidents()
    changes = judge(desk, "split", incident.incident_id, article_ids=("b",))
    assert [change.why for change in changes] == ["split", "split"]
    desk.take(reading({"a": "b", "text": 2, "at": 0.2, "says": [MILL]}))
    desk.take(reading({"a": "d", "at": 0.3, "says": [MILL]}))
    left, right = desk.incidents()
    assert [report.article_id for report in right.reports] == ["b"]
    assert right.split_from == incident.incident_id
    assert [report.article_id for report in left.reports] == ["a", "c", "d"]


def test_a_split_may_take_out_the_report_that_opened_the_incident() -> None:
    desk = Desk()
    for article in "ab":
        desk.take(reading({"a": article, "at": 0.1, "says": [MILL]}))
    (incident,) = desk.incidents()
    judge(desk, "split", incident.incident_id, article_ids=("a",))
    assert [[r.article_id for r in i.reports] for i in desk.incidents()] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("action", "more", "words"),
    [
        ("merge", {}, "needs `others`"),
        ("merge", {"others": ("nowhere",)}, "no incident has the id nowhere"),
        ("split", {}, "needs `article_ids`"),
        ("split", {"article_ids": ("z",)}, "no article of"),
        ("split", {"article_ids": ("a",)}, "must leave a report"),
    ],
)
def test_a_verdict_that_names_what_is_not_there_is_refused(
    action: str, more: dict[str, Any], words: str
) -> None:
    desk, first, _ = two_incidents()
    with pytest.raises(BadMessage, match=words):
        judge(desk, action, first.incident_id, **more)


def test_a_verdict_on_nothing_is_refused() -> None:
    with pytest.raises(BadMessage, match="no incident has the id"):
        judge(Desk(), "confirm", "nowhere")


def test_incidents_of_two_types_never_merge() -> None:
    desk, first, _ = two_incidents()
    desk.take(reading({"a": "c", "at": 0.3, "says": [{"force": "troops", "in": "Torrin", "count": 90}]}))
    other = next(incident for incident in desk.incidents() if incident.type == "deployment")
    with pytest.raises(BadMessage, match="is of type"):
        judge(desk, "merge", first.incident_id, others=(other.incident_id,))


@pytest.mark.parametrize("action", ["confirm", "void"])
def test_the_same_verdict_again_changes_nothing(action: str) -> None:
    desk, first, _ = two_incidents()
    judge(desk, action, first.incident_id)
    assert judge(desk, action, first.incident_id) == ()


def test_a_verdict_on_a_merged_incident_reaches_the_one_it_lives_on_in() -> None:
    desk, first, second = two_incidents()
    judge(desk, "merge", first.incident_id, others=(second.incident_id,))
    (change,) = judge(desk, "void", second.incident_id)
    assert change.incident_id == first.incident_id


def test_what_an_operator_split_does_not_come_together_through_a_third_incident() -> None:
    """The part that was split off merges into a third incident; that and the rest still stay apart."""
    desk = Desk()
    for article in "ab":
        desk.take(reading({"a": article, "at": 0.1, "says": [MILL]}))
    (incident,) = desk.incidents()
    judge(desk, "split", incident.incident_id, article_ids=("b",))
    desk.take(reading({"a": "c", "at": 0.2, "says": [{**QUAY, "injured": 2}]}))
    left, right, third = desk.incidents()
    judge(desk, "merge", third.incident_id, others=(right.incident_id,))
    record = desk.ledger.get(f"incident/{third.incident_id}")
    assert record.apart == (left.incident_id,)
    both = {**MILL, "killed": 3, "streets": ["Mill Street", "Quay Road"], "hours": [20]}
    for article in "def":
        desk.take(reading({"a": article, "at": 0.3, "says": [both]}))
    assert desk.tracker.incident(left.incident_id).merged_into is None  # type: ignore[union-attr]
    assert desk.tracker.incident(third.incident_id).merged_into is None  # type: ignore[union-attr]
