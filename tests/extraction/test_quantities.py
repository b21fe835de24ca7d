"""Numbers in sentences: what they say and what they count."""

import csv
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Count
from streams.extraction.conventions import load_conventions
from streams.extraction.document import Sentence, read_document
from streams.extraction.lexicon import LexiconError, load_table
from streams.extraction.numerals import Numerals
from streams.extraction.quantities import Quantity, find_quantities

CASES = Path(__file__).parent / "cases"
SMALL = [
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row[0][0] != "#"]


def sentence(text: str) -> Sentence:
    return read_document(None, text).sentences[0]


def named(text: str, words: str) -> Quantity:
    found = {
        (q.count.text or "").lower(): q
        for s in read_document(None, text).sentences
        for q in find_quantities(s)
    }
    assert words.lower() in found, sorted(found)
    return found[words.lower()]


def end(cell: str) -> int | None:
    return None if cell == "-" else int(cell)


@pytest.mark.parametrize(("text", "words", "low", "best", "high"), rows("quantities_accept.tsv"))
def test_counts_people_or_units(text: str, words: str, low: str, best: str, high: str) -> None:
    quantity = named(text, words)
    assert (quantity.count.low, quantity.count.best, quantity.count.high) == (end(low), end(best), end(high))
    assert quantity.kind == "people_or_units"
    assert quantity.count.rule


@pytest.mark.parametrize(("text", "words", "low", "best", "high"), rows("quantities_accept.tsv"))
def test_capitals_say_the_same(text: str, words: str, low: str, best: str, high: str) -> None:
    count = named(text.upper(), words).count
    assert (count.low, count.best, count.high) == (end(low), end(best), end(high))


@pytest.mark.parametrize(("text", "words", "kind"), rows("quantities_reject.tsv"))
def test_counts_something_else(text: str, words: str, kind: str) -> None:
    assert named(text, words).kind == kind
    assert not [
        q for q in find_quantities(sentence(text)) if q.kind == "people_or_units" and q.count.text == words
    ]


def in_words(number: int, joined: str = " ") -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        ten, unit = divmod(number, 10)
        return TENS[ten - 2] + (f"-{SMALL[unit]}" if unit else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            many, rest = divmod(number, size)
            tail = (joined if rest < 100 else " ") + in_words(rest, joined) if rest else ""
            return f"{in_words(many, joined)} {name}{tail}"
    raise AssertionError(number)


def exactly(text: str, number: int) -> None:
    quantities = find_quantities(sentence(text))
    assert [q.count.best for q in quantities] == [number], quantities
    assert quantities[0].count.low == quantities[0].count.high == number


@given(st.integers(0, 10**9))
def test_digits_are_the_number_they_write(number: int) -> None:
    exactly(f"The blaze hurt {number} people.", number)
    exactly(f"The blaze hurt {number:,} people.", number)


@given(st.integers(0, 10**9), st.sampled_from([" ", " and "]), st.booleans())
def test_words_are_the_number_they_write(number: int, joined: str, capitals: bool) -> None:
    text = f"The blaze hurt {in_words(number, joined)} people."
    exactly(text.upper() if capitals else text, number)


PIECES = st.sampled_from(
    [
        *(
            "at least",
            "about",
            "nearly",
            "up to",
            "fewer than",
            "between",
            "from",
            "to",
            "or",
            "and",
            "in",
            "of",
        ),
        *(
            "12",
            "1,200",
            "2.5",
            "twenty-one",
            "a",
            "dozen",
            "dozens",
            "thousands",
            "million",
            "hundred",
            "half",
        ),
        *(
            "5",
            "p.m.",
            "year-old",
            "men",
            "May",
            "2001",
            "$",
            "%",
            "No.",
            "3-1",
            "several",
            "no",
            "one",
            "both",
        ),
        *("all", "three", "feared", "dead", "-plus", "20s", "March", "1:2", "9mm", "a family of", "possibly"),
        *(
            "as many as",
            "7/8",
            "score",
            "scores",
            "tens of",
            ".45",
            "İ",
            "ß",
            "a few",
            "second",
            "Jo Li,",
            "34",
        ),
        *(",", "-", "(34)"),
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, min_size=1, max_size=14))
def test_quantities_lie_in_the_sentence_in_order(pieces: list[str]) -> None:
    for part in read_document(None, " ".join(pieces)).sentences:
        last = 0
        for quantity in find_quantities(part):
            assert last <= quantity.start_token < quantity.end_token <= len(part.tokens)
            last = quantity.end_token
            count = quantity.count
            known = [end for end in (count.low, count.best, count.high) if end is not None]
            assert known == sorted(known)
            assert all(end >= 0 for end in known)
            first, final = part.tokens[quantity.start_token], part.tokens[quantity.end_token - 1]
            assert count.text
            assert count.text in part.text[first.start - part.start : final.end - part.start]


def test_words_without_a_number_have_conventions() -> None:
    conventions = load_conventions("en")
    assert conventions.count("bare_plural", "soldiers") == Count(low=2, text="soldiers", rule="bare_plural")
    assert conventions.count("one_person").value == 1
    assert conventions.count("no_reports").value is None


GOOD = (resources.files("streams.extraction") / "data" / "en" / "quantities.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("factor = 3", "factor = -3", "of_scale 'several_of_scale', factor"),
        ("low = 24", "low = 'many'", "word 'dozens', low"),
        ("low = 6\nbest = 6", "low = 6\nbest = 5", "word 'half_dozen'"),
        ("low = 0.9", "low = 'most'", "bound 'nearly', low"),
        ('id = "bare_plural"', 'id = "plural"', "'bare_plural' is missing"),
        ("twelve = 12", "twelve = 1.2", "numerals.teens, 'twelve'"),
        ("thousands = 1000", "thousands = 'k'", "plurals"),
        ('words = ["no one"', 'words = ["both"', "'both' stands there twice"),
    ],
)
def test_a_wrong_table_names_file_and_entry(
    old: str, new: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert old in GOOD
    broken = tomllib.loads(GOOD.replace(old, new, 1))

    def load(language: str, name: str) -> Mapping[str, Any]:
        return broken if name == "quantities" else load_table(language, name)

    for module in ("conventions", "numerals"):
        monkeypatch.setattr(f"streams.extraction.{module}.load_table", load)

    def load_both() -> None:
        load_conventions.__wrapped__("en")
        Numerals("en")

    with pytest.raises(LexiconError, match=rf"en/quantities\.toml.*{re.escape(said)}"):
        load_both()
