"""The forces that a sentence names: noun phrases with their kind, unit and quantity.

A force is a head ("troops", "warships", "battalions") with what stands before it and, through a container, behind
it ("a fleet of four warships"). Words joined for one force ("troops and police") are one mention.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast, get_args

from schemas import Count
from schemas.events import ForceKind, Unit
from streams.extraction.document import Token
from streams.extraction.lexicon import LexiconError, load_table, word_set
from streams.extraction.quantities import Quantity

_FILE = "forces"
_LONGEST = 9
_ONE = Count(low=1, best=1, high=1, rule="one_unit")
_MACHINES: tuple[ForceKind, ...] = ("ships", "aircraft", "vehicles")


@dataclass(frozen=True, slots=True)
class Mention:
    """A force in a sentence: tokens `start` to `end` (exclusive) with its head at `head`.

    `strong`: the words mean a force by themselves. `extra`: on top of others ("additional"). `definite`: known
    already ("the troops"). `owner`: the tokens before the head that may name whose it is. `anaphoric`: the words
    take their kind from a force named before ("300 men").
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


@dataclass(frozen=True, slots=True)
class Head:
    """What a word makes of a phrase."""

    what: ForceKind
    unit: Unit
    strong: bool


class ForceReader:
    """Finds the forces of one language; the words are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        self._heads, self._machines = _heads(load_table(language, _FILE), language)

        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        kinds = ("peacekeepers", "monitors", "medics", "firefighters", "police", "guards", "militia")
        self._qualifiers = {
            kind: words("qualifiers", kind) for kind in (*kinds, "ships", "aircraft", "troops")
        }
        self._forces = words("qualifiers", "forces")
        self._observers = words("qualifiers", "observers")
        self._rescue = words("qualifiers", "rescue")
        self._machine: dict[str, frozenset[str]] = {
            what: words("machine_qualifiers", what) for what in _MACHINES
        }
        self.context = {what: words("context", what) for what in _MACHINES}
        self._anaphora = words("anaphora", "heads")
        self._others = words("anaphora", "others")
        self._containers = words("containers", "words")
        self._never_after, self._never_before = words("never", "after"), words("never", "before")
        self._extra, self._singular = words("extra", "words"), words("extra", "singular")
        self._determiners, self._joining = words("extra", "determiners"), words("extra", "joining")
        self._possessors = words("extra", "possessors")
        self._from = words("extra", "from")
        self._of, self._collective = words("extra", "of"), words("extra", "collective")
        self._boundaries, self._possessive = words("boundaries", "words"), words("boundaries", "possessive")
        self._follow = words("follow", "words")
        self._bare_units = words("extra", "bare_units")
        self.presence, self.singular = words("extra", "presence"), words("extra", "on_operation")
        self.words = frozenset(self._heads)
        named = ("police", "guards", "medics", "firefighters", "militia", "peacekeepers", "ships")
        self.gate = frozenset(w for w, head in self._heads.items() if head.strong or head.what in _MACHINES)
        self.gate = self.gate.union(self._qualifiers["troops"], *(self._qualifiers[kind] for kind in named))
        self.gate |= {"forces", "officers", "guards", "observers", "monitors", "presence"}
        self.military = (
            frozenset(w for w, head in self._heads.items() if head.strong) | self._qualifiers["troops"]
        )

    @staticmethod
    @cache
    def load(language: str) -> "ForceReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ForceReader(language)

    def find(
        self,
        tokens: tuple[Token, ...],
        lowers: list[str],
        quantities: tuple[Quantity, ...],
        verbs: frozenset[str],
        *,
        capitals: bool,
    ) -> list[Mention]:
        """The mentions of a sentence from left to right; `verbs` end a noun phrase to the left."""
        counted = {q.end_token: q for q in quantities if q.kind == "people_or_units"}
        found: list[Mention] = []
        for index, word in enumerate(lowers):
            head = self._heads.get(word)
            if head is None or not self._ends_phrase(tokens, lowers, index, verbs, capitals=capitals):
                continue
            mention = self._mention(tokens, lowers, counted, verbs, index, head, capitals=capitals)
            if mention is None:
                continue
            while found and mention.start <= found[-1].start:  # "a fleet" of "a fleet of four warships"
                found.pop()
            if found and self._joined(lowers, found[-1], mention):
                found[-1] = replace(found[-1], end=mention.end, strong=found[-1].strong or mention.strong)
            elif not found or mention.start >= found[-1].end:
                found.append(mention)
        return self._with_elliptic(lowers, counted, verbs, found) if found else found

    def _with_elliptic(
        self, lowers: list[str], counted: Mapping[int, Quantity], verbs: frozenset[str], found: list[Mention]
    ) -> list[Mention]:
        """`found` with bare numbers that stand for the force before: "France sent 500 and Spain sent 300"."""
        more: list[Mention] = []
        for end, quantity in counted.items():
            start = quantity.start_token
            ends = end >= len(lowers) or not lowers[end][0].isalnum()
            before = next((m for m in reversed(found) if m.end <= start), None)
            if before and ends and start and lowers[start - 1] in verbs and quantity.count.value:
                span = (start, end)
                more.append(
                    replace(
                        before,
                        start=start,
                        end=end,
                        head=end - 1,
                        count=quantity.count,
                        quantity=span,
                        owner=span,
                    )
                )
        return sorted([*found, *more], key=lambda mention: mention.start)

    def others(self, lowers: list[str], quantities: tuple[Quantity, ...], before: Mention) -> Mention | None:
        """A second part that is named by its number alone ("and two others") somewhere after `before`."""
        for quantity in quantities:
            start, end = quantity.start_token, quantity.end_token
            if (
                quantity.kind == "people_or_units"
                and start > before.end
                and quantity.count.value
                and end < len(lowers)
                and lowers[end] in self._others
                and lowers[start - 1] in self._joining
                and not (
                    end + 1 < len(lowers)
                    and lowers[end + 1].isalpha()
                    and lowers[end + 1] not in self._boundaries
                )
            ):
                return replace(
                    before, start=start, end=end + 1, head=end, count=quantity.count, quantity=(start, end)
                )
        return None

    def _ends_phrase(
        self,
        tokens: tuple[Token, ...],
        lowers: list[str],
        index: int,
        verbs: frozenset[str],
        *,
        capitals: bool,
    ) -> bool:
        """Whether the word at `index` is the last of its noun phrase, not a modifier ("police corruption")."""
        if index + 1 >= len(lowers):
            return True
        word, following = lowers[index], lowers[index + 1]
        if following in self._heads or following in self._never_after or following in self._possessive:
            return following in verbs and following not in self._heads
        if not following[0].isalpha() or following in self._boundaries or following in verbs:
            return True
        if (
            following in self._determiners
            or following in self._follow
            or following.endswith(("ed", "ly", "ing"))
        ):
            return True
        if word.endswith("s") or word == "reinforcements":
            return True
        return tokens[index + 1].text[0].isupper() and not capitals and word not in self._collective

    def _mention(
        self,
        tokens: tuple[Token, ...],
        lowers: list[str],
        counted: Mapping[int, Quantity],
        verbs: frozenset[str],
        index: int,
        head: Head,
        *,
        capitals: bool,
    ) -> Mention | None:
        edge, quantity = self._left(tokens, lowers, counted, verbs, index)
        start = quantity.start_token if quantity else edge
        while start and (lowers[start - 1] in self._determiners or lowers[start - 1] in self._extra):
            start -= 1
        determiner = lowers[start] if lowers[start] in self._determiners else ""
        definite = bool(determiner) and determiner not in self._singular
        container: Head | None = None
        outer_one = False
        drawn = (
            start and lowers[start - 1] in self._from and self._is_counted_unit(lowers, counted, start - 1)
        )
        if drawn or (start and lowers[start - 1] in self._of):
            start, outer, container = self._contained(tokens, lowers, counted, verbs, start - 1)
            quantity = quantity or outer
            outer_one = lowers[start] in self._singular
            determiner = lowers[start] if outer_one and container else determiner
        modifiers = {part for at in range(start, index) for part in (lowers[at], *lowers[at].split("-"))}
        if modifiers & self._never_before:
            return None
        inside = next((self._heads[p] for p in self._hyphenated(lowers, quantity) if p in self._heads), None)
        if inside and inside.unit != "person":
            head = Head(inside.what, inside.unit, head.strong)
        proper = not capitals and any(
            tokens[at].text[0].isupper() and (at > 0 or len(lowers[at]) < 4 or at + 1 == index)
            for at in range(edge, index)
        )
        head = self._machine_head(lowers[index], head, modifiers)
        what, strong = self._kind(lowers[index], head, modifiers, proper=proper)
        strong = strong or (head.what == "troops" and determiner in self._possessors)
        unit = container.unit if container and head.unit == "person" else head.unit
        if unit == "other" and not strong and lowers[index] not in self._bare_units:
            return None
        count = quantity.count if quantity else Count()
        one = determiner in self._singular and determiner != "another" and unit != "person"
        if quantity is None and (one or not self._plural(lowers[index])):
            if head.unit == "person":
                if (
                    head.strong
                    or lowers[index] != "force"
                    and lowers[index] not in ("guard", "army", "military", "militia", "presence")
                ):
                    return None
            elif not strong:
                return None
            elif container is None or outer_one:
                count = _ONE
        return Mention(
            start=start,
            end=index + 1,
            head=index,
            what=what,
            unit=unit,
            count=count,
            quantity=(quantity.start_token, quantity.end_token) if quantity else None,
            strong=strong,
            extra=any(word in self._extra for word in lowers[max(0, start - 1) : index]),
            definite=definite,
            owner=(edge, index),
            anaphoric=not strong and lowers[index] in self._anaphora,
        )

    def _left(
        self,
        tokens: tuple[Token, ...],
        lowers: list[str],
        counted: Mapping[int, Quantity],
        verbs: frozenset[str],
        index: int,
    ) -> tuple[int, Quantity | None]:
        """Where the phrase of the head at `index` begins, and the quantity in front of it."""
        edge = index
        while edge > 0 and index - edge < _LONGEST:
            if edge in counted:
                return edge, counted[edge]
            word = lowers[edge - 1]
            if word == ")" and "(" in lowers[max(0, edge - 4) : edge - 1]:  # "Canadian Forces (CF) troops"
                edge = max(at for at in range(max(0, edge - 4), edge - 1) if lowers[at] == "(")
                continue
            if word in self._joining and edge > 1 and self._alike(tokens, lowers, edge - 2, edge):
                edge -= 2
                continue
            if word in self._boundaries or word in self._determiners or (word in verbs and edge < index + 1):
                break
            tied = word == "-" and tokens[edge - 1].end == tokens[edge].start
            if word.isdigit() or not (word[0].isalnum() or tied or word in self._possessive):
                break
            edge -= 1
        return edge, counted.get(edge)

    def _alike(self, tokens: tuple[Token, ...], lowers: list[str], left: int, right: int) -> bool:
        """Whether the words at both sides of "and" qualify one head ("National and Presidential guards")."""
        words = {lowers[left], lowers[right]}
        if (
            lowers[left] in self._heads
            and lowers[left] not in self._collective
            and self._plural(lowers[left])
        ):
            return False
        if all(
            any(word in known for known in self._qualifiers.values()) or word in self._heads for word in words
        ):
            return lowers[left] not in self._heads or self._heads[lowers[left]].unit == "person"
        mixed = any(char.islower() for char in tokens[left].text + tokens[right].text)
        return mixed and all(tokens[at].text[0].isupper() for at in (left, right))

    def _is_counted_unit(self, lowers: list[str], counted: Mapping[int, Quantity], at: int) -> bool:
        """Whether a number of units stands before "from": "15 companies from several brigades"."""
        head = self._heads.get(lowers[at - 1]) if at else None
        return head is not None and head.unit not in ("person", "other") and at - 1 in counted

    def _contained(
        self,
        tokens: tuple[Token, ...],
        lowers: list[str],
        counted: Mapping[int, Quantity],
        verbs: frozenset[str],
        of: int,
    ) -> tuple[int, Quantity | None, Head | None]:
        """The container before "of": where it begins, its quantity and, where it is a unit, what unit."""
        if of in counted:
            return counted[of].start_token, counted[of], None
        holder = lowers[of - 1] if of else ""
        head = self._heads.get(holder)
        if holder not in self._containers and (head is None or head.unit == "person"):
            return of + 1, None, None
        edge, quantity = self._left(tokens, lowers, counted, verbs, of - 1)
        start = quantity.start_token if quantity else edge
        if start and lowers[start - 1] in self._determiners:
            start -= 1
        if head is not None and head.unit == "other":  # "three battalion tactical groups"
            named = [self._heads[word] for word in lowers[edge : of - 1] if word in self._heads]
            head = next((inner for inner in named if inner.unit not in ("person", "other")), head)
        is_unit = head is not None and head.unit not in ("person", "ship", "aircraft", "vehicle")
        is_unit = is_unit and (head is None or head.unit != "other" or quantity is not None)
        return start, quantity if is_unit or head is None else None, head if is_unit else None

    def _hyphenated(self, lowers: list[str], quantity: Quantity | None) -> list[str]:
        """The words tied to a quantity by hyphens ("seven-ship")."""
        if quantity is None:
            return []
        return lowers[quantity.end_token - 1].split("-")[1:]

    def _machine_head(self, word: str, head: Head, modifiers: set[str]) -> Head:
        """ "Carriers" are ships, "personnel carriers" vehicles: the qualifier decides between the machines."""
        if word not in self._machines or modifiers & self._machine.get(head.what, frozenset()):
            return head
        others = (other for other in self._machines.get(word, ()) if modifiers & self._machine[other.what])
        return next(others, head)

    def _kind(self, word: str, head: Head, modifiers: set[str], *, proper: bool) -> tuple[ForceKind, bool]:
        """What the force is and whether its words alone mean one."""
        if head.what in _MACHINES:
            return head.what, head.strong or bool(modifiers & self._machine[head.what])
        if head.what == "monitors":
            return head.what, bool(modifiers & (self._observers | self._qualifiers["troops"]))
        qualifier = next((kind for kind, words in self._qualifiers.items() if modifiers & words), None)
        if head.unit not in ("person",):
            what = qualifier or ("other" if modifiers & self._rescue else head.what)
            named = qualifier is not None or bool(modifiers & (self._forces | self._rescue))
            return cast("ForceKind", what), head.strong or named
        if head.strong and head.what not in ("troops", "other"):
            return head.what, True
        if head.strong:
            if qualifier in ("peacekeepers", "police") or (head.what == "other" and qualifier):
                return cast("ForceKind", qualifier), True
            return head.what, True
        if qualifier:
            keeps = head.what not in ("troops", "other", "police") or (
                qualifier == "troops" and head.what != "other"
            )
            return (head.what if keeps else cast("ForceKind", qualifier)), True
        if head.what == "troops" and word in ("forces", "force"):
            return "troops", bool(modifiers & self._forces) or proper
        if head.what == "other":
            return "other", bool(modifiers & self._rescue) and word not in ("men", "people", "presence")
        return head.what, proper and head.what == "militia"

    def _plural(self, word: str) -> bool:
        return word.endswith(("s", "men")) or word in self._collective

    def _joined(self, lowers: list[str], first: Mention, second: Mention) -> bool:
        """Whether `second` only goes on with `first`: "troops, policemen and secret agents"."""
        between = lowers[first.end : second.start]
        return (
            second.quantity is None
            and second.count.value is None
            and first.unit == second.unit == "person"
            and not second.definite
            and 0 < len(between) <= 2
            and all(word in self._joining for word in between)
        )


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
