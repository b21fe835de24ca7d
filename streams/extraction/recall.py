"""Which statements tell of another happening than the article's: of a past month, of "Friday's attack"."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from streams.extraction.context import clause_start
from streams.extraction.document import Sentence
from streams.extraction.lexicon import alternation, word_list

_YEAR, _MONTH = 12, 30
_HEAD = 4  # sentences at the top
_NEW = 10  # until this day of a month the one before is no recollection


class Said(NamedTuple):
    """A statement: its sentence, that in lower case, where its word of harm stands in it, whether it opens
    the article, whether it can be the news, what the sentence recalls ("a day after another bombing"), in
    offsets of it, and what it counts."""

    sentence: Sentence
    lower: str
    offset: int
    opens: bool
    news: bool
    earlier: tuple[tuple[int, int], ...] = ()
    figure: tuple[str, int | None] = ("", None)


class Recall:
    """The words of one language that set another happening apart."""

    def __init__(self, language: str) -> None:
        def words(key: str) -> str:
            return alternation(word_list(language, "recall", key))

        self._months = word_list(language, "recall", "months")
        ordinals, plural, whose = (
            alternation(word_list(language, "forms", name)) for name in ("ordinals", "plural", "genitive")
        )
        events, days, months = words("events"), words("days"), "|".join(self._months)
        self._month = re.compile(rf"\b(?:{words('before_month')})[\s-]+({months})\b(?!\s+\d{{1,2}}\b)")
        self._date = re.compile(
            rf"\b(?:(?P<month>{months})\s+(?P<day>\d{{1,2}})\b|(?P<day_before>\d{{1,2}})(?:{ordinals})?\s+"
            rf"(?P<month_after>{months}))"
        )
        self._fresh = re.compile(rf"\b(?:{words('fresh')})\b")
        self._day = re.compile(rf"\b({days})\b")
        self._days = word_list(language, "recall", "days")
        self._on_day = re.compile(rf"^\W*(?:{words('on')})\s+({days})\b")
        self._event_of_day = re.compile(rf"\b({days})(?:{whose})\s+(?:[\w-]+\s+){{0,4}}?(?:{events})\b")
        self._event = re.compile(rf"\b({events})(?:{plural})?\b")
        self._the_event = re.compile(rf"^\W*(?:{words('the')})\s+(?:[\w-]+\s+){{0,2}}?({events})\b")

    @staticmethod
    @cache
    def load(language: str) -> "Recall":
        """The words of `language`. Raises LexiconError."""
        return Recall(language)

    def is_fresh(self, lower: str) -> bool:
        """Whether a sentence in lower case says that its news is of these days."""
        return self._fresh.search(lower) is not None

    def others(self, said: Sequence[Said], published: date | None, *, followed: bool) -> set[int]:
        """The numbers of the statements that are about another happening, as far as the calendar and the
        nouns tell; `published`: the day of the article, where known; `followed` that it is about what came
        of its happening, which is then itself of another day."""
        if len(said) < 2:
            return set()
        found = set(self._of_months(said, published)) | set(self._of_days(said))
        found |= set(self._of_events(said))
        if followed:
            return found
        return found | set(self._of_dates(said, published)) | set(self._of_weekdays(said, published))

    def _of_months(self, said: Sequence[Said], published: date | None) -> Iterator[int]:
        """ "In January, 31 people were killed", in November, or where the news is of Sunday."""
        fresh = None
        if published is None:
            fresh = next((one.sentence for one in said if one.news and self.is_fresh(one.lower)), None)
            if fresh is None or fresh.index >= _HEAD:
                return
        for number, one in enumerate(said):
            if fresh is not None and one.sentence.index <= fresh.index:
                continue
            for match in self._month.finditer(one.lower):
                new = published is not None and self._is_new(match.group(1), published)
                if not new and clause_start(one.lower, match.start()) <= one.offset:
                    yield number

    def _is_new(self, month: str, published: date) -> bool:
        """Whether news printed on a day may be of that month."""
        ago = (published.month - self._months.index(month) - 1) % _YEAR
        return ago == 0 or (ago == 1 and published.day <= _NEW)

    def _of_dates(self, said: Sequence[Said], published: date | None) -> Iterator[int]:
        """ "On 9 February a student was killed", in March, where the news is of yesterday."""
        main = next((one for one in said if one.news and not one.sentence.in_title), None)
        if published is None or main is None or not self.is_fresh(main.lower):
            return
        for number, one in enumerate(said):
            if one.sentence.index <= main.sentence.index:
                continue
            for match in self._date.finditer(one.lower):
                month = match.group("month") or match.group("month_after")
                day = int(match.group("day") or match.group("day_before"))
                ago = (published.month - self._months.index(month) - 1) % _YEAR * _MONTH + published.day - day
                if (
                    _NEW < ago < _YEAR * _MONTH - _NEW
                    and clause_start(one.lower, match.start()) <= one.offset
                ):
                    yield number

    def _of_weekdays(self, said: Sequence[Said], published: date | None) -> Iterator[int]:
        """ "On Tuesday, 19 soldiers were killed", on a Friday, where the news counts others and names no day.

        Not of yesterday, which is the news's own day as often as not.
        """
        main = next((one for one in said if one.news and not one.sentence.in_title), None)
        if published is None or main is None or self._day.search(main.lower):
            return
        told = {one.figure for one in said if one.sentence.paragraph <= main.sentence.paragraph}
        for number, one in enumerate(said):
            found = self._on_day.search(one.lower)
            if found is None or one.sentence.paragraph <= main.sentence.paragraph or one.figure in told:
                continue
            ago = (published.weekday() - self._days.index(found.group(1))) % len(self._days)
            if ago > 1 and one.figure[0] == main.figure[0]:
                yield number

    def _of_days(self, said: Sequence[Said]) -> Iterator[int]:
        """ "Friday's attack, in which 11 died", where the news is of Saturday."""
        main = next((one for one in said if one.news and not one.sentence.in_title), None)
        day = self._day.search(main.lower) if main is not None else None
        if main is None or day is None:
            return
        for number, one in enumerate(said):
            if one.sentence.index < main.sentence.index or one is main:
                continue
            match = self._event_of_day.search(one.lower)
            if match is None or match.group(1) == day.group(1):
                continue
            if match.start() < one.offset and not (
                one.sentence is main.sentence and main.offset > match.start()
            ):
                yield number

    def _of_events(self, said: Sequence[Said]) -> Iterator[int]:
        """ "The bombing killed 23", where the news came "hours after a bombing"."""
        recalled: set[str] = set()
        own: set[str] = set()
        for one in said:
            if one.opens and not self._the_event.search(one.lower):
                for match in self._event.finditer(one.lower):
                    inside = any(start <= match.start() < stop for start, stop in one.earlier)
                    (recalled if inside else own).add(match.group(1))
        for number, one in enumerate(said):
            found = self._the_event.search(one.lower)
            if found and found.group(1) in recalled - own and found.end() <= one.offset:
                yield number
