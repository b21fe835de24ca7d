"""The pieces that a sentence is read in: noun phrases, words of harm, and the small words between them."""

from dataclasses import dataclass, field
from typing import Literal

from streams.extraction.document import Sentence
from streams.extraction.harm import Trigger
from streams.extraction.people import PersonNoun
from streams.extraction.quantities import Quantity

Kind = Literal[
    "noun",
    "trigger",
    "prep",
    "incl",
    "sub",
    "rel",
    "and",
    "comma",
    "stop",
    "aux",
    "link",
    "verb",
    "age",
    "other",
]


@dataclass(slots=True)
class Item:
    """A noun phrase, a trigger, or a small word: tokens `start` to `end` (exclusive).

    For a noun phrase: its `quantity`, the index of its `head` token, whether that is a `person` (None: cannot
    be told), its determiner, age, and the triggers that stand in it as adjectives ("two wounded men").
    """

    kind: Kind
    start: int
    end: int
    triggers: tuple[Trigger, ...] = ()
    quantity: Quantity | None = None
    head: int = -1
    noun: PersonNoun | None = None
    person: bool | None = None
    determiner: str | None = None
    age: int | None = None
    name: bool = False
    pronoun: bool = False
    more: bool = False
    ordinal: int | None = None
    adjectives: list[tuple[int, int, tuple[Trigger, ...]]] = field(default_factory=list)

    def text(self, sentence: Sentence) -> str:
        """The words of the item."""
        tokens = sentence.tokens
        return sentence.text[
            tokens[self.start].start - sentence.start : tokens[self.end - 1].end - sentence.start
        ]
