"""Every command says what it does, with an example."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from streams.cli import COMMANDS, app

ROOT: Any = typer.main.get_command(app)


def commands() -> Iterator[tuple[str, ...]]:
    for name in COMMANDS:
        command = ROOT.get_command(None, name)
        for below in getattr(command, "commands", [None]):
            yield (name,) if below is None else (name, below)


ALL = sorted(commands())


def test_all_commands_are_in_the_help() -> None:
    said = CliRunner().invoke(app, ["--help"]).stdout
    assert [name for name in COMMANDS if f"  {name} " in said] == list(COMMANDS)


def test_an_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(app, ["ring"]).exit_code == 2


@pytest.mark.parametrize("command", ["topics", "feed", "worker"])
def test_a_command_does_not_load_what_only_others_need(command: str) -> None:
    script = (
        "import sys; from streams.cli import app\n"
        f"app(['{command}', '--help'], standalone_mode=False)\n"
        "sys.exit('spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_help_tells_what_a_command_does_with_an_example(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0, done.output
    assert "Example" in done.stdout
    assert f"tocsin {' '.join(command)}" in " ".join(done.stdout.split())
