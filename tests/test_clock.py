"""Stream time: the second-greatest date over distinct articles, or a later tick."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.clock import StreamClock

DAY = datetime(2026, 11, 20, tzinfo=UTC)


def day(number: int) -> datetime:
    return DAY + timedelta(days=number)


def test_no_dates_no_time() -> None:
    assert StreamClock().observe("a", None).now is None


def test_a_single_article_gives_its_own_date_and_the_next_may_set_it_back() -> None:
    clock = StreamClock().observe("a", day(5))
    assert clock.now == day(5)
    assert clock.observe("b", day(1)).now == day(1)


def test_one_wrong_date_moves_nothing() -> None:
    clock = StreamClock().observe("a", day(0)).observe("b", day(1)).observe("wrong", day(3000))
    assert clock.now == day(1)
    assert clock.observe("wrong", day(3001)).now == day(1), "one article counts once"
    assert clock.observe("c", day(2)).now == day(2)


def test_a_tick_moves_time_on_and_an_earlier_one_does_not() -> None:
    clock = StreamClock().observe("a", day(0)).observe("b", day(1)).tick(day(2))
    assert clock.now == day(2)
    assert clock.tick(day(1)).now == day(2)
    assert clock.observe("c", day(1)).now == day(2), "an article behind the tick does not set time back"


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 30)), max_size=40))
def test_time_is_the_second_greatest_date_over_distinct_articles(seen: list[tuple[str, int]]) -> None:
    clock = StreamClock()
    latest: dict[str, int] = {}
    for article, number in seen:
        clock = clock.observe(article, day(number))
        latest[article] = max(number, latest.get(article, number))
    dates = sorted(latest.values(), reverse=True)
    expected = dates[1] if len(dates) > 1 else dates[0] if dates else None
    assert clock.now == (None if expected is None else day(expected))


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 30)), min_size=2, max_size=40))
def test_time_never_goes_back_once_two_articles_are_dated(seen: list[tuple[str, int]]) -> None:
    clock = StreamClock()
    times = []
    for article, number in seen:
        clock = clock.observe(article, day(number))
        if clock.second is not None:
            times.append(clock.now)
    assert times == sorted(times)
