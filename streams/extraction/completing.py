"""What conventions make of the likeliest toll: dead attackers, a late death, a better source."""

from collections.abc import Callable
from dataclasses import replace

from streams.extraction.choices import less
from streams.extraction.clauses import add_counts
from streams.extraction.features import Choice
from streams.extraction.story import Told


def complete(chosen: Choice, choices: list[Choice], anyone: frozenset[str], hurt: frozenset[str]) -> Choice:
    """The choice for the dead that says the same as `chosen` and leaves nobody out.

    `anyone`: the nouns that may stand for attackers and victims together ("people"); `hurt`: those for people
    some of whom may die later ("the wounded").
    """
    chosen = _later(_repeated(chosen, choices), choices, hurt)
    whole = _brought_to(_further(_told_in_full(_last(chosen, choices), choices), choices), choices)
    return _with_attackers(whole, choices, anyone)


def _brought_to(chosen: Choice, choices: list[Choice]) -> Choice:
    """ "Three have died in hospital, bringing the toll to 11": 11."""
    if chosen.kind not in ("single", "people") or len(chosen.parts) != 1:
        return chosen
    part = chosen.parts[0]
    totals = [
        one
        for one in choices
        if one.kind == "single" and one.value > chosen.value and one.parts[0].mention.trigger.frame == "toll"
        if _is_told_with(one.parts[0], part)
        if not one.parts[0].aside and "cumulative" not in one.parts[0].cues and "overall" in one.parts[0].cues
    ]
    return max(totals, key=lambda one: one.score, default=chosen)


def _repeated(chosen: Choice, choices: list[Choice]) -> Choice:
    """The figure of the title that the text repeats, not a greater one told once further on: a rival's, or
    one of a whole year or war. A toll that has risen since stays."""
    if chosen.kind != "single" or chosen.parts[0].lead == 0 or chosen.parts[0].mention.one:
        return chosen
    groups = [one for one in choices if one.kind == "single" and not one.parts[0].mention.one]
    titled = {one.value for one in groups if one.parts[0].lead == 0}
    if chosen.value in titled or len(titled) != 1:
        return chosen
    again = [one for one in groups if one.value in titled and one.parts[0].lead == 1 and one.parts[0].opens]
    part = chosen.parts[0]
    risen = part.mention.trigger.frame == "toll" or "overall" in part.cues
    if not again or (risen and chosen.value <= 2 * again[0].value):
        return chosen
    return again[0] if part.order > again[0].parts[0].order and chosen.value > again[0].value else chosen


def _later(chosen: Choice, choices: list[Choice], hurt: frozenset[str]) -> Choice:
    """ "Four were killed and two hurt. ... One of the wounded died last night": five.

    The choice that is made so has the figure of before and the late death as its first parts.
    """
    if chosen.kind != "single" or chosen.parts[0].mention.one:
        return chosen
    whole = [one for one in choices if one.kind == "single" and not one.parts[0].aside]
    late = [one.parts[0] for one in whole if one.parts[0].mention.part and one.parts[0].mention.noun in hurt]
    totals = [one.value for one in whole if one.parts[0].mention.trigger.frame == "toll"]
    if len(late) != 1 or chosen.value in totals:
        return chosen
    died, many = late[0], late[0].mention.value or 0
    sentence = died.mention.sentence
    for one in whole:
        before = one.parts[0]
        if before.mention.sentence < sentence and one.value == chosen.value - many and before.lead:
            return replace(chosen, kind="late", parts=[before, died, *chosen.parts])  # it is in the toll
    total = [one for one in whole if one.value == chosen.value + many]
    part = chosen.parts[0]
    if total:
        best = max(total, key=lambda one: one.score)
        return replace(best, kind="late", parts=[part, died, *best.parts])
    titled = max((one.value for one in whole if one.parts[0].lead == 0), default=0)
    if part.mention.sentence >= sentence or titled > chosen.value:
        return chosen
    count = add_counts([chosen.count, died.mention.count])
    if count is None:
        return chosen
    return Choice(chosen.value + many, "late", count, [part, died], attackers=chosen.attackers)


def _is_told_with(total: Told, part: Told) -> bool:
    """Whether a total follows in the same sentence, or in the next where `part` tells of "three more"."""
    between = total.mention.sentence - part.mention.sentence
    return total.order > part.order and (between == 0 or (between == 1 and part.mention.more))


def _further(chosen: Choice, choices: list[Choice]) -> Choice:
    """ "All 123 on board died. A further 31 people died on the ground": 154."""
    if chosen.kind != "single" or chosen.parts[0].lead == 0 or "overall" in chosen.parts[0].cues:
        return chosen
    part = chosen.parts[0]
    titled = any(one.kind == "single" and one.parts[0].lead == 0 for one in choices)
    if part.mention.total or part.mention.one or titled:
        return chosen
    more = [one for one in choices if one.kind == "sum_more" and one.parts[0] is part and _goes_on(one)]
    return max(more, key=lambda one: one.value, default=chosen)


def _goes_on(choice: Choice) -> bool:
    """Whether the second statement follows upon the first, and counts others."""
    first, *rest = choice.parts
    if len(rest) != 1 or rest[0].mention.one or rest[0].aside:
        return False
    between = rest[0].mention.sentence - first.mention.sentence
    if between == 0 and first.mention.active:
        return rest[0].mention.trigger.frame == "before"  # "killed nine, and two more died of burns"
    return between == 1 and rest[0].mention.start <= 2  # "Another 12 died", "A further 31 people died"


def _told_in_full(chosen: Choice, choices: list[Choice]) -> Choice:
    """The same figure as the first paragraph has it: a title leaves out "at least", who says so and where."""
    if chosen.kind != "single" or chosen.parts[0].lead > 0:
        return chosen
    same = [
        one
        for one in choices
        if one.kind == "single" and one.value == chosen.value and one.parts[0].lead == 1
        if not one.parts[0].mention.part and one.attackers == chosen.attackers
    ]
    return max(same, key=lambda one: one.count.rule != "exact", default=chosen)


def _last(chosen: Choice, choices: list[Choice]) -> Choice:
    """ "A third victim died", in title or lead: three are dead, though one is told of."""
    if chosen.kind not in ("single", "people") or not all(part.mention.one for part in chosen.parts):
        return chosen
    places = [one for one in choices if one.kind == "ordinal" and one.parts[0].lead <= 1]
    last = max(places, key=lambda one: one.value, default=None)
    return last if last is not None and last.value > chosen.value else chosen


def _with_attackers(chosen: Choice, choices: list[Choice], anyone: frozenset[str]) -> Choice:
    """ "Killed four policemen; two of the gunmen were shot dead": six, as the four can't include the two."""
    if not chosen.parts:
        return chosen
    if not chosen.attackers:
        same = [id(part) for part in chosen.parts]
        fuller = [one for one in choices if one.attackers and [id(p) for p in one.parts[:-1]] == same]
        also = [one for one in fuller if one.parts[-1].mention.also and one.parts[-1].mention.one]
        if also:
            return max(also, key=lambda one: one.score)  # "the bomber also died"
        if not all(_apart(part, anyone) for part in chosen.parts):
            return chosen
        fuller = [one for one in fuller if not one.kind.endswith("_bomber")]
    elif chosen.attackers == chosen.value:
        fuller = [
            one
            for one in choices
            if one.attackers == chosen.attackers
            and one.parts[-1] is chosen.parts[-1]
            and len(one.parts) > 1
            and all(_apart(part, anyone) for part in one.parts[:-1])
        ]
    else:
        return chosen
    return max(fuller, key=lambda one: one.score, default=chosen)


def _apart(part: Told, anyone: frozenset[str]) -> bool:
    """Whether those whom a statement counts can't be the attackers."""
    mention = part.mention
    if mention.part or mention.total or "overall" in part.cues or mention.attacker:
        return False
    return mention.active or (mention.noun is not None and mention.noun not in anyone)


def survivors(chosen: Choice, killed: Choice, choices: list[Choice]) -> Choice:
    """Who was shot or stabbed, in title or lead, where nobody died was hurt; of people who were hurt, those
    who have not died: "five were wounded, and one of them died"."""
    chosen = _in_one_breath(chosen, choices)
    later = _less_later(chosen, killed)
    if later is not None:
        return later
    left = [one for one in choices if one.kind == "hurt_less_dead" and _lost_some(one, chosen, killed)]
    if left:
        return left[0]
    if chosen.parts:
        return chosen
    if killed.parts:
        living = [one for one in choices if one.kind == "living" and _is_beside(one, killed)]
        return max(living, key=lambda one: one.score, default=chosen)
    hit = [one for one in choices if one.kind == "hit" and one.parts[0].lead <= 1]
    return max(hit, key=lambda one: one.score, default=chosen)


def _in_one_breath(chosen: Choice, choices: list[Choice]) -> Choice:
    """ "Two soldiers were severely injured and an officer moderately": three."""
    if chosen.kind not in ("single", "people") or len(chosen.parts) != 1:
        return chosen
    own = chosen.parts[0]
    beside = [
        one.parts[0]
        for one in choices
        if one.kind == "single" and one.parts[0] is not own and _counts_others(one.parts[0], own)
    ]
    if len(beside) != 1 or own.mention.part or own.mention.definite or own.lead == 0:
        return chosen
    parts = sorted([own, beside[0]], key=lambda part: part.order)
    count = add_counts([part.mention.count for part in parts])
    if count is None or not count.value:
        return chosen
    return Choice(count.value, "sum_sentence", count, parts, attackers=chosen.attackers)


def _counts_others(part: Told, own: Told) -> bool:
    """Whether a statement in the same sentence is about people of another kind."""
    mention, other = part.mention, own.mention
    if mention.sentence != other.sentence or mention.part or mention.definite or part.aside:
        return False
    apart = mention.noun is not None and other.noun is not None and mention.noun != other.noun
    return apart and not mention.trigger.transport and mention.measure == other.measure == "injured"


def _less_later(chosen: Choice, killed: Choice) -> Choice | None:
    """The injured without those of them who died later."""
    if killed.kind != "late" or chosen.kind != "single":
        return None
    died, hurt = killed.parts[1], chosen.parts[0]
    value = died.mention.value or 0
    told_first = hurt.lead <= 1 and hurt.mention.sentence < died.mention.sentence
    if hurt.mention.one or not told_first or value >= chosen.value:
        return None
    return Choice(chosen.value - value, "hurt_less_dead", less(chosen.count, value), chosen.parts)


def _is_beside(living: Choice, killed: Choice) -> bool:
    """Whether one person told of right after the dead, in the lead, was hit and is not among them."""
    (first, *rest) = living.parts
    if living.features.get("is_dead"):
        return False
    if rest or first.lead != 1 or first.aside or first.mention.definite or first.mention.attackers:
        return False
    nouns = {part.mention.noun for part in killed.parts}
    last = max(part.order for part in killed.parts)
    return first.order == last + 1 and first.mention.noun is not None and first.mention.noun not in nouns


def _lost_some(left: Choice, chosen: Choice, killed: Choice) -> bool:
    """Whether the dead are a part of those who are told right before to be hurt."""
    if chosen.kind != "single" or left.parts[0] is not chosen.parts[0] or len(killed.parts) != 1:
        return False
    hurt, dead = chosen.parts[0].mention, killed.parts[0].mention
    return (
        dead.part
        and not hurt.part
        and killed.parts[0].order == chosen.parts[0].order + 1
        and dead.sentence - hurt.sentence <= 1
    )


def firmer(chosen: Choice, choices: list[Choice], rank: Callable[[Told], int | None]) -> Choice:
    """The rival figure of a better source than that of `chosen`; `rank` says how good a statement's source
    is, None where nobody is named."""
    if chosen.kind != "single" or chosen.parts[0].mention.one:
        return chosen
    own = rank(chosen.parts[0])
    if own is None:
        return chosen
    rivals = [one for one in choices if one.kind == "single" and _is_rival(one, chosen)]
    better = [(place, one) for one in rivals if (place := rank(one.parts[0])) is not None and place > own]
    return max(better, key=lambda pair: (pair[0], pair[1].score))[1] if better else chosen


def _is_rival(one: Choice, chosen: Choice) -> bool:
    mention = one.parts[0].mention
    whole = not (mention.one or mention.part or mention.more or mention.bare)
    now = not one.parts[0].aside and "cumulative" not in one.parts[0].cues
    return whole and now and one.value != chosen.value
