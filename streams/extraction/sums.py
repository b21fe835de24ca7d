"""The sums of groups that may be a toll: "four in the first house ... another two"."""

from streams.extraction.clauses import add_counts
from streams.extraction.features import Choice
from streams.extraction.story import Told


def sums(told: list[Told]) -> list[Choice]:
    """Groups one after the other: "four in the first house ... another two", "three ... and five"."""
    groups = [
        item
        for item in told
        if item.mention.value and not item.mention.part and not item.aside and not item.mention.bare
    ]
    choices = []
    for position, item in enumerate(groups):
        more = [item, *(later for later in groups[position + 1 :] if later.mention.more)]
        if len(more) > 1:
            for end in range(2, min(len(more), 5) + 1):
                choices += _sum(more[:end], "sum_more")
    if len(groups) > 1:
        seen: set[int] = set()
        distinct = []
        for item in groups:
            value = item.mention.value or 0
            if value not in seen or item.mention.more:
                distinct.append(item)
                seen.add(value)
        choices += _sum(distinct, "sum_all")
        by_sentence: dict[int, list[Told]] = {}
        for item in groups:
            by_sentence.setdefault(item.mention.sentence, []).append(item)
        for items in by_sentence.values():
            if len(items) > 1:
                choices += _sum(items, "sum_sentence")
        first_two = groups[:2]
        choices += _sum(first_two, "sum_two")
    return choices


def _sum(items: list[Told], kind: str) -> list[Choice]:
    count = add_counts([item.mention.count for item in items])
    if count is None or len(items) < 2 or not count.value:
        return []
    if (
        len({item.mention.value for item in items}) == 1
        and len({item.mention.sentence for item in items}) > 1
    ):
        return []  # the same figure twice
    attackers = sum(item.mention.attackers for item in items)
    return [Choice(count.value, kind, count, list(items), attackers=attackers)]
