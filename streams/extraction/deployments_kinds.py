"""What kind of force a noun phrase means: its head, made clear by what stands beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast, get_args

from schemas.events import ForceKind, Unit
from streams.extraction.lexicon import LexiconError, load_table, word_list, word_set

_FILE = "forces"
_TELLING = ("person", "ship", "aircraft", "vehicle")  # a weak unit ("company") tells nothing by itself
_TYPE = re.compile(r"[a-z]{1,4}-\d{1,3}[a-z]{0,2}")  # "Su-34"
_MACHINES: tuple[ForceKind, ...] = ("ships", "aircraft", "vehicles")
# In this order: the first that has a word beside the head decides.
_QUALIFIED: tuple[ForceKind, ...] = (
    *("peacekeepers", "monitors", "medics", "firefighters", "police", "guards", "militia"),
    *("ships", "aircraft", "troops"),
)

# Whom bare numbers count in a text with words for several.
_LIKELY: tuple[ForceKind, ...] = (
    *("troops", "peacekeepers", "guards", "police", "firefighters", "medics", "militia"),
)
_BODIES: tuple[ForceKind, ...] = ("peacekeepers", "police", "guards", "militia", "troops")


@dataclass(frozen=True, slots=True)
class Head:
    """What a word makes of a phrase; `strong` where it means a force by itself."""

    what: ForceKind
    unit: Unit
    strong: bool


class KindReader:
    """Knows the forces of one language; the words are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        table = load_table(language, _FILE)
        self.heads, self._machines = _heads(table, language)
        self.nationals = _nationals(language) - self.heads.keys()
        self.heads.update(dict.fromkeys(self.nationals, Head("other", "person", strong=False)))
        self._strengthened = _strengthened(table, language)
        self._vague, self._staff = words("anaphora", "heads"), words("help", "staff")
        self.anaphora = self._vague | self.nationals | words("anaphora", "helpers")
        self.units = frozenset(
            word for word, head in self.heads.items() if head.what == "troops" and head.unit != "person"
        )
        self.context: dict[str, frozenset[str]] = {what: words("context", what) for what in _MACHINES}
        self._qualifiers = {kind: words("qualifiers", kind) for kind in _QUALIFIED}
        self.bodies = frozenset[str]().union(*(self._qualifiers[kind] for kind in _BODIES))
        self._of_forces, self.observers = words("qualifiers", "forces"), words("observers", "whose")
        self._guarded = words("guards", "whose")
        self._bare_units = words("extra", "bare_units")
        self._rescue, self._armed = words("help", "words"), words("extra", "armed")
        self._armies = words("extra", "armies")
        self._machine: dict[str, frozenset[str]] = {
            what: words("machine_qualifiers", what) for what in _MACHINES
        }
        for what, words_beside in self._machine.items():  # "B-52 bombers": a strong word makes others strong
            self._machine[what] = words_beside | {
                word for word, head in self.heads.items() if head.what == what and head.strong
            }
        self.fleet = frozenset(w for w, head in self.heads.items() if head.strong and head.unit == "ship")
        strong = frozenset(word for word, head in self.heads.items() if head.strong)
        telling = frozenset(word for word, head in self.heads.items() if head.unit in _TELLING)
        self.military = strong | self._qualifiers["troops"]
        self._telling = strong | telling - self.anaphora | words("gate", "words")
        self._qualifying = frozenset[str]().union(*self._qualifiers.values(), self._rescue, self._of_forces)
        for beside, _ in (row for rows in self._strengthened.values() for row in rows):
            self._qualifying |= beside
        self._qualified = frozenset(self.heads) - self._telling - self.nationals - words("gate", "anybody")
        self._anybody = self.nationals | words("anaphora", "helpers")
        self._telling_kinds = {
            word: head.what
            for word, head in self.heads.items()
            if head.unit == "person" and head.what != "other" and (head.strong or word in self._armies)
        }

    @staticmethod
    @cache
    def load(language: str) -> "KindReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return KindReader(language)

    def may_name(self, words: frozenset[str]) -> bool:
        """Whether a text with these words may name a force: a cheap look before any reading."""
        if words & self._telling:
            return True
        return bool(words & self._qualified) and bool(words & self._qualifying)

    def is_anybody(self, word: str) -> bool:
        """Whether `word` may mean people of any sort: "150 people", "90 Britons"."""
        return word in self._anybody

    def of_text(self, words: frozenset[str]) -> ForceKind | None:
        """What the forces of a text with these words are, if it has a word for any."""
        told = {self._telling_kinds[word] for word in words & self._telling_kinds.keys()}
        return next((kind for kind in _LIKELY if kind in told), None)

    def head(self, word: str, modifiers: set[str]) -> Head:
        """What `word` means beside `modifiers`: "carriers" are ships, "personnel carriers" vehicles."""
        head = self.heads[word]
        if word not in self._machines or modifiers & self._machine.get(head.what, frozenset()):
            return head
        others = (other for other in self._machines[word] if modifiers & self._machine[other.what])
        return next(others, head)

    def is_strengthened(self, word: str, modifiers: set[str]) -> bool:
        """Whether one of `modifiers` makes a force of `word`: "water bombers"."""
        return any(modifiers & beside for beside, _ in self._strengthened.get(word, ()))

    def kind(self, word: str, head: Head, modifiers: set[str], *, proper: bool) -> tuple[ForceKind, bool]:
        """What the force is and whether its words alone mean one; `proper`: a name stands beside the head."""
        for beside, made in self._strengthened.get(word, ()):
            if modifiers & beside:
                return made, True
        if head.what in _MACHINES:
            typed = head.what == "aircraft" and any(map(_TYPE.fullmatch, modifiers))
            return head.what, head.strong or typed or bool(modifiers & self._machine[head.what])
        if head.what == "monitors":
            return head.what, bool(modifiers & (self.observers | self._qualifiers["troops"]))
        if head.what == "guards" and not head.strong:
            return head.what, bool(modifiers & self._guarded)
        qualifier = next((kind for kind, words in self._qualifiers.items() if modifiers & words), None)
        if qualifier in _MACHINES and head.unit == "person" and word not in self._armed:
            qualifier = "troops"  # "navy divers"
        if head.unit != "person":
            forces = word in self._bare_units and bool(modifiers & self._of_forces)
            named = forces or qualifier is not None or bool(modifiers & (self._rescue | self._armed))
            what: ForceKind = qualifier or ("other" if modifiers & self._rescue else head.what)
            return what, head.strong or named
        if head.strong:
            turned = qualifier in ("peacekeepers", "police", "guards") and head.what == "troops"
            return (qualifier if qualifier and (turned or head.what == "other") else head.what), True
        if qualifier:
            keeps = head.what not in ("troops", "other", "police")
            keeps = keeps or (qualifier == "troops" and head.what != "other")
            return (head.what if keeps else qualifier), True
        if word in self._armed:
            return head.what, bool(modifiers & self._of_forces) or proper
        if head.what == "other":
            return "other", bool(modifiers & self._rescue) and word not in self._vague - self._staff
        return head.what, proper and head.what == "militia"


def _heads(table: Mapping[str, Any], language: str) -> tuple[dict[str, Head], dict[str, list[Head]]]:
    """The heads by word, and for the words of machines all that each may mean."""
    heads: dict[str, Head] = {}
    machines: dict[str, list[Head]] = {}
    for group in ("people", "machines", "units"):
        kinds = table.get(group)
        if not isinstance(kinds, Mapping):
            raise LexiconError(f"{language}/{_FILE}.toml, {group}: a table was expected")
        for name, entry in kinds.items():
            where = f"{language}/{_FILE}.toml, {group}.{name}"
            unit = name if group == "units" else entry.get("unit", "person")
            what = "troops" if group == "units" else name
            if unit not in get_args(Unit) or what not in get_args(ForceKind):
                raise LexiconError(f"{where}: no unit or kind of force is called that")
            for strength in ("strong", "weak"):
                if not isinstance(entry.get(strength), str):
                    raise LexiconError(f"{where}, {strength}: words in one string were expected")
                for word in entry[strength].split():
                    if word in heads and group != "machines":
                        raise LexiconError(f"{where}: {word!r} stands there twice")
                    head = Head(cast("ForceKind", what), cast("Unit", unit), strength == "strong")
                    heads.setdefault(word, head)
                    if group == "machines":
                        machines.setdefault(word, []).append(head)
    return heads, machines


def _nationals(language: str) -> frozenset[str]:
    """What the people of a country are called, in the plural ("Britons")."""
    path = resources.files("streams.extraction") / "data" / language / "countries.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    names = (name.lower() for row in rows for name in row[-1].split("|"))
    plural = word_list(language, "forms", "plural")
    return frozenset(name for name in names if name.endswith(plural) and name.isalpha())


def _strengthened(
    table: Mapping[str, Any], language: str
) -> dict[str, tuple[tuple[frozenset[str], ForceKind], ...]]:
    """For heads that mean a force only beside certain words: those words, and what they make of it."""
    found: dict[str, tuple[tuple[frozenset[str], ForceKind], ...]] = {}
    for number, row in enumerate(table.get("strengthened", ()), 1):
        where = f"{language}/{_FILE}.toml, strengthened {number}"
        if not isinstance(row.get("heads"), str) or not isinstance(row.get("beside"), str):
            raise LexiconError(f"{where}: heads and beside were expected, words in one string each")
        if row.get("what") not in get_args(ForceKind):
            raise LexiconError(f"{where}: no kind of force is called {row.get('what')!r}")
        for head in row["heads"].split():
            made = (frozenset(row["beside"].split()), cast("ForceKind", row["what"]))
            found[head] = (*found.get(head, ()), made)
    return found
