"""The collector of cycles is told to leave the state alone, and still works."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from streams.collector import look_rarely


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def full_collections() -> int:
    return int(gc.get_stats()[2]["collections"])


def test_what_is_kept_is_not_gone_through_again_and_again() -> None:
    look_rarely()
    before = full_collections()
    kept = [[number] for number in range(1_000_000)]
    assert full_collections() == before
    assert len(kept) == 1_000_000


def test_cycles_are_found_all_the_same() -> None:
    look_rarely()

    class Node:
        itself: object = None

    node = Node()
    node.itself = node
    gone = weakref.ref(node)
    del node
    kept = [[number] for number in range(20_000)]
    assert gone() is None
    assert kept
