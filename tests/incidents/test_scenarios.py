"""Events in, incidents out: one line of `scenarios.jsonl` each."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.incidents.build import Desk, reading, summary

LINES = [json.loads(line) for line in (Path(__file__).parent / "scenarios.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("line", LINES, ids=[line["name"] for line in LINES])
def test_scenario(line: dict[str, Any]) -> None:
    desk = Desk()
    for step in line["in"]:
        desk.take(reading(step))
    got = [summary(incident) for incident in desk.incidents()]
    assert [incident["of"] for incident in got] == [wanted["of"] for wanted in line["out"]]
    for wanted, incident in zip(line["out"], got, strict=True):
        assert {key: incident.get(key) for key in wanted} == wanted
