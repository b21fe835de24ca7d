"""The forces that a sentence names: noun phrases with their kind, unit and quantity.

A force is a head ("troops", "warships", "battalions") with what stands before it and, through a container,
behind it ("a fleet of four warships"). Words joined for one force ("troops and police") are one mention.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from schemas import Count
from schemas.events import ForceKind
from streams.extraction.deployments_ellipsis import EllipsisReader, alike
from streams.extraction.deployments_kinds import Head, KindReader
from streams.extraction.deployments_makings import MakingReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_phrases import Line, Phrase, PhraseReader
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.lexicon import word_set
from streams.extraction.quantities import Quantity

_FILE = "forces"
_SINGLE_KINDS = ("person", "ship", "aircraft", "vehicle")  # a weak unit ("company") is none
_NAMED = ("ship",)  # units that have names
_SIZED = ("squad", "platoon", "company", "battalion", "regiment", "brigade", "division")
_ONE = Count(low=1, best=1, high=1, rule="one_unit")


class ForceReader:
    """Finds the forces of one language; the words are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._kinds, self._phrases = KindReader.load(language), PhraseReader.load(language)
        self._ellipses, self._makings = EllipsisReader.load(language), MakingReader.load(language)
        self._missions = words("extra", "missions")
        self._others, self._in = words("anaphora", "others"), words("extra", "elsewhere")
        self._never_before = words("never", "before")
        self._extra = words("extra", "words")
        self._strength = words("extra", "strength")
        verbs = Verbs.load(language)
        self._sure, self._acting = verbs.sure, frozenset(verbs.forms)
        self._verbal = word_set(language, "deployments", "realis", "will") | word_set(
            language, "deployments", "realis", "would"
        )
        self._verbal |= word_set(language, "deployments", "grammar", "to")
        self._armed = self._kinds.military | self._kinds.bodies | words("extra", "armed")
        self._of = words("extra", "of")
        self._from_of = self._of | words("extra", "from")
        self._determiners, self._definite = words("extra", "determiners"), words("extra", "definite")
        self._joining, self._possessors = words("extra", "joining"), words("extra", "possessors")
        self._bare_units, self._bare_people = words("extra", "bare_units"), words("extra", "bare_people")
        self._holding = self._kinds.units | words("extra", "holding")
        self._by = word_set(language, "deployments", "grammar", "by")
        self._boundaries = words("boundaries", "words")
        self._ends = self._boundaries | verbs.words
        self.words = frozenset(self._kinds.heads)

    @staticmethod
    @cache
    def load(language: str) -> "ForceReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ForceReader(language)

    def find(self, line: Line, known: Mention | None = None) -> list[Mention]:
        """The mentions of a sentence from left to right; bare numbers may count `known`, told before."""
        found: list[Mention] = []
        for index, word in enumerate(line.lowers):
            if word not in self.words or not self._phrases.ends(line, index):
                continue
            if index and word in self._acting and line.lowers[index - 1] in self._verbal:
                continue  # "will guard"
            if not line.counted and self._kinds.is_anybody(word):
                continue  # people, and no number of them
            counted = (m for m in reversed(found) if m.quantity and m.strong)
            mention = self._mention(line, index, known or next(counted, None))
            if mention is None or (word in self._missions and mention.unit != "person"):
                continue
            while found and mention.start <= found[-1].start:  # "a fleet" of "a fleet of four warships"
                found.pop()
            if found and self._goes_on(line.lowers, found[-1], mention):
                found[-1] = replace(found[-1], end=mention.end, strong=found[-1].strong or mention.strong)
            elif found and self._is_whose(line, found[-1], mention):
                found[-1] = replace(found[-1], end=self._name_end(line, mention.end))
            elif found and self._says_strength(line.lowers, found[-1], mention):
                found[-1] = replace(found[-1], strength=mention.count)
            elif found and self._makings.makes_up(line, found[-1], mention):
                found[-1] = self._makings.made_up(line, found[-1], mention)
            elif not found or mention.start >= found[-1].end:
                found.append(mention)
        return self._ellipses.add(line, found, known)

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
                and lowers[start - 1] in self._joining
                and (self._is_elsewhere(line, end) or (lowers[end] in self._others and self._is_last(after)))
            ):
                return alike(before, quantity, end + (lowers[end] in self._others))
        return None

    def _is_last(self, after: Sequence[str]) -> bool:
        return not (after and after[0].isalpha() and after[0] not in self._boundaries)

    def _is_elsewhere(self, line: Line, end: int) -> bool:
        """ "And 140 in Miramar": nothing but another place behind the number."""
        named = line.capitals or (end + 1 < len(line.tokens) and line.tokens[end + 1].text[0].isupper())
        return named and line.lowers[end] in self._in and end + 1 < len(line.lowers)

    def _mention(self, line: Line, index: int, known: Mention | None) -> Mention | None:
        lowers, word = line.lowers, line.lowers[index]
        phrase = self._phrases.read(line, index)
        start, quantity = phrase.start, phrase.quantity
        modifiers = {part for at in range(start, index) for part in (lowers[at], *lowers[at].split("-"))}
        made = self._kinds.is_strengthened(word, modifiers)
        if self._never_before.intersection(lowers[start:index]) and not made:
            return None
        if word in self._kinds.anaphora or word in self._kinds.units:
            modifiers |= self._belonging(lowers, index)
        head = self._counted_by(lowers, quantity) or self._kinds.head(word, modifiers)
        what, strong = self._kind(line, phrase, index, head, modifiers)
        people = self._people_of(line, index)
        drawn = phrase.drawn or phrase.single or head.unit in ("person", "other")
        holder = phrase.unit if phrase.unit and drawn else head
        inner = quantity is not None and quantity.end_token == phrase.edge  # "a brigade of 3,000 men"
        inner = inner and head.unit == "person" and holder.unit in _SIZED
        strength = quantity.count if quantity and (inner or self._is_strength(lowers, quantity)) else None
        if strength and holder.unit not in _SIZED:  # "an 85-member team of medics"
            head = holder = replace(head, unit="person")
            strength = None
        elif strength:
            quantity = None
        if people is not None and quantity is None and head.unit in _SIZED:
            strength = people.count
        elif people is not None and quantity is None and word in self._holding:
            head, quantity = replace(head, unit="person"), people
            holder = head
        unit = holder.unit
        if phrase.people:
            unit = "person"
        if not strong and unit not in _SINGLE_KINDS:
            counts = word in self._bare_units or (
                unit != "other" and (quantity is not None or (known is not None and phrase.single))
            )
            told = known is not None and known.unit != "aircraft"
            if not (counts and (told or (self._armed | self._sure).intersection(lowers))):
                return None
        end = people.end_token if people is not None and quantity is people else index + 1
        count = quantity.count if quantity else Count()
        if quantity is None and not strong and self._kinds.is_anybody(word):
            return None
        if quantity is None and unit == "person" and not self._phrases.plural(word):
            if head.strong or word not in self._bare_people:
                return None  # a single person
        elif quantity is None and unit != "person" and (phrase.single or not self._phrases.plural(word)):
            means = not phrase.determiner and not self._by.isdisjoint(lowers[max(0, start - 1) : start])
            if means or (not strong and not (known is not None and unit in _SIZED and phrase.single)):
                return None  # "by helicopter"
            count = Count() if phrase.partial else _ONE
        return Mention(
            start=start,
            end=self._name_end(line, index + 1) if unit in _NAMED else end,
            head=index,
            what=what,
            unit=unit,
            count=count,
            quantity=(quantity.start_token, quantity.end_token) if quantity else None,
            strong=strong,
            extra=any(lowers[at] in self._extra for at in range(max(0, start - 1), index)),
            definite=phrase.determiner in self._definite,
            owner=(phrase.edge, index),
            anaphoric=not strong and word in self._kinds.anaphora,
            strength=strength,
            whole=phrase.whole,
        )

    def _kind(
        self, line: Line, phrase: Phrase, index: int, head: Head, modifiers: set[str]
    ) -> tuple[ForceKind, bool]:
        """What the force is, and whether its words, its name or what holds it mean one by themselves."""
        proper = self._phrases.is_proper(line, phrase, index)
        what, strong = self._kinds.kind(line.lowers[index], head, modifiers, proper=proper)
        if phrase.unit is not None and phrase.unit.strong:  # "two squadrons of planes", "a brigade of men"
            return phrase.unit.what if what == "other" else what, True
        owned = head.what == "troops" and phrase.determiner in self._possessors
        named = head.unit in _NAMED and (
            not self._kinds.fleet.isdisjoint(line.lowers) or self._name_end(line, index + 1) > index + 1
        )
        return what, strong or owned or named

    def _name_end(self, line: Line, end: int) -> int:
        """Where the name behind a force ends: "the frigate Admiral Essen"."""
        last = min(len(line.tokens), end + 3)
        while (
            not line.capitals
            and end < last
            and line.tokens[end].text[0].isupper()
            and line.lowers[end] not in self._boundaries
        ):
            end += 1
        return end

    def _belonging(self, lowers: list[str], index: int) -> set[str]:
        """What the head's own "of" tells of it: "members of the border guard"."""
        if lowers[index + 1 : index + 2] and lowers[index + 1] in self._from_of:
            told = lowers[index + 2 : index + 6]
            ends = (at for at, word in enumerate(told) if word in self._boundaries - self._from_of)
            return set(told[: next(ends, len(told))])
        return set()

    def _people_of(self, line: Line, index: int) -> Quantity | None:
        """The number of people that a unit has: "a police unit of 140"."""
        lowers = line.lowers
        if index + 2 >= len(lowers) or lowers[index + 1] not in self._of:
            return None
        for end, quantity in line.counted.items():
            if quantity.start_token == index + 2:
                ends = end >= len(lowers) or not lowers[end][0].isalnum() or lowers[end] in self._ends
                return quantity if ends or lowers[end] in self._strength else None
        return None

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

    def _is_whose(self, line: Line, first: Mention, second: Mention) -> bool:
        """Whether `second` only says whose the people of `first` are: "300 troops of the 5th Brigade"."""
        between = line.lowers[first.end : second.start]
        named = not line.capitals and all(
            line.tokens[at].text[0].isupper() or line.lowers[at] in self._of | self._determiners
            for at in range(first.end, second.start)
        )
        return (
            first.quantity is not None
            and first.unit == "person"
            and second.quantity is None
            and (len(between) == 1 or (named and len(between) > 1))
            and between[0] in self._of
        )

    def _says_strength(self, lowers: Sequence[str], unit: Mention, people: Mention) -> bool:
        """Whether `people` are those of the unit named before: "the 9th Battalion, 700 soldiers strong"."""
        after = lowers[people.end : people.end + 1]
        return (
            unit.unit in _SIZED
            and people.unit == "person"
            and people.quantity is not None
            and list(lowers[unit.end : people.start]) == [","]
            and bool(after)
            and after[0] in self._strength
        )

    def _goes_on(self, lowers: Sequence[str], first: Mention, second: Mention) -> bool:
        """Whether `second` only goes on with `first`: "troops, policemen and secret agents"."""
        between = lowers[first.end : second.start]
        shared = any(
            word in self._of for word in lowers[first.start : first.head]
        )  # "300 members of A and B"
        return (
            second.count.value is None
            and second.quantity is None
            and first.unit == second.unit == "person"
            and (shared or not second.definite)
            and 0 < len(between) <= 2
            and all(word in self._joining for word in between)
        )
