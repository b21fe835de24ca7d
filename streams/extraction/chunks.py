"""Cuts a sentence into items, from left to right."""

from streams.extraction.document import Sentence, Token
from streams.extraction.grammar import Grammar
from streams.extraction.harm import Trigger
from streams.extraction.items import Item
from streams.extraction.noun_phrases import NounPhrase
from streams.extraction.quantities import Quantity, find_quantities

_OLDEST = 110


def chunk(grammar: Grammar, sentence: Sentence) -> list[Item]:
    """The sentence as items, every token in one."""
    return Chunker(grammar, sentence).run()


class Chunker:
    """One sentence while it is cut.

    `kinds` are those of its words, `quantities` and words of `harm` (`Harm.matches`) by their first token.
    """

    def __init__(self, grammar: Grammar, sentence: Sentence) -> None:
        self.grammar = grammar
        self.sentence = sentence
        self.tokens: tuple[Token, ...] = sentence.tokens
        self.words = [token.lower for token in self.tokens]
        self.kinds = [grammar.kind(word) for word in self.words]
        self.quantities = {quantity.start_token: quantity for quantity in find_quantities(sentence)}
        found = grammar.harm.matches(self.words)
        self.harm = {at: match for at, match in found.items() if not self._accuses(at, match[0])}
        self._counted = False  # whether the item before holds a number
        self._last = ""  # the kind of the item before, but for "and"

    def run(self) -> list[Item]:
        """The items, in order."""
        items: list[Item] = []
        position = 0
        while position < len(self.tokens):
            item = self._item(position)
            items.append(item)
            self._counted = item.quantity is not None
            if item.kind != "and":
                self._last = item.kind
            position = max(item.end, position + 1)
        return items

    def _item(self, at: int) -> Item:
        word, grammar = self.words[at], self.grammar
        quantity = self.quantity(at)
        years = self._years(at)
        if years is not None and self._last:
            return Item("age", at, years.end_token, quantity=years)  # "two boys aged 9 and 14"
        if quantity is not None:
            number = self._number(at, quantity)
            if number is not None:
                return number
        match = self._shorter(at) or self.harm.get(at)
        if match and not (quantity and quantity.end_token >= match[0]) and not self.is_noun(at, match[0]):
            return Item("trigger", at, match[0], triggers=match[1])
        kind = self.kinds[at]
        if word in grammar.pronouns and word not in grammar.possessive and kind != "rel":
            return Item("noun", at, at + 1, head=at, person=word in grammar.person_pronouns, pronoun=True)
        owns = self.words[at + 1 : at + 2]
        if word in grammar.days and owns and owns[0] in grammar.genitive:
            return Item("noun", at, at + 2, determiner=owns[0], person=False)  # "Friday's shooting"
        if kind is None and self._is_verb(at):
            return Item("verb", at, at + 1)
        if word in grammar.determiners or quantity is not None or self.nounlike(at):
            noun = NounPhrase(self, at).build()
            if noun is not None:
                return noun
        for phrase in (*grammar.joining, *grammar.ellipsis):
            if word == phrase[0] and self.words[at : at + len(phrase)] == phrase:
                return Item("and" if phrase in grammar.joining else "sub", at, at + len(phrase))
        if kind is None:
            kind = "noun" if word[0].isalnum() else "other"
        return Item(kind, at, at + 1)

    def _accuses(self, at: int, end: int) -> bool:
        """Whether a word of harm says what somebody is accused of: "a murder suspect"."""
        word, grammar = self.words[at], self.grammar
        if end != at + 1 or end >= len(self.words):
            return False
        doer = grammar.people.get(self.words[end])
        if doer is None or doer.group != "attacker":
            return False
        if word in grammar.deeds:
            return True
        if word not in grammar.doings or not at:
            return False
        counted = any(quantity.end_token == at for quantity in self.quantities.values())
        return counted or self.words[at - 1] in grammar.determiners

    def _shorter(self, at: int) -> tuple[int, tuple[Trigger, ...]] | None:
        """The first word of "dead and wounded" alone, without a number before: "shot him dead and ..."."""
        match = self.harm.get(at)
        if match is None or match[0] < at + 3 or any(one.frame != "count" for one in match[1]):
            return None
        if self._counted:
            return None
        return self.grammar.harm.single(self.words[at], at)

    def _is_verb(self, at: int) -> bool:
        """Whether an unknown word is a verb by what stands before it: "who helped", "were pulled out"."""
        word, grammar = self.words[at], self.grammar
        if at == 0 or not self.tokens[at].text.islower() or word in grammar.people or self._noun_follows(at):
            return False
        if self.words[at - 1] in grammar.who:
            return True
        return (
            word.endswith(grammar.past_ending) and self._last in ("aux", "link") and self.words[at - 1] != ","
        )

    def _noun_follows(self, at: int) -> bool:
        """Whether the next word goes on with a noun phrase: "who unidentified men were"."""
        following = self.words[at + 1 : at + 2]
        small = (self.grammar.determiners, self.grammar.pronouns)
        return self.plain(at + 1) and not any(following[0] in words for words in small)

    def _number(self, at: int, quantity: Quantity) -> Item | None:
        """The item of a number that counts no people; None for one that may."""
        end = max(quantity.end_token, at + 1)
        if (
            self._is_age(at, quantity)
            or self._is_of_age(at, quantity)
            or (quantity.kind == "age" and self._aside(quantity))
        ):
            return Item("age", at, end, quantity=quantity)
        if not self.counts(quantity) and quantity.kind != "age":
            return Item("other", at, end)
        return None

    def _years(self, at: int) -> Quantity | None:
        """The age behind "aged" or "believed to be"."""
        if self.words[at] in self.grammar.aged:
            return self.quantities.get(at + 1)
        for phrase in self.grammar.said_to_be:
            if self.words[at : at + len(phrase)] == phrase:
                found = self.quantities.get(at + len(phrase))
                return found if found is not None and found.kind == "age" else None
        return None

    def quantity(self, at: int) -> Quantity | None:
        """The quantity that starts at a token; an ordinal is none."""
        found = self.quantities.get(at)
        return None if found is None or self.grammar.ordinal(self.words[at]) is not None else found

    def counts(self, quantity: Quantity) -> bool:
        """Whether a number may count people; "5 shot" may, whatever it counts elsewhere."""
        if quantity.kind == "people_or_units":
            return True
        if quantity.kind not in ("other", "address", "score"):
            return False
        word = self.words[quantity.end_token] if quantity.end_token < len(self.words) else ""
        if (
            quantity.kind == "other"
            and self.words[quantity.start_token].endswith("x")
            and word in self.grammar.people
        ):
            return True  # "12x civilians"
        match = self.harm.get(quantity.end_token)
        return bool(match and match[1][0].frame == "past")

    def _is_age(self, at: int, quantity: Quantity) -> bool:
        """Whether a bare number between commas behind a person is an age: "Leeds boy, 9, dies"."""
        words, end = self.words, quantity.end_token
        if (
            quantity.kind != "people_or_units"
            or end != at + 1
            or not 0 < (quantity.count.best or 0) < _OLDEST
        ):
            return False
        after = words[end] if end < len(words) else ""
        if after in self.grammar.and_words:  # "two boys, 9 and 11, were"
            other = self.quantities.get(end + 1)
            after = words[other.end_token] if other and other.end_token < len(words) else ""
        if at > 1 and words[at - 1] in self.grammar.and_words and self._last == "age":
            return not self.plain(end)  # "aged 24 and 31 were"
        if at < 2 or after not in (",", ")"):
            return False
        if words[at - 1] not in (",", "("):
            return False
        noun = self.grammar.people.get(words[at - 2])
        before = self.tokens[at - 2].text
        named = before[0].isupper() and before.isalpha() and not self.sentence.capitals
        return named or bool(noun)

    def _is_of_age(self, at: int, quantity: Quantity) -> bool:
        """Whether a bare number behind "of" is the age of one person: "a lad of 14 died"."""
        words, end = self.words, quantity.end_token
        if (
            quantity.kind != "people_or_units"
            or end != at + 1
            or at < 2
            or words[at - 1] not in self.grammar.of
            or not 0 < (quantity.count.best or 0) < _OLDEST
        ):
            return False
        noun = self.grammar.people.get(words[at - 2])
        if noun is None or noun.plural or noun.group == "family" or words[at - 2] in self.grammar.groups:
            return False
        return not self.plain(end)

    def _aside(self, quantity: Quantity) -> bool:
        """Whether an age stands by itself, as in "John Hill, 34," or "(34)"."""
        end = quantity.end_token
        before = self.words[quantity.start_token - 1] if quantity.start_token else ""
        after = self.words[end] if end < len(self.words) else ""
        return before in (",", "(", "[") and (not after or not after[0].isalnum())

    def is_noun(self, at: int, end: int) -> bool:
        """Whether a trigger is a noun or adjective inside a noun phrase here: "the wounded", "a shot"."""
        if end != at + 1 or at == 0:
            return False
        return self.words[at - 1] in self.grammar.definite and self.words[at] in self.grammar.people

    def nounlike(self, at: int) -> bool:
        """Whether a token can stand in a noun phrase, as far as the small words tell."""
        return self.kinds[at] is None and self.words[at][0].isalnum()

    def nounlike_after(self, at: int) -> bool:
        """Whether what a number counts follows: a noun, or "of"."""
        if at >= len(self.tokens):
            return False
        return self.nounlike(at) or at in self.quantities or self.words[at] in self.grammar.of

    def plain(self, at: int) -> bool:
        """Whether a token is nounlike and neither a number nor a word of harm."""
        if at >= len(self.words) or at in self.quantities or not self.nounlike(at):
            return False
        return at not in self.harm
