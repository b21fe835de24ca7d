"""The words of harm: what they say, and how they join those it is said of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from schemas.counts import MEASURES
from schemas.events import Cause
from streams.extraction.lexicon import LexiconError, alternation, load_table, word_list, word_set

Frame = Literal["past", "active", "before", "count", "of", "toll"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One entry of `harm.toml`; `hit` is hurt, perhaps dead."""

    measure: str
    frame: Frame
    cause: Cause | None = None
    weak: bool = False
    adjacent: bool = False
    adjective: bool = False
    suicide: bool = False
    bomber: bool = False
    natural: bool = False
    statistic: bool = False
    transport: bool = False
    place: bool = False
    wound: bool = False
    near: str = ""
    about: str = ""
    exact: bool = False
    letters: bool = False
    spares: bool = False
    joins: bool = False
    to_death: bool = False
    behind: str = ""
    beside: bool = False
    final: bool = False
    noun: bool = False


_DEADLY = (Trigger("killed", "past"),)
_HAVING = (Trigger("injured", "before"),)
_MOST_BETWEEN = 5


@dataclass(frozen=True, slots=True)
class Having:
    """The table `having` of `harm.toml`: injuries told as what somebody has or has lost.

    `leads` are by their first word; each is given with the words that may follow and those that end it.
    """

    leads: Mapping[str, tuple[tuple[tuple[str, ...], bool], ...]]
    lost: frozenset[str]
    between: frozenset[str]
    wounds: frozenset[str]
    broken: frozenset[str]
    limbs: frozenset[str]
    lost_between: frozenset[str]
    lost_limbs: frozenset[str]
    lost_bare: frozenset[str]

    def match(self, words: list[str], start: int) -> int | None:
        """Where "with a fractured collarbone" ends that starts at `words[start]`."""
        for lead, lost in self.leads.get(words[start], ()) if start < len(words) else ():
            end = start + len(lead)
            if tuple(words[start:end]) != lead:
                continue
            found = self._lost(words, end) if lost else self._wound(words, end)
            if found:
                return found
        return None

    def _lost(self, words: list[str], start: int) -> int | None:
        for at in range(start, min(start + _MOST_BETWEEN, len(words))):
            if words[at] in self.lost_limbs:
                return at + 1 if at > start or words[at] in self.lost_bare else None
            if words[at] not in self.lost_between:
                return None
        return None

    def _wound(self, words: list[str], start: int) -> int | None:
        for at in range(start, min(start + _MOST_BETWEEN, len(words))):
            word = words[at]
            if word in self.broken and any(limb in self.limbs for limb in words[at + 1 : at + 3]):
                return at + 2 if words[at + 1] in self.limbs else at + 3
            if word in self.wounds:
                return at + 1
            if word in self.limbs and words[at + 1 : at + 2] and words[at + 1] in self.broken:
                return at + 2  # "had his arm severed"
            if word not in self.between:
                return None
        return None


@dataclass(frozen=True, slots=True)
class Deadly:
    """The table `deadly` of `harm.toml`: any verb with "to death" behind it kills, but for a few."""

    behind: list[str]
    ending: str
    but: frozenset[str]

    def may_start(self, word: str) -> bool:
        """Whether "charred to death" may start with `word`."""
        return word.endswith(self.ending) and word not in self.but


@dataclass(frozen=True, slots=True)
class Harm:
    """All triggers by their first word, longest first, and the gate: a pattern that each of them meets,
    in lower case."""

    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Trigger, ...]], ...]]
    gate: re.Pattern[str]
    singular: frozenset[str]
    hospital: re.Pattern[str]
    wounds: frozenset[str]
    having: "Having"
    deadly: "Deadly"

    def _match(self, words: list[str], start: int) -> tuple[int, tuple[Trigger, ...]] | None:
        """The longest trigger that starts at `words[start]`: its end and what it says."""
        wounded = self.having.match(words, start)
        if wounded and words[start] in self.having.lost:
            return wounded, _HAVING  # "lost two fingers", whatever else may be lost
        for phrase, triggers in self.phrases.get(words[start], ()):
            end = start + len(phrase)
            if tuple(words[start:end]) == phrase:
                return end, triggers
        if words[start + 1 : start + 3] == self.deadly.behind and self.deadly.may_start(words[start]):
            return start + 3, _DEADLY
        return (wounded, _HAVING) if wounded else None

    def single(self, word: str, at: int) -> tuple[int, tuple[Trigger, ...]] | None:
        """What `word` at `at` says by itself."""
        found = next((entries for phrase, entries in self.phrases.get(word, ()) if phrase == (word,)), None)
        return (at + 1, found) if found else None

    def matches(self, words: list[str]) -> dict[int, tuple[int, tuple[Trigger, ...]]]:
        """The longest trigger at every place where one starts; some overlap."""
        leads = self.having.leads
        found = (
            (at, self._match(words, at))
            for at, word in enumerate(words)
            if word in self.phrases or word in leads or self.deadly.may_start(word)
        )
        return {at: match for at, match in found if match is not None}


@cache
def load_harm(language: str) -> Harm:
    """The triggers of `language`. Raises LexiconError."""
    where = f"{language}/harm.toml"
    found: dict[tuple[str, ...], list[Trigger]] = {}
    for number, entry in enumerate(load_table(language, "harm").get("trigger", ()), start=1):
        values = dict(entry)
        words = values.pop("words", None)
        if not isinstance(words, list) or not words:
            raise LexiconError(f"{where}, trigger {number}: words are missing")
        if entry.get("frame") not in get_args(Frame) or entry.get("measure") not in (*MEASURES, "hit"):
            raise LexiconError(f"{where}, trigger {number} ({words[0]}): frame or measure is unknown")
        if entry.get("cause") not in (None, *get_args(Cause)):
            raise LexiconError(
                f"{where}, trigger {number} ({words[0]}): there is no cause {entry['cause']!r}"
            )
        try:
            trigger = Trigger(**values)
        except TypeError as error:
            raise LexiconError(f"{where}, trigger {number} ({words[0]}): {error}") from error
        for phrase in words:
            found.setdefault(tuple(phrase.lower().replace(",", " ,").split()), []).append(trigger)
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[Trigger, ...]]]] = {}
    for phrase, triggers in sorted(found.items(), key=lambda item: -len(item[0])):
        phrases.setdefault(phrase[0], []).append((phrase, tuple(triggers)))
    gate = load_table(language, "harm").get("gate")
    if not isinstance(gate, str):
        raise LexiconError(f"{where}, gate: words in one string were expected")
    beginnings = (*gate.split(), *word_list(language, "harm", "gate_phrases"))
    pattern = re.compile(rf"\b(?:{alternation(beginnings)})")
    wounds = word_set(language, "harm", "wounds")
    hospitals = (*word_list(language, "harm", "hospital"), *word_list(language, "harm", "hospital_names"))
    deadly = word_list(language, "harm", "deadly", "behind")
    _check_gate(where, found, pattern, wounds, hospitals, deadly)
    return Harm(
        {first: tuple(entries) for first, entries in phrases.items()},
        pattern,
        word_set(language, "harm", "singular"),
        re.compile(rf"\b(?:{alternation(hospitals)})\b", re.IGNORECASE),
        wounds,
        _having(language),
        Deadly(
            deadly[0].split(),
            word_list(language, "harm", "deadly", "ending")[0],
            word_set(language, "harm", "deadly", "but"),
        ),
    )


def _check_gate(
    where: str,
    found: Mapping[tuple[str, ...], list[Trigger]],
    gate: re.Pattern[str],
    wounds: frozenset[str],
    hospitals: Sequence[str],
    deadly: Sequence[str],
) -> None:
    """Raises LexiconError where a sentence with one of the triggers would not be read."""
    for phrase, entries in found.items():
        needed: Iterable[str] = (" ".join(phrase),)
        if all(trigger.wound for trigger in entries):
            needed = wounds
        elif all(trigger.place for trigger in entries):
            needed = hospitals
        elif all(trigger.behind for trigger in entries):
            needed = [word for trigger in entries for word in trigger.behind.split()]
        elif all(trigger.to_death for trigger in entries):
            needed = deadly
        elif all(trigger.beside for trigger in entries):
            continue
        for words in needed:
            if not gate.search(f"{words} "):
                raise LexiconError(f"{where}, gate: {words!r} would never be read")


def _having(language: str) -> Having:
    def words(key: str) -> frozenset[str]:
        return word_set(language, "harm", "having", key)

    leads: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for key in ("leads", "lost"):
        for phrase in word_list(language, "harm", "having", key):
            lead = tuple(phrase.split())
            leads.setdefault(lead[0], []).append((lead, key == "lost"))
    return Having(
        {first: tuple(found) for first, found in leads.items()},
        words("lost"),
        words("between"),
        words("wounds"),
        words("broken"),
        words("limbs"),
        words("lost_between"),
        words("lost_limbs"),
        words("lost_bare"),
    )
