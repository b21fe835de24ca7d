"""Spellings of one name from other scripts, and what is no name."""

import pytest

from streams.incidents.name_words import fold, name_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jameela", "Jamila"),
        ("Karradah", "Karrada"),
        ("Nusseirat", "Nuseirat"),
        ("Qasim", "Kasim"),
        ("Bogotá", "Bogota"),
        ("Bilaan", "Bilan"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other) is not None


@pytest.mark.parametrize(("one", "other"), [("Toukh", "Toul"), ("Karrada", "Karbala"), ("Herat", "Hebron")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_only_the_names_in_a_description_count() -> None:
    found = name_words(["the brother of Ila Brand", "Lantern Street Police Station", "Wu"])
    assert found == {"ila", "brand", "lantern"}
