"""Who says what a force does: "Mayor Diallo said", "said the mayor", "according to the army"."""

from functools import cache

from streams.extraction.deployments_actors import ActorReader, Span
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.document import Token
from streams.extraction.lexicon import word_set

_FILE = "deployments"


class ClaimantReader:
    """Finds claimants of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._places, self._actors = PlaceReader.load(language), ActorReader.load(language)
        self._to = words("grammar", "to")
        self._speech, self._pronouns = words("grammar", "speech"), words("grammar", "pronouns")
        self._claimants, self._according = words("grammar", "claimants"), words("grammar", "according")
        self._determiners = word_set(language, "forces", "extra", "determiners")

    @staticmethod
    @cache
    def load(language: str) -> "ClaimantReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ClaimantReader(language)

    def claimant(self, tokens: tuple[Token, ...], lowers: list[str]) -> Span | None:
        """Who says it: "Mayor Diallo said", "said the mayor", "according to the army"."""
        for at, word in enumerate(lowers):
            if word in self._speech:
                before = self._actors.noun_before(lowers, at)
                if before and lowers[before[1] - 1] not in self._pronouns:
                    named = any(tokens[i].text[0].isupper() for i in range(*before))
                    known = not self._determiners.isdisjoint(lowers[max(0, before[0] - 1) : before[0] + 1])
                    if named or known or lowers[before[1] - 1] in self._claimants:
                        return before
                if before is None:
                    after = self._places.phrase(tokens, lowers, at + 1, capitals=False)
                    if after:
                        return after
            if word in self._according and lowers[at + 1 : at + 2] and lowers[at + 1] in self._to:
                return self._places.phrase(tokens, lowers, at + 2, capitals=False)
        return None
