"""How many people a force has: "two teams, comprising 101 people, left", "a team consisting of 79 people"."""

from dataclasses import replace
from functools import cache

from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_phrases import Line
from streams.extraction.lexicon import word_list, word_set

_FILE = "forces"
_UNITS = ("squad", "platoon", "company", "battalion", "regiment", "brigade", "division", "squadron", "other")
_NOUN = 4  # tokens from a number to its noun


class MakingReader:
    """Reads such words of one language; they are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        self._making = tuple(tuple(p.split()) for p in word_list(language, _FILE, "making", "phrases"))
        self._marks = word_set(language, _FILE, "making", "marks")
        self._joining = word_set(language, _FILE, "extra", "joining")
        self._heads = frozenset(KindReader.load(language).heads)

    @staticmethod
    @cache
    def load(language: str) -> "MakingReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return MakingReader(language)

    def makes_up(self, line: Line, whole: Mention, people: Mention) -> bool:
        """Whether `people` are all those of the unit `whole`, and not one of several parts."""
        between = line.lowers[whole.end : people.start]
        while between and between[0] in self._marks:
            between = between[1:]
        unit = whole.unit in _UNITS or (whole.unit == "person" and whole.quantity is None)
        counted = people.unit == "person" and people.quantity is not None
        return unit and counted and tuple(between) in self._making and not self._goes_on(line, people.end)

    def _goes_on(self, line: Line, end: int) -> bool:
        """Whether another counted force follows: "comprising 300 soldiers and 50 police"."""
        starts = {q.start_token: last for last, q in line.counted.items()}
        last = (
            starts.get(end + 1) if line.lowers[end : end + 1] and line.lowers[end] in self._joining else None
        )
        return last is not None and not self._heads.isdisjoint(line.lowers[last : last + _NOUN])

    def made_up(self, line: Line, whole: Mention, people: Mention) -> Mention:
        """`whole` with its people: as its strength where it counts units, else as its number."""
        end = people.end
        closes = line.lowers[end : end + 1] and line.lowers[end] in self._marks
        end += bool(closes and line.lowers[whole.end] in self._marks)
        if line.lowers[end : end + 1] and line.lowers[end] in self._joining:
            end = whole.end  # "consisting of 79 people and six dogs"
        if whole.unit == "person" or (whole.unit == "other" and whole.count.value in (None, 1)):
            what = people.what if whole.what in ("other", "troops") and people.what != "other" else whole.what
            return replace(
                whole, end=end, what=what, unit="person", count=people.count, quantity=people.quantity
            )
        return replace(whole, end=end, strength=people.count)
