"""The same force told twice counts once; a total and its stated parts, or two destinations, are two."""

import re
from dataclasses import replace

from streams.extraction.deployments_draft import Candidate
from streams.extraction.lexicon import word_set

_LIVE = {"actual": 3, "ordered": 2, "planned": 1}


def fold(candidates: list[Candidate], language: str) -> list[Candidate]:
    """`candidates` with repetitions folded into the first telling, the better one leading."""
    generic = word_set(language, "deployments", "generic_places", "words")
    kept: list[Candidate] = []
    for candidate in candidates:
        for index, other in enumerate(kept):
            if _same(other, candidate, generic):
                kept[index] = _merged(other, candidate)
                break
        else:
            kept.append(candidate)
    return kept


def _same(first: Candidate, second: Candidate, generic: frozenset[str]) -> bool:
    one, two = first.frame.mention, second.frame.mention
    if first.frame.direction != second.frame.direction:
        return False
    if (first.realis in _LIVE) != (second.realis in _LIVE) and first.realis != second.realis:
        return False
    if not (one.what == two.what or "other" in (one.what, two.what)):
        return False
    counted = one.count.value is not None, two.count.value is not None
    places = _place(first, generic), _place(second, generic)
    same_place = places[0] == places[1] or None in places
    if all(counted):
        ends = (
            (one.count.low, one.count.best, one.count.high),
            (two.count.low, two.count.best, two.count.high),
        )
        same = ends[0] == ends[1] or one.count.value == two.count.value
        return one.unit == two.unit and same and first.sentence is not second.sentence
    if not any(counted):
        return same_place or (two.definite and not two.extra)
    return same_place or two.definite


def _merged(first: Candidate, second: Candidate) -> Candidate:
    """The telling with a number leads, else the first; the place comes from whichever has one."""
    lead, rest = first, second
    if first.frame.mention.count.value is None and second.frame.mention.count.value is not None:
        lead, rest = second, first
    what = lead.frame.mention.what if lead.frame.mention.what != "other" else rest.frame.mention.what
    frame = replace(lead.frame, mention=replace(lead.frame.mention, what=what))
    realis = max(lead.realis, rest.realis, key=lambda realis: _LIVE.get(realis, 0))
    return replace(
        lead,
        frame=frame,
        realis=realis,
        confidence=max(lead.confidence, rest.confidence),
        also=(*lead.also, rest.sentence, *rest.also),
    )


def _place(candidate: Candidate, generic: frozenset[str]) -> str | None:
    """The noun that names the destination; null for one that may be any ("the area")."""
    words = candidate.words(candidate.frame.place)
    if not words:
        return None
    name = re.split(r"\s+(?:of|in|and)\s+", words.lower())[0].split()[-1]
    return None if name in generic else name
