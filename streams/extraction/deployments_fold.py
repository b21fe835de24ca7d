"""The same force told twice counts once; a total and its stated parts, or two destinations, are two."""

from dataclasses import replace

from schemas import Count
from schemas.events import ForceKind
from streams.extraction.deployments_draft import Candidate, Place

_ALIKE: tuple[set[ForceKind], ...] = (
    {"troops", "peacekeepers"},
    {"police", "peacekeepers"},
    {"troops", "guards"},
    {"troops", "militia"},
)
_TENFOLD = 10
_ROUND, _ROUNDING = 20, 0.05  # from how many on a number may be rounded, and by how much
_LIVE = {"actual": 3, "ordered": 2, "planned": 1}


def fold(candidates: list[Candidate], nationality: tuple[str, ...]) -> list[Candidate]:
    """`candidates` with repetitions folded into the first telling, the better one leading.

    `nationality`: how the words end that say of what country a force is.
    """
    kept: list[Candidate] = []
    for candidate in candidates:
        for index, other in enumerate(kept):
            if _same(other, candidate, nationality):
                kept[index] = _merged(other, candidate)
                break
        else:
            kept.append(candidate)
    return kept


def _same(first: Candidate, second: Candidate, nationality: tuple[str, ...]) -> bool:
    one, two = first.frame.mention, second.frame.mention
    if first.frame.direction != second.frame.direction:
        return False
    if not (one.what == two.what or "other" in (one.what, two.what) or _may_be_one(first, second)):
        return False
    counted = one.count.value is not None, two.count.value is not None
    if second.realis == "hypothetical" and two.definite and not counted[1] and first.realis in _LIVE:
        return True  # "asked for the withdrawal of the troops", told beside the withdrawal
    if (first.realis in _LIVE) != (second.realis in _LIVE) and first.realis != second.realis:
        return False
    same_place = _near(first.place, second.place, capitals=first.sentence.capitals)
    if all(counted) and not (
        first.sentence.in_title and one.count.rule == "one_unit" and two.unit == "person"
    ):
        ends = (
            (one.count.low, one.count.best, one.count.high),
            (two.count.low, two.count.best, two.count.high),
        )
        same = ends[0] == ends[1] or one.count.value == two.count.value or _rounded(first, second)
        same = (same and not _of_others(first, second, nationality)) or _is_vague(
            first, second, same_place=same_place
        )
        return one.unit == two.unit and same and first.sentence is not second.sentence
    if first.sentence.in_title and not second.sentence.in_title:
        whole = one.count.rule == "one_unit" and two.unit == "person"  # "a battlegroup", "600 soldiers"
        if whole or not all(counted):
            return True
    if {one.count.rule, two.count.rule} == {"one_unit", None} and not two.definite:
        return False  # "gunboats" and "a frigate"
    if two.count.rule == "one_unit" and two.definite and one.unit == "person":
        return same_place  # "the withdrawal of the contingent"
    if not any(counted):
        return same_place or (two.definite and not two.extra)
    return same_place or (two.definite and (first.realis == second.realis or not two.count.value))


def _may_be_one(first: Candidate, second: Candidate) -> bool:
    """Whether two kinds of people may be two words for one force, of which the same number is told."""
    one, two = first.frame.mention, second.frame.mention
    if two.definite and two.count.rule == "one_unit" and one.unit == "person":
        return {one.what, two.what} in _ALIKE
    titled = (
        first.sentence.in_title and one.count.value is None and {one.what, two.what} == {"troops", "police"}
    )
    if not (titled or {one.what, two.what} in _ALIKE) or not one.unit == two.unit == "person":
        return False
    counted = [mention.count.value is not None for mention in (one, two)]
    if first.sentence.in_title and not counted[0]:
        return True
    return (two.definite and not counted[1]) or (
        (_titled(first) or two.definite) and (all(counted) or not counted[0])
    )


def _is_vague(first: Candidate, second: Candidate, *, same_place: bool) -> bool:
    """Whether one tells the other's number in round words, for the same place."""
    one, two = first.frame.mention.count, second.frame.mention.count
    named = first.place is not None and second.place is not None and not second.frame.mention.extra
    return same_place and named and (_vague(one, two) or _vague(two, one))


def _vague(one: Count, two: Count) -> bool:
    """Whether "hundreds" are the 900 told next."""
    vague = one.low is not None and one.best is None and one.high is None
    exact = two.low == two.high and two.value is not None
    return vague and exact and (one.low or 0) <= (two.value or 0) < (one.low or 0) * _TENFOLD


def _of_others(first: Candidate, second: Candidate, nationality: tuple[str, ...]) -> bool:
    """Whether as many are sent by two countries: "1,000 Qatari soldiers", "1,000 Saudi soldiers"."""
    names = [
        {
            token.lower
            for token in candidate.sentence.tokens[slice(*candidate.frame.mention.owner)]
            if token.text.istitle() and token.lower.endswith(nationality)
        }
        for candidate in (first, second)
    ]
    return all(names) and not names[0] & names[1] and not first.sentence.capitals


def _titled(candidate: Candidate) -> bool:
    """Whether the title tells of it too."""
    return any(sentence.in_title for sentence in (candidate.sentence, *candidate.also))


def _rounded(first: Candidate, second: Candidate) -> bool:
    """Whether one number is the other in round figures: "over 3,000" in the title, "nearly 150 … the 146"."""
    one, two = first.frame.mention.count, second.frame.mention.count
    if not one.value or not two.value or max(one.value, two.value) < _ROUND:
        return False
    if first.sentence.in_title:
        return abs(one.value - two.value) <= max(one.value, two.value) * _ROUNDING
    within = (one.low or one.value) <= two.value <= (one.high or one.value)
    return second.frame.mention.definite and one.low != one.high and within


def _merged(first: Candidate, second: Candidate) -> Candidate:
    """The telling with a number leads, else the first of the body; the place comes from whichever has one."""
    lead, rest = first, second
    if _vague(second.frame.mention.count, first.frame.mention.count):
        return _joined(first, second, first)
    if second.frame.mention.definite and second.frame.mention.count.rule == "one_unit":
        return _joined(first, second, first)
    counted = first.frame.mention.count.value is not None, second.frame.mention.count.value is not None
    vague = _vague(first.frame.mention.count, second.frame.mention.count)
    if vague or counted == (False, True) or (counted[0] <= counted[1] and first.sentence.in_title):
        lead, rest = second, first
    return _joined(lead, rest, first)


def _joined(lead: Candidate, rest: Candidate, first: Candidate) -> Candidate:
    """`lead` with what `rest` adds; `first` is the one of both that was told first."""
    second = rest if lead is first else lead
    what = lead.frame.mention.what if lead.frame.mention.what != "other" else rest.frame.mention.what
    frame = replace(lead.frame, mention=replace(lead.frame.mention, what=what))
    realis = max(lead.realis, rest.realis, key=lambda realis: _LIVE.get(realis, 0))
    if rest.frame.shape == "noun" and rest.frame.mention.definite and rest.realis == "actual":
        realis = lead.realis  # "the withdrawal of the contingent" may still be to come
    if _is_headline(first) and not second.sentence.in_title and second.realis in _LIVE:
        realis = second.realis  # "US sends 500": the body says whether it has
    return replace(
        lead,
        frame=frame,
        place=max(lead.place, rest.place, key=_worth),
        realis=realis,
        confidence=max(lead.confidence, rest.confidence),
        also=(*lead.also, rest.sentence, *rest.also),
    )


def _is_headline(candidate: Candidate) -> bool:
    """Whether a title tells in the present what may be past or still to come: "Britain sends 300"."""
    frame = candidate.frame
    present = frame.form in ("third", "base") and frame.shape in ("object", "subject")
    bare = frame.chain.modal is None and not frame.chain.infinitive and frame.chain.be is None
    return candidate.sentence.in_title and present and bare and candidate.realis == "actual"


def _near(first: Place | None, second: Place | None, *, capitals: bool) -> bool:
    """Whether two destinations may be one: a name in common, or one that may be any."""
    if first is None or second is None:
        return True
    if first.names and second.names and not capitals:
        return bool(first.names & second.names)
    return not first.head or not second.head or first.head == second.head or bool(first.names & second.names)


def _worth(place: Place | None) -> int:
    return 0 if place is None else 1 + bool(place.head) + 2 * bool(place.names)
