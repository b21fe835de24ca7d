"""Who is sent: the deployments, withdrawals and standing forces of a text.

>>> from streams.extraction.document import read_document
>>> document = read_document(None, "The ministry sent 500 troops to Tyre on Monday.")
>>> [draft] = Finder.load("en").find(document)
>>> draft.force.what, draft.force.count.best, draft.direction, draft.realis
('troops', 500, 'deploy', 'actual')
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from streams.extraction.deployments_beside import BesideReader
from streams.extraction.deployments_draft import Candidate, draft, place_of
from streams.extraction.deployments_fold import fold
from streams.extraction.deployments_forces import ForceReader
from streams.extraction.deployments_frames import FrameReader
from streams.extraction.deployments_growth import GrowthReader
from streams.extraction.deployments_judge import Judge
from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_likely import LikelyReader
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_phrases import Line
from streams.extraction.deployments_places import PlaceReader
from streams.extraction.deployments_realis import RealisReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_totals import TotalReader
from streams.extraction.document import Document, Sentence
from streams.extraction.drafts import DeploymentDraft, Note
from streams.extraction.lexicon import word_list, word_set
from streams.extraction.quantities import Quantity, find_quantities

_BLANKED = {ord(mark): " " for mark in "!\"#$%&'()*+,./:;<=>?@[\\]^_`{|}~–—…"}
_CARRIERS = ("aircraft", "ship", "vehicle")  # a single one is no deployment, but whom it brings
_LIVE = ("actual", "ordered", "planned")
_YEAR = re.compile(r"\b(?:1[789]|20)\d\d\b")
_DATELINE = 250  # characters in which a date line stands
_DATE = re.compile(r"\b(?:\d{1,2}\s+\w{3,9}\.?,?\s+|\w{3,9}\.?\s+\d{1,2},\s+)((?:19|20)?\d\d)\b")


@dataclass(slots=True)
class _Text:
    """What is known of a text while its sentences are read, one after the other.

    `words` are those of all of it, `years` count as now; `seen` are the counted forces that were named,
    `refused` sentence and head token of those that surely are no deployment.
    """

    words: frozenset[str]
    years: frozenset[str]
    notes: list[Note] | None
    candidates: list[Candidate] = field(default_factory=list)
    seen: list[Mention] = field(default_factory=list)
    refused: set[tuple[int, int]] = field(default_factory=set)


class Finder:
    """Finds deployments in documents of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._forces = ForceReader.load(language)
        self._frames = FrameReader.load(language)
        self._realis = RealisReader.load(language)
        self._totals = TotalReader.load(language)
        self._judge = Judge.load(language)
        self._beside, self._growth = BesideReader.load(language), GrowthReader.load(language)
        self._likely = LikelyReader.load(language)
        self._places = PlaceReader.load(language)
        self._triggers = self._frames.words | self._growth.words | self._beside.words
        self._sending = word_set(language, "forces", "anaphora", "sending")
        self._generic = word_set(language, "deployments", "generic_places", "words")
        self._kinds = KindReader.load(language)
        self._sent_words = word_set(language, "deployments", "stock", "verbs")
        self._sent_words -= word_set(language, "deployments", "stock", "static")
        self._nationality = word_list(language, "deployments", "grammar", "nationality")
        self._reduced = word_set(language, "deployments", "grammar", "reduced")

    @staticmethod
    @cache
    def load(language: str) -> "Finder":
        """The finder for `language`, with its data. Raises LexiconError."""
        return Finder(language)

    def find(
        self, document: Document, notes: list[Note] | None = None, year: int | None = None
    ) -> list[DeploymentDraft]:
        """The deployments of `document`, in the order of the text; what was weighed is added to `notes`.

        `year` is that of publication where it is known: an earlier one in the text makes history.
        """
        words = _words(document.lower)
        if not (words & self._triggers and self._kinds.may_name(words)):
            return []
        text = _Text(words, frozenset(self._years(document, year)), notes)
        heads = words & self._forces.words
        for sentence in document.sentences:
            lower = sentence.lower
            if not (text.candidates or sentence.in_title or any(head in lower for head in heads)):
                continue  # much cheaper than its words
            near = _words(lower)
            named = bool(near & self._forces.words) and self._kinds.may_name(near)
            headline = sentence.in_title and near & self._sending  # "to send 600 to"
            if (named or text.candidates or headline) and near & self._triggers:
                text.candidates += self._read(sentence, text)
        text.candidates += self._likely.find(document, text.candidates, text.refused, text.years, notes)
        folded = fold(text.candidates, self._nationality)
        return [draft(document, candidate, self.language) for candidate in folded]

    def _read(self, sentence: Sentence, text: _Text) -> list[Candidate]:
        line = Line.of(sentence, find_quantities(sentence, self.language))
        tokens, lowers, before = line.tokens, line.lowers, text.candidates
        counted = (c.frame.mention for c in reversed(before) if c.frame.mention.quantity)
        spoken = text.seen or [c.frame.mention for c in before]
        mentions = self._forces.find(line, next(counted, spoken[-1] if spoken else None))
        if not mentions:
            return []
        # Who is counted may be spoken of again, though nobody has sent them yet.
        text.seen += [m for m in mentions if m.quantity and m.strong and not m.anaphoric]
        found: list[Candidate] = []
        grown = self._growth.find(line, mentions)
        read = self._frames.find(tokens, lowers, mentions, capitals=sentence.capitals)
        verbs, told = {f.trigger for f in grown}, {f.mention.quantity for f in grown} | {None}
        heads = {f.mention.head for f in grown}
        heads &= {m.head for m in mentions if m.quantity in told}
        frames = [f for f in read if f.trigger not in verbs and f.mention.head not in heads]
        frames += [self._placed_near(line, frame) for frame in grown]
        self._weigh_all(line, frames, sentence, text, found)
        earlier = next((c for c in reversed(before) if c.realis in _LIVE), None)
        last = replace(earlier.frame, place=None, origin=None, actor=None) if earlier else None
        sent = {c.frame.mention.head for c in found}
        carriers = [f for f in frames if f.mention.unit in _CARRIERS and f.mention.head not in sent]
        beside = self._beside.find(lowers, mentions, [c.frame for c in found], last, carriers)
        beside = [frame if frame.place else self._placed(line, frame) for frame in beside]
        alone = not found
        self._weigh_all(line, beside, sentence, text, found)
        if alone and earlier is not None:  # they go as those do whose parts they are
            found = [replace(c, realis=earlier.realis) if c.realis == "actual" else c for c in found]
        return found

    def _placed(self, line: Line, frame: Frame) -> Frame:
        return self._places.placed(line.tokens, line.lowers, frame, capitals=line.capitals)

    def _placed_near(self, line: Line, frame: Frame) -> Frame:
        """`frame` with its place, maybe before its verb or number: "the force in Mali was cut to 90"."""
        placed = self._placed(line, frame)
        last = max(frame.mention.end, frame.trigger)
        for start in (frame.mention.end, frame.trigger + 1, 1):
            if placed.place is None and start < last:
                mention = replace(frame.mention, end=start)
                near = self._placed(line, replace(frame, trigger=start - 1, mention=mention))
                if near.place is not None and near.place[1] <= last:
                    return replace(placed, place=near.place, origin=near.origin)
        return placed

    def _weigh_all(
        self,
        line: Line,
        frames: list[Frame],
        sentence: Sentence,
        text: _Text,
        found: list[Candidate],
    ) -> None:
        """Adds to `found` those of `frames` that stand."""
        tokens, lowers, before = line.tokens, line.lowers, text.candidates
        for placed in frames:
            frame = _leaving_for_there(_with_place_of_alike(placed, found), found or before)
            if frame.leaving and frame.direction == "withdraw" and frame.idle:
                continue  # "left on Friday"
            if sentence.in_title and frame.shape == "stock" and lowers[frame.trigger] in self._sent_words:
                frame = replace(frame, direction="deploy", shape="passive")  # a title tells what is new
            realis, why = self._realis.decide(lowers, frame, text.years)
            place = place_of(sentence, frame, self._generic)
            candidate = Candidate(sentence, frame, realis, why, place=place)
            verdict = self._judge.weigh(candidate, lowers, text.words, found or before)
            if text.notes is not None:
                first, last = tokens[frame.mention.start], tokens[frame.mention.end - 1]
                decision = f"{frame.direction}, {realis}" if verdict.candidate else "no deployment"
                text.notes.append(Note(first.start, last.end, "force", verdict.reasons, decision))
            if verdict.firm:
                text.refused.add((sentence.index, frame.mention.head))
            if verdict.candidate and not _is_told(verdict.candidate, found):
                whole = verdict.candidate.frame.mention.whole
                after = lowers[frame.mention.end : frame.mention.end + 1]
                sent = whole is not None and not self._reduced.isdisjoint(after)
                found.append(_as_whole(verdict.candidate, whole) if whole and sent else verdict.candidate)
                other = self._forces.others(line, frame.mention)
                if other and other.head not in {c.frame.mention.head for c in found}:
                    second = self._judge.second(verdict.candidate, other, tokens, lowers)
                    found.append(replace(second, place=place_of(sentence, second.frame, self._generic)))
                total = self._totals.find(line, replace(verdict.candidate, frame=frame))
                if total and not _is_told(total, found):
                    found.append(replace(total, confidence=verdict.candidate.confidence))

    def _years(self, document: Document, year: int | None) -> list[str]:
        if year is not None:
            return [str(year), str(year + 1)]
        match = _DATE.search(document.clean[:_DATELINE])
        if not match:
            return []
        found = match.group(1)
        return [found if len(found) == 4 else f"19{found}" if int(found) > 50 else f"20{found}"]


def _as_whole(part: Candidate, whole: Quantity) -> Candidate:
    """All who were sent, where `part` tells how far some are: "the first 800 of 1,500 soldiers sent to"."""
    span = (whole.start_token, whole.end_token)
    mention = replace(part.frame.mention, count=whole.count, quantity=span, whole=None)
    return replace(part, frame=replace(part.frame, mention=mention))


def _words(lower: str) -> frozenset[str]:
    """The words of a text in lower case, without a tokenizer."""
    return frozenset(lower.translate(_BLANKED).split())


def _is_told(candidate: Candidate, found: list[Candidate]) -> bool:
    """Whether its sentence has already said how many are there: "raising its share to 1,900"."""
    count = candidate.frame.mention.count.value
    return candidate.frame.direction == "stock" and any(
        other.frame.direction == "stock" and other.frame.mention.count.value == count for other in found
    )


def _leaving_for_there(frame: Frame, before: list[Candidate]) -> Frame:
    """Whoever only leaves, where others were sent, goes there too: "40 more left on Monday"."""
    live = {c.frame.direction for c in before if c.realis in _LIVE}
    leaves = frame.direction == "withdraw" and frame.leaving
    return replace(frame, direction="deploy", place=None) if leaves and live == {"deploy"} else frame


def _with_place_of_alike(frame: Frame, before: list[Candidate]) -> Frame:
    """`frame` with the place of one told alike: "Cuba sent 24 planes to Managua; Mexico sent two"."""
    if frame.place is not None:
        return frame
    alike = (c.frame for c in before if c.frame.lemma == frame.lemma and c.frame.shape == frame.shape)
    return replace(frame, place=next((other.place for other in alike), None))
