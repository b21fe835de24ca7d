"""Noun phrases without a parser: where one that ends in a word for a force begins, and how many it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from streams.extraction.deployments_kinds import Head, KindReader
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.document import Sentence, Token
from streams.extraction.lexicon import word_list, word_set
from streams.extraction.quantities import Quantity

_FILE = "forces"
_COUNTED = ("person", "ship", "aircraft", "vehicle")  # "six ships of the fleet": no containers
_ACRONYM = 2
_LONGEST = 12  # tokens before a head
_OWNER = 5  # tokens of "the country's" before a number
_LISTED = 5  # tokens before a comma in a list of names
_SHORT_NAME = 4  # letters up to which a capital at the start of a sentence is a name ("U.S.", "UN")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as its readers need it: tokens, their lower case, its numbers of people by their end."""

    tokens: tuple[Token, ...]
    lowers: list[str]
    counted: Mapping[int, Quantity]
    capitals: bool

    @staticmethod
    def of(sentence: Sentence, quantities: tuple[Quantity, ...]) -> "Line":
        """The line of a sentence whose quantities are known."""
        tokens = sentence.tokens
        counted = {q.end_token: q for q in quantities if q.kind == "people_or_units"}
        return Line(tokens, [token.lower for token in tokens], counted, sentence.capitals)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: `start` with its container and determiner, `edge` where the modifiers of the head begin.

    `unit` is the head of a container that is a unit ("two companies of"). `single` says that one is meant ("a
    company of police"), `partial` that only a part is ("elements of"), `drawn` that the head only says whence
    ("15 companies from several brigades"), `people` that its people are counted ("20 members of the unit").
    `determiner` is the first word where it is one, `whole` the number that `quantity` is a part of.
    """

    start: int
    edge: int
    quantity: Quantity | None
    determiner: str
    unit: Head | None
    single: bool
    partial: bool
    drawn: bool
    people: bool
    whole: Quantity | None


class PhraseReader:
    """Finds noun phrases of one language; the words are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._heads = KindReader.load(language).heads
        self._qualifying = frozenset().union(
            words("help", "words"),
            *(
                words("qualifiers", kind)
                for kind in ("police", "troops", "guards", "militia", "peacekeepers", "ships", "forces")
            ),
        )
        self._verbs = Verbs.load(language).words
        self._acting = self._verbs - self._heads.keys() - self._qualifying
        for machines in ("ships", "aircraft", "vehicles"):
            self._acting -= words("machine_qualifiers", machines)  # "its patrol ship"
        self._containers = words("containers", "words")
        self._never_after = words("never", "after")
        self._extra, self._singular = words("extra", "words"), words("extra", "singular")
        self._determiners, self._joining = words("extra", "determiners"), words("extra", "joining")
        self._from, self._of = words("extra", "from"), words("extra", "of")
        self._partitives = words("extra", "partitives")
        self._noun_verbs, self._before_noun = words("extra", "noun_verbs"), words("extra", "before_noun")
        self._plural = word_list(language, "forms", "plural")
        self._plurals = word_list(language, "forms", "plurals")
        self._ship_names = words("extra", "ship_names")
        self._left_of = words("anaphora", "left")
        self._acronyms = words("extra", "acronyms")
        self._collective = words("extra", "collective")
        self._boundaries, self._possessive = words("boundaries", "words"), words("boundaries", "possessive")
        self._follow = words("follow", "words")
        self._suffixes = tuple(words("follow", "suffixes"))

    @staticmethod
    @cache
    def load(language: str) -> "PhraseReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return PhraseReader(language)

    def plural(self, word: str) -> bool:
        """Whether `word` means several."""
        return (word.endswith(self._plurals) and word not in self._ship_names) or word in self._collective

    def ends(self, line: Line, index: int) -> bool:
        """Whether the word at `index` is the last of its phrase, not a modifier ("police corruption")."""
        lowers = line.lowers
        if index + 1 >= len(lowers):
            return True
        word, following = lowers[index], lowers[index + 1]
        if following in self._heads or following in self._possessive:
            return False
        if following in self._never_after:
            return following in self._verbs
        if not following[0].isalpha() or following in self._boundaries or following in self._verbs:
            return True
        if following in self._determiners or following in self._follow or following.endswith(self._suffixes):
            return True
        if word.endswith(self._plural) and word not in self._possessive:
            return True
        named = line.tokens[index + 1].text[0].isupper() and not line.capitals  # "the battleship Missouri"
        return named and word not in self._collective

    def read(self, line: Line, index: int) -> Phrase:
        """The phrase that ends in the head at `index`."""
        lowers = line.lowers
        edge, quantity = self._left(line, index)
        start = quantity.start_token if quantity else edge
        before = self._determiners | self._extra | self._left_of
        while start and lowers[start - 1] in before:
            start -= 1
        if quantity and start and lowers[start - 1] in self._possessive:  # "his country's 3,000 soldiers"
            start = self._owner(line, start)
        determiner = lowers[start] if lowers[start] in self._determiners else ""
        unit: Head | None = None
        single, partial, people = determiner in self._singular, False, False
        whole: Quantity | None = None
        drawn = start > 0 and self._drawn(line, start - 1)
        if drawn or (start and lowers[start - 1] in self._of):
            at = start - 1
            holder = self._heads.get(lowers[at - 1]) if at else None
            start, outer, unit = self._contained(line, start - 1)
            while outer and start and lowers[start - 1] in before:  # "the remaining 90 of its 200 men"
                start -= 1
            people = outer is not None and not quantity and holder is not None and holder.unit == "person"
            part = start < at and line.lowers[at] in self._of  # "100 of 400 soldiers"
            whole = quantity if part and outer and not drawn else None
            sized = outer is not None and unit is not None and unit.unit != "other"
            quantity = outer if drawn or sized or (part and outer) else quantity or outer
            single = unit is not None and lowers[start] in self._singular
            partial = any(word in self._partitives for word in lowers[start:edge])
        return Phrase(start, edge, quantity, determiner, unit, single, partial, drawn, people, whole)

    def _owner(self, line: Line, start: int) -> int:
        """Where the words begin that say whose force it is."""
        at = start - 1
        while at > max(0, start - _OWNER) and self._modifies(line, at - 1):
            at -= 1
        return at - (at > 0 and line.lowers[at - 1] in self._determiners)

    def is_proper(self, line: Line, phrase: Phrase, index: int) -> bool:
        """Whether a name stands before the head at `index`."""
        return not line.capitals and any(
            line.tokens[at].text[0].isupper()
            and (at > 0 or len(line.lowers[at]) <= _SHORT_NAME or at + 1 == index)
            for at in range(phrase.edge, index)
        )

    def _left(self, line: Line, index: int) -> tuple[int, Quantity | None]:
        """Where the modifiers of the head at `index` begin, and the quantity in front of them."""
        lowers, edge = line.lowers, index
        while edge > 0 and index - edge < _LONGEST:
            if edge in line.counted:
                return edge, line.counted[edge]
            word = lowers[edge - 1]
            if word == ")" and "(" in lowers[max(0, edge - 4) : edge - 1]:  # "Canadian Forces (CF) troops"
                edge = max(at for at in range(max(0, edge - 4), edge - 1) if lowers[at] == "(")
            elif word in self._joining and edge > 1 and self._alike(line, edge - 2, edge):
                edge -= 2
            elif self._modifies(line, edge - 1):
                edge -= 1
            elif word in self._joining and self._listed(line, edge - 1):
                edge -= 2
            else:
                break
        return edge, line.counted.get(edge)

    def _listed(self, line: Line, comma: int) -> bool:
        """Whether what is before a comma leads back to a number: "900 ministry, army and KGB troops"."""
        for at in range(comma, max(0, comma - _LISTED), -1):
            if at in line.counted:
                return at < comma
            word = line.lowers[at - 1]
            known = self._heads.get(word)
            plural = known is not None and self.plural(word) and word not in self._collective
            if plural or not self._modifies(line, at - 1):
                return False
        return False

    def _modifies(self, line: Line, at: int) -> bool:
        word = line.lowers[at]
        if line.tokens[at].text.isupper() and len(word) == _ACRONYM and not line.capitals:
            return True  # "US" is not "us"
        if line.capitals and word in self._acronyms and at + 1 < len(line.lowers):
            return line.lowers[at + 1] in self._heads
        if word in self._verbs and at and (at in line.counted or line.lowers[at - 1] in self._singular):
            return True  # "a supply ship"
        if word in self._noun_verbs and at and line.lowers[at - 1] in self._before_noun | self._joining:
            return True  # "public order officers"
        if word in self._boundaries or word in self._determiners or word in self._acting or word.isdigit():
            return False
        tied = word == "-" and line.tokens[at].end == line.tokens[at + 1].start
        return word[0].isalnum() or tied or word in self._possessive

    def _alike(self, line: Line, left: int, right: int) -> bool:
        """Whether the words at both sides of "and" qualify one head ("National and Presidential guards")."""
        first, second = line.lowers[left], line.lowers[right]
        if second in self._heads and first not in self._qualifying and self.plural(second):
            return False  # "the Joint Task Force, gunboats"
        if first in self._heads and first not in self._collective and self.plural(first):
            return False
        if all(word in self._qualifying or word in self._heads for word in (first, second)):
            return first not in self._heads or self._heads[first].unit == "person"
        return not line.capitals and all(line.tokens[at].text[0].isupper() for at in (left, right))

    def _drawn(self, line: Line, at: int) -> bool:
        """Whether a number of units stands before "from": "15 companies from several brigades"."""
        head = self._heads.get(line.lowers[at - 1]) if at else None
        known = head is not None and head.unit not in ("person", "other") and at - 1 in line.counted
        return known and line.lowers[at] in self._from

    def _contained(self, line: Line, of: int) -> tuple[int, Quantity | None, Head | None]:
        """The container before "of": where it begins, its quantity and, where it is a unit, what unit."""
        if of in line.counted:
            return line.counted[of].start_token, line.counted[of], None
        holder = line.lowers[of - 1] if of else ""
        if holder in self._left_of - self._containers:  # "the first of 1,200 policemen"
            start = of - 1
            return start - (start > 0 and line.lowers[start - 1] in self._determiners), None, None
        head = self._heads.get(holder)
        if holder not in self._containers and (head is None or head.unit in _COUNTED):
            return of + 1, None, None
        edge, quantity = self._left(line, of - 1)
        start = quantity.start_token if quantity else edge
        if start and line.lowers[start - 1] in self._determiners:
            start -= 1
        if head is not None and head.unit == "other":  # "three battalion tactical groups"
            named = [self._heads[word] for word in line.lowers[edge : of - 1] if word in self._heads]
            head = next((inner for inner in named if inner.unit not in ("person", "other")), head)
        is_unit = head is not None and head.unit not in ("person", "ship", "aircraft", "vehicle")
        is_unit = is_unit and (head is None or head.unit != "other" or quantity is not None)
        counts = is_unit or (
            head is not None and head.unit == "person"
        )  # "400 members of", no "three waves of"
        return start, quantity if counts else None, head if is_unit else None
