"""Those who share what befell somebody: "was killed along with her son", "killed himself and four others"."""

from schemas import Count
from streams.extraction.clauses import Clause, People, add_counts
from streams.extraction.objects import Objects


def with_those_behind(clause: Clause, objects: Objects, index: int, people: People, count: Count) -> Count:
    """Adds whom a passive sentence joins on behind its verb: "was killed along with her son"."""
    j = max(index, people.last) + 1
    while clause.kind(j) == "link":
        j += 1
    if clause.kind(j) == "stop" and clause.word(j) == "(":
        j = next((k + 1 for k in range(j, len(clause.items)) if clause.word(k) == ")"), j)
    if clause.kind(j) != "prep" or clause.word(j) not in clause.grammar.alongside:
        j = objects.after_phrases(j)
    if clause.kind(j) == "comma" and clause.kind(j + 1) in ("and", "sub"):
        j += 1
    item = clause.items[j] if 0 <= j < len(clause.items) else None
    if item is None or clause.kind(j + 1) != "noun":
        return count
    with_others = item.kind == "prep" and clause.word(j) in clause.grammar.alongside
    if item.kind not in ("and", "sub") and not with_others:
        return count
    joining = clause.grammar.joining, clause.grammar.ellipsis, clause.grammar.plus
    if not with_others and not any(clause.words[item.start : item.end] in phrases for phrases in joining):
        return count
    behind = objects.at(j + 1)
    total = add_counts([count, behind.count]) if behind is not None else None
    if behind is None or total is None:
        return count
    people.last = behind.last
    people.members = (*(people.members or (people.main,)), *(behind.members or (behind.main,)))
    return total


def killed_with(clause: Clause, objects: Objects, index: int) -> People | None:
    """Those who died with one who "killed himself and four others", where the trigger is at `index`."""
    if clause.kind(index + 1) not in ("and", "comma") or clause.kind(index + 2) != "noun":
        return None
    others = objects.at(index + 2)
    if others is None or others.count is None or not (others.main.more or others.main.person):
        return None
    return None if clause.kind(others.last + 1) in ("trigger", "aux", "verb", "link") else others
