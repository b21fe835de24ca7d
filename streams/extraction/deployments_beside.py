"""Forces told beside another: those that go along, those that make it up, those told behind their verb.

"Sent a frigate, with 90 marines", "the mission will comprise 300 police", "from Taiwan came 130 rescuers".
Only forces that no verb of sending has taken are looked at.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from schemas.events import Direction
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Chain, Verbs
from streams.extraction.deployments_ways import WayReader
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_PHRASE = 3  # tokens of the longest phrase
_STOPS = (":", ";", ".")
_THINGS = 7  # tokens between "with" and "and"
_WHOLE = 14  # tokens before "is made up of" in which the force stands
_TIED = 2  # tokens from a force to the parts that "including" opens
_IDLE = 4  # tokens of "on high alert"
_OPENING = 7  # tokens of "From the port of X" before "came"


class BesideReader:
    """Reads such forces in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def phrases(key: str) -> frozenset[tuple[str, ...]]:
            return frozenset(tuple(p.split()) for p in word_list(language, _FILE, "beside", key))

        def words(key: str) -> frozenset[str]:
            return word_set(language, _FILE, "beside", key)

        self._verbs, self._ways = Verbs.load(language), WayReader.load(language)
        self._along, self._made_up = phrases("along"), phrases("made_up")
        self.words = words("triggers")
        self._not_along, self._wholes = words("not_along"), words("wholes")
        self._listing, self._joins = words("listing"), word_set(language, _FILE, "grammar", "joiners") | {":"}
        self._acting = self._verbs.finite | word_set(language, _FILE, "grammar", "be")
        self._and = word_set(language, _FILE, "grammar", "joiners") - {","}
        self._inverted, self._opening, self._being = words("inverted"), words("opening"), words("being")
        self._before, self._on = words("before"), words("on")
        self._no_place = word_set(language, _FILE, "not_a_place", "words")
        self._withdrawing = word_set(language, _FILE, "nouns", "withdraw")
        self._sending = word_set(language, _FILE, "nouns", "send")
        self._bringing, self._aboard = words("carrying"), words("aboard")
        self._with = word_set(language, _FILE, "grammar", "with")
        self._including = words("including")
        self._involved = phrases("involved")
        self._skipped = word_set(language, "forces", "anaphora", "each")

    @staticmethod
    @cache
    def load(language: str) -> "BesideReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return BesideReader(language)

    def find(
        self,
        lowers: list[str],
        mentions: list[Mention],
        sent: Sequence[Frame],
        before: Frame | None,
        carriers: Sequence[Frame] = (),
    ) -> list[Frame]:
        """Frames for those of `mentions` that none of `sent` has; `before` is the last one told earlier.

        `carriers` are machines on their way that may bring a force.
        """
        taken = {frame.mention.head for frame in sent}
        going = [frame for frame in sent if frame.direction != "stock"]
        found: list[Frame] = []
        for mention in mentions:
            if mention.head in taken or mention.count.value is None or mention.count.best == 0:
                continue
            joined = next(
                (f for f in found if self._ways.joined(lowers[f.mention.end : mention.start])), None
            )
            carrier = next((f for f in carriers if self._carries(lowers, f, mention)), None)
            frame = self._read(lowers, mention, going, before) if not (joined or carrier) else None
            near = joined or carrier
            frame = replace(near, mention=mention, shape="part") if near else frame
            if frame is not None:
                found.append(frame)
        return found

    def _read(
        self, lowers: list[str], mention: Mention, going: Sequence[Frame], before: Frame | None
    ) -> Frame | None:
        at = mention.start
        while at and lowers[at - 1] in self._skipped:
            at -= 1
        if self.is_idle(lowers, mention.end):
            return None
        along = self._ends_with(lowers, at, self._along) or self._goes_on_along(lowers, at)
        near = [
            f
            for f in going
            if f.mention.start < at and ";" not in lowers[min(f.trigger, at) : max(f.trigger, at)]
        ]
        listed = near and at - near[-1].mention.end <= _TIED and lowers[at - 1] in self._including
        if listed and not near[-1].mention.quantity and lowers[near[-1].mention.head] in self._wholes:
            return replace(near[-1], mention=mention, shape="part")  # "a force including two frigates"
        if near and along and not self._meets(lowers, at):
            return replace(near[-1], mention=mention, shape="part", place=near[-1].place)
        known = going[-1] if going else before
        if at and self._is_listed(lowers, at) and mention.quantity:
            chain = self._verbs.chain(lowers, at)
            return Frame(mention, "deploy", at - 1, "part", chain, "base", sure=False, lemma="be")
        made = self._ends_with(lowers, at, self._made_up)
        part = self._part(lowers, mention, at - made, known) if made else None
        if any(tuple(lowers[mention.end : mention.end + len(p)]) == p for p in self._involved) and known:
            behind = mention.end + 1
            part = part or self._frame(mention, behind, self._verbs.chain(lowers, behind + 1), known)
        return part or self._told_behind(lowers, mention, at, known)

    def _goes_on_along(self, lowers: Sequence[str], at: int) -> bool:
        """ "With a field hospital and": what else goes along stands between."""
        if not at or lowers[at - 1] not in self._and:
            return False
        for back in range(at - 2, max(1, at - _THINGS), -1):
            if lowers[back] in self._verbs.finite or not lowers[back][0].isalnum():
                return False
            if (lowers[back],) in self._along:
                return not self._meets(lowers, back)
        return False

    def _carries(self, lowers: Sequence[str], carrier: Frame, mention: Mention) -> bool:
        """ "A plane landed in Gao, carrying 70 soldiers", "with 70 soldiers aboard"."""
        before = lowers[mention.start - 1 : mention.start]
        aboard = lowers[mention.end : mention.end + 1] and lowers[mention.end] in self._aboard
        near = aboard or carrier.mention.end == mention.start - 1  # "a plane with two teams left"
        brings = before and (before[0] in self._bringing or (near and before[0] in self._with))
        return bool(brings) and carrier.mention.start < mention.start

    def is_idle(self, lowers: Sequence[str], end: int) -> bool:
        """ "With another 2,000 on standby": they go nowhere."""
        near = lowers[end : end + _IDLE]
        return bool(near) and near[0] in self._on and any(word in self._no_place for word in near)

    def _is_listed(self, lowers: Sequence[str], at: int) -> bool:
        """ "Offers of help: two planes from Spain and 70 firemen"."""
        colon = next((back for back in range(at - 1, 0, -1) if lowers[back] in _STOPS), 0)
        listed = colon > 0 and lowers[colon] == ":" and not self._listing.isdisjoint(lowers[:colon])
        return listed and lowers[at - 1] in self._joins and not self._acting.intersection(lowers[colon:at])

    def _ends_with(self, lowers: Sequence[str], end: int, phrases: frozenset[tuple[str, ...]]) -> int:
        """How many tokens before `end` are one of `phrases`."""
        for length in range(min(_PHRASE, end), 0, -1):
            if tuple(lowers[end - length : end]) in phrases:
                return length
        return 0

    def _meets(self, lowers: Sequence[str], at: int) -> bool:
        """ "Clashed with": no company."""
        return any(word in self._not_along for word in lowers[max(0, at - 3) : at])

    def _part(self, lowers: list[str], mention: Mention, end: int, known: Frame | None) -> Frame | None:
        """What makes up the force or the mission named before "is made up of"."""
        chain = self._verbs.chain(lowers, end)
        wholes = [w for w in lowers[max(0, end - _WHOLE) : chain.start + 1] if w in self._wholes]
        if not wholes:
            return None
        leaving = wholes[-1] in self._withdrawing
        if leaving or (known is None and wholes[-1] in self._sending):  # "the withdrawal involved 60 men"
            direction: Direction = "withdraw" if leaving else "deploy"
            return Frame(mention, direction, end, "part", chain, "base", sure=False, lemma=lowers[end])
        return self._frame(mention, end, chain, known)

    def _frame(self, mention: Mention, trigger: int, chain: Chain, known: Frame | None) -> Frame | None:
        coming = chain.modal is not None or chain.infinitive
        if known is None and not coming:
            return None
        if known is not None and known.direction != "deploy":
            return None
        if known is not None and not coming:
            return replace(known, mention=mention, shape="part", trigger=trigger, chain=chain)
        return Frame(mention, "deploy", trigger, "part", chain, "base", sure=False, lemma="be")

    def _told_behind(self, lowers: list[str], mention: Mention, at: int, known: Frame | None) -> Frame | None:
        """ "From Taiwan came 130 rescuers", "among them are nine nurses", "joining them will be 300 men"."""
        if at < 2 or at > _OPENING + 2:
            return None
        verb = at - 1
        chain = self._verbs.chain(lowers, verb)
        opens = lowers[0] in self._opening or (lowers[0] in self._before and lowers[1] in self._opening)
        if not opens or any(not word[0].isalnum() for word in lowers[:verb]):
            return None
        if lowers[verb] in self._inverted and (mention.strong or known is not None):
            return Frame(mention, "deploy", verb, "part", chain, "past", sure=False, lemma=lowers[verb])
        if lowers[verb] in self._being:
            return self._frame(mention, verb, self._verbs.chain(lowers, at), known)
        return None
