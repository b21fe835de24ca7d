"""Who is sent: ties the forces of a sentence to the verbs and nouns that move them.

No parser: the object of "send" stands behind it, the subject of "arrived" or "were sent" before it, and what
may lie between is little. Forces joined by "and" share their verb.
"""

from dataclasses import replace
from functools import cache

from schemas.events import Direction
from streams.extraction.deployments_clauses import ClauseReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_open import OpenReader
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.deployments_receivers import ReceiverReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_staying import StayReader
from streams.extraction.deployments_subjects import SubjectReader
from streams.extraction.deployments_verbs import Chain, Verbs
from streams.extraction.deployments_ways import WayReader
from streams.extraction.document import Token
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"


class FrameReader:
    """Finds the frames of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs = Verbs.load(language)
        self._places = PlaceReader.load(language)
        self._clauses, self._open = ClauseReader.load(language), OpenReader.load(language)
        self._receivers, self._staying = ReceiverReader.load(language), StayReader.load(language)
        self._adverbs, self._destination = words("grammar", "adverbs"), words("grammar", "destination")
        self._by, self._no_verb_after = words("grammar", "by"), words("grammar", "no_verb_after")
        self._keeping = words("staying", "keeping")
        self._copulas, self._owners = words("stock", "copulas"), words("stock", "owners")
        self._already, self._there_word = words("stock", "already"), words("stock", "there_word")
        self._subjects, self._ways_between = SubjectReader.load(language), WayReader.load(language)
        self._ways = word_list(language, _FILE, "stock", "under_way")
        self._there = tuple(tuple(phrase.split()) for phrase in word_list(language, _FILE, "stock", "there"))
        out, then, self._coming, self._due = (
            frozenset(tuple(phrase.split()) for phrase in word_list(language, _FILE, "beside", key))
            for key in ("out", "out_then", "coming", "due")
        )
        self._at_hand = out | frozenset(
            tuple(phrase.split()) for phrase in word_list(language, _FILE, "beside", "at_hand")
        )
        self._out_now = out | self._coming | self._due
        self._out_then = self._out_now | then
        self._opening = frozenset(phrase[0] for phrase in self._out_then)
        self._then, self._to = words("beside", "then"), words("grammar", "to")
        self._times = words("not_a_place", "times") | self._adverbs
        self._nouns = {"send": words("nouns", "send"), "withdraw": words("nouns", "withdraw")}
        self._patrols, self._linking = words("nouns", "patrol"), words("nouns", "linking")
        self._will, self._be, self._based = (
            words("realis", "will"),
            words("grammar", "be"),
            words("stock", "static"),
        )
        self._accused, self._gerunds = words("realis", "accused"), tuple(words("grammar", "gerunds"))
        self._grown, self._presence = words("presence", "grown"), words("presence", "heads")
        self.words = (
            self._staying.words
            | frozenset(self._verbs.forms)
            | self._nouns["send"]
            | self._nouns["withdraw"]
            | self._patrols
        )
        self.words |= (
            self._copulas
            | self._owners
            | self._presence
            | words("stock", "way_words")
            | words("open", "into")
        )

    @staticmethod
    @cache
    def load(language: str) -> "FrameReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return FrameReader(language)

    def find(
        self, tokens: tuple[Token, ...], lowers: list[str], mentions: list[Mention], *, capitals: bool
    ) -> list[Frame]:
        """The frames of a sentence with these mentions, in the order of their triggers, one a force."""
        found: list[Frame] = []
        late: list[Frame] = []
        accused = not self._accused.isdisjoint(lowers)
        for index, word in enumerate(lowers):
            noun = index > 0 and lowers[index - 1] in self._no_verb_after  # "the orders", "an early call"
            noun = noun and not (accused and word.endswith(self._gerunds))  # "accused it of sending"
            if word in self._nouns["send"] or word in self._nouns["withdraw"] or word in self._patrols:
                found += self._noun(lowers, mentions, index)
            given = word in self._receivers.words and not noun
            told = given and self._receivers.read(tokens, lowers, mentions, index, capitals=capitals)
            if told:
                found += self._ways_between.with_others(lowers, mentions, told)
            elif word in self._verbs.forms and not noun:
                found += self._clauses.read(lowers, mentions, index)
            if word in self._copulas:
                found += self._are_out(lowers, mentions, index)
            if word in self._will:
                coming = self._open.coming(lowers, mentions, index)
                if coming is not None and all(f.mention.head != coming.mention.head for f in found):
                    late += self._ways_between.with_others(lowers, mentions, coming)
            if word in self._open.words:
                frame = self._open.read(lowers, mentions, index)
                if frame is not None:
                    found += self._ways_between.with_others(lowers, mentions, frame)
        found += self._under_way(lowers, mentions)
        moved = {frame.mention.head for frame in found}
        found += [frame for frame in late if frame.mention.head not in moved]
        taken = {frame.mention.head for frame in found}
        found += [f for m in mentions if m.head not in taken for f in self._still(lowers, m)]
        found = self._staying.added(lowers, mentions, found)
        moved = {frame.mention.head for frame in found if frame.direction != "stock"}
        kept: dict[tuple[int, str], Frame] = {}
        for unplaced in found:
            if unplaced.direction == "stock" and unplaced.mention.head in moved:
                continue
            frame = self._places.placed(tokens, lowers, unplaced, capitals=capitals)
            other = kept.setdefault((frame.mention.head, frame.direction), frame)
            main = (
                other.shape in ("reduced", "noun")
                and frame.shape in ("subject", "passive")
                and not frame.relative
            )
            if (main and frame is not other) or (
                other.guessed and frame is not other
            ):  # "the men ordered to Tyre had arrived"
                kept[frame.mention.head, frame.direction] = replace(frame, place=frame.place or other.place)
            elif frame is not other and frame.chain.infinitive and other.shape in ("object", "passive"):
                place = other.place or frame.place  # "sent 1,200 soldiers to relieve the city"
                kept[frame.mention.head, frame.direction] = replace(other, place=place)
            elif frame.place and not other.place and not frame.relative:
                kept[frame.mention.head, frame.direction] = frame
        entered = self._verbs.lemmas_with_object
        found = [
            f for f in kept.values() if f.place or f.leaving or f.shape != "subject" or f.lemma not in entered
        ]
        return [f for f in found if not f.guessed or self._is_named(tokens, f, capitals=capitals)]

    def _is_named(self, tokens: tuple[Token, ...], frame: Frame, *, capitals: bool) -> bool:
        """Whether a frame's destination is or holds a name."""
        return frame.place is not None and (
            capitals or any(tokens[at].text[0].isupper() for at in range(*frame.place))
        )

    def _are_out(self, lowers: list[str], mentions: list[Mention], index: int) -> list[Frame]:
        """ "2,000 soldiers were on the streets", "192 were on the ground by noon"."""
        at = index + 1
        while at < len(lowers) and lowers[at] in self._adverbs:
            at += 1
        if at >= len(lowers) or lowers[at] not in self._opening:
            return []
        phrases = self._out_then if lowers[index] in self._then else self._out_now
        told = next((p for p in phrases if tuple(lowers[at : at + len(p)]) == p), None)
        if told is None or (
            told in self._coming and self._to.intersection(lowers[at + len(told) : at + len(told) + 1])
        ):
            return []
        chain = self._verbs.chain(lowers, index)
        subject = self._subjects.find(lowers, mentions, chain.start)
        if subject is None or (subject[0].count.value is None and not subject[0].extra):
            return []
        lemma = told[0] if told in self._due else "be"
        trigger = at + len(told) - 1 if told in self._coming else index
        frame = Frame(subject[0], "deploy", trigger, "subject", chain, "base", False, lemma)
        return self._ways_between.with_others(lowers, mentions, frame)

    def _will_be(self, after: list[str]) -> bool:
        """ "300 extra officers will be on the streets", "were to be there"."""
        at = 0
        if len(after) > 3 and after[0] in self._will and after[1] in self._be:
            at = 2
        elif len(after) > 3 and after[0] in self._be and after[1] in self._to and after[2] in self._be:
            at = 3
        return at > 0 and after[at] in self._destination | self._there_word

    def _noun(self, lowers: list[str], mentions: list[Mention], index: int) -> list[Frame]:
        """ "The deployment of troops", "patrols by police"."""
        after = lowers[index + 1 : index + 2]
        patrol = lowers[index] in self._patrols
        if not after or after[0] not in self._linking or patrol != (after[0] in self._by):
            return []
        first = next((m for m in mentions if 0 <= m.start - index - 2 <= 1), None)
        if first is None:
            return []
        direction: Direction = "withdraw" if lowers[index] in self._nouns["withdraw"] else "deploy"
        chain = Chain(index, None, have=False, modal=None, infinitive=False, negated=False)
        frame = Frame(first, direction, index, "noun", chain, "base", not patrol, lowers[index])
        return self._ways_between.with_others(lowers, mentions, frame)

    def _under_way(self, lowers: list[str], mentions: list[Mention]) -> list[Frame]:
        """ "The carrier is on its way to Manila"."""
        line = " ".join(lowers)
        found: list[Frame] = []
        for phrase in self._ways:
            if phrase not in line:
                continue
            words = tuple(phrase.split())
            for at in range(len(lowers) - len(words)):
                chain = self._verbs.chain(lowers, at)
                subject = self._subjects.find(lowers, mentions, chain.start)
                named = next((m for m in mentions if m.end == at and m.quantity and m.strong), None)
                opens = at > 0 and (lowers[at - 1] == "," or lowers[at - 1] in self._times)
                bound = opens or bool(chain.be) or named is not None  # "boarded a plane, bound for Haiti"
                if tuple(lowers[at : at + len(words)]) == words and not chain.be and bound:
                    subject = (named, False) if named else self._first_subject(mentions, at)
                if tuple(lowers[at : at + len(words)]) == words and bound and subject:
                    last = at + len(words) - 2
                    frame = Frame(subject[0], "deploy", last, "subject", chain, "gerund", False, phrase)
                    found += self._ways_between.with_others(lowers, mentions, frame)
        return found

    def _first_subject(self, mentions: list[Mention], end: int) -> tuple[Mention, bool] | None:
        """The counted force before an insertion that says where it is bound."""
        return next(((m, False) for m in mentions if m.end < end and m.quantity and m.strong), None)

    def _still(self, lowers: list[str], mention: Mention) -> list[Frame]:
        """Forces that are there: "there are 300 monitors", "has 24 warships in", "a beefed-up presence"."""
        chain = Chain(mention.end, None, have=False, modal=None, infinitive=False, negated=False)
        if lowers[mention.head] in self._presence:
            inside = lowers[max(0, mention.start - 1) : mention.head]
            if mention.what != "other" and any(word in self._grown for word in inside):
                return [Frame(mention, "deploy", mention.head, "presence", chain, "base", False, "presence")]
            return []
        if mention.count.value is None or not (mention.strong or mention.extra or mention.anaphoric):
            return []
        after = lowers[mention.end : mention.end + 6]
        before = lowers[max(0, mention.start - 3) : mention.start]
        goal = next((word for word in after[1:3] if word not in self._adverbs), "")
        is_there = bool(after) and after[0] in self._copulas and goal in self._destination
        owned = bool(before) and before[-1] in self._owners and bool(after) and after[0] in self._destination
        if owned and self._will & set(before[:-1]):
            coming = replace(chain, modal=next(w for w in before if w in self._will))
            if before[-1] in self._keeping:
                return [Frame(mention, "stock", mention.head, "stock", coming, "base", False, "stay")]
            return [Frame(mention, "deploy", mention.head, "object", coming, "base", True, "have")]
        hand = owned and any(tuple(after[: len(phrase)]) == phrase for phrase in self._at_hand)
        if hand and before[-1] not in self._keeping:
            return [Frame(mention, "deploy", mention.head, "subject", chain, "base", False, "be")]
        if self._will_be(after):
            coming = replace(chain, be="be", modal=after[0])
            return [Frame(mention, "deploy", mention.end + 1, "subject", coming, "base", False, "be")]
        after = (
            after[1:] if len(after) > 2 and after[1] in self._based and after[0] in self._already else after
        )
        already = len(after) > 1 and (after[0] in self._already or after[0] in self._based)
        already = already and after[1] in self._destination | self._there_word
        if already and after[1] in self._there_word:  # no place of its own, but known
            return [Frame(mention, "stock", mention.head, "stock", chain, "base", False, after[0])]
        if not mention.strong and not already:
            return []
        if (
            is_there
            or already
            or owned
            or any(tuple(before[-len(phrase) :]) == phrase for phrase in self._there)
        ):
            return [Frame(mention, "stock", mention.head, "stock", chain, "base", False, "be")]
        return []
