"""A force that a sentence names."""

from dataclasses import dataclass

from schemas import Count
from schemas.events import ForceKind, Unit
from streams.extraction.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Mention:
    """A force in a sentence: tokens `start` to `end` (exclusive) with its head at `head`.

    `strong`: the words mean a force by themselves. `extra`: on top of others ("additional"). `definite`:
    known already ("the troops"). `owner`: the tokens before the head that may name whose it is. `anaphoric`:
    the words take their kind from a force named before ("300 men"). `strength`: how many people a unit has
    ("some 700 soldiers strong"). `gapped`: it shares the verb of the one before ("and Spain 300").
    `whole`: what the number is a part of ("800 of 1,500").
    """

    start: int
    end: int
    head: int
    what: ForceKind
    unit: Unit
    count: Count
    quantity: tuple[int, int] | None
    strong: bool
    extra: bool
    definite: bool
    owner: tuple[int, int]
    anaphoric: bool = False
    strength: Count | None = None
    gapped: bool = False
    whole: Quantity | None = None
