"""Figures that only add to those told before: "two more died of their wounds", "the toll rose by three".

How many died in all such an article may leave to its readers' memory; who adds up reports has to know.
"""

from dataclasses import replace

from streams.extraction.document import Document
from streams.extraction.features import Choice
from streams.extraction.lexicon import word_set
from streams.extraction.story import Told

ADDED = "more"
"""The rule of a count that adds to an earlier one."""

SHARE = "part"
"""The rule of a count that is a part of one told before."""

_HARM = frozenset({"killed", "injured", "hit", "casualties"})
_FEW = 60  # so many more at most are told without the total
_BEHIND, _AHEAD = 4, 10  # tokens


def added(document: Document, killed: Choice, told: list[Told]) -> Choice:
    """`killed`, marked where it only adds to the dead of earlier reports."""
    if killed.attackers or not 0 < killed.value <= _FEW:
        return killed
    more = _are_more(killed) and _comes_first(killed, told)
    rises = all(_rises_by(document, part) or _were_hurt(document, part) for part in killed.parts)
    if not (more or rises or _died_late(killed, told)):
        return killed
    count = killed.count
    return replace(killed, count=replace(count, high=None, rule=ADDED))


def shared(document: Document, injured: Choice) -> Choice:
    """`injured`, marked where it is a part of those who were hurt: "six of the injured are in hospital"."""
    if len(injured.parts) != 1 or not _is_share(document, injured.parts[0]):
        return injured
    return replace(injured, count=replace(injured.count, high=None, rule=SHARE))


def _are_more(killed: Choice) -> bool:
    return all(
        part.mention.more
        and not part.mention.ordinal
        and part.lead <= 1
        and part.mention.count.rule != "sum"  # "killed his partner and sixteen others"
        for part in killed.parts
    )


def _comes_first(killed: Choice, told: list[Told]) -> bool:
    """Whether nobody was told of before: "another was killed" may be beside three who were hurt."""
    own = {(part.mention.sentence, part.mention.start) for part in killed.parts}
    first = min(part.order for part in killed.parts)
    return not any(
        item.order < first
        and item.mention.measure in _HARM
        and not item.mention.more
        and item.mention.value != killed.value
        and (item.mention.sentence, item.mention.start) not in own
        for item in told
    )


def _died_late(killed: Choice, told: list[Told]) -> bool:
    """Whether those who died are told as the wounded of a day before: "a man hurt in Friday's blast died"."""
    hurt = {
        (item.mention.sentence, item.mention.start)
        for item in told
        if item.mention.measure == "injured" and item.mention.trigger.frame == "past"
    }
    late = all(part.followed and part.lead <= 1 and not part.mention.ordinal for part in killed.parts)
    return late and any((part.mention.sentence, part.mention.start) in hurt for part in killed.parts)


def _rises_by(document: Document, part: Told) -> bool:
    """ "The toll rose by three", "up by four"."""
    mention = part.mention
    by = word_set(document.language, "harm", "added", "by")
    return (
        mention.trigger.frame == "toll" and _words(document, part, mention.start - 1, 1) <= by != frozenset()
    )


def _were_hurt(document: Document, part: Told) -> bool:
    """ "Two of the 11 wounded died", "one of the drivers who were injured on Sunday died"."""
    mention = part.mention
    hurt = word_set(document.language, "harm", "added", "hurt")
    between = _words(document, part, mention.end, min(_AHEAD, mention.trigger_start - mention.end))
    return mention.part and part.lead <= 1 and not hurt.isdisjoint(between)


def _is_share(document: Document, part: Told) -> bool:
    """ "Six of those hurt", "of the other wounded, four are in hospital"."""
    mention = part.mention
    hurt = word_set(document.language, "harm", "added", "hurt")
    of = word_set(document.language, "harm", "added", "of")
    them = word_set(document.language, "harm", "added", "them")
    behind = _words(document, part, mention.end, _BEHIND)
    if not them.isdisjoint(_words(document, part, mention.end + 1, 1)):
        return False  # "two of them seriously hurt"
    before = _words(document, part, mention.start - _AHEAD, _AHEAD)
    if _words(document, part, mention.end, 1) <= of and behind & hurt:
        return True
    return _words(document, part, 0, 1) <= of and bool(before & hurt) and mention.start <= _AHEAD


def _words(document: Document, part: Told, start: int, many: int) -> frozenset[str]:
    """So many words of a part's sentence from `start` on."""
    tokens = document.sentences[part.mention.sentence].tokens[max(0, start) : max(0, start + many)]
    return frozenset(token.text.lower() for token in tokens)
