"""`tocsin rules`: is a rules file sound?"""

from pathlib import Path
from typing import Annotated

import typer

from streams.alerting import Rule, RulesError, load_rules
from streams.commands.rules_apply import apply_rules, show_rules

rules = typer.Typer(
    name="rules",
    no_args_is_help=True,
    help="Check the rules by which alerts ring, put them in force, show them.",
)


@rules.command()
def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Rules (TOML).", exists=True, dir_okay=False, readable=True)
    ],
) -> None:
    """Say everything that is wrong with a rules file: line, rule, field, and what would be right.

    docs/rules.md describes the format; schemas/rules.schema.json lets an editor complete it.

    Exit codes: 0 the rules are sound; 1 they are not; 2 wrong use.

    Example:  tocsin rules check my-rules.toml
    """
    try:
        found = load_rules(file)
    except RulesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for rule in found.rules:
        typer.echo(_line(rule))
    number = len(found.rules)
    typer.echo(f"{file}: {number} rule{'s' * (number != 1)}, all sound; digest {found.digest}")


def _line(rule: Rule) -> str:
    """A rule in one line."""
    levels = ", ".join(f"{level.name} {level.threshold}" for level in rule.levels)
    return f"{rule.name}: {rule.measure.text} ({rule.bound}) per {rule.per}: {levels}"


rules.command(name="apply")(apply_rules)
rules.command(name="show")(show_rules)
