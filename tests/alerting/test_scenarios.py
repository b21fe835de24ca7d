"""What rings when: every line of scenarios.tsv, and again in other ways that must not matter."""

from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from schemas.codec import convert, encode
from streams.alerting import Evaluator, decoders
from streams.ledger import Ledger
from tests.alerting.story import Stage, perform

FILE = Path(__file__).parent / "scenarios.tsv"
LEVELS = "{ notice = 3, warning = 10, critical = 25 }"


@dataclass(frozen=True)
class Scenario:
    line: int
    title: str
    rules: dict[str, str]
    story: str

    @property
    def timeless(self) -> bool:
        return self.title.startswith("without time")


def rule_text(short: str) -> str:
    """`deaths: killed & hold = "1h"` as TOML; a rule without a name is called r."""
    head, *settings = [part.strip() for part in short.split(" & ")]
    name, _, measure = head.rpartition(": ")
    on = (
        "deployment"
        if measure.startswith(("personnel", "units", "force", "rise:personnel"))
        else "casualties"
    )
    if measure == "force incidents":
        measure = "incidents"
    levels = [] if any(setting.startswith("levels") for setting in settings) else [f"levels = {LEVELS}"]
    lines = [
        "[[rule]]",
        f'name = "{name or "r"}"',
        f'on = "{on}"',
        f'measure = "{measure}"',
        *levels,
        *settings,
    ]
    return "\n".join(lines)


def rule_sets(short: str) -> dict[str, str]:
    """Rule sets stand between `||`, their rules between `&&`; the sets are called a, b, c …"""
    sets = short.split(" || ")
    return {
        chr(ord("a") + number): "\n".join(rule_text(rule) for rule in one.split(" && "))
        for number, one in enumerate(sets)
    }


def scenarios() -> list[Scenario]:
    found = []
    for number, line in enumerate(FILE.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            title, rules, story = line.split("\t")
            found.append(Scenario(number, title, rule_sets(rules), story))
    return found


ALL = scenarios()


def label(scenario: Scenario) -> str:
    return f"{scenario.line}-{scenario.title}"


@pytest.mark.parametrize("scenario", ALL, ids=label)
def test_what_rings(scenario: Scenario) -> None:
    perform(scenario.rules, scenario.story, timeless=scenario.timeless)


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 80
    assert len({scenario.title for scenario in ALL}) == len(ALL)


@pytest.mark.parametrize("scenario", ALL, ids=label)
def test_the_same_again_with_a_restart_after_every_step(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state goes through JSON into a new ledger before each step, and nothing is different."""
    plain = perform(scenario.rules, scenario.story, timeless=scenario.timeless)
    do = Stage.do

    def restarted(stage: Stage, action: str) -> object:
        types = decoders()
        records = [
            (key, orjson.loads(encode(stage.ledger.get(key)))) for key in sorted(stage.ledger.keys(""))
        ]
        stage.ledger = Ledger()
        stage.evaluator = Evaluator(stage.ledger)
        for key, value in reversed(records):
            stage.ledger.load(key, convert(types[key.split("/")[0]], value))
        return do(stage, action)

    monkeypatch.setattr(Stage, "do", restarted)
    again = perform(scenario.rules, scenario.story, timeless=scenario.timeless)
    assert [encode(alert) for alert in again.sent] == [encode(alert) for alert in plain.sent]


@pytest.mark.parametrize("scenario", ALL, ids=label)
def test_the_same_again_with_every_step_undone_and_redone(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that fails and is rolled back leaves no trace, not in the indexes either."""
    plain = perform(scenario.rules, scenario.story, timeless=scenario.timeless)
    do = Stage.do

    def twice(stage: Stage, action: str) -> object:
        now, incidents, sent = stage.now, dict(stage.incidents), list(stage.sent)
        monkeypatch.setattr(Ledger, "commit", lambda ledger: None)
        do(stage, action)
        monkeypatch.undo()
        monkeypatch.setattr(Stage, "do", twice)
        stage.ledger.rollback()
        stage.now, stage.incidents, stage.sent = now, incidents, sent
        return do(stage, action)

    monkeypatch.setattr(Stage, "do", twice)
    again = perform(scenario.rules, scenario.story, timeless=scenario.timeless)
    assert [encode(alert) for alert in again.sent] == [encode(alert) for alert in plain.sent]
