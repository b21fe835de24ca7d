"""The postings against a plain count of what was added, whatever the order, and what of an event is asked."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.incidents.keys import Kept, Keys
from streams.incidents.postings import Postings

TABLE = "cW"
INCIDENTS = st.sampled_from(["a", "b", "c"])
WORDS = st.frozensets(st.sampled_from("uvwxyz"), min_size=1)
MANY = 1_000


def kept(words: frozenset[str], days: tuple[int, ...] = ()) -> Kept:
    return Kept(((TABLE, sorted(words)),), ("cPsomewhere|",) if days else (), days)


def asking(*words: str) -> Keys:
    return Keys(kept(frozenset(words)), (), {}, ((TABLE, sorted(words)),), None)


@given(st.lists(st.tuples(INCIDENTS, WORDS, st.sampled_from([(), (7,), (7, 8)])), max_size=12), st.data())
def test_whoever_came_and_did_not_leave_is_found(
    events: list[tuple[str, frozenset[str], tuple[int, ...]]], data: st.DataObject
) -> None:
    postings = Postings(most=MANY, few=MANY, rarest=MANY)
    for incident, words, days in events:
        postings.add(kept(words, days), incident)
    leaving = data.draw(st.permutations(events))[: data.draw(st.integers(0, len(events)))]
    staying = Counter(events) - Counter(leaving)
    for incident, words, days in leaving:
        postings.remove(kept(words, days), incident)
    for word in "uvwxyz":
        holders = {incident for incident, words, _ in staying if word in words}
        assert postings.holders(TABLE, word) == len(holders)
        by_word = Keys(kept(frozenset()), ((TABLE, (word,), 1.0),), {}, (), None)
        assert postings.worth(by_word, lambda _: 1.0) == dict.fromkeys(holders, 1.0)
        assert postings.holders_of(TABLE, [word]) == {word: len(holders)}
    by_day = Keys(kept(frozenset()), (), {"cPsomewhere|": {8: 2.0}}, (), None)
    assert postings.worth(by_day, lambda _: 1.0) == {
        incident: 2.0 for incident, _, days in staying if 8 in days
    }


def test_of_the_words_of_an_event_only_the_rarest_are_asked() -> None:
    postings = Postings(most=MANY, few=MANY, rarest=2)
    for incident in ("one", "two", "three"):
        postings.add(kept(frozenset({"people"})), incident)
    postings.add(kept(frozenset({"people", "kerfun", "street"})), "four")
    postings.add(kept(frozenset({"street", "people"})), "five")
    asked = asking("kerfun", "people", "street")
    assert postings.worth(asked, lambda holders: 1 / holders) == {"four": 1.5}


def test_who_is_met_under_one_rare_word_alone_is_met_by_chance() -> None:
    postings = Postings(most=MANY, few=MANY, rarest=MANY)
    postings.add(kept(frozenset({"kerfun"})), "word")
    postings.add(kept(frozenset({"kerfun", "street"})), "words")
    postings.add(kept(frozenset({"kerfun"}), (8,)), "day")
    asked = Keys(kept(frozenset()), (), {"cPsomewhere|": {8: 2.0}}, ((TABLE, ("kerfun", "street")),), None)
    assert postings.worth(asked, lambda _: 1.0) == {"words": 2.0, "day": 3.0}


def test_what_too_many_share_tells_nothing() -> None:
    postings = Postings(most=2, few=MANY, rarest=MANY)
    for incident in ("one", "two", "three"):
        postings.add(kept(frozenset({"people"})), incident)
    assert not postings.worth(asking("people"), lambda _: 1.0)


@pytest.mark.parametrize(("few", "found"), [(2, {"known": 3.0}), (3, {"known": 3.0, "b": 2.0, "c": 2.0})])
def test_a_toll_that_many_have_tells_nothing_by_itself(few: int, found: dict[str, float]) -> None:
    postings = Postings(most=MANY, few=few, rarest=MANY)
    for incident in ("known", "b", "c"):
        postings.add(Kept((), ("cD7,2|",), (8,)), incident)
    met = {"known": 1.0}
    asked = Keys(Kept((), (), ()), (), {}, (), ("cD7,2|", {8: 2.0}))
    postings.add_tolls(asked, met, known_only=False)
    assert met == found
