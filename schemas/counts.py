"""How many: a figure with the open ends that news leaves it."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["killed", "injured", "missing", "kidnapped", "detained", "displaced", "casualties"]
"""What a toll counts. `casualties`: dead or hurt, where the text does not tell them apart."""

MEASURES: tuple[Measure, ...] = (
    "killed",
    "injured",
    "missing",
    "kidnapped",
    "detained",
    "displaced",
    "casualties",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of people (or units) as a text gives it.

    `low` and `high` bound it, `best` is the single figure a reader would repeat; null means that the text
    sets no such end. `text` holds the words verbatim, `rule` the id of the convention that turned them into
    numbers.
    """

    low: int | None = None
    best: int | None = None
    high: int | None = None
    text: str | None = None
    rule: str | None = None

    @property
    def value(self) -> int | None:
        """The figure to compare by: best, else low."""
        return self.best if self.best is not None else self.low
