"""The small words and nouns of a language: as much grammar as counting people needs.

>>> from streams.extraction.chunks import chunk
>>> from streams.extraction.document import read_document
>>> sentence = read_document(None, "Two policemen died in the blast.").sentences[0]
>>> [(item.kind, item.text(sentence)) for item in chunk(Grammar.load("en"), sentence)][:2]
[('noun', 'Two policemen'), ('trigger', 'died')]
"""

from functools import cache

from streams.extraction.harm import load_harm
from streams.extraction.items import Kind
from streams.extraction.lexicon import load_table, word_list, word_set
from streams.extraction.people import load_nobody, load_people


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
        self.theirs = words("theirs")
        self.every = words("every")
        self.bodies, self.alongside = words("bodies"), words("alongside")
        self.aged, self.then = words("aged"), words("then")
        self.pronouns = words("pronouns")
        self.person_pronouns = words("persons_pronouns")
        self.singular_pronouns = words("singular_pronouns")
        self.reflexives = words("reflexives")
        self.object_pronouns = self.reflexives | words("object_pronouns")
        self.passive = words("passive")
        self.negators = words("negators")
        self.modals = words("modals")
        self.more = words("more")
        self.than = word_list(language, "grammar", "than")[0]
        self.others = words("others")
        self.day_parts = words("day_parts")
        self.who, self.past_ending = words("who"), word_list(language, "grammar", "past_ending")
        self.all, self.excepting = list(word_list(language, "grammar", "all")), words("excepting")
        self.dashes, self.numbers_of = words("dashes"), words("numbers_of")
        self.only = [[word] for word in word_list(language, "grammar", "only")]
        self.reaching = words("reaching")
        self.adverbial = words("adverbial") | words("infinitive")
        self.plus = [[word] for word in word_list(language, "grammar", "plus")]
        self.among, self.gravely = words("among"), words("gravely")
        self.deeds, self.doings = words("deeds"), words("doings")
        self.joining = [phrase.split() for phrase in word_list(language, "grammar", "joining")]
        self.ellipsis = [phrase.split() for phrase in word_list(language, "grammar", "ellipsis")]
        self.them = words("them")
        self.groups = words("groups")
        self.pairs: dict[str, int] = dict(load_table(language, "grammar")["pairs"])
        self.of = words("of")
        self.and_words = words("and")
        self.days = words("days") | words("months")
        self.name_particles = words("name_particles")
        self.participles = words("participles")
        self.genitive = words("genitive")
        self.genitive_after = tuple(words("genitive_after"))
        self.years_old = words("years_old")
        self._ordinals: dict[str, int] = dict(load_table(language, "grammar")["ordinals"])
        self._ordinal_endings = word_list(language, "forms", "ordinals")
        self.said_to_be = [phrase.split() for phrase in word_list(language, "grammar", "said_to_be")]
        self._adverb_endings = tuple(words("adverb_endings"))
        self._no_adverbs = words("no_adverbs")
        self._kinds: dict[str, Kind | None] = {}
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

    def kind(self, lower: str) -> Kind | None:
        """What a small word is; None for a word that can stand in a noun phrase."""
        kind = self._kinds.get(lower)
        if kind is None and lower.endswith(self._adverb_endings):
            known = lower in self._no_adverbs or lower in self.people or lower in self.nobody
            kind = self._kinds[lower] = None if known else "link"
        return kind

    def ordinal(self, word: str) -> int | None:
        """The place that an ordinal names: 3 for "third" and "3rd"; null for other words."""
        if word[:1].isdigit() and word.endswith(self._ordinal_endings):
            digits = word[:-2]
            return int(digits) if digits.isdecimal() else None
        return self._ordinals.get(word)
