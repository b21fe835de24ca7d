"""Records of `events.v1` as the tracking agent takes them, and what a batch of them comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from faust.types import EventT

from schemas.codec import Record, decode_record, encode
from schemas.controls import Tick
from schemas.errors import BadMessage
from schemas.events import Reading
from schemas.headers import event_headers
from streams.agents.delivery import Message
from streams.pipeline import Output

CLOCK_SKEW = 60.0
"""Seconds that the broker's clock and a producer's may differ."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A record of `events.v1`, from Faust or read by ourselves; `timestamp` in epoch seconds."""

    partition: int
    offset: int
    timestamp: float
    value: bytes | None


def from_faust(event: EventT) -> Taken:
    """The record that a Faust event carries."""
    message = event.message
    return Taken(message.partition, message.offset, message.timestamp or 0.0, message.value)


def checked(taken: Taken) -> Record:
    """What a record says. Raises BadMessage."""
    if taken.partition != 0:
        raise BadMessage(
            "events.v1 has one order, in partition 0; this record is in another",
            stage="validate",
            kind="partition",
        )
    record = decode_record(taken.value or b"")
    if isinstance(record, Tick) and record.stream_time.timestamp() > taken.timestamp + CLOCK_SKEW:
        raise BadMessage("a tick may not lie after its own record's time", stage="validate", kind="future")
    return record


@dataclass(slots=True)
class Batch:
    """What a batch has come to so far: `sends` belong to its step, `refused` are dead letters.

    `alerted` holds, for each alert among the sends, when the article behind it was received.
    """

    sends: list[Message] = field(default_factory=list)
    refused: list[Message] = field(default_factory=list)
    alerted: list[float] = field(default_factory=list)
    size: int = 0

    def add(self, record: Record, outputs: Sequence[Output], topics: dict[str, str]) -> None:
        """Take what one record gave; `topics` has the full name for each Output's topic."""
        for output in outputs:
            message = _worded(output, topics[output.topic])
            self.sends.append(message)
            self.size += len(message.value or b"")
            if output.topic != "incidents" and isinstance(record, Reading) and record.received_at:
                self.alerted.append(record.received_at.timestamp())


def _worded(output: Output, topic: str) -> Message:
    value = None if output.message is None else encode(output.message)
    kind = "incident" if output.topic == "incidents" else "alert"
    message_id = getattr(output.message, "alert_id", None)
    if message_id is None:
        message_id = f"{output.key}-{getattr(output.message, 'version', 'end')}"
    return Message(topic, output.key.encode(), value, event_headers(kind, message_id, output.time))
