"""`tocsin`: one command for everything; each subcommand is a file in `commands`."""

import typer

from streams.commands.alerts import alerts
from streams.commands.backtest import backtest
from streams.commands.dead_letters import dead_letters
from streams.commands.demo import demo
from streams.commands.explain import explain
from streams.commands.extract import extract
from streams.commands.feed import feed
from streams.commands.incidents import incidents
from streams.commands.replay import replay
from streams.commands.rules import rules
from streams.commands.rules_apply import apply_rules, show_rules
from streams.commands.topics import topics
from streams.commands.why import why
from streams.commands.worker import worker

app = typer.Typer(
    name="tocsin",
    help="Reads the world's news as a stream and rings when people are hurt or forces move.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(extract)
app.command()(explain)
app.command()(replay)
app.command()(backtest)
app.command()(why)
app.command()(worker)
app.command()(demo)
app.add_typer(topics)
app.command()(feed)
app.command()(alerts)
app.add_typer(incidents)
rules.command(name="apply")(apply_rules)
rules.command(name="show")(show_rules)
app.add_typer(rules)
app.add_typer(dead_letters)


def main() -> None:
    """Entry point of the `tocsin` script."""
    app()


if __name__ == "__main__":
    main()
