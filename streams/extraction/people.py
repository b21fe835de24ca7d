"""Which nouns are people, how many a form stands for, and whom they are taken for."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from streams.extraction.lexicon import LexiconError, load_table, word_set

Group = Literal["general", "family", "work", "security", "attacker", "demonym"]


class PersonNoun(NamedTuple):
    """A noun for people: singular, plural, or both where the form is the same."""

    group: str
    singular: bool
    plural: bool


@cache
def load_people(language: str) -> Mapping[str, PersonNoun]:
    """The person nouns of `language` by form, in lower case. Raises LexiconError."""
    table = load_table(language, "people").get("person")
    if not isinstance(table, Mapping):
        raise LexiconError(f"{language}/people.toml, person: missing")
    nouns: dict[str, PersonNoun] = {}

    def add(form: str, group: str, *, plural: bool) -> None:
        old = nouns.get(form)
        singular = (old.singular if old else False) or not plural
        nouns[form] = PersonNoun(old.group if old else group, singular, plural or bool(old and old.plural))

    for group, words in table.items():
        for word in str(words).split():
            if "+" in word:
                stem, ending = word.split("+", 1)
                add(stem, group, plural=False)
                add(stem + ending, group, plural=True)
            elif ":" in word:
                singular, plural = word.split(":", 1)
                if singular:
                    add(singular, group, plural=False)
                if plural:
                    add(plural, group, plural=True)
            else:
                raise LexiconError(
                    f"{language}/people.toml, person.{group}: {word!r} has neither '+' nor ':'"
                )
    return nouns


@cache
def load_nobody(language: str) -> frozenset[str]:
    """The nouns that are no people, whatever number stands before them."""
    return word_set(language, "people", "nobody", "animals") | word_set(
        language, "people", "nobody", "things"
    )
