"""Verbs that no list has: any that takes a counted force "into" a named place moves it there."""

from functools import cache

from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame, Shape
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Form, Verbs
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_OBJECT = 6  # tokens from a verb to what it sends
_FAR = 9  # tokens from a force to "from", and from there to "to"


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
        self._from = words("grammar", "origin") | words("grammar", "out")
        self._stops = words("grammar", "relative") | words("grammar", "clause") | words("grammar", "breaks")
        self._adverbs, self._be = (
            words("grammar", "adverbs") - words("grammar", "not"),
            words("grammar", "be"),
        )
        self._adverbs = frozenset(
            word for word in self._adverbs if not word.endswith(tuple(words("grammar", "not_suffix")))
        )
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._not_coming = words("open", "not_coming")
        self._in_action = frozenset(tuple(p.split()) for p in word_list(language, _FILE, "open", "in_action"))

    @staticmethod
    @cache
    def load(language: str) -> "OpenReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return OpenReader(language)

    def read(self, lowers: list[str], mentions: list[Mention], way: int) -> Frame | None:
        """The frame that the "into" at `way` closes: "troops trudged into", "whisked 90 troops into"."""
        far = self._from_there(lowers, mentions, way)
        if far is not None:
            return far
        taken = next((m for m in mentions if m.end == way), None)
        at = (taken.start if taken is not None else way) - 1
        word = lowers[at] if at > 0 else ""
        acts = word in self._verbs.words and not (taken and word in self._irregular)
        known = acts or word in self._not_moving
        if known or not (word.endswith(self._endings) or word in self._irregular):
            return None
        chain = self._verbs.chain(lowers, at)
        if lowers[way] in self._to and (word in self._not_to or not (taken or chain.be)):
            return None
        if lowers[way] in self._to and taken and self._is_taken(lowers, mentions, taken, chain):
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

    def _is_taken(self, lowers: list[str], mentions: list[Mention], taken: Mention, chain: Chain) -> bool:
        """Whether fighters take them, or somebody who is not told: no sending."""
        fighters = any(m.what == "militia" and m.end <= taken.start for m in mentions)
        return fighters or taken.what == "militia" or chain.be is not None

    def _from_there(self, lowers: list[str], mentions: list[Mention], way: int) -> Frame | None:
        """ "Forty firemen took a bus from Leeds to Hull": from one place to another."""
        start = max((at for at in range(max(0, way - _FAR), way - 1) if lowers[at] in self._from), default=0)
        if not start or any(not word[0].isalnum() for word in lowers[start + 1 : way]):
            return None
        mention = next((m for m in reversed(mentions) if m.end < start), None)
        if mention is None or mention.quantity is None or not mention.strong:
            return None
        between = lowers[mention.end : start]
        verbs = [
            at for at, word in enumerate(between) if word.endswith(self._endings) or word in self._irregular
        ]
        stops = any(
            word in self._stops or word in self._not_moving or not word[0].isalnum() for word in between
        )
        plain = (at for at in range(len(between)) if not at or between[at - 1] not in self._determiners)
        others = any(between[at] in self._verbs.words for at in plain if at not in verbs)
        if len(between) > _FAR or len(verbs) != 1 or stops or others:
            return None
        at = mention.end + verbs[0]
        chain = self._verbs.chain(lowers, at)
        subject = self._subjects.find(lowers, mentions, chain.start)
        if subject is None or subject[1] or chain.be or chain.negated:
            return None
        return Frame(
            subject[0], "deploy", at, "subject", chain, "past", sure=False, lemma=lowers[at], guessed=True
        )

    def coming(self, lowers: list[str], mentions: list[Mention], index: int) -> Frame | None:
        """ "Some 900 policemen will be in action", "200 soldiers would help": it brings them."""
        at = index + 1
        while at < len(lowers) and lowers[at] in self._adverbs:
            at += 1
        if at + 1 >= len(lowers) or not lowers[at][0].isalpha() or lowers[at] in self._not_coming:
            return None
        acts = (
            tuple(lowers[at + 1 : at + 3]) in self._in_action
            or tuple(lowers[at + 1 : at + 2]) in self._in_action
        )
        if lowers[at] in self._be and not acts:
            return None
        sends = any(verb.frame == "send" for verb, _ in self._verbs.forms.get(lowers[at], ()))
        if sends and any(at < mention.start <= at + _OBJECT for mention in mentions):
            return None  # "has 400 soldiers there and will send 200 more"
        subject = self._subjects.find(lowers, mentions, index)
        if subject is None or subject[1] or not subject[0].count.value:
            return None
        if not any(mention.strong for mention in mentions if mention.end <= index):
            return None
        if subject[0].count.rule == "one_unit" or subject[0].what == "militia":
            return None
        chain = Chain(index, None, have=False, modal=lowers[index], infinitive=False, negated=False)
        return Frame(subject[0], "deploy", at, "subject", chain, "base", sure=False, lemma=lowers[at])
