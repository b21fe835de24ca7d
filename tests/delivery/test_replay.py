"""A replay gives what the stream gave."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.delivery.harness import ROOT, Bench, Rec, replayed, wait_for, without_repeats

Installation = Callable[..., Bench]
BUNDLED = ROOT / "streams" / "data" / "articles.jsonl"


def bundled() -> list[bytes]:
    """The bundled lines, less those without a date.

    In the stream an article without a date has that of its record, in a replay it has none: those alone
    may differ.
    """
    return [line for line in BUNDLED.read_bytes().splitlines() if line.strip() and _dated(line)]


def _dated(line: bytes) -> bool:
    try:
        return orjson.loads(line).get("published_at") is not None
    except orjson.JSONDecodeError:
        return True


def feed_bundled(bench: Bench) -> None:
    """Feed as `tocsin demo` does: so fast that partitions run side by side, so slow that days do not mix."""
    file = bench.folder / "bundled.jsonl"
    file.write_bytes(b"\n".join(bundled()))
    bench.tocsin("feed", str(file), "--rate", "20", check=False)


def offline(bench: Bench, folder: Path) -> dict[str, list[Any]]:
    """What `tocsin replay` gives for the bundled articles."""
    bench.tocsin("replay", str(bench.folder / "bundled.jsonl"), "--out", str(folder), check=False)
    names = ("incidents", "alerts", "dead_letters")
    return {
        name: [orjson.loads(line) for line in (folder / f"{name}.jsonl").read_bytes().splitlines()]
        for name in names
    }


def alerts(bench: Bench) -> list[Rec]:
    return bench.records("alerts.casualties.v1") + bench.records("alerts.deployments.v1")


def run(bench: Bench, *, kill: bool) -> None:
    worker = bench.worker()
    feeding = threading.Thread(target=feed_bundled, args=(bench,))
    feeding.start()
    if kill:
        wait_for(lambda: len(bench.records("events.v1")) >= 20, 60, worker.tail)
        worker.kill()
        bench.worker()
    feeding.join()
    bench.settle()


@pytest.mark.parametrize("kill", [False, True])
def test_one_partition_gives_the_replay_byte_for_byte(
    installation: Installation, tmp_path: Path, kill: bool
) -> None:
    bench = installation(partitions=1)
    run(bench, kill=kill)
    bench.check_against_replay(bench.records("events.v1"))
    expected = offline(bench, tmp_path / "replay")
    assert len(bench.records("articles.v1.dlq")) >= len(expected["dead_letters"]) > 0
    sent = {rec.value for rec in alerts(bench)}
    wanted = {orjson.dumps(alert) for alert in expected["alerts"]}
    assert _comparable(sent) == _comparable(wanted)
    by_incident = {rec.key: rec.value for rec in bench.records("incidents.v1")}
    final = {orjson.loads(value)["incident_id"]: value for value in by_incident.values() if value}
    assert final.keys() == {incident["incident_id"] for incident in expected["incidents"]}


def _comparable(values: set[bytes | None]) -> list[bytes]:
    return sorted(value for value in values if value)


@pytest.mark.parametrize("kill", [False, True])
def test_four_partitions_end_in_the_same_incidents_tolls_and_open_alerts(
    installation: Installation, tmp_path: Path, kill: bool
) -> None:
    bench = installation(partitions=4)
    run(bench, kill=kill)
    bench.check_against_replay(bench.records("events.v1"))
    expected = offline(bench, tmp_path / "replay")
    streamed = [rec.json for rec in _latest(bench.records("incidents.v1")) if rec.value]
    assert _stories(streamed) == _stories(expected["incidents"])
    latest: dict[str, Any] = {}
    for alert in expected["alerts"]:
        latest[alert["dedup_key"]] = alert
    assert _ringing([rec.json for rec in _latest(alerts(bench))]) == _ringing(list(latest.values()))


def _latest(records: list[Rec]) -> list[Rec]:
    return list({rec.key: rec for rec in records}.values())


def _stories(incidents: list[Any]) -> list[Any]:
    """Which articles each incident stands on, and its figures."""
    return sorted(
        (
            sorted(report["article_id"] for report in incident["reports"]),
            sorted((name, toll["low"], toll["best"]) for name, toll in incident["tolls"].items()),
        )
        for incident in incidents
        if incident["merged_into"] is None and incident["reports"]
    )


def _ringing(found: list[Any]) -> list[Any]:
    """The open alerts: rule, level, value."""
    return sorted(
        (alert["rule"], alert["level"], alert["value"]["low"], alert["value"]["best"])
        for alert in found
        if alert["status"] != "close"
    )


def test_two_replays_of_the_same_records_are_the_same(installation: Installation) -> None:
    bench = installation(partitions=1)
    run(bench, kill=False)
    values = [rec.value or b"" for rec in bench.records("events.v1")]
    once, twice = replayed(values), replayed(values)
    assert once == twice
    for topic, wanted in once.items():
        assert without_repeats([rec.value for rec in bench.records(topic)]) == [v for _key, v in wanted]
