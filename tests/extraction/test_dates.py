"""When things happened: words to days, and words that say nothing of when."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.extraction.dates import period, resolve
from streams.extraction.document import read_document

CASES = Path(__file__).parent / "cases"
PUBLISHED = datetime(2013, 7, 17, 9, tzinfo=UTC)
PERIODS = [
    ("Since the war began, 70,000 people have died.", "Since the war began", None, None),
    ("More than 900 people have been killed since 2011.", "since 2011", "2011-01-01", "2013-07-17"),
    ("Since Friday 60 people have died of the heat.", "Friday", "2013-07-12", "2013-07-17"),
    ("So far this year 112 cyclists have died.", "this year", "2013-01-01", "2013-07-17"),
    ("In one week 500 people were killed.", "In one week", "2013-07-10", "2013-07-17"),
    ("In the past 24 hours 31 people were killed.", "In the past 24 hours", "2013-07-16", "2013-07-17"),
    ("The past three days have left 18 dead.", "The past three days", "2013-07-14", "2013-07-17"),
    ("Fourteen people were shot over the weekend.", "over the weekend", "2013-07-13", "2013-07-14"),
    ("In June 2013 bombs killed 760 people.", "June 2013", "2013-06-01", "2013-06-30"),
    ("Last month 40 soldiers fell.", "Last month", "2013-06-01", "2013-06-30"),
    ("In 2012 the police counted 500 murders.", "In 2012", "2012-01-01", "2012-12-31"),
]


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]


@pytest.mark.parametrize(
    ("sentence", "words", "earliest", "latest", "precision"), rows("dates_accept.tsv"), ids=lambda v: v[:40]
)
def test_words_become_days(sentence: str, words: str, earliest: str, latest: str, precision: str) -> None:
    document = read_document(None, sentence)
    dated = resolve(document, [0], PUBLISHED)
    assert dated is not None
    assert document.clean[dated.start : dated.end] == words == dated.span.text
    assert (str(dated.span.earliest), str(dated.span.latest)) == (earliest, latest)
    assert dated.span.precision == precision


@pytest.mark.parametrize("sentence", [row[0] for row in rows("dates_reject.tsv")])
def test_what_is_no_date_stays_none(sentence: str) -> None:
    assert resolve(read_document(None, sentence), [0], PUBLISHED) is None


@pytest.mark.parametrize(("text", "words"), rows("dates_chosen.tsv"), ids=lambda v: v[:40])
def test_the_happening_is_dated_not_what_is_said_of_it(text: str, words: str) -> None:
    document = read_document(None, text.replace("\\n", "\n"))
    dated = resolve(document, [document.sentences[-1].index], PUBLISHED)
    assert (dated.span.text if dated is not None else "-") == words


@pytest.mark.parametrize(
    ("text", "words", "earliest"),
    [
        ("LIMA, July 16 (Wire) - Peru will send 40 soldiers to Haiti in April.", "in April", "2014-04-01"),
        ("Peru said on Tuesday that 40 soldiers would leave on Friday.", "Friday", "2013-07-19"),
        ("The brigade will leave next Monday.", "next Monday", "2013-07-22"),
        ("Some 40 Peruvian soldiers will be sent to Haiti in April.", "in April", "2014-04-01"),
        ("Peru plans to send 40 soldiers to Haiti next spring.", "next spring", "2014-03-01"),
    ],
)
def test_a_plan_is_dated_ahead(text: str, words: str, earliest: str) -> None:
    dated = resolve(read_document(None, text), [0], PUBLISHED, kind="plan")
    assert dated is not None
    assert (dated.span.text, str(dated.span.earliest)) == (words, earliest)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The 300 troops sent to Tyre after Friday's attack had taken up their posts by Sunday.", "Sunday"),
        ("After a raid that killed six on Friday, 300 troops arrived on Sunday.", "Sunday"),
        (
            "TYRE, July 15 (Wire) - The 300 soldiers sent to Tyre a week ago will stay, it said Monday.",
            "a week ago",
        ),
    ],
)
def test_a_move_is_dated_not_what_it_answers(text: str, words: str) -> None:
    dated = resolve(read_document(None, text), [0], PUBLISHED, kind="move")
    assert dated is not None
    assert dated.span.text == words


def test_words_count_from_the_day_of_the_dispatch() -> None:
    document = read_document(None, "LIMA, July 11 (Wire) - Nine people drowned on Tuesday.")
    dated = resolve(document, [0], PUBLISHED)
    assert dated is not None
    assert str(dated.span.earliest) == "2013-07-09"


@pytest.mark.parametrize(("sentence", "words", "earliest", "latest"), PERIODS)
def test_periods(sentence: str, words: str, earliest: str | None, latest: str | None) -> None:
    dated = period(read_document(None, sentence), [0], PUBLISHED)
    assert dated is not None
    assert dated.span.text == words
    assert (dated.span.earliest and str(dated.span.earliest)) == earliest
    assert (dated.span.latest and str(dated.span.latest)) == latest


@pytest.mark.parametrize(
    "sentence", ["Two men were shot on Saturday.", "Two men were shot.", "He died on March 3, 2011."]
)
def test_a_day_is_no_period(sentence: str) -> None:
    assert period(read_document(None, sentence), [0], PUBLISHED) is None


def test_without_publication_words_are_kept_and_absolute_dates_work() -> None:
    relative = resolve(read_document(None, "Two men were shot on Saturday."), [0], None)
    assert relative is not None
    assert (relative.span.text, relative.span.earliest) == ("Saturday", None)
    absolute = resolve(read_document(None, "Two men were shot on 4 May 1999."), [0], None)
    assert absolute is not None
    assert str(absolute.span.earliest) == "1999-05-04"
    lent = resolve(read_document(None, "The storm formed on 3 June 1999. It hit land on June 9."), [1], None)
    assert lent is not None
    assert str(lent.span.earliest) == "1999-06-09"


def test_without_publication_the_dateline_says_from_when() -> None:
    for text in (
        "BASRA (July 17, 2013) -- Two men were shot on Sunday.",
        "Posted July 17, 2013\n\nTwo died Sunday.",
    ):
        document = read_document(None, text)
        dated = resolve(document, [document.sentences[-1].index], None)
        assert dated is not None
        assert (dated.span.text, str(dated.span.earliest)) == ("Sunday", "2013-07-14")


def test_east_of_greenwich_it_is_tomorrow_already() -> None:
    document = read_document(None, "Gunmen killed three people on Thursday.")
    dated = resolve(document, [0], PUBLISHED.replace(hour=20))
    assert dated is not None
    assert str(dated.span.earliest) == "2013-07-18"


@pytest.mark.parametrize(
    "text",
    [
        "A man was sentenced on Friday to nine years for the killing of two.",
        "The suspect in the double killing was arrested on Tuesday.",
        "A funeral will be held on Saturday for the four dead.",
    ],
)
def test_the_day_of_a_trial_is_not_that_of_the_crime(text: str) -> None:
    assert resolve(read_document(None, text), [0], PUBLISHED) is None


def test_the_sentences_beside_date_it_too() -> None:
    document = read_document(None, "It happened on Sunday morning. Two men were killed.")
    dated = resolve(document, [1], PUBLISHED)
    assert dated is not None
    assert str(dated.span.earliest) == "2013-07-14"


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
)
def test_a_weekday_lies_within_a_week_of_publication(published: datetime, weekday: str) -> None:
    document = read_document(None, f"Two men were shot on {weekday}.")
    dated = resolve(document, [0], published)
    assert dated is not None
    earliest = dated.span.earliest
    assert earliest is not None
    assert earliest.strftime("%A") == weekday
    assert timedelta(days=-1) <= published.date() - earliest <= timedelta(days=6)


@given(st.dates(datetime(1900, 1, 1).date(), datetime(2099, 12, 31).date()))  # noqa: DTZ001
def test_absolute_dates_are_read_back(day: datetime) -> None:
    for written in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", day.isoformat()):
        dated = resolve(read_document(None, f"Two men were shot on {written}."), [0], None)
        assert dated is not None
        assert (dated.span.earliest, dated.span.latest) == (day, day)


def test_words_count_from_the_day_on_which_a_text_was_posted() -> None:
    document = read_document(
        "Posted: Sunday, June 23, 2013 Updated: Tuesday, July 16, 2013", "Two drowned Saturday."
    )
    dated = resolve(document, [1], PUBLISHED)
    assert dated is not None
    assert str(dated.span.earliest) == "2013-06-22"
