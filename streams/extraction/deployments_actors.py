"""Who sends a force: "the ministry sent", "Sudan is preparing to send", "Thai soldiers"."""

from collections.abc import Callable
from functools import cache

from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.document import Token
from streams.extraction.lexicon import word_set

_FILE = "deployments"
_DATELINE = 14  # tokens in which a dateline ends
Span = tuple[int, int]
Phrase = Callable[..., Span | None]  # the reader of the noun phrase that begins at a token


class ActorReader:
    """Finds senders in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs = Verbs.load(language).words
        self._adverbs, self._speech = words("grammar", "adverbs"), words("grammar", "speech")
        self._said = self._speech | words("realis", "disputed")
        self._naming = (words("grammar", "destination") | words("grammar", "with")) - words("grammar", "to")
        self._nationality = tuple(words("grammar", "nationality"))
        self._relative, self._by = words("grammar", "relative"), words("grammar", "by")
        self._dashes, self._times = words("grammar", "dashes"), words("not_a_place", "times")
        self._stops = self._times | words("not_a_place", "ends")
        self._boundaries = word_set(language, "forces", "boundaries", "words")
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._possessive = word_set(language, "forces", "boundaries", "possessive")
        self._pronouns, self._adverbial = words("grammar", "pronouns"), words("grammar", "adverbial")
        self._led = self._adverbs | words("realis", "planned_before_to") | words("grammar", "be")
        self._led |= words("grammar", "have") | words("realis", "will") | words("realis", "would")
        self._led = self._led.union(
            *(words("realis", kind) for kind in ("denied", "hypothetical", "ordered", "planned"))
        )
        self._of = word_set(language, "forces", "extra", "of")

    @staticmethod
    @cache
    def load(language: str) -> "ActorReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return ActorReader(language)

    def actor(
        self, tokens: tuple[Token, ...], lowers: list[str], frame: Frame, phrase: Phrase, *, capitals: bool
    ) -> Span | None:
        """Who sends: the subject of an active verb, the agent of a passive, else whose force it is."""
        if frame.shape == "passive":
            for at in range(frame.trigger + 1, min(len(lowers) - 1, frame.trigger + 14)):
                if lowers[at] in self._by:
                    return phrase(tokens, lowers, at + 1, capitals=capitals)
        if frame.shape == "object":
            if not (frame.chain.infinitive or (frame.form == "gerund" and frame.chain.be is None)):
                subject = self.noun_before(lowers, frame.chain.start)
                if subject and lowers[subject[1] - 1] in self._pronouns:  # "the army said it": the army
                    subject = self.noun_before(lowers, self._reported_by(lowers, subject[0]))
                if subject and lowers[subject[1] - 1] not in self._pronouns | self._determiners:
                    return subject
            else:
                subject = self._leading(lowers, frame.chain.start)
                if subject:
                    return subject
            first = None if capitals else self._first_name(tokens, lowers, frame.chain.start)
            if first:
                return first
        if frame.shape == "by":
            return None
        named = [at for at in range(*frame.mention.owner) if self._is_name(tokens[at], first=at == 0)]
        if not named or capitals:
            return None
        end = next(
            (at for at in named if lowers[at + 1 : at + 2] and lowers[at + 1] in self._possessive), named[-1]
        )
        return named[0], end + 1

    def noun_before(self, lowers: list[str], end: int) -> Span | None:
        """The noun phrase that ends before `end`."""
        while end > 0 and lowers[end - 1] in self._adverbs | self._times:
            end -= 1
        start = end
        while start > 0 and end - start < 7:
            word = lowers[start - 1]
            if word in self._pronouns and start == end:
                return start - 1, end
            if (word in self._boundaries and word not in self._of) or word in self._said:
                break
            if not (word[0].isalnum() or word in self._possessive) or word in self._verbs:
                break
            start -= 1
        while start < end and (
            lowers[start] in self._of or lowers[start] in self._times or not lowers[start][0].isalpha()
        ):
            start += 1
        return (start, end) if start < end else None

    def _reported_by(self, lowers: list[str], end: int) -> int:
        """Where the words before a reported clause end: before "said that"."""
        while end > 0 and (
            lowers[end - 1] in self._speech | self._relative | self._stops or lowers[end - 1] in self._naming
        ):
            end -= 1
        return end

    def _leading(self, lowers: list[str], end: int) -> Span | None:
        """Who is to send: the subject of what leads the infinitive ("Sudan is preparing to send")."""
        at = end
        while at > 0 and lowers[at - 1] in self._led:
            at -= 1
        subject = self.noun_before(lowers, at) if at < end else None
        if subject and lowers[subject[1] - 1] in self._pronouns:  # "the army said it plans to send"
            said = self._reported_by(lowers, subject[0])
            told = not self._speech.isdisjoint(lowers[said : subject[0]])
            subject = self.noun_before(lowers, said) if told else None
        known = subject is not None and lowers[subject[1] - 1] not in self._pronouns | self._determiners
        return subject if known else None

    def _is_name(self, token: Token, *, first: bool) -> bool:
        """Whether a token names somebody; at the start of a sentence every word has a capital."""
        if not token.text[0].isupper() or not token.lower.isalpha():
            return False
        return not first or token.text.isupper() or token.lower.endswith(self._nationality)

    def _first_name(self, tokens: tuple[Token, ...], lowers: list[str], end: int) -> Span | None:
        """The first name of the sentence, behind a dateline: who its main clause is about."""
        opening = max((at + 1 for at in range(min(end, _DATELINE)) if lowers[at] in self._dashes), default=0)
        for start in range(opening, min(end, opening + 6)):
            if (
                tokens[start].text[0].isupper()
                and lowers[start] not in self._boundaries | self._times | self._adverbial
            ):
                stop = start
                while stop < end and (
                    tokens[stop].text[0].isupper() or lowers[stop] in self._of | self._possessive
                ):
                    if lowers[stop] in self._times or (
                        lowers[stop] in self._boundaries - self._of and stop > start
                    ):
                        break
                    stop += 1
                if stop < end and lowers[stop - 1] in self._possessive and lowers[stop][0].isalpha():
                    stop += 1  # "Egypt's military"
                adverbial = stop < end and lowers[stop] == "," and stop == start + 1
                if stop > start and lowers[start] not in self._determiners and not adverbial:
                    return start, stop
        return None
