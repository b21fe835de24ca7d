"""A deployment that was found in a sentence, and the draft that is made of it."""

from dataclasses import dataclass

from schemas import Claim, Force, Party
from schemas.events import Realis
from streams.extraction.deployments_claimants import ClaimantReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.document import Document, Sentence
from streams.extraction.drafts import DeploymentDraft, Mark
from streams.extraction.units import UnitSizes

_NAMED_NEAR = 5  # tokens behind a destination that may still name it ("the air base at Incirlik")
_LONGEST_PROOF = 120


@dataclass(frozen=True, slots=True)
class Place:
    """The words of a destination, as offsets of the clean text, and the names in and right behind them."""

    start: int
    end: int
    head: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A frame in its sentence with what was decided about it."""

    sentence: Sentence
    frame: Frame
    realis: Realis
    why: str
    confidence: float = 0.5
    reasons: tuple[str, ...] = ()
    also: tuple[Sentence, ...] = ()
    place: Place | None = None

    def words(self, span: tuple[int, int] | None) -> str | None:
        """The words of a token span as one line."""
        if span is None:
            return None
        tokens = self.sentence.tokens
        text = self.sentence.text[
            tokens[span[0]].start - self.sentence.start : tokens[span[1] - 1].end - self.sentence.start
        ]
        return " ".join(text.split())


def place_of(sentence: Sentence, frame: Frame, generic: frozenset[str]) -> Place | None:
    """The destination of `frame`; `generic` are words that name no place by themselves ("the area")."""
    if frame.place is None:
        return None
    start, end = frame.place
    tokens = sentence.tokens
    near = end
    while near < len(tokens) and near < end + _NAMED_NEAR and tokens[near].text[0].isalnum():
        near += 1
    words = [token for token in tokens[start:near] if token.text[0].isupper() and token.text[0].isalpha()]
    names = frozenset(token.lower for token in words) - generic
    inner = [token.lower for token in tokens[start:end]]
    stop = next((at for at, word in enumerate(inner) if at and word == "of"), len(inner))
    head = inner[stop - 1]
    return Place(tokens[start].start, tokens[end - 1].end, "" if head in generic else head, names)


def _proof(candidate: Candidate) -> tuple[int, int]:
    """Where the words that prove a figure stand: how many of what, with the sending if it is near."""
    frame, tokens = candidate.frame, candidate.sentence.tokens
    mention = frame.mention
    counted = mention.quantity or (mention.start, mention.end)
    first, last = min(mention.start, counted[0]), max(mention.end, counted[1])
    low, high = min(first, frame.trigger), max(last, frame.trigger + 1)
    if tokens[high - 1].end - tokens[low].start <= _LONGEST_PROOF:
        first, last = low, high
    return tokens[first].start, tokens[last - 1].end


def draft(document: Document, candidate: Candidate, language: str) -> DeploymentDraft:
    """The draft of `candidate`, with the words for each of its fields in offsets of the clean text."""
    frame, mention = candidate.frame, candidate.frame.mention
    tokens = candidate.sentence.tokens
    personnel, estimated = UnitSizes.load(language).personnel(mention.unit, mention.count)
    if mention.strength is not None:
        personnel, estimated = mention.strength, False
    marks = [Mark("force.what", tokens[mention.start].start, tokens[mention.end - 1].end)]
    if mention.quantity or mention.count.value is not None:
        marks.append(Mark("force.count", *_proof(candidate)))
    marks.append(Mark("direction", tokens[frame.trigger].start, tokens[frame.trigger].end))
    actors: tuple[Party, ...] = ()
    if candidate.place:
        marks.append(Mark("place", candidate.place.start, candidate.place.end))
    for field, span in (("origin", frame.origin), ("actors.0", frame.actor)):
        if span:
            marks.append(Mark(field, tokens[span[0]].start, tokens[span[1] - 1].end))
    actor = candidate.words(frame.actor)
    if actor:
        actors = (Party(name=actor, role="sender"),)
    claims: tuple[Claim, ...] = ()
    claimant = ClaimantReader.load(language).claimant(tokens, [token.lower for token in tokens])
    if claimant and mention.count.value is not None:
        marks.append(Mark("claims.0", tokens[claimant[0]].start, tokens[claimant[1] - 1].end))
        measure = "personnel" if mention.unit == "person" else "units"
        claims = (
            Claim(measure=measure, count=mention.count, claimant=candidate.words(claimant), leading=True),
        )
    return DeploymentDraft(
        force=Force(
            what=mention.what,
            unit=mention.unit,
            count=mention.count,
            personnel=personnel,
            estimated=estimated,
        ),
        direction=frame.direction,
        realis=candidate.realis,
        actors=actors,
        claims=claims,
        marks=tuple(marks),
        sentences=(candidate.sentence.index, *(other.index for other in candidate.also)),
        confidence=candidate.confidence,
    )
