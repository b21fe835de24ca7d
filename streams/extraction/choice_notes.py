"""What spoke for and against each toll that was weighed, for whoever asks why one was chosen."""

from collections.abc import Iterator, Mapping, Sequence

from streams.extraction.document import Document
from streams.extraction.drafting import span_of
from streams.extraction.drafts import Note
from streams.extraction.features import Choice

_HEARD = 0.05  # weaker reasons are left out


def weighed(
    document: Document, measure: str, choices: Sequence[Choice], chosen: Choice, weights: Mapping[str, float]
) -> Iterator[Note]:
    """A note on every choice with what spoke for (+) and against it (-), strongest first."""
    for choice in sorted(choices, key=lambda one: -one.score):
        spoken = sorted(
            ((weights.get(name, 0.0) * value, name) for name, value in choice.features.items()),
            key=lambda pair: -abs(pair[0]),
        )
        reasons = tuple(
            f"{'+' if weight > 0 else '-'} {name} {abs(weight):.2f}"
            for weight, name in spoken
            if abs(weight) >= _HEARD
        )
        start, end = span_of(document, choice.parts[0].mention) if choice.parts else (0, 0)
        decision = "chosen" if choice is chosen else f"score {choice.score:.2f}"
        yield Note(start, end, f"{measure} {choice.value} ({choice.kind})", reasons, decision)
