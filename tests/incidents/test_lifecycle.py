"""How incidents end: quiet, forgotten, reopened; and what comes too late."""

from schemas.incidents import Incident
from streams.incidents import TrackingSettings
from tests.incidents.build import Desk, moment, reading

SHOOTING = {"in": "Torrin", "on": 0, "killed": 3, "victims": ["Ila Brand"]}


def only(desk: Desk) -> Incident:
    (incident,) = desk.tracker.incidents()
    return incident


def test_a_quiet_incident_closes_and_says_so_once() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    assert desk.advance(6.9) == ()
    (change,) = desk.advance(7)
    assert (change.why, change.after and change.after.status, change.article_id) == ("closed", "closed", None)
    assert desk.advance(30) == ()


def test_a_closed_incident_keeps_its_toll_and_its_reports() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.advance(20)
    closed = only(desk)
    assert (closed.tolls["killed"].best, len(closed.reports)) == (3, 1)


def test_the_quiet_period_is_set_by_type_and_by_the_operator() -> None:
    desk = Desk(TrackingSettings(quiet_days={"casualties": 2}))
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.take(reading({"a": "b", "at": 0, "says": [{"force": "troops", "in": "Osk", "count": 500}]}))
    desk.advance(3)
    assert {i.type: i.status for i in desk.tracker.incidents()} == {
        "casualties": "closed",
        "deployment": "open",
    }


def test_a_slow_disaster_stays_open_for_longer() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [{**SHOOTING, "cause": "earthquake"}]}))
    desk.advance(15)
    assert only(desk).status == "open"


def test_a_late_report_opens_a_closed_incident_again() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.advance(30)
    changes = desk.take(reading({"a": "b", "at": 30, "says": [SHOOTING]}))
    assert [change.why for change in changes] == ["reopened"]
    assert only(desk).status == "open"


def test_an_old_report_that_comes_late_opens_nothing_again() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.advance(30)
    (change,) = desk.take(reading({"a": "b", "at": 0.5, "says": [SHOOTING]}))
    assert change.why == "reported"
    assert (only(desk).status, only(desk).reports_total) == ("closed", 2)


def test_retention_ends_an_incident_with_a_tombstone_and_its_articles() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    assert [change.why for change in desk.advance(179)] == ["closed"]
    (change,) = desk.advance(180)
    assert (change.why, change.after) == ("expired", None)
    assert not len(desk.ledger)


def test_retention_that_comes_at_once_closes_before_it_forgets() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    assert [change.why for change in desk.advance(400)] == ["closed", "expired"]


def test_a_later_report_prolongs_the_retention() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.take(reading({"a": "b", "at": 100, "says": [SHOOTING]}))
    desk.advance(200)
    assert only(desk).reports_total == 2
    desk.advance(281)
    assert not len(desk.ledger)


def test_a_reading_older_than_the_retention_is_counted_and_opens_nothing() -> None:
    desk = Desk(TrackingSettings(retention_days=10))
    desk.advance(50)
    assert desk.take(reading({"a": "a", "at": 39, "says": [SHOOTING]})) == ()
    assert (desk.tracker.expired_on_arrival, len(desk.ledger)) == (1, 0)
    desk.take(reading({"a": "b", "at": 41, "says": [SHOOTING]}))
    assert (desk.tracker.expired_on_arrival, only(desk).reports_total) == (1, 1)


def test_nothing_expires_before_there_is_a_stream_time() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "says": [SHOOTING]}))
    assert only(desk).status == "open"
    assert desk.advance(50) == ()
    assert [change.why for change in desk.advance(57)] == ["closed"]
    assert [change.why for change in desk.advance(50 + 180)] == ["expired"]


def test_articles_without_events_are_not_kept() -> None:
    desk = Desk()
    assert desk.take(reading({"a": "a", "at": 0})) == ()
    assert not len(desk.ledger)


def test_an_article_that_lost_its_events_is_still_known() -> None:
    desk = Desk()
    first = reading({"a": "a", "at": 0, "offset": 3, "says": [SHOOTING]})
    desk.take(first)
    desk.take(reading({"a": "a", "text": 2, "at": 0, "offset": 7}))
    assert desk.tracker.seen(first)
    assert desk.take(first) == ()
    assert only(desk).status == "closed"


def test_the_same_version_under_a_later_offset_brings_back_what_stood_before() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "offset": 3, "says": [SHOOTING]}))
    desk.take(reading({"a": "a", "text": 2, "at": 0, "offset": 7}))
    (change,) = desk.take(reading({"a": "a", "at": 0, "offset": 9, "says": [SHOOTING]}))
    assert (change.why, change.after and change.after.version) == ("reopened", 3)


def test_a_retracted_report_takes_its_figure_back() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.take(reading({"a": "b", "at": 0.1, "says": [{**SHOOTING, "killed": 4}]}))
    assert only(desk).tolls["killed"].best == 4
    (change,) = desk.take(reading({"a": "b", "text": 2, "at": 0.2, "retracted": True}))
    assert change.why == "retracted"
    assert only(desk).tolls["killed"].best == 3
    lines = [line.value for line in only(desk).history if line.measure == "killed"]
    assert [getattr(value, "best", None) for value in lines] == [3, 4, 3]


def test_the_history_says_when_and_from_which_event() -> None:
    desk = Desk()
    desk.take(reading({"a": "a", "at": 0, "says": [SHOOTING]}))
    desk.take(reading({"a": "b", "at": 0.5, "says": [{**SHOOTING, "killed": 5}]}))
    lines = [line for line in only(desk).history if line.measure == "killed"]
    assert [(line.at, getattr(line.value, "best", None), line.event_id) for line in lines] == [
        (moment(0), 3, "a.1.0"),
        (moment(0.5), 5, "b.1.0"),
    ]


def test_reports_and_history_are_bounded() -> None:
    desk = Desk()
    for number in range(260):
        said = {**SHOOTING, "killed": 3 + number}
        desk.take(
            reading({"a": f"a{number:03d}", "at": number / 100, "says": [said], "by": f"paper {number}"})
        )
    incident = max(desk.tracker.incidents(), key=lambda one: one.reports_total)
    assert incident.reports_total == 260
    assert len(incident.reports) == 200
    assert incident.reports[-1].article_id == "a259"
    assert len(incident.history) <= 100
    assert incident.updated_at == moment(2.59)
    assert incident.opened_at == moment(0)
