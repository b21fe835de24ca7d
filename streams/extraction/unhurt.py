"""Happenings in which nobody is known to be hurt: "the fire injured no one", "no reports of casualties".

A stated zero is a toll, and so is a stated "not known yet". A happening must have been told before them: what
"hurt no one" may be a tax.
"""

from datetime import date

from schemas import Count, Measure
from streams.extraction.document import Document
from streams.extraction.drafting import Drafter, proof_of, realis_of, scope_of
from streams.extraction.drafts import CasualtyDraft, Mark
from streams.extraction.story import Told

_MEASURES: tuple[Measure, ...] = ("killed", "injured", "casualties")
_UNKNOWN = "unstated"
_LEAD = 2  # sentences
_SURE, _UNSURE = 0.6, 0.4


def unhurt(
    document: Document, told: list[Told], published: date | None, drafter: Drafter, *, beside: bool
) -> CasualtyDraft | None:
    """The happening of a text that says that nobody was hurt, or that nobody knows.

    `beside`: the text has other figures as well, those of a war or a year; then its title must tell it.
    """
    stated = [item for item in told if _says_so(item)]
    zeros = [item for item in stated if item.mention.count.high == 0]
    counts: dict[Measure, Count] = {}
    marks: list[Mark] = []
    used: list[Told] = []
    for measure in _MEASURES:
        item = next((one for one in zeros or stated if one.mention.measure == measure), None)
        if item is not None:
            counts[measure] = item.mention.count
            marks.append(Mark(f"tolls.{measure}", *proof_of(document, item.mention)))
            used.append(item)
    sentences = [item.mention.sentence for item in used]
    if not used or drafter.causes.find(document, sentences, None, within=1 if beside else _LEAD) is None:
        return None
    return drafter.draft(
        document,
        used,
        counts=counts,
        attackers={},
        marks=marks,
        realis=realis_of(used, published, main=True),
        scope=scope_of(used),
        claims_of={},
        told=[],
        confidence=_SURE if zeros else _UNSURE,
    )


def _says_so(item: Told) -> bool:
    mention = item.mention
    if mention.measure not in _MEASURES or mention.unreal or item.aside or "denied" in item.cues:
        return False
    if "cumulative" in item.cues or mention.part:
        return False
    return mention.count.high == 0 or mention.count.rule == _UNKNOWN
