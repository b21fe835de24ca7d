"""`tocsin`: one command for everything; each subcommand is a file in `commands`.

A subcommand is imported when it is asked for: `tocsin topics` need not load a language model's libraries, nor
a worker what draws pages.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = (
    "extract",
    "explain",
    "replay",
    "backtest",
    "why",
    "worker",
    "demo",
    "feed",
    "alerts",
    "topics",
    "incidents",
    "rules",
    "dead-letters",
)
"""In the order of the help; each is the function or the group of its name in the module of its name."""

PLAIN: Any = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}


class Commands(TyperGroup):
    """Finds a subcommand by its name."""

    def list_commands(self, _context: Any) -> list[str]:
        """The names, for the help."""
        return list(COMMANDS)

    def get_command(self, _context: Any, name: str) -> Any:
        """The subcommand of that name, or None."""
        if name not in COMMANDS:
            return None
        word = name.replace("-", "_")
        found = getattr(import_module(f"streams.commands.{word}"), word)
        holder = typer.Typer(**PLAIN)
        if isinstance(found, typer.Typer):
            holder.add_typer(found)
        else:
            holder.callback()(root)
            holder.command(name)(found)
        group: Any = get_command(holder)
        return group.commands[name]


def root() -> None:
    """Typer makes a group of what has a callback."""


app = typer.Typer(
    cls=Commands,
    name="tocsin",
    help="Reads the world's news as a stream and rings when people are hurt or forces move.",
    no_args_is_help=True,
    **PLAIN,
)
app.callback()(root)


def main() -> None:
    """Entry point of the `tocsin` script."""
    app()


if __name__ == "__main__":
    main()
