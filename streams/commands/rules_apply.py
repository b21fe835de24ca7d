"""`tocsin rules apply` and `show`: another rule set while the service runs, and the one in force."""

import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import orjson
import structlog
import typer

from schemas.alerts import Alert
from schemas.controls import Rules
from streams.agents.state import StateTopic
from streams.alerting import Evaluator, RulesError, RuleSet, decoders, load_rules
from streams.brokers.errors import BrokerError
from streams.brokers.records import Record
from streams.brokers.topics import partitions
from streams.clock import StreamClock
from streams.commands.appending import Answer, Refused, append, said
from streams.commands.board import as_line
from streams.commands.casebook import login_name
from streams.commands.setup import client_of, configured, run
from streams.ledger import Ledger
from streams.packing import unpack
from streams.pipeline import CLOCK, restore
from streams.settings import Settings

STATE = "tracker.state.v1"

_RULES_KEY = b"rules"
_VERBS = {"open": "open", "close": "close", "escalate": "change", "update": "change", "correct": "change"}


def apply_rules(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Rules (TOML).", exists=True, dir_okay=False, readable=True)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would open and close.")] = False,
    by: Annotated[str | None, typer.Option(show_default="your login name", help="Who changes them.")] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Don't wait until a worker has them.")] = False,
) -> None:
    """Put a rule set in force while the service runs; shows what opens, changes and closes by it.

    Shown is what the rules say of the incidents as they stand now. The set takes effect for every worker at
    the record that is appended to events.v1. Alerts of rules that are gone close, with reason "rules".

    Exit codes: 0 done; 1 the rules are not sound, or the worker refused them; 2 no broker, or wrong use.

    Examples:

      tocsin rules apply my-rules.toml --dry-run

      tocsin rules apply my-rules.toml --by "night desk"
    """
    try:
        wanted = load_rules(file)
    except RulesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    by = login_name() if by is None else by.strip()
    if not by:
        raise typer.BadParameter("--by must say something")
    settings = configured()
    standing = run(settings, _standing(settings))
    alerts = standing.under(wanted)
    for alert in alerts:
        typer.echo(as_line(alert))
    typer.echo(_summary(standing.rules, wanted, alerts), err=True)
    if dry_run:
        return
    record = Rules(rules=wanted.text, rules_digest=wanted.digest, by=by, at=datetime.now(UTC))
    try:
        answer = run(settings, _append(settings, record, wait=not no_wait and standing.others(wanted)))
    except Refused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(said(answer), err=True)


def show_rules() -> None:
    """Print the rule set in force exactly as it was written, and its digest on stderr.

    Exit codes: 0 done; 2 no rules are in force yet, no broker, or wrong use.

    Example:  tocsin rules show > in-force.toml
    """
    settings = configured()
    rules = run(settings, _standing(settings)).rules
    if rules is None:
        typer.echo("no rules are in force: no worker has tracked anything here yet", err=True)
        raise typer.Exit(2)
    sys.stdout.write(rules.text)
    number = len(rules.rules)
    typer.echo(f"{number} rule{'s' * (number != 1)}, digest {rules.digest}", err=True)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A copy of what the tracking worker knows: the rules in force, what they know of incidents, the time.

    `rules` is None where no worker has written state yet.
    """

    ledger: Ledger
    rules: RuleSet | None

    def others(self, wanted: RuleSet) -> bool:
        """Whether other rules than `wanted` are in force."""
        return self.rules is None or self.rules.digest != wanted.digest

    def under(self, wanted: RuleSet) -> Sequence[Alert]:
        """What would be sent if `wanted` took effect now. Changes this copy."""
        clock: StreamClock = self.ledger.get(CLOCK) or StreamClock()
        return Evaluator(self.ledger).use(wanted, clock.now)


async def _standing(settings: Settings) -> _Standing:
    """The state as it lies in Kafka, less what the rules don't look at."""
    client, topic = client_of(settings), settings.topic(STATE)
    if topic not in await partitions(client):
        raise BrokerError(f"topic {topic} is not there; `tocsin topics create` makes it")
    with _still():
        stored = await StateTopic(topic, client).load(lambda: None)
    wanted = {CLOCK, *decoders()}
    ledger = Ledger()
    for key, value in stored.records.items():
        if key.split("/", 1)[0] in wanted:
            restore(ledger, key, orjson.loads(value))
    return _Standing(ledger, Evaluator(ledger).in_force())


@contextmanager
def _still() -> Iterator[None]:
    """Hold back the worker's own log: it would go where the rules go, and an operator can do nothing."""
    usual = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.configure(**usual)


class _Adopted(msgspec.Struct):
    """What is read of the state's record of the rules in force."""

    digest: str


async def _append(settings: Settings, record: Rules, *, wait: bool) -> Answer:
    def answers(state: Record) -> bool:
        return state.key == _RULES_KEY and adopts(state.value, record.rules_digest)

    return await append(settings, record, STATE, answers, wait=wait)


def adopts(value: bytes | None, digest: str) -> bool:
    """Whether the state's record of the rules in force has this digest."""
    if not value:
        return False
    return msgspec.json.decode(unpack(value), type=_Adopted).digest == digest


def _summary(before: RuleSet | None, wanted: RuleSet, alerts: Sequence[Alert]) -> str:
    """Both rule sets by their digests, and how many alerts open, change and close."""
    if before is None:
        return f"no rules are in force yet; these have the digest {wanted.digest}"
    if before.digest == wanted.digest:
        return f"these rules are in force already; digest {wanted.digest}"
    latest = {alert.dedup_key: alert.status for alert in alerts}
    counts = Counter(_VERBS[status] for status in latest.values())
    told = ", ".join(f"{counts[verb]} {verb}" for verb in ("open", "change", "close"))
    return f"alerts: {told}; digest {before.digest} becomes {wanted.digest}"
