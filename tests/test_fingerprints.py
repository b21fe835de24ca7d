"""The near-copy signature: symmetric, 1 to itself, and close to the true containment."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.fingerprints import SKETCH_SIZE, Sketch, decode, encode, overlap, similarity

HASHES = st.sets(st.integers(0, 2**32 - 1), max_size=300)


@given(HASHES, HASHES)
def test_similarity_is_symmetric_and_a_part(one: set[int], other: set[int]) -> None:
    first, second = encode(one), encode(other)
    assert similarity(first, second) == similarity(second, first)
    assert 0.0 <= similarity(first, second) <= 1.0


@given(HASHES.filter(bool))
def test_every_text_is_its_own_copy(hashes: set[int]) -> None:
    assert similarity(encode(hashes), encode(sorted(hashes))) == 1.0


@given(HASHES)
def test_a_signature_keeps_the_smallest_hashes(hashes: set[int]) -> None:
    signature = encode(hashes)
    assert decode(signature).ranked == tuple(sorted(hashes)[:SKETCH_SIZE])
    assert len(signature) < 400
    assert signature.isascii()


@pytest.mark.parametrize("seed", range(40))
def test_containment_is_estimated_across_lengths(seed: int) -> None:
    source = random.Random(seed)
    size, longer, part = source.randrange(60, 900), source.randrange(60, 900), source.random()
    short = {source.getrandbits(32) for _ in range(size)}
    shared = set(source.sample(sorted(short), int(part * len(short))))
    long = shared | {source.getrandbits(32) for _ in range(size + longer)}
    _, compared = overlap(encode(short), encode(long))
    expected = len(shared) / len(short) * min(compared / 10, 1)
    # Five standard deviations of a sample of that size.
    assert abs(similarity(encode(short), encode(long)) - expected) <= 2.5 / max(compared, 1) ** 0.5


def test_signatures_of_the_first_version_are_read() -> None:
    assert decode("1<0000109%cL") == Sketch((1, 6_000_001), 6_000_002)


def test_few_hashes_speak_for_little() -> None:
    assert similarity(encode([1, 2]), encode([1, 2, 3])) == pytest.approx(0.2)


@pytest.mark.parametrize("nothing", [None, "", encode([])])
def test_what_has_no_words_is_like_nothing(nothing: str | None) -> None:
    assert similarity(nothing, encode([1, 2, 3])) == 0.0
    assert similarity(nothing, nothing) == 0.0


@pytest.mark.parametrize(
    "damaged", ["3=abc", "1?abc", "1=a,b", "x", "2=AAAA", "2=AAAAA", "2=AA AAAA=", "2=é"]
)
def test_a_damaged_signature_is_refused(damaged: str) -> None:
    with pytest.raises(ValueError, match="signature"):
        decode(damaged)


@pytest.mark.parametrize("hashes", [[-1], [2**32]])
def test_hashes_outside_their_range_are_refused(hashes: list[int]) -> None:
    with pytest.raises(ValueError, match="32 bits"):
        encode(hashes)
