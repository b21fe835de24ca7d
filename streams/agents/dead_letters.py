"""Dead letters: the original record, untouched, with the reason in its headers; and their budget.

A few bad records are the feed's everyday; many in a row are a broken feed, and to drain it into the dead
letters would only move the work to a place where nobody looks. So a budget ends the worker when it is used
up, before the record that broke it is acknowledged.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from faust.types import EventT

from schemas.errors import BadMessage
from schemas.headers import dead_letter_headers
from streams.agents import fatal, logs, metrics
from streams.agents.delivery import Message

log = logs.get(__name__)

WINDOW = 1000
"""The share is taken over so many of the latest records."""

SETTLED = 200
"""No share is judged before so many records were seen."""


class Budget:
    """How many dead letters are too many: a run in a row, or a share of the latest records."""

    def __init__(self, *, run: int, share: float) -> None:
        self._run_limit = run
        self._share_limit = share
        self._run = 0
        self._latest: deque[bool] = deque(maxlen=WINDOW)

    def spend(self, dead: bool) -> str | None:
        """Count one record; why the budget is used up, or None."""
        self._run = self._run + 1 if dead else 0
        self._latest.append(dead)
        if self._run >= self._run_limit:
            return f"{self._run} records in a row were dead-lettered (dead_letter_run is {self._run_limit})"
        share = sum(self._latest) / len(self._latest) if dead else 0.0
        if len(self._latest) >= SETTLED and share > self._share_limit:
            return (
                f"{share:.0%} of the last {len(self._latest)} records were dead-lettered"
                f" (dead_letter_share is {self._share_limit})"
            )
        return None


class DeadLetters:
    """Makes the dead letters of one topic and keeps their budget."""

    def __init__(self, topic: str, budget: Budget) -> None:
        self._topic = topic
        self._budget = budget

    def refuse(self, event: EventT, error: BadMessage) -> Message:
        """The dead letter for `event`; ends the process where the budget is used up.

        The log names the record's key: on articles.v1 that is the article's id.
        """
        message = event.message
        log.warning(
            "dead letter",
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            key=None if message.key is None else message.key.decode(errors="replace"),
            stage=error.stage,
            kind=error.kind,
            error=str(error),
        )
        metrics.DEAD_LETTERS.labels(error.stage, error.kind).inc()
        spent = self._budget.spend(dead=True)
        if spent is not None:
            fatal.end(
                f"{spent}; the latest: {error}. Mend the feed, or raise the budget", topic=message.topic
            )
        headers = dead_letter_headers(
            error,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            original=_pairs(message.headers),
        )
        return Message(self._topic, message.key, message.value, headers)

    def accept(self) -> None:
        """Count a record that went through."""
        self._budget.spend(dead=False)


def _pairs(headers: Any) -> tuple[tuple[str, bytes], ...]:
    """Kafka headers as pairs, whatever shape Faust gives them."""
    items = headers.items() if isinstance(headers, Mapping) else headers or ()
    return tuple((str(name), value) for name, value in items)
