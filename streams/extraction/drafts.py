"""What the finders hand over: happenings with the words they came from, in offsets of the clean text."""

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas import Claim, Count, DateSpan, Force, Measure, Party, Place
from schemas.events import Cause, Direction, Realis, Scope


class Mark(NamedTuple):
    """The words behind a value: `field` is the path of the value in the Event (see schemas.Evidence)."""

    field: str
    start: int
    end: int


class Note(NamedTuple):
    """One candidate and what became of it, for the reader of `tocsin explain`.

    `start` and `end` are offsets of the clean text, `reasons` what spoke for it (`+ ...`) and against it
    (`- ...`), `decision` what was made of it.
    """

    start: int
    end: int
    what: str
    reasons: tuple[str, ...]
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyDraft:
    """A happening in which people were hurt. `sentences`: indexes of those that tell it, main one first;
    `asides`: of those that tell of others only."""

    tolls: dict[Measure, Count]
    attackers: dict[Measure, Count] = field(default_factory=dict)
    realis: Realis = "actual"
    scope: Scope = "incident"
    period: DateSpan | None = None
    cause: Cause | None = None
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    claims: tuple[Claim, ...] = ()
    marks: tuple[Mark, ...] = ()
    sentences: tuple[int, ...] = ()
    asides: frozenset[int] = frozenset()
    confidence: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentDraft:
    """A force that is sent, withdrawn or there. `sentences` and `asides` as above."""

    force: Force
    direction: Direction = "deploy"
    realis: Realis = "actual"
    origin: Place | None = None
    actors: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    claims: tuple[Claim, ...] = ()
    marks: tuple[Mark, ...] = ()
    sentences: tuple[int, ...] = ()
    asides: frozenset[int] = frozenset()
    confidence: float = 0.5
