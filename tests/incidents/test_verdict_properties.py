"""What must hold whatever reports and operators do, in whatever order: checked on random streams of both."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import BadMessage, Verdict
from schemas.codec import encode
from streams.incidents import Tracker
from tests.incidents.build import Desk, moment, reading
from tests.incidents.test_properties import SETTINGS, lines, read_back, stored

Deed = tuple[str, int, int]
"""An action with two numbers that choose what it is done to."""

DEEDS = st.tuples(
    st.sampled_from(["confirm", "void", "merge", "split"]), st.integers(0, 20), st.integers(0, 20)
)
STORIES = st.lists(st.one_of(lines(), lines(), DEEDS), min_size=2, max_size=16)


def judge(desk: Desk, deed: Deed) -> None:
    """An operator's decision on some incident; one that can't be is refused and changes nothing."""
    action, one, other = deed
    known = [incident for incident in desk.tracker.incidents() if incident.merged_into is None]
    if not known:
        return
    target = known[one % len(known)]
    articles = [report.article_id for report in target.reports]
    verdict = Verdict(
        action=action,  # type: ignore[arg-type]
        incident_id=target.incident_id,
        others=(known[other % len(known)].incident_id,) if action == "merge" else (),
        article_ids=(articles[other % len(articles)],) if action == "split" and articles else (),
        by="desk",
        at=moment(1),
        why="we rang them",
    )
    before = stored(desk.ledger)
    try:
        desk.changes.extend(desk.tracker.judge(verdict, desk.now))
        desk.ledger.commit()
    except BadMessage:
        desk.ledger.rollback()
        assert stored(desk.ledger) == before


def follow(desk: Desk, story: list[dict[str, Any] | Deed]) -> None:
    for step in story:
        if isinstance(step, dict):
            desk.take(reading(step))
        else:
            judge(desk, step)


@SETTINGS
@given(STORIES, st.integers(0, 16))
def test_a_restart_between_decisions_changes_nothing(story: list[dict[str, Any] | Deed], cut: int) -> None:
    through, halted = Desk(), Desk()
    follow(through, story[:cut])
    follow(halted, story[:cut])
    halted.ledger = read_back(stored(halted.ledger))
    halted.tracker = Tracker(halted.ledger)
    assert list(halted.tracker.incidents()) == list(through.tracker.incidents())
    follow(through, story[cut:])
    follow(halted, story[cut:])
    assert encode(halted.advance(300)) == encode(through.advance(300))
    assert stored(halted.ledger) == stored(through.ledger)


@SETTINGS
@given(STORIES)
def test_what_is_confirmed_stays_open_and_its_toll_up(story: list[dict[str, Any] | Deed]) -> None:
    desk = Desk()
    confirmed: dict[str, dict[str, int]] = {}
    for step in story:
        follow(desk, [step])
        if isinstance(step, tuple):
            # A later rise is not confirmed by what an operator does to another incident.
            confirmed = {
                incident.incident_id: confirmed.get(
                    incident.incident_id, {m: count.value or 0 for m, count in incident.tolls.items()}
                )
                for incident in desk.tracker.incidents()
                if incident.verdict is not None
                and incident.verdict.action == "confirm"
                and incident.merged_into is None
            }
        for incident_id, floor in confirmed.items():
            incident = desk.tracker.incident(incident_id)
            assert incident is not None
            assert incident.status == "open"
            assert incident.merged_into is None
            assert all((incident.tolls[measure].value or 0) >= least for measure, least in floor.items())


@SETTINGS
@given(STORIES)
def test_every_report_is_in_one_living_incident_and_all_ends_with_time(
    story: list[dict[str, Any] | Deed],
) -> None:
    desk = Desk()
    follow(desk, story)
    placed = [report.event_id for incident in desk.tracker.incidents() for report in incident.reports]
    assert len(placed) == len(set(placed))
    for incident in desk.tracker.incidents():
        if incident.merged_into is not None:
            target = desk.tracker.incident(incident.merged_into)
            assert (incident.status, incident.reports) == ("closed", ())
            assert target is not None
            assert target.type == incident.type
    desk.advance(200)
    desk.advance(400)
    assert not len(desk.ledger)
