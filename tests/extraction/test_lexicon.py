"""The regular expression of a word list finds what trying the words one by one finds, the longest first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.extraction.lexicon import alternation, any_of

words = st.lists(st.text("abc.-", min_size=1, max_size=5), min_size=1, max_size=8)


@given(words=words, text=st.text("abc.- ", max_size=20))
def test_the_longest_word_at_a_place_is_found(words: list[str], text: str) -> None:
    pattern = re.compile(alternation(words))
    for start in range(len(text)):
        there = [word for word in words if text.startswith(word, start)]
        match = pattern.match(text, start)
        assert (match.group() if match else "") == max(there, key=len, default="")


@given(words=words, text=st.text("abc.- ", max_size=20))
def test_what_follows_decides_which_word_it_is(words: list[str], text: str) -> None:
    """As with the words side by side, a shorter word is found where the longer one does not go on."""
    one_by_one = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = [match.span() for match in re.finditer(rf"(?:{alternation(words)})(?!\w)", text)]
    assert found == [match.span() for match in re.finditer(rf"(?:{one_by_one})(?!\w)", text)]


def test_blanks_match_any_run_of_blanks() -> None:
    pattern = re.compile(alternation(["at", "at least", "at the"]))
    match = pattern.match("at \n least")
    assert match is not None
    assert match.group() == "at \n least"


@pytest.mark.parametrize(
    "patterns",
    [
        [r"\bab?", r"c\b"],
        [r"\ba|b", r"\bc"],  # the bar splits the whole pattern: "b" may stand within a word
        [r"\b(?:a|b)c", r"\b[a|]b"],
        [r"(?<!a )\bb", r"(?<!c)(?<!b )\ba", r"^c"],
        ["b"],
    ],
)
@given(text=st.text("abc ", max_size=20))
def test_any_of_several_patterns_is_found_where_one_of_them_is(patterns: list[str], text: str) -> None:
    first = min((match.start() for p in patterns if (match := re.search(p, text))), default=None)
    found = any_of(patterns).search(text)
    assert (found.start() if found else None) == first
