"""`tocsin rules apply` and `show`: a rule set changed while the service runs, on both brokers."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import Alert, Rules
from schemas.codec import decode_record
from streams.agents.state import StateTopic, Step
from streams.alerting import default_rules, parse_rules
from streams.cli import app
from streams.commands import appending
from streams.commands.rules_apply import adopts
from streams.pipeline import Pipeline, store
from tests.brokers.installations import Installation
from tests.brokers.tracked import track

TEN = """[[rule]]
name = "ten"
on = "casualties"
measure = "killed"
levels = { warning = 10 }
"""
TROOPS = """# somebody else's rules, with a comment
[[rule]]
name = "troops"
on = "deployment"
measure = "personnel"
levels = { notice = 500 }
"""


@pytest.fixture
def troops(tmp_path: Path) -> Path:
    file = tmp_path / "troops.toml"
    file.write_text(TROOPS)
    return file


def test_show_prints_what_is_in_force_as_it_was_written(installation: Installation) -> None:
    nothing = installation.tocsin("rules", "show")
    assert (nothing.exit_code, nothing.stdout) == (2, "")
    assert "no rules are in force" in nothing.stderr
    rules = parse_rules(TROOPS, "test")
    track(installation, rules=rules)
    done = installation.tocsin("rules", "show")
    assert (done.exit_code, done.stdout) == (0, TROOPS), done.output
    assert done.stderr == f"1 rule, digest {rules.digest}\n"


def test_a_dry_run_shows_what_would_open_and_close_and_writes_nothing(
    installation: Installation, troops: Path
) -> None:
    pipeline = track(installation, rules=parse_rules(TEN, "test"))
    done = installation.tocsin("rules", "apply", str(troops), "--dry-run")
    assert done.exit_code == 0, done.output
    closed, opened = done.stdout.splitlines()
    assert "warning   close     " in closed
    assert "notice    open      " in opened
    wanted = parse_rules(TROOPS, "test")
    assert done.stderr == (
        f"alerts: 1 open, 0 change, 1 close; digest {pipeline.rules.digest} becomes {wanted.digest}\n"
    )
    assert installation.records("events.v1") == []


def test_apply_appends_the_rules_and_they_do_what_was_shown(installation: Installation, troops: Path) -> None:
    pipeline = track(installation, rules=parse_rules(TEN, "test"))
    done = installation.tocsin("rules", "apply", str(troops), "--by", "night desk", "--no-wait")
    assert done.exit_code == 0, done.output
    (record,) = installation.records("events.v1")
    assert (record.partition, record.key) == (0, b"readings")
    assert record.header("ce_type") == "org.tocsin.rules.v1"
    rules = decode_record(record.value or b"")
    assert isinstance(rules, Rules)
    assert (rules.rules, rules.by) == (TROOPS, "night desk")
    alerts = [sent.message for sent in pipeline.apply(rules) if isinstance(sent.message, Alert)]
    assert [(alert.rule, alert.status, alert.reason) for alert in alerts] == [
        ("ten", "close", "rules"),
        ("troops", "open", "rules"),
    ]
    assert [alert.explanation in done.stdout for alert in alerts] == [True, True]
    assert pipeline.rules.digest == rules.rules_digest


def test_the_same_rules_again_change_nothing(installation: Installation, troops: Path) -> None:
    track(installation, rules=parse_rules(TROOPS, "test"))
    done = installation.tocsin("rules", "apply", str(troops), "--by", "desk")
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    assert "these rules are in force already" in done.stderr


def test_rules_come_before_any_worker(
    installation: Installation, troops: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "PATIENCE", 0.5)
    done = installation.tocsin("rules", "apply", str(troops), "--by", "desk")
    assert done.exit_code == 0, done.output
    assert "no rules are in force yet" in done.stderr
    assert "no worker answered within 0.5 s" in done.stderr
    assert len(installation.records("events.v1")) == 1


def test_rules_that_are_not_sound_are_not_applied(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(TEN.replace("killed", "slain"))
    done = installation.tocsin("rules", "apply", str(file))
    assert done.exit_code == 1
    assert f'{file}:4: rule "ten", measure: ' in done.stderr
    assert installation.records("events.v1") == []


def test_a_worker_s_answer_is_read_as_it_is_stored() -> None:
    pipeline = Pipeline(parse_rules(TEN, "test"))
    puts = {"rules": store(pipeline.ledger.get("rules"))}
    (record,) = StateTopic("tracker.state.v1", {}).records(Step(0, puts, []))
    assert adopts(record.value, pipeline.rules.digest)
    assert not adopts(record.value, parse_rules(TROOPS, "test").digest)
    assert not adopts(None, pipeline.rules.digest)


WRONG_USE = [("rules", "apply"), ("rules", "apply", "no-such.toml"), ("rules", "show", "all")]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_a_broker_that_is_away_is_said_in_a_sentence(troops: Path) -> None:
    for arguments in (("show",), ("apply", str(troops), "--by", "desk")):
        done = CliRunner().invoke(app, ("rules", *arguments), env={"TOCSIN_BROKER": "127.0.0.1:1"})
        assert (done.exit_code, done.stderr) == (2, "no broker answers at 127.0.0.1:1 (TOCSIN_BROKER)\n")


def test_the_default_rules_may_be_applied_again_from_what_show_prints(
    installation: Installation, tmp_path: Path
) -> None:
    track(installation)
    file = tmp_path / "shown.toml"
    file.write_text(installation.tocsin("rules", "show").stdout)
    done = installation.tocsin("rules", "apply", str(file), "--dry-run")
    assert f"these rules are in force already; digest {default_rules().digest}" in done.stderr
