"""The tolls of a text one by one: those that no model weighs, and those that are of another happening."""

from dataclasses import dataclass

from schemas import Measure
from streams.extraction.choices import people_choices, usable
from streams.extraction.document import Document
from streams.extraction.features import Choice
from streams.extraction.story import Told, persons

_FEW_ITEMS = 2
_BULLET = "•"
_HARMED = frozenset({"killed", "injured", "hit", "casualties"})
_YEARS = range(1900, 2100)


@dataclass(slots=True)
class Toll:
    """The figure chosen for a measure, and the probability that it is right."""

    measure: Measure
    choice: Choice
    probability: float


def lists_incidents(document: Document, told: list[Told]) -> bool:
    """Whether items of a list tell of a happening each: two of them say the same of people, or three tell of
    people hurt at all. One for the dead and one for the injured are a report of a single happening."""
    items: dict[str, set[int]] = {}
    for item in told:
        if document.sentences[item.mention.sentence].text.startswith(_BULLET):
            items.setdefault(item.mention.measure, set()).add(item.mention.sentence)
    hurt = set().union(*(items.get(measure, set()) for measure in ("killed", "injured", "hit")))
    return len(hurt) > _FEW_ITEMS or any(len(sentences) > 1 for sentences in items.values())


def of_one_item(document: Document, tolls: list[Toll]) -> list[Toll]:
    """In a list of incidents: the tolls of the item that tells the first of them, never those of two."""
    stated = [toll for toll in tolls if toll.choice.parts]
    items = {
        part.mention.sentence
        for toll in stated
        for part in toll.choice.parts
        if document.sentences[part.mention.sentence].text.startswith(_BULLET)
    }
    if len(items) < 2:
        return tolls
    first = stated[0].choice.parts[0].mention.sentence
    return [toll for toll in tolls if all(part.mention.sentence == first for part in toll.choice.parts)]


def told_apart(tolls: list[Toll]) -> Toll | None:
    """The dead of another happening: of a late "which killed 40" beside injured told in the lead."""
    by = {toll.measure: toll.choice.parts for toll in tolls}
    killed, injured = by.get("killed"), by.get("injured")
    if killed and injured and killed[0].mention.which and killed[0].lead == 2 and injured[0].lead <= 1:
        return next(toll for toll in tolls if toll.measure == "killed")
    return None


def simple(told: list[Told], measure: Measure) -> Choice | None:
    """The figure of a measure that has no model: the greatest in the lead, else the greatest; of persons told
    of one by one, how many they are."""
    items = [
        item
        for item in usable(told, measure)
        if item.mention.value and not item.aside and not item.mention.part
    ]
    items = [item for item in items if "cumulative" not in item.cues] or items
    items = [item for item in items if "outdated" not in item.cues] or items
    if not items:
        return None
    if all(item.mention.one for item in items):
        told_below = [item for item in items if item.lead]  # a title tells of the same one in other words
        return next(iter(people_choices(told_below or items)), None)
    best = max(items, key=lambda item: (item.lead <= 1, not item.mention.one, item.mention.value or 0))
    return Choice(best.mention.value or 0, "single", best.mention.count, [best])


def found_dead(figure: Choice, killed: Choice) -> bool:
    """Whether those who were missed are among the dead: single persons ("the body of the missing girl"), or
    people of whom is only said that they were swept away, where as many died."""
    missed = figure.parts
    if all(item.mention.trigger.weak for item in missed) and 0 < figure.value <= killed.value:
        return True
    return all(item.mention.one for item in missed) and len(persons([*killed.parts, *missed])) == len(
        persons(killed.parts)
    )


def is_sweep(choice: Choice, told: list[Told]) -> bool:
    """Whether people were taken in such numbers, in title or lead, that it is news by itself."""
    if any(item.mention.measure in _HARMED and item.mention.value for item in told):
        return False  # "a fifth arrest in the shooting that killed two"
    part = choice.parts[0]
    year = (
        choice.value in _YEARS and (choice.count.text or "").isdigit()
    )  # "the 2009 team's captain was held"
    return part.lead <= 1 and not part.mention.one and choice.value > 1 and not year


def zero(told: list[Told], measure: Measure) -> Told | None:
    """An explicit "nobody"."""
    for item in told:
        mention = item.mention
        if mention.measure in (measure, "casualties") and mention.count.high == 0 and not item.aside:
            return item
    return None
