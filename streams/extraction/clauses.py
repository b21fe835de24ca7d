"""Whom a noun phrase stands for, and how many: the people of one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from schemas import Count
from streams.extraction.chunks import chunk
from streams.extraction.conventions import load_conventions
from streams.extraction.document import Sentence
from streams.extraction.excepted import without_excepted
from streams.extraction.grammar import Grammar
from streams.extraction.items import Item
from streams.extraction.lexicon import word_list, word_set
from streams.extraction.mentions import Mention


@dataclass(slots=True)
class People:
    """Some people in a sentence: how many, the items `first` to `last` they take, and what is known of them.

    `main` is the noun phrase that says most, `members` those that were added up, `of_total` the number they
    are a part of, `shared` says that two verbs speak of them.
    """

    count: Count | None
    first: int
    last: int
    main: Item
    part: bool = False
    of_total: Count | None = None
    members: tuple[Item, ...] = ()
    shared: bool = False


class FrameWords:
    """What the reading of frames looks up: the grammar, the conventions and the lists of `realis.toml`."""

    def __init__(self, language: str) -> None:
        def words(key: str) -> frozenset[str]:
            return word_set(language, "realis", key)

        self.grammar = Grammar.load(language)
        self.conventions = load_conventions(language)
        self.infinitive = word_set(language, "grammar", "infinitive")
        self.feared, self.speech, self.spared = words("feared"), words("speech"), words("spared")
        self.unreal_before, self.real_before = words("unreal_before"), words("real_before")
        self.risen_from, self.someone, self.being = words("risen_from"), words("someone"), words("being")
        self.until, self.neither = words("until"), words("neither")
        self.genitive = word_set(language, "forms", "genitive")
        self.found, self.either = words("found"), words("either")
        self.inflected = tuple(words("inflected"))
        self.hurt = word_set(language, "harm", "added", "hurt")
        self.doing, self.as_what = words("doing"), words("as_what")
        self.risen, self.perfect = words("risen"), words("perfect")
        self.fallen = words("fallen")
        self.anyone, self.had = words("anyone"), words("had")
        self.leaving, self.ongoing = words("leaving"), tuple(words("ongoing"))
        self.by, self.also, self.total = words("by"), words("also"), words("total")
        self.many_aged = tuple(word_list(language, "realis", "many_aged"))
        self.to_death = [phrase.split() for phrase in word_list(language, "realis", "to_death")]

    @staticmethod
    @cache
    def load(language: str) -> "FrameWords":
        """The words of `language`. Raises LexiconError."""
        return FrameWords(language)


class Clause:
    """A sentence as items, with the mentions found in it so far."""

    def __init__(self, lists: FrameWords, sentence: Sentence) -> None:
        self.lists = lists
        self.grammar = lists.grammar
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.words = [token.lower for token in sentence.tokens]
        self.items = without_excepted(lists.grammar, sentence, chunk(lists.grammar, sentence))
        self.mentions: list[Mention] = []
        if sentence.capitals:
            self._name_by_age()

    def _name_by_age(self) -> None:
        """Takes for a name, where capitals tell nothing, what an age follows: "ALIRIO MOSQUERA, 38,"."""
        for j, item in enumerate(self.items):
            bare = item.kind == "noun" and item.quantity is None and item.determiner is None
            if bare and item.person is None and self.kind(j + 1) == "comma" and self.kind(j + 2) == "age":
                item.name = True

    def word(self, j: int) -> str:
        """The first word of item `j`, in lower case."""
        return self.words[self.items[j].start]

    def kind(self, j: int) -> str:
        """The kind of item `j`; empty beyond the ends."""
        return self.items[j].kind if 0 <= j < len(self.items) else ""

    def text(self, start: int, end: int) -> str:
        """The words of tokens `start` to `end`."""
        offset = self.sentence.start
        return self.sentence.text[self.tokens[start].start - offset : self.tokens[end - 1].end - offset]

    def one(self, start: int, end: int) -> Count:
        """One person, described by tokens `start` to `end`."""
        return self.lists.conventions.count("one_person", self.text(start, end))

    def people_at(self, j: int, *, strong: bool = False) -> People | None:
        """The people that the noun phrase at `j` stands for, with "of ..." behind it.

        Behind a `strong` verb somebody unknown is a person: "shot dead a pharmacy owner".
        """
        if self.kind(j) != "noun" or self.word(j) in self.grammar.reflexives:
            return None
        item = self.items[j]
        if item.pronoun and self.word(j) in self.grammar.them:
            return self._them(j, item) or self._counted_before(j, item)
        if self.goes_on_with_people(j):
            return self.share(j, item, self.items[j + 2])
        if self.may_be_people(item):
            return People(self.count_of(item), j, j, item)
        if strong and item.person is None and item.determiner in self.lists.someone:
            return People(self.one(item.start, item.end), j, j, item)
        return None

    def _them(self, j: int, item: Item) -> People | None:
        """ "shot three men, killing them": those of the mention before, in this sentence."""
        before = [mention for mention in self.mentions if mention.value and mention.value > 1]
        return People(before[-1].count, j, j, item) if before else None

    def _counted_before(self, j: int, item: Item) -> People | None:
        """ "Dragged eight peasants from their huts and murdered them": the number nearest to the left."""
        for k in range(j - 2, 0, -1):
            before = self.items[k]
            if before.kind == "noun" and before.quantity is not None and self.may_be_people(before):
                several = (before.quantity.count.value or 0) > 1 and before.noun is not None
                return People(before.quantity.count, j, j, item) if several else None
            if before.kind in ("stop", "trigger"):
                return None
        return None

    def begins_speech(self, rel: int) -> bool:
        """Whether "that" only opens what somebody says: "told reporters on Friday that a boy was killed"."""
        j = rel - 1
        if self.kind(j) != "noun" or self.word(j) in self.lists.speech:
            return True
        return self.kind(j - 1) == "verb" and self.word(j - 1) in self.lists.speech

    def goes_on_with_people(self, j: int) -> bool:
        """Whether the noun phrase at `j` goes on with "of" and people: "two of the men", "a total of 12"."""
        if self.kind(j) != "noun" or self.kind(j + 1) != "prep" or self.word(j + 1) not in self.grammar.of:
            return False
        item = self.items[j]
        if self.kind(j + 2) == "rel":
            return item.quantity is not None
        if self.kind(j + 2) != "noun":
            return False
        if item.quantity is not None:
            return item.head < 0 or (item.noun is None and self.may_be_people(self.items[j + 2]))
        return item.head >= 0 and self.words[item.head] in self.grammar.groups

    def share(self, j: int, item: Item, inner: Item) -> People | None:
        """How many "two of the five men", "a group of five" or "dozens of them" are."""
        if inner.kind == "noun" and inner.person is False:
            return None
        whole = inner.quantity.count if inner.kind == "noun" and inner.quantity is not None else None
        counted = item.quantity or (inner.quantity if whole is not None else None)
        if counted is None:
            return None
        main = Item(
            "noun", item.start, inner.end, quantity=counted, head=inner.head, noun=inner.noun, person=True
        )
        if item.quantity is None:
            return People(counted.count, j, j + 2, main)
        them = self.words[inner.start] in self.grammar.them and inner.end == inner.start + 1
        whose = inner.determiner
        definite = whose in self.grammar.definite and whose not in self.grammar.possessive
        part = them or definite or whole is not None
        return People(counted.count, j, j + 2, main, part=part, of_total=whole)

    def may_be_people(self, item: Item) -> bool:
        """Whether a noun phrase can stand for people, as far as its own words tell."""
        if item.person is not None:
            return item.person
        if item.quantity is not None:
            return True
        if item.name:
            return self.words[item.start] not in self.grammar.days
        return not item.pronoun and self._elliptical(item)

    def _elliptical(self, item: Item) -> bool:
        """ "another", "the other": somebody who needs no noun."""
        behind = self.words[item.end : item.end + 1]
        to_do = item.ordinal is not None and not self.lists.infinitive.isdisjoint(behind)  # "is sixth to die"
        if not (item.more or item.ordinal) or item.noun is not None:
            return False
        if item.determiner is None and not to_do:
            return False
        return item.head < 0 or self.words[item.head] in self.grammar.others

    def joinable(self, item: Item) -> bool:
        """Whether a noun phrase may be added to others by "and"."""
        if item.quantity is not None and item.quantity.count.high != 0:
            return True
        return bool(item.person and not item.pronoun) or (item.name and item.end - item.start > 1)

    def count_of(self, item: Item) -> Count | None:
        """How many a noun phrase stands for; None where it does not say."""
        if item.quantity is not None:
            return item.quantity.count
        if item.pronoun:
            single = self.words[item.start] in self.grammar.singular_pronouns
        elif item.noun is not None:
            if item.determiner in self.grammar.every:
                return None
            if item.noun.plural and item.determiner is None:
                return self.lists.conventions.count("bare_plural", self.text(item.start, item.end))
            if (
                item.head >= 0
                and item.determiner not in self.lists.genitive
                and (size := self.grammar.pairs.get(self.words[item.head]))
            ):
                return Count(
                    low=size, best=size, high=size, text=self.text(item.start, item.end), rule="two_people"
                )
            if item.noun.plural and not item.noun.singular and item.determiner in self.grammar.theirs:
                return self.lists.conventions.count("bare_plural", self.text(item.start, item.end))
            single = item.noun.singular and (
                not item.noun.plural or item.determiner in self.grammar.indefinite
            )
        elif item.age is not None:
            single = not self.words[item.end - 1].endswith(self.lists.many_aged)
        else:
            single = item.name or self._elliptical(item)
        return self.one(item.start, item.end) if single else None


def add_counts(counts: Iterable[Count | None]) -> Count | None:
    """The sum, open wherever a part is open; None where a part is unknown."""
    known: list[Count] = []
    for count in counts:
        if count is None or count.value is None:
            return None
        known.append(count)

    def total(ends: list[int | None]) -> int | None:
        numbers = [end for end in ends if end is not None]
        return sum(numbers) if len(numbers) == len(ends) else None

    return Count(
        low=total([count.low if count.low is not None else 0 for count in known]),
        best=total([count.best for count in known]),
        high=total([count.high for count in known]),
        text=" + ".join(count.text or "" for count in known),
        rule="sum",
    )
