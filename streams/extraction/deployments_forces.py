"""The forces that a sentence names: noun phrases with their kind, unit and quantity.

A force is a head ("troops", "warships", "battalions") with what stands before it and, through a container,
behind it ("a fleet of four warships"). Words joined for one force ("troops and police") are one mention.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from schemas import Count
from schemas.events import ForceKind, Unit
from streams.extraction.deployments_kinds import Head, KindReader
from streams.extraction.deployments_phrases import Line, PhraseReader
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.lexicon import word_set
from streams.extraction.quantities import Quantity

_FILE = "forces"
_SINGLE_KINDS = ("person", "ship", "aircraft", "vehicle")  # a weak unit ("company") is none
_NAMED = ("ship",)  # units that have names
_ONE = Count(low=1, best=1, high=1, rule="one_unit")


@dataclass(frozen=True, slots=True)
class Mention:
    """A force in a sentence: tokens `start` to `end` (exclusive) with its head at `head`.

    `strong`: the words mean a force by themselves. `extra`: on top of others ("additional"). `definite`:
    known already ("the troops"). `owner`: the tokens before the head that may name whose it is. `anaphoric`:
    the words take their kind from a force named before ("300 men").
    """

    start: int
    end: int
    head: int
    what: ForceKind
    unit: Unit
    count: Count
    quantity: tuple[int, int] | None
    strong: bool
    extra: bool
    definite: bool
    owner: tuple[int, int]
    anaphoric: bool = False


class ForceReader:
    """Finds the forces of one language; the words are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._kinds, self._phrases = KindReader.load(language), PhraseReader.load(language)
        self._verbs = Verbs.load(language).words
        self._others = words("anaphora", "others")
        self._never_before = words("never", "before")
        self._extra, self._singular = words("extra", "words"), words("extra", "singular")
        self._strength = words("extra", "strength")
        self._armed = self._kinds.military | words("extra", "armed")
        self._already = words("anaphora", "already")
        self._from_of = words("extra", "of") | words("extra", "from")
        self._joining, self._possessors = words("extra", "joining"), words("extra", "possessors")
        self._bare_units, self._bare_people = words("extra", "bare_units"), words("extra", "bare_people")
        self._boundaries = words("boundaries", "words")
        self.words = frozenset(self._kinds.heads)

    @staticmethod
    @cache
    def load(language: str) -> "ForceReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ForceReader(language)

    def find(self, line: Line) -> list[Mention]:
        """The mentions of a sentence from left to right."""
        found: list[Mention] = []
        for index, word in enumerate(line.lowers):
            if word not in self.words or not self._phrases.ends(line, index):
                continue
            mention = self._mention(line, index)
            if mention is None:
                continue
            while found and mention.start <= found[-1].start:  # "a fleet" of "a fleet of four warships"
                found.pop()
            if found and self._goes_on(line.lowers, found[-1], mention):
                found[-1] = replace(found[-1], end=mention.end, strong=found[-1].strong or mention.strong)
            elif not found or mention.start >= found[-1].end:
                found.append(mention)
        return self._with_elliptic(line, found) if found else found

    def others(self, line: Line, before: Mention) -> Mention | None:
        """A second part that is named by its number alone ("and two others") somewhere after `before`."""
        lowers = line.lowers
        for end, quantity in line.counted.items():
            start = quantity.start_token
            after = lowers[end + 1 : end + 2]
            if (
                start > before.end
                and quantity.count.value
                and lowers[end : end + 1]
                and lowers[end] in self._others
                and lowers[start - 1] in self._joining
                and not (after and after[0].isalpha() and after[0] not in self._boundaries)
            ):
                return _alike(before, quantity, end + 1)
        return None

    def _mention(self, line: Line, index: int) -> Mention | None:
        lowers, word = line.lowers, line.lowers[index]
        phrase = self._phrases.read(line, index)
        start, quantity = phrase.start, phrase.quantity
        modifiers = {part for at in range(start, index) for part in (lowers[at], *lowers[at].split("-"))}
        if modifiers & self._never_before:
            return None
        if word in self._kinds.anaphora:
            modifiers |= self._belonging(lowers, index)
        head = self._counted_by(lowers, quantity) or self._kinds.head(word, modifiers)
        proper = self._phrases.is_proper(line, phrase, index)
        what, strong = self._kinds.kind(word, head, modifiers, proper=proper)
        strong = strong or (head.what == "troops" and phrase.determiner in self._possessors)
        if self._is_strength(lowers, quantity):
            head = replace(head, unit="person")
        unit = (
            phrase.unit.unit
            if phrase.unit and (phrase.drawn or head.unit in ("person", "other"))
            else head.unit
        )
        if not strong and unit not in _SINGLE_KINDS:
            counts = word in self._bare_units or (unit != "other" and quantity is not None)
            if not counts or not self._armed.intersection(lowers):
                return None
        count = quantity.count if quantity else Count()
        if quantity is None and unit == "person" and not self._phrases.plural(word):
            if head.strong or word not in self._bare_people:
                return None  # a single person
        elif quantity is None and unit != "person" and (phrase.single or not self._phrases.plural(word)):
            if not strong:
                return None
            count = Count() if phrase.partial else _ONE
        return Mention(
            start=start,
            end=self._named_end(line, index) if unit in _NAMED else index + 1,
            head=index,
            what=what,
            unit=unit,
            count=count,
            quantity=(quantity.start_token, quantity.end_token) if quantity else None,
            strong=strong,
            extra=any(lowers[at] in self._extra for at in range(max(0, start - 1), index)),
            definite=phrase.determiner not in ("", *self._singular),
            owner=(phrase.edge, index),
            anaphoric=not strong and word in self._kinds.anaphora,
        )

    def _named_end(self, line: Line, index: int) -> int:
        """Where the name behind a machine ends: "the frigate Admiral Essen"."""
        end = index + 1
        while (
            not line.capitals
            and end < min(len(line.tokens), index + 4)
            and line.tokens[end].text[0].isupper()
            and line.lowers[end] not in self._boundaries
        ):
            end += 1
        return end

    def _belonging(self, lowers: list[str], index: int) -> set[str]:
        """What the head's own "of" tells of it: "members of the border guard"."""
        if lowers[index + 1 : index + 2] and lowers[index + 1] in self._from_of:
            return set(lowers[index + 2 : index + 6])
        return set()

    def _counted_by(self, lowers: list[str], quantity: Quantity | None) -> Head | None:
        """The head that hangs on the number by a hyphen ("a seven-ship task force")."""
        if quantity is None:
            return None
        parts = lowers[quantity.end_token - 1].split("-")[1:]
        heads = (self._kinds.heads[part] for part in parts if part in self._kinds.heads)
        return next((head for head in heads if head.unit != "person"), None)

    def _is_strength(self, lowers: list[str], quantity: Quantity | None) -> bool:
        """Whether the number counts the people of a unit ("a 3,500-strong brigade")."""
        if quantity is None:
            return False
        last, after = lowers[quantity.end_token - 1], lowers[quantity.end_token : quantity.end_token + 2]
        tied = after[1:] if after[:1] == ["-"] else last.split("-")[1:]
        return any(word in self._strength for word in tied)

    def _goes_on(self, lowers: Sequence[str], first: Mention, second: Mention) -> bool:
        """Whether `second` only goes on with `first`: "troops, policemen and secret agents"."""
        between = lowers[first.end : second.start]
        return (
            second.count.value is None
            and second.quantity is None
            and first.unit == second.unit == "person"
            and not second.definite
            and 0 < len(between) <= 2
            and all(word in self._joining for word in between)
        )

    def _with_elliptic(self, line: Line, found: list[Mention]) -> list[Mention]:
        """`found` with bare numbers that stand for the force before: "France sent 500 and Spain sent 300"."""
        lowers, more = line.lowers, []
        for end, quantity in line.counted.items():
            start = quantity.start_token
            there = end < len(lowers) and lowers[end] in self._already  # "the 2,000 already there"
            ends = there or end >= len(lowers) or not lowers[end][0].isalnum()
            before = next((m for m in reversed(found) if m.end <= start), None)
            opener = start - 1
            while opener > 0 and (lowers[opener] in self._extra or lowers[opener] in self._singular):
                opener -= 1
            tied = there or (opener >= 0 and lowers[opener] in self._verbs)
            if before and ends and tied and quantity.count.value:
                more.append(_alike(before, quantity, end))
        return sorted([*found, *more], key=lambda mention: mention.start)


def _alike(mention: Mention, quantity: Quantity, end: int) -> Mention:
    """A force of the same kind as `mention` with another number, whose words end at `end`."""
    span = (quantity.start_token, quantity.end_token)
    return replace(
        mention, start=span[0], end=end, head=end - 1, count=quantity.count, quantity=span, owner=span
    )
