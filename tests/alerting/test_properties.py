"""What must hold whatever happens: keys, references, sums, ids, and what a consumer sees."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Alert, Count, DateSpan, Incident, Place, Report, encode
from streams.alerting import Change, Evaluator, parse_rules
from streams.alerting.asking import Occasion
from streams.alerting.damping import Calm
from streams.alerting.measures import add, reach
from streams.alerting.rules import Bound
from streams.alerting.windowindex import WindowIndex
from streams.alerting.windows import (
    BEST,
    HIGH,
    LOW,
    Share,
    Tally,
    as_count,
    cutoff,
    end,
    hour_after,
    hours,
    share_of,
)
from streams.ledger import Ledger

START = datetime(2026, 11, 1, tzinfo=UTC)
BOUNDS: tuple[Bound, ...] = ("low", "best", "high")
RULES = parse_rules(
    """
[[rule]]
name = "plain"
on = "casualties"
measure = "killed"
levels = { notice = 3, warning = 10 }

[[rule]]
name = "fussy"
on = "casualties"
measure = "killed"
bound = "best"
levels = { notice = 2, warning = 6, critical = 12 }
hold = "2h"
repeat = "9h"
damp = { every = "3h", change = 4 }
clear = { below = 1, after = "1h", quiet = "30h" }
mute = { daily = ["22:00", "04:00"], levels = ["notice"] }
min_sources = 2

[[rule]]
name = "week"
on = "casualties"
measure = "killed"
per = "country"
window = "48h"
levels = { notice = 5, warning = 20 }
clear = { below = "10%", after = "2h" }
damp = { every = "6h" }

[[rule]]
name = "fast"
on = "casualties"
measure = "rise:killed"
window = "6h"
levels = { notice = 4 }
""",
    "properties",
)
OTHER = parse_rules(RULES.text.replace("notice = 3", "notice = 5").replace('"fast"', '"faster"'), "other")

counts = st.builds(
    lambda low, more, most: Count(
        low=low,
        best=None if more is None else (low or 0) + more,
        high=None if most is None else (low or 0) + (more or 0) + most,
    ),
    st.none() | st.integers(0, 30),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 20),
)
names = st.sampled_from("ABCDE")
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("tell"),
            names,
            counts,
            st.sampled_from(("PK", "AF", None)),
            st.integers(1, 3),
            st.integers(-4, 0),
            st.booleans(),
        ),
        st.tuples(st.just("pass"), st.integers(1, 4000)),
        st.tuples(st.just("merge"), names, names),
        st.tuples(st.just("split"), names, names, counts),
        st.tuples(st.just("withdraw"), names),
        st.tuples(st.just("forget"), names),
        st.tuples(st.just("use"), st.booleans()),
    ),
    max_size=25,
)


class World:
    """Incidents and an evaluator over them."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.evaluator = Evaluator(self.ledger)
        self.now = START
        self.incidents: dict[str, Incident] = {}
        self.sent: list[Alert] = []
        self.note(self.evaluator.use(RULES, None))

    def note(self, alerts: tuple[Alert, ...]) -> None:
        self.ledger.commit()
        self.sent += alerts

    def do(self, step: tuple) -> None:  # type: ignore[type-arg]
        kind, *rest = step
        if kind == "pass":
            self.now += timedelta(minutes=rest[0])
            self.note(self.evaluator.advance(self.now))
        elif kind == "use":
            self.note(self.evaluator.use(OTHER if rest[0] else RULES, self.now))
        else:
            changes = getattr(self, kind)(*rest)
            for change in changes:
                if change.after is None:
                    self.incidents.pop(change.incident_id)
                else:
                    self.incidents[change.incident_id] = change.after
            self.note(self.evaluator.apply_all(changes, self.now))

    def change(self, name: str, why: str, *, late: bool = False, **fields: object) -> Change:
        before = self.incidents.get(name)
        base = before or Incident(incident_id=name, type="casualties", version=0, status="open")
        after = replace(base, version=base.version + 1, **fields)  # type: ignore[arg-type]
        return Change(before, after, why, "article", late, self.now)

    def tell(
        self, name: str, killed: Count, country: str | None, sources: int, day: int, late: bool
    ) -> list[Change]:
        known = self.incidents.get(name)
        if known is not None and known.merged_into is not None:
            return []
        date = (self.now + timedelta(days=day)).date()
        report = Report(event_id=name, article_id=name, rank=0, source="Reuters", time=self.now)
        return [
            self.change(
                name,
                "reported",
                late=late,
                status="open",
                tolls={"killed": killed},
                place=Place(name="Town", country=country) if country else None,
                date=DateSpan(earliest=date, latest=date),
                sources=sources,
                reports=(report,),
            )
        ]

    def merge(self, name: str, into: str) -> list[Change]:
        gone, target = self.incidents.get(name), self.incidents.get(into)
        if name == into or gone is None or target is None or gone.merged_into or target.merged_into:
            return []
        away = self.change(name, "merged", merged_into=into, status="closed", reports=())
        return [self.change(into, "merged", tolls={**target.tolls, **gone.tolls}), away]

    def split(self, name: str, child: str, killed: Count) -> list[Change]:
        parent = self.incidents.get(name)
        if parent is None or parent.merged_into or child in self.incidents or name == child:
            return []
        fields = {"place": parent.place, "date": parent.date, "sources": 1, "reports": parent.reports}
        return [
            self.change(name, "split", tolls={"killed": killed}),
            self.change(child, "split", tolls=parent.tolls, split_from=name, **fields),
        ]

    def withdraw(self, name: str) -> list[Change]:
        if name not in self.incidents or self.incidents[name].merged_into:
            return []
        return [self.change(name, "retracted", tolls={}, reports=(), status="closed")]

    def forget(self, name: str) -> list[Change]:
        known = self.incidents.get(name)
        return [] if known is None else [Change(known, None, "expired", None, False, self.now)]


def played(story: list) -> World:  # type: ignore[type-arg]
    world = World()
    for step in story:
        world.do(step)
    return world


@settings(max_examples=150, deadline=None)
@given(steps)
def test_never_two_open_alerts_on_one_key_and_all_is_told_in_order(story: list) -> None:  # type: ignore[type-arg]
    latest: dict[str, Alert] = {}
    ids: set[str] = set()
    subjects: dict[tuple[str, str], str] = {}
    for alert in played(story).sent:
        before = latest.get(alert.dedup_key)
        assert alert.alert_id not in ids
        assert alert.version == (before.version + 1 if before else 1)
        assert (alert.status == "open") == (before is None), "only the first opens"
        assert before is None or before.status != "close", "nothing comes after a close"
        assert set(alert.references) <= ids, "it refers to what was sent"
        if before is not None:
            assert alert.references[-1] == before.alert_id
        subject = (alert.rule, alert.incident_id or (alert.window.region if alert.window else ""))
        if alert.status == "open":
            assert subject not in subjects, "one episode at a time"
            subjects[subject] = alert.dedup_key
        elif alert.status == "close":
            del subjects[subject]
        assert alert.explanation
        ids.add(alert.alert_id)
        latest[alert.dedup_key] = alert


@settings(max_examples=100, deadline=None)
@given(steps)
def test_what_a_consumer_keeps_is_what_stands(story: list) -> None:  # type: ignore[type-arg]
    world = played(story)
    kept = {alert.dedup_key: alert for alert in world.sent}
    standing = {alert.dedup_key: alert for alert in kept.values() if alert.status != "close"}
    assert standing == {alert.dedup_key: alert for alert in world.evaluator.open_alerts()}


@settings(max_examples=100, deadline=None)
@given(steps, st.data())
def test_redelivery_after_any_prefix_leaves_a_consumer_where_it_was(
    story: list,
    data: st.DataObject,  # type: ignore[type-arg]
) -> None:
    sent = played(story).sent
    end = data.draw(st.integers(0, len(sent)))
    again = data.draw(st.integers(0, end))

    def kept(alerts: list[Alert]) -> dict[str, Alert]:
        state: dict[str, Alert] = {}
        for alert in alerts:
            known = state.get(alert.dedup_key)
            if known is None or alert.version >= known.version:
                state[alert.dedup_key] = alert
        return state

    assert kept(sent[:end] + sent[again:end]) == kept(sent[:end])


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_same_input_gives_the_same_bytes(story: list) -> None:  # type: ignore[type-arg]
    assert [encode(alert) for alert in played(story).sent] == [encode(alert) for alert in played(story).sent]


@settings(max_examples=100, deadline=None)
@given(steps)
def test_a_window_is_the_sum_over_the_incidents_as_they_are(story: list) -> None:  # type: ignore[type-arg]
    world = played(story)
    world.evaluator.use(RULES, world.now)
    for alert in world.evaluator.open_alerts():
        if alert.window is None:
            continue
        index = world.evaluator.windows
        rule = RULES.by_name["week"]
        standing = index.standing(rule, alert.window.region, world.now)
        inside = []
        for incident in world.incidents.values():
            facts = world.evaluator.facts(incident.incident_id)
            assert facts is not None
            counted = facts.counts and "killed" in incident.tolls
            if counted and incident.place and incident.place.country == alert.window.region and facts.at:
                killed = incident.tolls["killed"]
                known = killed != Count()
                if known and hour_after(facts.at) > cutoff(world.now, hours(rule.window or timedelta(0))):
                    inside.append(killed)
        expected = add(inside)
        for bound in BOUNDS:
            assert (reach(standing.count, bound) or 0) == (reach(expected, bound) or 0)
        assert standing.incidents == len(inside)


shares = st.tuples(st.sampled_from("abcdef"), counts, st.integers(0, 60))


@settings(max_examples=300, deadline=None)
@given(st.lists(shares, max_size=30), st.lists(st.integers(-1, 70), max_size=12))
def test_a_tally_is_a_sum_whatever_the_order_of_revisions_and_cuts(
    told: list[tuple[str, Count, int]], cuts: list[int]
) -> None:
    tally, current = Tally(), dict[str, Share]()
    for number, (name, count, hour) in enumerate(told):
        share = share_of(count, START)._replace(hour=hour)
        tally.set(name, current.get(name), share)
        current[name] = share
        if cuts:
            cut = cuts[number % len(cuts)]
            inside = [one for one in current.values() if one.hour > cut]
            sums = tally.above(cut)
            assert sums & 0xFFFFFFFF == len(inside)
            assert end(sums, LOW) == sum(one.low for one in inside)
            assert end(sums, BEST) == sum(one.best for one in inside)
            assert end(sums, HIGH) == sum(one.high for one in inside)
            ordered = sorted(((one.hour, n) for n, one in current.items() if one.hour > cut), reverse=True)
            listed, bests = [n for _, n in ordered], [current[n].best for _, n in ordered]
            assert tally.members(cut, 100) == (listed, bests)
            assert tally.members(cut, 2) == (listed[:2], bests[:2])
    for name, share in current.items():
        tally.set(name, share, None)
    assert not tally


def test_figures_of_any_size_do_not_spill_into_one_another() -> None:
    most = (1 << 64) - 1
    tally = Tally()
    for number in range(1000):
        count = Count(low=most if number % 2 else None, best=most, high=most if number % 3 else None)
        tally.set(f"i{number}", None, share_of(count, START))
    sums = tally.above(-1)
    assert as_count(sums) == Count(low=500 * most, best=1000 * most, high=1000 * most)
    assert sums & 0xFFFFFFFF == 1000


def test_windows_in_which_nothing_stands_are_not_remembered() -> None:
    ledger = Ledger()
    windows = WindowIndex()
    calm, rule = Calm(ledger, windows), RULES.by_name["week"]
    occasion = Occasion(kind="news")
    for region in ("PK", "AF", "FR"):
        assert calm.holds(rule, ("week", region), occasion, START, aged=False)
        assert len(calm) == 0


@given(st.lists(counts, max_size=8))
def test_ends_of_a_sum_are_sums_of_ends(parts: list[Count]) -> None:
    for bound in BOUNDS:
        ends = [reach(part, bound) for part in parts]
        known = [end for end in ends if end is not None]
        assert reach(add(parts), bound) == (sum(known) if known else None)


@settings(max_examples=100, deadline=None)
@given(steps)
def test_time_is_heard_but_once(story: list) -> None:  # type: ignore[type-arg]
    """Telling the time again changes nothing: whatever was due is done."""
    world = played(story)
    world.evaluator.advance(world.now)
    world.ledger.commit()
    world.ledger.take_changes()
    assert world.evaluator.advance(world.now) == ()
    world.ledger.commit()
    assert world.ledger.take_changes() == {}


@settings(max_examples=100, deadline=None)
@given(steps)
def test_the_short_way_for_calm_windows_changes_nothing(story: list) -> None:  # type: ignore[type-arg]
    short = played(story)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Calm, "holds", lambda *given, **named: False)
        patch.setattr(Calm, "later", lambda *given: None)
        full = played(story)
    assert [encode(alert) for alert in full.sent] == [encode(alert) for alert in short.sent]
    assert full.ledger.take_changes() == short.ledger.take_changes()
