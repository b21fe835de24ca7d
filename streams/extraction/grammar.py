"""A sentence as noun phrases and the small words between them: as much grammar as counting people needs.

>>> from streams.extraction.document import read_document
>>> sentence = read_document(None, "Two policemen died in the blast.").sentences[0]
>>> [(item.kind, item.text(sentence)) for item in Grammar.load("en").items(sentence)][:2]
[('noun', 'Two policemen'), ('trigger', 'died')]
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from streams.extraction.document import Sentence, Token
from streams.extraction.harm import Trigger, load_harm
from streams.extraction.lexicon import load_table, word_list, word_set
from streams.extraction.people import PersonNoun, load_nobody, load_people
from streams.extraction.quantities import Quantity, find_quantities

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


class Grammar:
    """The small words and nouns of one language."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, "grammar", *keys)

        self.people = load_people(language)
        self.nobody = load_nobody(language)
        self.harm = load_harm(language)
        self.determiners = words("determiners")
        self.definite = words("definite")
        self.possessive = words("possessive")
        self.indefinite = words("indefinite")
        self.every = words("every")
        self.pronouns = words("pronouns")
        self.person_pronouns = words("persons_pronouns")
        self.singular_pronouns = words("singular_pronouns")
        self.reflexives = words("reflexives")
        self.passive = words("passive")
        self.negators = words("negators")
        self.modals = words("modals")
        self.more = words("more")
        self.than = word_list(language, "grammar", "than")[0]
        self.others = words("others")
        self.them = words("them")
        self.groups = words("groups")
        self.of = words("of")
        self.days = words("days") | words("months")
        self.ordinals: dict[str, int] = dict(load_table(language, "grammar")["ordinals"])
        self._kinds: dict[str, Kind] = {}
        kinds: tuple[tuple[Kind, str], ...] = (
            ("other", "days"),
            ("verb", "verbs"),
            ("link", "links"),
            ("aux", "auxiliaries"),
            ("sub", "subordinators"),
            ("rel", "relatives"),
            ("rel", "whose"),
            ("prep", "prepositions"),
            ("incl", "including"),
            ("and", "conjunctions"),
        )
        for kind, key in kinds:
            self._kinds.update(dict.fromkeys(words(key), kind))
        for mark in (";", ":", "--", "—", "–", "(", ")", "...", "•", "|"):
            self._kinds[mark] = "stop"
        self._kinds.update({",": "comma", "-": "comma", "/": "and"})

    @staticmethod
    @cache
    def load(language: str) -> "Grammar":
        """The grammar of `language`. Raises LexiconError."""
        return Grammar(language)

    def items(self, sentence: Sentence) -> list[Item]:
        """The sentence from left to right, every token in one item."""
        return _Chunker(self, sentence).run()

    def kind(self, lower: str) -> Kind | None:
        """What a small word is; None for a word that can stand in a noun phrase."""
        return self._kinds.get(lower)


class _Chunker:
    def __init__(self, grammar: Grammar, sentence: Sentence) -> None:
        self.grammar = grammar
        self.sentence = sentence
        self.tokens: tuple[Token, ...] = sentence.tokens
        self.words = [token.lower for token in self.tokens]
        self.quantities = {quantity.start_token: quantity for quantity in find_quantities(sentence)}
        self.items: list[Item] = []

    def run(self) -> list[Item]:
        position, size = 0, len(self.tokens)
        while position < size:
            item = self._item(position)
            self.items.append(item)
            position = item.end
        return self.items

    def _item(self, at: int) -> Item:
        word = self.words[at]
        quantity = None if word in self.grammar.ordinals else self.quantities.get(at)
        if quantity is not None and self._is_age(at, quantity):
            return Item("age", at, quantity.end_token, quantity=quantity)
        if quantity is not None and not self._counts(quantity):
            if quantity.kind == "age" and self._aside(quantity):
                return Item("age", at, quantity.end_token, quantity=quantity)
            if quantity.kind != "age":
                return Item("other", at, max(quantity.end_token, at + 1))
        match = self.grammar.harm.match(self.words, at)
        if match and not (quantity and quantity.end_token >= match[0]):
            end, triggers = match
            if not self._is_noun(at, end):
                return Item("trigger", at, end, triggers=triggers)
        if word in self.grammar.pronouns and word not in self.grammar.possessive:
            kind = self.grammar.kind(word)
            if kind != "rel":
                person = word in self.grammar.person_pronouns
                return Item("noun", at, at + 1, head=at, person=person, pronoun=True)
        if word in self.grammar.determiners or quantity is not None or self._nounlike(at):
            noun = self._noun(at)
            if noun is not None:
                return noun
        kind = self.grammar.kind(word)
        if kind is None:
            kind = "other" if not word[0].isalnum() else "noun"
        return Item(kind, at, at + 1)

    def _counts(self, quantity: Quantity) -> bool:
        """Whether a number may count people; "5 shot" may, whatever it counts elsewhere."""
        if quantity.kind == "people_or_units":
            return True
        match = quantity.kind in ("other", "address", "score") and self.grammar.harm.match(
            self.words, quantity.end_token
        )
        return bool(match and match[1][0].frame == "past")

    def _is_age(self, at: int, quantity: Quantity) -> bool:
        """Whether a bare number between commas behind a person is an age: "Leeds boy, 9, dies"."""
        words, end = self.words, quantity.end_token
        if quantity.kind != "people_or_units" or end != at + 1 or not 0 < (quantity.count.best or 0) < 110:
            return False
        if at < 2 or words[at - 1] not in (",", "(") or words[end : end + 1] not in ([","], [")"]):
            return False
        noun = self.grammar.people.get(words[at - 2])
        before = self.tokens[at - 2].text
        return bool(noun and noun.singular) or (
            before[0].isupper() and before.isalpha() and not self.sentence.capitals
        )

    def _aside(self, quantity: Quantity) -> bool:
        """Whether an age stands by itself, as in "John Hill, 34," or "(34)"."""
        end = quantity.end_token
        before = self.words[quantity.start_token - 1] if quantity.start_token else ""
        after = self.words[end] if end < len(self.words) else ""
        return before in (",", "(", "[") and (not after or not after[0].isalnum())

    def _is_noun(self, at: int, end: int) -> bool:
        """Whether a trigger is a noun or adjective inside a noun phrase here: "the wounded", "a shot"."""
        if end != at + 1 or at == 0:
            return False
        before = self.words[at - 1]
        return before in self.grammar.definite and self.words[at] in self.grammar.people

    def _nounlike(self, at: int) -> bool:
        word = self.words[at]
        return word[0].isalnum() and self.grammar.kind(word) is None

    def _noun(self, start: int) -> Item | None:
        grammar, words = self.grammar, self.words
        item = Item("noun", start, start)
        at, size = start, len(words)
        content = 0
        while at < size:
            word = words[at]
            quantity = None if word in grammar.ordinals else self.quantities.get(at)
            if quantity is not None:
                if quantity.kind == "age" and not (content and item.noun):
                    item.age = quantity.count.best
                    item.person = True
                    at = max(quantity.end_token, at + 1)
                    while at < size and words[at] in ("-", "year-old", "year-olds", "years", "old", "year"):
                        at += 1
                    item.head = at - 1
                    content += 1
                    continue
                if not self._counts(quantity) or item.quantity is not None or content:
                    break
                item.quantity = quantity
                at = quantity.end_token
                item.more = item.more or self._says_more(quantity.start_token, at)
                continue
            if word in grammar.determiners:
                if content or (item.quantity is not None) or (item.determiner and word not in grammar.more):
                    break
                item.determiner = word
                item.more = item.more or word in grammar.more
                at += 1
                continue
            if word in grammar.others and not content:
                item.more = item.more or word in grammar.more
                item.ordinal = grammar.ordinals.get(word, item.ordinal)
                item.head, at = at, at + 1
                if word in grammar.people and grammar.people[word].plural:
                    item.noun, item.person = grammar.people[word], True
                    break
                continue
            match = grammar.harm.match(words, at)
            if match:
                end, triggers = match
                follows = words[end] if end < size else ""
                started = item.determiner or item.quantity is not None or content
                if (
                    started
                    and not content
                    and end == at + 1
                    and self._person_ahead(end, 2)
                    and triggers[0].frame in ("past", "before")
                ):
                    item.adjectives.append((at, end, triggers))
                    at = end
                    continue
                if not (self._is_noun(at, end)) or follows in ("of",):
                    break
            if not self._nounlike(at):
                break
            content += 1
            noun = grammar.people.get(word)
            following = words[at + 1] if at + 1 < size else ""
            if following == "'s" or (following == "'" and word.endswith("s")):
                item.determiner, item.quantity, item.noun, item.person, item.head = "'s", None, None, None, -1
                item.age = None
                at += 2
                continue
            item.head = at
            at += 1
            if noun is not None:
                item.noun, item.person = noun, True
                if (
                    noun.group == "demonym"
                    and not (noun.plural and not noun.singular)
                    and self._nounlike_more(at)
                ):
                    item.noun, item.person = None, None
                    continue
                if self._compound(at):
                    continue
                bare = not (item.determiner or item.quantity or item.age) and not noun.plural
                if bare and self._nounlike_more(at) and self.tokens[at].text[0].islower():
                    item.noun, item.person = None, None  # "individual accords", "minister level"
                    continue
                break
            thing = item.person is False and item.noun is None
            if item.noun is not None or word in grammar.nobody:
                item.noun = None
            if thing and word not in grammar.nobody:
                continue
            item.person = False if word in grammar.nobody else (True if item.age and item.person else None)
        if at == start:
            return None
        item.end = at
        if (
            item.quantity is None
            and item.determiner is None
            and item.noun is None
            and not self.sentence.capitals
        ):
            item.name = all(token.text[0].isupper() for token in self.tokens[start:at])
            if at == start + 1 and len(self.tokens[start].text) > 1 and self.tokens[start].text.isupper():
                item.name = False  # "IRNA", "AMI"
            if item.name and item.head >= 0 and item.person is None and words[item.head] in grammar.days:
                item.name = False
        return item

    def _says_more(self, start: int, end: int) -> bool:
        words = self.words
        return any(
            words[k] in self.grammar.more and words[k + 1 : k + 2] != [self.grammar.than]
            for k in range(start, end)
        )

    def _nounlike_more(self, at: int) -> bool:
        return (
            at < len(self.words)
            and at not in self.quantities
            and self._nounlike(at)
            and not self.grammar.harm.match(self.words, at)
        )

    def _compound(self, at: int) -> bool:
        """Whether the person noun before `at` only describes the next noun: "police officers", "bus station"."""
        if at >= len(self.words) or at in self.quantities or not self._nounlike(at):
            return False
        word = self.words[at]
        if word in self.grammar.nobody:
            return not self.grammar.harm.match(self.words, at)
        noun = self.grammar.people.get(word)
        return noun is not None and not (noun.group == "general" and self.grammar.harm.match(self.words, at))

    def _person_ahead(self, at: int, reach: int) -> bool:
        for k in range(at, min(at + reach + 1, len(self.words))):
            if k in self.quantities:
                return False
            if self.words[k] in self.grammar.people:
                return not self.grammar.harm.match(self.words, k) or k == at
            if not self._nounlike(k):
                return False
        return False
