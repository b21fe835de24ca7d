"""What tells a happening from its look-alikes: victims, streets, buildings, hours, units, names, with words.

>>> from streams.extraction.document import read_document
>>> document = read_document(None, "Maria Lopez, 34, was shot on Cerise Avenue about 2:30 a.m.")
>>> found = find(document)
>>> found.terms.victims[0].age, found.terms.streets, found.terms.hours
(34, ('Cerise Avenue',), (2,))
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas import Terms, Victim
from streams.extraction.document import Document, Sentence
from streams.extraction.terms_names import find_names
from streams.extraction.terms_people import find_victims
from streams.extraction.terms_scene import find_buildings, find_hours, find_streets, find_units, gates
from streams.extraction.terms_size import find_magnitudes

_FINDERS = {
    "streets": find_streets,
    "buildings": find_buildings,
    "hours": find_hours,
    "units": find_units,
}
_LEAD = 3  # sentences
_MOST = 12  # of each kind: an article on one happening hardly has more


class TermMark(NamedTuple):
    """The words behind a term: `field` is its path in the Event, offsets are of the clean text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundTerms:
    """The terms of a happening and where each stands first."""

    terms: Terms
    marks: tuple[TermMark, ...] = ()


def find(document: Document, sentences: Sequence[int] | None = None) -> FoundTerms:
    """The terms in `sentences` of a document; in all of it where the article tells of one happening."""
    chosen = (
        document.sentences
        if sentences is None
        else tuple(document.sentences[index] for index in sentences if 0 <= index < len(document.sentences))
    )
    marks: list[TermMark] = []
    text, language = document.clean, document.language
    victims = _people(find_victims(text, chosen, language), marks)
    found: dict[str, list[str | int]] = {}
    for field, gate in gates(language).items():
        sentences_with = [sentence for sentence in chosen if not gate.isdisjoint(sentence.words)]
        found[field] = _distinct(field, _FINDERS[field](text, sentences_with, language), marks)
    names = [
        *find_magnitudes(text, _with_lead(document, chosen), language),
        *find_names(text, document.sentences, chosen, language),
    ]
    marks += [TermMark(f"terms.names.{number}", start, end) for number, (_, start, end) in enumerate(names)]
    terms = Terms(
        victims=victims,
        streets=tuple(str(value) for value in found["streets"]),
        buildings=tuple(str(value) for value in found["buildings"]),
        hours=tuple(int(value) for value in found["hours"]),
        units=tuple(str(value) for value in found["units"]),
        names=tuple(name for name, _, _ in names),
    )
    return FoundTerms(terms, tuple(marks))


def _with_lead(document: Document, chosen: Sequence[Sentence]) -> Sequence[Sentence]:
    """`chosen`, and what the text begins with where they are among its first sentences."""
    if not chosen or chosen[0].index > _LEAD or len(chosen) == len(document.sentences):
        return chosen
    return [*document.sentences[: _LEAD + 1], *(one for one in chosen if one.index > _LEAD)]


def _distinct(
    field: str, found: Iterable[tuple[str | int, int, int]], marks: list[TermMark]
) -> list[str | int]:
    """Each value once, as it stands first; a name within a longer one is the same."""
    values: list[str | int] = []
    for value, start, end in found:
        folded = str(value).casefold()
        if len(values) == _MOST or any(_same(folded, str(known).casefold(), field) for known in values):
            continue
        marks.append(TermMark(f"terms.{field}.{len(values)}", start, end))
        values.append(value)
    return values


def _same(folded: str, known: str, field: str) -> bool:
    return folded == known if field == "hours" else folded in known


def _people(found: Iterable[tuple[Victim, int, int]], marks: list[TermMark]) -> tuple[Victim, ...]:
    """Each victim once: an age told later is added to the name, a bare age to the one name that has it."""
    victims: list[tuple[int, int, Victim]] = []
    for victim, start, end in sorted(found, key=lambda row: (row[0].name is None, row[1])):
        known = next((i for i, other in enumerate(victims) if _is_same(victim, other[2])), None)
        if known is None:
            victims.append((start, end, victim))
            continue
        first, last, other = victims[known]
        age = other.age if other.age is not None else victim.age
        victims[known] = (first, last, Victim(name=_longer(other.name, victim.name), age=age))
    victims = sorted(victims, key=lambda row: row[0])[:_MOST]
    marks.extend(TermMark(f"terms.victims.{i}", start, end) for i, (start, end, _) in enumerate(victims))
    return tuple(victim for _, _, victim in victims)


def _is_same(one: Victim, other: Victim) -> bool:
    if one.age is not None and other.age is not None and one.age != other.age:
        return False
    if one.name is None or other.name is None:
        return one.age is not None and one.age == other.age
    shorter, longer = sorted((one.name.casefold().split(), other.name.casefold().split()), key=len)
    return shorter[-1] == longer[-1] and set(shorter) <= set(longer)


def _longer(one: str | None, other: str | None) -> str | None:
    return max((name for name in (one, other) if name), key=len, default=None)
