"""One noun phrase: determiner, number, adjectives, nouns; whether its head is a person."""

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.extraction.items import Item
from streams.extraction.people import PersonNoun

if TYPE_CHECKING:
    from streams.extraction.chunks import Chunker

_NAMED = PersonNoun("general", singular=True, plural=False)
_AHEAD = 2  # nouns that may stand between "wounded" and the person


class NounPhrase:
    """A noun phrase while it grows. Each step returns the next token, or None where the phrase ends."""

    def __init__(self, chunker: "Chunker", start: int) -> None:
        self._chunker = chunker
        self._grammar = chunker.grammar
        self._words = chunker.words
        self._item = Item("noun", start, start)
        self._content = 0
        self._done = False

    def build(self) -> Item | None:
        """The phrase; None if nothing of one stands there."""
        start = at = self._item.start
        while at < len(self._words) and not self._done:
            following = self._step(at)
            if following is None:
                break
            at = following
        if at == start:
            return None
        self._item.end = at
        self._item.name = self._is_name()
        if self._names_somebody():
            self._item.noun, self._item.person = _NAMED, True
        return self._item

    def _names_somebody(self) -> bool:
        """ "His helper Rohan Sale": somebody's, by a word that is not known, and a name."""
        item, tokens = self._item, self._chunker.tokens
        if (
            item.person is not None
            or item.determiner not in self._grammar.theirs
            or item.quantity is not None
        ):
            return False
        words = [token.text for token in tokens[item.start + 1 : item.end]]
        return len(words) > 2 and words[0].islower() and all(word[0].isupper() for word in words[1:])

    def _step(self, at: int) -> int | None:
        word, grammar = self._words[at], self._grammar
        if self._chunker.quantity(at) is not None:
            return self._number(at)
        if word in grammar.determiners:
            return self._determiner(at)
        if self._content and word in grammar.person_pronouns:
            return None
        if not self._content and (word in grammar.others or grammar.ordinal(word) is not None):
            return self._other(at)
        match = self._chunker.harm.get(at)
        if match:
            adjective = self._adjective(at, match[0])
            if adjective is not None:
                return adjective
            if match[1][0].noun and self._item.quantity is not None and not self._content:
                self._item.adjectives.append((at, match[0], match[1]))
                return self._noun(at)  # "five hostages"
            of = self._words[match[0] : match[0] + 1]
            if not self._chunker.is_noun(at, match[0]) or (of and of[0] in grammar.of):
                return None
        if self._chunker.kinds[at] in ("verb", "link") and self._is_participle(at):
            self._content += 1  # "three suspected dealers"
            return at + 1
        return self._noun(at) if self._chunker.nounlike(at) else None

    def _is_participle(self, at: int) -> bool:
        item = self._item
        started = item.determiner is not None or item.quantity is not None
        return (
            started
            and not self._content
            and self._words[at] in self._grammar.participles
            and self._chunker.plain(at + 1)
        )

    def _number(self, at: int) -> int | None:
        item, quantity = self._item, self._chunker.quantity(at)
        if quantity is None:
            return None
        end = max(quantity.end_token, at + 1)
        if quantity.kind == "age" and not (self._content and item.noun):
            item.age, item.person = quantity.count.best, True
            while end < len(self._words) and self._words[end] in self._grammar.years_old:
                end += 1
            item.head = end - 1
            self._content += 1
            return end
        if not self._chunker.counts(quantity) or item.quantity is not None or self._content:
            return None
        item.quantity = quantity
        if quantity.count.rule in self._grammar.pairs and not self._chunker.nounlike_after(end):
            two = self._grammar.pairs[quantity.count.rule]
            item.quantity = replace(quantity, count=replace(quantity.count, low=two, best=two, high=two))
        item.more = item.more or self._says_more(at, end)
        return end

    def _says_more(self, start: int, end: int) -> bool:
        words, grammar = self._words, self._grammar
        return any(
            words[k] in grammar.more and words[k + 1 : k + 2] != [grammar.than] for k in range(start, end)
        )

    def _determiner(self, at: int) -> int | None:
        item, word = self._item, self._words[at]
        if self._content or item.quantity is not None or (item.determiner and word not in self._grammar.more):
            return None
        item.determiner = word
        item.more = item.more or word in self._grammar.more
        return at + 1

    def _other(self, at: int) -> int:
        item, word, grammar = self._item, self._words[at], self._grammar
        item.more = item.more or word in grammar.more
        item.ordinal = grammar.ordinal(word) or item.ordinal
        item.head = at
        noun = grammar.people.get(word)
        if noun is not None and noun.plural:
            item.noun, item.person, self._done = noun, True, True
        return at + 1

    def _adjective(self, at: int, end: int) -> int | None:
        """Takes a word of harm as an adjective: "two wounded men"."""
        item = self._item
        match = self._chunker.harm.get(at)
        started = item.determiner or item.quantity is not None
        if match is None or not started or self._content or end != at + 1 or not self._person_ahead(end):
            return None
        if match[1][0].frame not in ("past", "before"):
            return None
        item.adjectives.append((at, end, match[1]))
        return end

    def _person_ahead(self, at: int) -> bool:
        for k in range(at, min(at + _AHEAD + 1, len(self._words))):
            if k in self._chunker.quantities:
                return False
            if self._words[k] in self._grammar.people:
                return k == at or k not in self._chunker.harm
            if not self._chunker.nounlike(k):
                return False
        return False

    def _noun(self, at: int) -> int:
        item, grammar, word = self._item, self._grammar, self._words[at]
        self._content += 1
        following = self._words[at + 1] if at + 1 < len(self._words) else ""
        if following in grammar.genitive or (following == "'" and word.endswith(grammar.genitive_after)):
            self._item = Item(
                "noun",
                item.start,
                item.start,
                determiner=following,
                more=item.more,
                adjectives=item.adjectives,
            )
            return at + 2
        item.head = at
        noun = grammar.people.get(word)
        if noun is None:
            self._thing(word)
            return at + 1
        item.noun, item.person = noun, True
        demonym = noun.group == "demonym" and noun.singular
        bare = not (item.determiner or item.quantity or item.age) and not noun.plural
        plain = self._chunker.plain(at + 1)
        several = item.quantity is not None and (item.quantity.count.value or 0) > 1
        modifies = several and noun.singular and not noun.plural and self._person_ahead(at + 1)
        if plain and (demonym or modifies or (bare and self._chunker.tokens[at + 1].text[0].islower())):
            item.noun, item.person = None, None  # "Afghan forces", "individual accords"
        elif not self._compound(at + 1):
            self._done = True
        return at + 1

    def _thing(self, word: str) -> None:
        """A noun that is no person: what stands behind a thing stays one, unless it is a person."""
        item = self._item
        thing = item.person is False and item.noun is None
        nobody = word in self._grammar.nobody
        if item.noun is not None or nobody:
            item.noun = None
        if not thing or nobody:
            item.person = False if nobody else (True if item.age and item.person else None)

    def _compound(self, at: int) -> bool:
        """Whether the person noun before `at` only describes the next: "police officers", "bus station"."""
        chunker, words = self._chunker, self._words
        if at >= len(words) or at in chunker.quantities or not chunker.nounlike(at):
            return False
        harm = at in chunker.harm
        if words[at] in self._grammar.nobody:
            return not harm
        noun = self._grammar.people.get(words[at])
        return noun is not None and not (noun.group == "general" and harm)

    def _is_name(self) -> bool:
        item, tokens = self._item, self._chunker.tokens
        if item.quantity is not None or item.determiner is not None or item.noun is not None:
            return False
        if self._chunker.sentence.capitals:
            return False
        words = tokens[item.start : item.end]
        if len(words) == 1 and len(words[0].text) > 1 and words[0].text.isupper():
            return False  # an agency, a company
        if item.head >= 0 and item.person is None and self._words[item.head] in self._grammar.days:
            return False
        particles = self._grammar.name_particles
        return words[0].text[0].isupper() and all(
            token.text[0].isupper() or token.lower.split("-")[0] in particles for token in words
        )
