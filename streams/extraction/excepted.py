"""Numbers that are told by what is left out: "all but two of the 20 passengers" are 18 passengers.

>>> from streams.extraction.chunks import chunk
>>> from streams.extraction.document import read_document
>>> sentence = read_document(None, "All but two of the 20 passengers died.").sentences[0]
>>> grammar = Grammar.load("en")
>>> items = without_excepted(grammar, sentence, chunk(grammar, sentence))
>>> [(item.kind, item.quantity.count.best) for item in items if item.quantity]
[('noun', 18)]
"""

from dataclasses import replace

from schemas import Count
from streams.extraction.document import Sentence
from streams.extraction.grammar import Grammar
from streams.extraction.items import Item
from streams.extraction.quantities import Quantity


def without_excepted(grammar: Grammar, sentence: Sentence, items: list[Item]) -> list[Item]:
    """The items of a sentence, "all but two" with what it is taken from as one of them.

    Where the text does not say of how many, the number is unknown, and not that of the excepted.
    """
    words = [token.lower for token in sentence.tokens]
    if not any(words[item.start] in grammar.excepting for item in items if item.kind == "and"):
        return items
    merged: list[Item] = []
    position = 0
    while position < len(items):
        end = _end(grammar, words, items, position)
        merged.append(_one(items[position:end]) if end else items[position])
        position = end or position + 1
    return merged


def _end(grammar: Grammar, words: list[str], items: list[Item], at: int) -> int:
    """Where "all but two of the 20 passengers" ends that starts at item `at`; 0 for another."""
    group = items[at : at + 3]
    if len(group) < 3 or group[0].kind != "noun" or group[1].kind != "and" or group[2].kind != "noun":
        return 0
    if words[group[0].start : group[0].end] != grammar.all or words[group[1].start] not in grammar.excepting:
        return 0
    if group[2].quantity is None or group[2].person is False:
        return 0
    rest = items[at + 3 : at + 5]
    goes_on = len(rest) == 2 and rest[0].kind == "prep" and words[rest[0].start] in grammar.of
    return at + 5 if goes_on and rest[1].kind == "noun" and rest[1].quantity is not None else at + 3


def _one(group: list[Item]) -> Item:
    first, last = group[0], group[-1]
    item = replace(last, start=first.start, quantity=None, determiner=None, adjectives=[])
    excepted, whole = group[2].quantity, last.quantity
    if len(group) == 5 and excepted is not None and whole is not None:
        size, few = whole.count.best, excepted.count.best
        if size is not None and few is not None and few < size:
            left, text = size - few, f"{excepted.count.text} {whole.count.text}"
            count = Count(low=left, best=left, high=left, text=text, rule="all_but")
            item.quantity = Quantity(first.start, last.end, count, whole.kind)
    return item
