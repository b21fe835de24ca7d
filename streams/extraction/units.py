"""How many people a force has: estimates from its units by a table that an operator can replace.

>>> from schemas import Count
>>> count, estimated = UnitSizes.load("en").personnel("battalion", Count(low=2, best=2, high=2))
>>> count.low, count.best, count.high, estimated
(600, 1200, 2400, True)
"""

from dataclasses import dataclass
from functools import cache
from typing import get_args

from schemas import Count
from schemas.events import Unit
from streams.extraction.lexicon import LexiconError, load_table

_FILE = "unit_sizes"
_ENDS = ("low", "best", "high")


@dataclass(frozen=True, slots=True)
class UnitSizes:
    """People in a unit, low, best and high, by unit; the table is `unit_sizes.toml`."""

    sizes: dict[str, tuple[int, int, int]]

    @staticmethod
    @cache
    def load(language: str) -> "UnitSizes":
        """The table of `language`. Raises LexiconError, which names file and entry."""
        sizes: dict[str, tuple[int, int, int]] = {}
        for unit, entry in load_table(language, _FILE).items():
            where = f"{language}/{_FILE}.toml, {unit}"
            if unit not in get_args(Unit):
                raise LexiconError(f"{where}: no such unit; it would be one of {', '.join(get_args(Unit))}")
            if not isinstance(entry, dict) or any(type(entry.get(end)) is not int for end in _ENDS):
                raise LexiconError(f"{where}: whole numbers low, best and high were expected")
            low, best, high = (entry[end] for end in _ENDS)
            if not 0 < low <= best <= high:
                raise LexiconError(f"{where}: low, best and high must be above 0 and must not fall")
            sizes[unit] = (low, best, high)
        return UnitSizes(sizes)

    def personnel(self, unit: Unit, count: Count) -> tuple[Count, bool]:
        """The people in `count` units, and whether that is an estimate; open where nothing is known."""
        if unit == "person":
            return count, False
        size = self.sizes.get(unit)
        if size is None or count.value is None:
            return Count(), False
        low, best, high = (
            None if end is None else end * people
            for end, people in zip((count.low, count.best, count.high), size, strict=True)
        )
        return Count(low=low, best=best, high=high, text=count.text, rule="unit_size"), True
