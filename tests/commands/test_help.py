"""Every command says what it does, with an example."""

from collections.abc import Iterator

import click
import pytest
import typer
from typer.testing import CliRunner

from streams.cli import app


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name)


ALL = sorted(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_help_tells_what_a_command_does_with_an_example(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0, done.output
    assert "Example" in done.stdout
    assert f"tocsin {' '.join(command)}" in " ".join(done.stdout.split())
