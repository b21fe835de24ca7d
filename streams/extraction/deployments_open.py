"""Verbs that no list has: any that takes a counted force "into" a named place moves it there."""

from functools import cache

from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame, Shape
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Form, Verbs
from streams.extraction.lexicon import word_set

_FILE = "deployments"


class OpenReader:
    """Reads such verbs of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self._subjects = Verbs.load(language), SubjectReader.load(language)
        self._into, self._to, self._not_to = (
            words("open", "into"),
            words("open", "to"),
            words("open", "not_to"),
        )
        self.words = self._into | self._to
        self._endings, self._irregular = tuple(words("open", "endings")), words("open", "irregular")
        self._not_moving = words("open", "not_moving")

    @staticmethod
    @cache
    def load(language: str) -> "OpenReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return OpenReader(language)

    def read(self, lowers: list[str], mentions: list[Mention], way: int) -> Frame | None:
        """The frame that the "into" at `way` closes: "troops trudged into", "whisked 90 troops into"."""
        taken = next((m for m in mentions if m.end == way), None)
        at = (taken.start if taken is not None else way) - 1
        word = lowers[at] if at > 0 else ""
        known = word in self._verbs.words or word in self._not_moving
        if known or not (word.endswith(self._endings) or word in self._irregular):
            return None
        chain = self._verbs.chain(lowers, at)
        if lowers[way] in self._to and (chain.be is None or taken is not None or word in self._not_to):
            return None
        shape: Shape = "object"
        mention = taken
        if taken is None:
            subject = self._subjects.find(lowers, mentions, chain.start)
            if subject is None or subject[1]:
                return None
            mention, shape = subject[0], "passive" if chain.be else "subject"
        if mention is None or mention.quantity is None or not mention.strong or chain.negated:
            return None
        form: Form = "participle" if chain.be else "past"
        return Frame(mention, "deploy", at, shape, chain, form, sure=False, lemma=word, guessed=True)
