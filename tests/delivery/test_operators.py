"""What operators decide holds under a running worker, through crashes, and in a replay."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from schemas import encode
from tests.delivery.harness import Bench
from tests.delivery.news import articles
from tests.incidents.build import reading
from tests.incidents.test_merging import BRIDGE, EARLY, OTHER  # two bombings, and what makes them one

Installation = Callable[..., Bench]

FIRE = {"in": "Osk", "on": 0, "cause": "fire", "killed": 30, "streets": ["Harbour Lane"]}
QUAKE = {"in": "Arda", "on": 0, "cause": "earthquake", "killed": 40}

RULES = """
[[rule]]
name = "deaths"
on = "casualties"
measure = "killed"
levels = { warning = 20 }
"""
OTHER_RULES = """
[[rule]]
name = "many"
on = "casualties"
measure = "killed"
levels = { warning = 35 }
"""


class Told:
    """Readings written by hand, straight into events.v1: what is proved here is not the reading of texts."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._offset = 0

    def __call__(self, article: str, at: float, *says: dict[str, Any], **more: Any) -> None:
        self.all([{"a": article, "at": at, "says": says, **more}])

    def all(self, lines: list[dict[str, Any]]) -> None:
        readings = [reading({**line, "offset": self._offset + n}) for n, line in enumerate(lines)]
        self._offset += len(lines)
        self._bench.produce("events.v1", [(b"readings", encode(one)) for one in readings], partition=0)


def incidents(bench: Bench) -> dict[str, Any]:
    """The latest version of each incident, once nothing is left to do."""
    bench.settle()
    latest = {rec.key: rec.json for rec in bench.records("incidents.v1")}
    return {found["incident_id"]: found for found in latest.values() if found is not None}


def holding(bench: Bench, article: str) -> Any:
    """The incident that an article reports on."""
    return next(
        found
        for found in incidents(bench).values()
        if article in {report["article_id"] for report in found["reports"]}
    )


def alerts(bench: Bench, incident_id: str) -> list[tuple[str, str, str]]:
    """Rule, status and reason of every alert about an incident, repetitions left out."""
    found = {
        rec.json["alert_id"]: rec.json
        for rec in bench.records("alerts.casualties.v1")
        if rec.json["incident_id"] == incident_id
    }
    return [(alert["rule"], alert["status"], alert["reason"]) for alert in found.values()]


def decide(bench: Bench, *arguments: str, by: str = "desk") -> str:
    done = bench.tocsin("incidents", *arguments, "--by", by, "--why", "we rang them")
    assert "a worker has carried it out" in done.stderr
    return done.stdout


def test_verdicts_hold_through_a_crash(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    tell = Told(bench)
    tell("mill", 0, EARLY)
    tell("quay", 0.1, {**OTHER, "in": "Velma"})
    tell("fire-1", 0.2, FIRE)
    tell("fire-2", 0.3, FIRE)
    tell("quake", 0.4, QUAKE)
    mill, quay, fire, quake = (
        holding(bench, name)["incident_id"] for name in ("mill", "quay", "fire-1", "quake")
    )
    assert alerts(bench, quake)[0] == ("deaths", "open", "crossed")
    assert decide(bench, "confirm", fire[:10]).startswith(fire)
    assert decide(bench, "merge", mill, quay).startswith(mill)
    out = decide(bench, "split", fire, "fire-2").split()[0]
    for arguments in (("void", quake), ("confirm", mill)):
        bench.tocsin("incidents", *arguments, "--by", "desk", "--why", "we rang them", "--no-wait")
    worker.kill()
    bench.worker()
    tell("quake-2", 0.6, {**QUAKE, "killed": 55})
    found = incidents(bench)
    assert found[quake]["status"] == "closed"
    assert found[quake]["verdict"]["action"] == "void"
    assert found[quake]["reports_total"] == 2, "later reports join in silence"
    assert alerts(bench, quake)[-2:] == [("deaths", "correct", "verdict"), ("deaths", "close", "verdict")]
    assert found[quay]["merged_into"] == mill
    assert {report["article_id"] for report in found[mill]["reports"]} == {"mill", "quay"}
    assert found[mill]["verdict"]["action"] == "confirm"
    assert found[out]["split_from"] == fire
    assert {report["article_id"] for report in found[out]["reports"]} == {"fire-2"}
    bench.verdict()
    records = [rec.json["kind"] for rec in bench.records("events.v1")]
    assert records.count("verdict") == 5, "each is one record, whoever died meanwhile"


def test_what_is_confirmed_is_never_merged_or_closed_by_itself(installation: Installation) -> None:
    bench = installation()
    worker = bench.worker()
    tell = Told(bench)
    tell("a", 0, EARLY)
    tell("b", 0.1, OTHER)
    tell("fire", 0.1, FIRE)
    first, second, fire = (holding(bench, name)["incident_id"] for name in ("a", "b", "fire"))
    assert first != second
    decide(bench, "confirm", first)
    worker.kill()
    bench.worker()
    tell("c", 0.2, BRIDGE)  # it fits both: without the verdict they would become one
    tell("a", 0.4, {**EARLY, "killed": 2}, text=2)
    found = incidents(bench)
    assert (found[first]["merged_into"], found[second]["merged_into"]) == (None, None)
    assert found[first]["tolls"]["killed"]["best"] == 6, "not below what was confirmed"
    tell("late-1", 90, QUAKE)
    tell("late-2", 91, QUAKE)
    found = incidents(bench)
    assert (found[fire]["status"], found[first]["status"]) == ("closed", "open")
    bench.verdict()


def test_without_a_verdict_they_merge_and_close(installation: Installation) -> None:
    bench = installation()
    bench.worker()
    tell = Told(bench)
    tell("a", 0, EARLY)
    tell("b", 0.1, OTHER)
    first, second = holding(bench, "a")["incident_id"], holding(bench, "b")["incident_id"]
    tell("c", 0.2, BRIDGE)
    assert incidents(bench)[second]["merged_into"] == first
    tell("late-1", 90, QUAKE)
    tell("late-2", 91, QUAKE)
    assert incidents(bench)[first]["status"] == "closed"
    bench.verdict()


def test_rules_change_under_a_running_worker_and_a_crash(installation: Installation, tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(RULES)
    second.write_text(OTHER_RULES)
    bench = installation()
    worker = bench.worker()
    tell = Told(bench)
    tell("fire", 0, FIRE)
    tell("quake", 0.1, QUAKE)
    fire, quake = holding(bench, "fire")["incident_id"], holding(bench, "quake")["incident_id"]
    applied = bench.tocsin("rules", "apply", str(first), "--by", "desk")
    assert "a worker has carried it out" in applied.stderr
    assert bench.tocsin("rules", "show").stdout == RULES
    shown = bench.tocsin("rules", "apply", str(second), "--dry-run").stdout
    bench.tocsin("rules", "apply", str(second), "--by", "desk", "--no-wait")
    worker.kill()
    again = bench.worker()
    tell("quake-2", 0.2, {**QUAKE, "killed": 41})
    bench.settle()
    assert "other rules are in force than this worker's file has" in again.tail(100)
    assert bench.tocsin("rules", "show").stdout == OTHER_RULES
    assert alerts(bench, fire)[-1] == ("deaths", "close", "rules")
    assert ("deaths", "close", "rules") in alerts(bench, quake)
    assert ("many", "open", "rules") in alerts(bench, quake)
    assert ("many", "update", "changed") in alerts(bench, quake)
    sent = [rec.json for rec in bench.records("alerts.casualties.v1")]
    told = {alert["explanation"] for alert in sent if alert["reason"] == "rules"}
    assert all(any(said in line for said in told) for line in shown.splitlines())
    latest = {alert["dedup_key"]: alert for alert in sent}
    standing = {
        (alert["rule"], alert["incident_id"]) for alert in latest.values() if alert["status"] != "close"
    }
    assert standing == {("many", quake)}
    bench.verdict()


def test_a_verdict_that_the_worker_cannot_carry_out_is_refused(installation: Installation) -> None:
    bench = installation()
    bench.worker()
    bench.feed(articles(6))
    bench.settle()
    gone = {"incident_id": "ghost", "type": "casualties", "version": 1, "status": "open"}
    bench.produce("incidents.v1", [(b"ghost", encode(gone))])
    done = bench.tocsin("incidents", "void", "ghost", "--by", "desk", "--why", "x", check=False)
    assert done.returncode == 1
    assert "the worker refused it: verdict: no incident has the id ghost" in done.stderr
    (letter,) = bench.records("events.v1.dlq")
    assert letter.headers["dlq.kind"] == b"verdict"


def fires(first: int, end: int) -> list[dict[str, Any]]:
    """Reports of two fires by turns, with rising tolls."""
    return [
        {
            "a": f"fire-{number}",
            "at": number / 10,
            "says": [{**FIRE, "in": ("Arda", "Osk")[number % 2], "killed": 10 + number}],
        }
        for number in range(first, end)
    ]


def test_decisions_amid_a_change_of_workers(installation: Installation, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(OTHER_RULES)
    bench = installation()
    first = bench.worker()
    tell = Told(bench)
    tell.all(fires(0, 40))
    fire = holding(bench, "fire-1")["incident_id"]
    bench.worker(wait=False)
    bench.tocsin("incidents", "void", fire, "--by", "desk", "--why", "we rang them", "--no-wait")
    bench.tocsin("rules", "apply", str(rules), "--by", "desk", "--no-wait")
    tell.all(fires(40, 80))
    assert first.terminate() == 0
    found = incidents(bench)
    assert found[fire]["status"] == "closed"
    assert alerts(bench, fire)[-1][1:] == ("close", "verdict")
    assert bench.verdict()["alerts"] > 0
