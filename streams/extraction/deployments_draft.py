"""A deployment that was found in a sentence, and the draft that is made of it."""

from dataclasses import dataclass

from schemas import Claim, Force, Party
from schemas.events import Realis
from streams.extraction.deployments_shapes import Frame
from streams.extraction.document import Document, Sentence
from streams.extraction.drafts import DeploymentDraft, Mark
from streams.extraction.units import UnitSizes


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

    def words(self, span: tuple[int, int] | None) -> str | None:
        """The words of a token span as one line."""
        if span is None:
            return None
        tokens = self.sentence.tokens
        text = self.sentence.text[
            tokens[span[0]].start - self.sentence.start : tokens[span[1] - 1].end - self.sentence.start
        ]
        return " ".join(text.split())


def draft(document: Document, candidate: Candidate, language: str) -> DeploymentDraft:
    """The draft of `candidate`, with the words for each of its fields in offsets of the clean text."""
    frame, mention = candidate.frame, candidate.frame.mention
    tokens = candidate.sentence.tokens
    personnel, estimated = UnitSizes.load(language).personnel(mention.unit, mention.count)
    marks = [Mark("force.what", tokens[mention.start].start, tokens[mention.end - 1].end)]
    if mention.quantity:
        first, last = mention.quantity
        marks.append(Mark("force.count", tokens[first].start, tokens[last - 1].end))
    elif mention.count.value is not None:
        marks.append(Mark("force.count", tokens[mention.start].start, tokens[mention.end - 1].end))
    marks.append(Mark("direction", tokens[frame.trigger].start, tokens[frame.trigger].end))
    actors: tuple[Party, ...] = ()
    for field, span in (("place", frame.place), ("origin", frame.origin), ("actors.0", frame.actor)):
        if span:
            marks.append(Mark(field, tokens[span[0]].start, tokens[span[1] - 1].end))
    actor = candidate.words(frame.actor)
    if actor:
        actors = (Party(name=actor, role="sender"),)
    claims: tuple[Claim, ...] = ()
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
