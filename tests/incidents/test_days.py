"""The days that the words of a date name."""

from datetime import date

import pytest

from schemas import DateSpan
from streams.incidents.days import weekdays, yeardays

FRIDAY = date(2031, 5, 2)


@pytest.mark.parametrize(
    ("span", "week", "year"),
    [
        (DateSpan(text="Friday night"), {4}, set()),
        (DateSpan(text="on Sat. evening"), {5}, set()),
        (DateSpan(text="Aug. 2"), set(), {(8, 2)}),
        (DateSpan(text="the 6th of December"), set(), set()),
        (DateSpan(text="6 December"), set(), {(12, 6)}),
        (DateSpan(text="yesterday"), set(), set()),
        (DateSpan(text="May 45"), set(), set()),
        (DateSpan(earliest=FRIDAY, latest=FRIDAY, text="last night"), {4}, {(5, 2)}),
        (DateSpan(earliest=FRIDAY, latest=date(2031, 5, 4), text="over the weekend"), set(), set()),
        (DateSpan(), set(), set()),
    ],
)
def test_days_that_words_name(span: DateSpan, week: set[int], year: set[tuple[int, int]]) -> None:
    assert weekdays(span) == week
    assert yeardays(span) == year
