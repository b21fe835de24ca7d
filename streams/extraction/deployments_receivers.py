"""Forces given to whoever is named before them: "sent Latvia 150 soldiers", "Lyon got 200 gendarmes"."""

from collections.abc import Sequence
from functools import cache

from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame, Shape
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.document import Token
from streams.extraction.lexicon import word_set

_FILE = "deployments"
_NAME = 5  # tokens of a receiver's name
Span = tuple[int, int]


class ReceiverReader:
    """Reads verbs of giving in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self.words = Verbs.load(language), words("receivers", "verbs")
        self._of = word_set(language, "forces", "extra", "of")
        self._possessive = word_set(language, "forces", "boundaries", "possessive")
        self._breaks = word_set(language, "forces", "boundaries", "words") - self._of
        self._breaks |= words("grammar", "adverbs") | words("not_a_place", "times")
        self._breaks |= words("grammar", "particles") | words("grammar", "prepositions")
        self._heads = frozenset(KindReader.load(language).heads)
        self._determiners = word_set(language, "forces", "extra", "determiners")

    @staticmethod
    @cache
    def load(language: str) -> "ReceiverReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ReceiverReader(language)

    def read(
        self,
        tokens: Sequence[Token],
        lowers: list[str],
        mentions: list[Mention],
        index: int,
        *,
        capitals: bool,
    ) -> Frame | None:
        """The frame of the verb at `index`, where what it gives is a counted force behind its receiver."""
        first = next((m for m in mentions if m.start > index and m.quantity), None)
        if first is None:
            return None
        chain = self._verbs.chain(lowers, index)
        readings = self._verbs.forms[lowers[index]]
        passive = chain.be is not None and any(form == "participle" for _, form in readings)
        start, end = self._before(lowers, chain.start) if passive else (index + 1, first.start)
        behind = lowers[index + 1 : first.start] == [] if passive else lowers[end - 1] not in self._possessive
        named = capitals or any(token.text[0].isupper() for token in tokens[start:end])
        known = not passive and any(word in self._heads or word in self._breaks for word in lowers[start:end])
        if not behind or known or not named or not 0 < end - start <= _NAME:
            return None
        if not all(word[0].isalnum() and word not in self._verbs.words for word in lowers[start:end]):
            return None
        verb, form = next((r for r in readings if (r[1] == "participle") == passive), readings[0])
        shape: Shape = "passive" if passive else "object"
        return Frame(
            first, "deploy", index, shape, chain, form, sure=False, lemma=verb.lemma, place=(start, end)
        )

    def _before(self, lowers: list[str], end: int) -> Span:
        """The noun phrase that ends at `end`."""
        start = end
        while start > 0 and end - start < _NAME and lowers[start - 1][0].isalnum():
            if lowers[start - 1] in self._breaks:
                break
            start -= 1
            if lowers[start] in self._determiners:
                break
        return start, end
