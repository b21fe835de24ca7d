"""Two fates in one breath: "20 people are dead or missing" says of neither how many."""

from dataclasses import replace
from itertools import pairwise

from streams.extraction.clauses import Clause

_FATES = {"killed", "missing"}


def share_doubt(clause: Clause) -> None:
    """Leave only the upper end sure of figures that are the dead's or the missing's."""
    for one, other in pairwise(sorted(clause.mentions, key=lambda mention: mention.trigger_start)):
        between = clause.words[one.trigger_end : other.trigger_start]
        either = len(between) == 1 and between[0] in clause.lists.either
        if not either or one.start != other.start or {one.measure, other.measure} != _FATES:
            continue
        for mention in (one, other):
            count = mention.count
            high = count.high if count.high is not None else count.value
            mention.count = replace(count, low=None, high=high, rule="dead_or_missing")
            mention.feared = True
