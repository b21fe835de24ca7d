"""What tells look-alikes apart, and what only looks like it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Terms
from streams.extraction.document import read_document
from streams.extraction.terms import find

CASES = Path(__file__).parent / "cases"
PIECES = [
    "John Hill, 23,", "a 34-year-old woman", "was shot", "in the 1400 block of", "W. 5th St.",
    "Pine and Oak streets", "at Redwater High School", "about 2:30 a.m.", "the 101st Airborne Division",
    "al-", "O'Neil", "Jr.", ",", ".",
    "\n\n", "“", "’s", "12", "of the", "identified as", "Street", "A.", "-", "USS",
]  # fmt: skip


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8") as file:
        read = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in read if not row[0].startswith("#")]


def written(terms: Terms, kind: str) -> list[str]:
    if kind == "victims":
        return [f"{victim.name or '-'}/{victim.age or '-'}" for victim in terms.victims]
    return [str(value) for value in getattr(terms, kind)]


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"), rows("terms_accept.tsv"), ids=lambda text: text[:50]
)
def test_terms_are_found(sentence: str, kind: str, expected: str) -> None:
    assert sorted(written(find(read_document(None, sentence)).terms, kind)) == sorted(expected.split("|"))


@pytest.mark.parametrize(("sentence", "kind"), rows("terms_reject.tsv"), ids=lambda text: text[:50])
def test_what_is_no_term_is_left(sentence: str, kind: str) -> None:
    assert written(find(read_document(None, sentence)).terms, kind) == []


def test_a_person_told_twice_is_one_victim() -> None:
    text = (
        "A 23-year-old man was shot dead. The victim was identified as John Hill. "
        "John R. Hill, 23, died at once."
    )
    found = find(read_document(None, text))
    assert written(found.terms, "victims") == ["John R. Hill/23"]


def test_only_the_sentences_asked_for_count() -> None:
    document = read_document(None, "John Hill, 23, was shot dead. Ann Bell, 30, was stabbed to death.")
    assert written(find(document, [1]).terms, "victims") == ["Ann Bell/30"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_every_term_has_its_words(text: str) -> None:
    document = read_document(None, text)
    found = find(document)
    kinds = {"victims": 0, "streets": 0, "buildings": 0, "hours": 0, "units": 0, "names": 0}
    for mark in found.marks:
        _, kind, number = mark.field.split(".")
        assert int(number) == kinds[kind]
        kinds[kind] += 1
        assert 0 <= mark.start < mark.end <= len(document.clean)
        assert document.clean[mark.start : mark.end].strip()
    assert kinds == {kind: len(getattr(found.terms, kind)) for kind in kinds}


def test_a_wall_of_capitalised_words_takes_linear_time() -> None:
    # Would take years if any pattern looked back over what it had read.
    text = "Alpha Beta-Gamma O'Neil, 23 " * 3000
    assert len(find(read_document(None, text)).terms.victims) <= 12


@pytest.mark.parametrize(
    ("text", "magnitudes"),
    [
        ("A 6.4-magnitude earthquake shook the valley.", ["6.4"]),
        ("A magnitude 5.2 aftershock killed two.", ["5.2"]),
        ("An earthquake with a preliminary magnitude of 4.6 was felt in Dorren.", ["4.6"]),
        ("A 6. 1 - magnitude quake hit Aceh.", ["6.1"]),
        ("The quake measured 7.0 on the Richter scale.", ["7.0"]),
        ("A 5.9 earthquake, and hours later one measuring 5.1.", ["5.9"]),
        ("Losses are of a magnitude of 12.5 million.", []),
        ("Shares fell 3.2 points after the quake.", []),
    ],
)
def test_how_strong_a_quake_was(text: str, magnitudes: list[str]) -> None:
    names = find(read_document(None, text)).terms.names
    assert [name.removeprefix("magnitude ") for name in names if name.startswith("magnitude")] == magnitudes
