"""The ledger: a step's changes stand together or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ledger import Ledger


class Mirror:
    """An index: what it knows must always be what the ledger holds."""

    def __init__(self, ledger: Ledger) -> None:
        self.known: dict[str, Any] = {}
        ledger.watch("", self.see)

    def see(self, key: str, old: Any, new: Any) -> None:
        assert self.known.get(key) == old
        if new is None:
            self.known.pop(key)
        else:
            self.known[key] = new


def test_changes_are_taken_once() -> None:
    ledger = Ledger()
    ledger.put("a/1", 1)
    ledger.commit()
    assert ledger.take_changes() == {"a/1": 1}
    assert ledger.take_changes() == {}


def test_a_deleted_record_is_a_change_to_none() -> None:
    ledger = Ledger()
    ledger.load("a/1", 1)
    ledger.delete("a/1")
    ledger.delete("a/2")
    ledger.commit()
    assert ledger.take_changes() == {"a/1": None}


def test_none_is_no_record() -> None:
    with pytest.raises(ValueError, match="a/1"):
        Ledger().put("a/1", None)


def test_a_watcher_learns_of_what_is_there_already() -> None:
    ledger = Ledger()
    ledger.load("a/1", 1)
    assert Mirror(ledger).known == {"a/1": 1}


STEPS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from(["a/1", "a/2", "b/1"]), st.none() | st.integers(0, 5)), max_size=6
        ),
        st.booleans(),
    ),
    max_size=8,
)


@given(STEPS)
def test_rolled_back_steps_leave_no_trace(steps: list[tuple[list[tuple[str, int | None]], bool]]) -> None:
    ledger, model = Ledger(), dict[str, int]()
    mirror = Mirror(ledger)
    stored: dict[str, int] = {}
    for changes, stands in steps:
        trial = dict(model)
        for key, value in changes:
            if value is None:
                ledger.delete(key)
                trial.pop(key, None)
            else:
                ledger.put(key, value)
                trial[key] = value
        if stands:
            ledger.commit()
            model = trial
        else:
            ledger.rollback()
        assert mirror.known == model == dict(zip(ledger.keys(), map(ledger.get, ledger.keys()), strict=True))
        for key, value in ledger.take_changes().items():
            if value is None:
                stored.pop(key, None)
            else:
                stored[key] = value
        assert stored == model
