"""The figures that a text may mean by its toll, each with what speaks for and against it."""

from schemas import Count
from streams.extraction.clauses import add_counts
from streams.extraction.features import Choice, add_features
from streams.extraction.mentions import Mention
from streams.extraction.story import Told, main_story, persons
from streams.extraction.sums import sums

_MOST = 100_000_000  # no happening hurts more; a greater number is money or some other thing


def usable(told: list[Told], *measures: str) -> list[Told]:
    """The mentions of `measures` that may be fact."""
    return [
        item
        for item in told
        if item.mention.measure in measures
        and not item.mention.negated
        and not item.mention.unreal
        and "denied" not in item.cues
    ]


def killed_choices(told: list[Told]) -> list[Choice]:
    """The figures that may be the number of the dead."""
    told = main_story(told)
    fresh = [item for item in told if "outdated" not in item.cues]
    if any(item.mention.measure in ("killed", "casualties") and not item.aside for item in fresh):
        told = fresh
    deaths = usable(told, "killed")
    deaths = [item for item in deaths if not item.mention.feared] or deaths
    deaths = [item for item in deaths if not item.unconfirmed] or deaths
    zeros = [
        item
        for item in told
        if item.mention.measure in ("killed", "casualties") and item.mention.count.high == 0
    ]
    attackers = [item for item in deaths if item.mention.attacker]
    others = [item for item in deaths if not item.mention.attacker]
    hits = usable(told, "hit")
    choices = _singles(deaths)
    choices += people_choices(others)
    choices += sums(others or deaths)
    choices += _ordinals(deaths)
    choices += _with_attackers(choices, attackers)
    choices += _from_casualties(told)
    choices.append(Choice(0, "none", Count(low=0, best=0, high=0)))
    add_features(choices, deaths, zeros, hits, usable(told, "injured"))
    return choices


def injured_choices(told: list[Told], killed: Choice) -> list[Choice]:
    """The figures that may be the number of those hurt and alive, given the number of the dead."""
    told = main_story(told)
    fresh = [item for item in told if "outdated" not in item.cues]
    if any(item.mention.measure in ("injured", "hit", "casualties") and not item.aside for item in fresh):
        told = fresh
    lost_at = {(item.mention.sentence, item.mention.start) for item in usable(told, "killed")}
    hurt = [item for item in usable(told, "injured") if not _died(item, lost_at)]
    hits = usable(told, "hit")
    zeros = [
        item
        for item in told
        if item.mention.measure in ("injured", "casualties") and item.mention.count.high == 0
    ]
    choices = _singles([item for item in hurt if not item.mention.attacker] or hurt)
    for item in hits:
        value = item.mention.value
        if value:
            choices.append(Choice(value, "hit", item.mention.count, [item]))
            dead = killed.value - killed.attackers
            if 0 < dead <= value and not item.mention.more:
                choices.append(Choice(value - dead, "hit_less_dead", less(item.mention.count, dead), [item]))
    for item in usable(told, "casualties"):
        if item.mention.value and killed.value and killed.count.best and item.mention.value > killed.value:
            choices.append(
                Choice(
                    item.mention.value - killed.value,
                    "hit_less_dead",
                    less(item.mention.count, killed.value),
                    [item],
                )
            )
    for item in hurt:
        dead = killed.value - killed.attackers
        if item.mention.value and 0 < dead < item.mention.value:
            choices.append(
                Choice(item.mention.value - dead, "hurt_less_dead", less(item.mention.count, dead), [item])
            )
    choices += people_choices(hurt)
    living = _not_dead(sorted([*hurt, *hits], key=lambda item: item.order), killed)
    choices += people_choices(living, kind="living")
    choices += sums(hurt)
    choices.append(Choice(0, "none", Count(low=0, best=0, high=0)))
    add_features(choices, hurt, zeros, hits, killed.parts)
    lost = [item.mention for item in usable(told, "killed") if item.mention.one]
    for choice in choices:
        alone = choice.parts[0].mention if len(choice.parts) == 1 and choice.parts[0].mention.one else None
        choice.features["is_dead"] = float(alone is not None and any(_is_same(alone, one) for one in lost))
        choice.features["killed_same"] = float(choice.value == killed.value and choice.kind != "none")
        choice.features["killed_none"] = float(killed.value == 0 and choice.kind != "none")
        sum_ = choice.value + killed.value - killed.attackers
        choice.features["adds_up"] = float(
            any(item.mention.value == sum_ for item in hits) and choice.value > 0
        )
    return choices


def _died(item: Told, dead: set[tuple[int, int]]) -> bool:
    """Whether all whom a statement calls hurt are told to have died: "two who were hurt on Friday died"."""
    return (item.mention.sentence, item.mention.start) in dead


def less(count: Count, dead: int) -> Count:
    """`count` without the dead."""

    def ends(value: int | None) -> int | None:
        return None if value is None else max(0, value - dead)

    return Count(
        low=ends(count.low), best=ends(count.best), high=ends(count.high), text=count.text, rule="less_dead"
    )


def _is_same(mention: Mention, other: Mention) -> bool:
    """Whether two statements about one person may be about the same."""
    if mention.age is not None and other.age is not None:
        return mention.age == other.age
    names = set((mention.name or "").lower().split()), set((other.name or "").lower().split())
    if all(names):
        return bool(names[0] & names[1])
    return mention.noun == other.noun or mention.noun is None or other.noun is None


def _not_dead(told: list[Told], killed: Choice) -> list[Told]:
    ages = {item.mention.age for item in killed.parts if item.mention.age is not None}
    names = {word for item in killed.parts for word in (item.mention.name or "").lower().split()}
    spans = {(item.mention.sentence, item.mention.start) for item in killed.parts}
    return [
        item
        for item in told
        if item.mention.age not in ages - {None}
        and not names & set((item.mention.name or "").lower().split())
        and (item.mention.sentence, item.mention.start) not in spans
    ]


def _singles(told: list[Told]) -> list[Choice]:
    """Every figure that stands there."""
    return [
        Choice(
            item.mention.value,
            "single",
            item.mention.count,
            [item],
            attackers=item.mention.attackers,
        )
        for item in told
        if item.mention.value and item.mention.value <= _MOST
    ]


def _ordinals(told: list[Told]) -> list[Choice]:
    """ "A third victim died": then three are dead."""
    found = []
    for item in told:
        place = item.mention.ordinal
        kin = item.mention.group == "family"  # "the third sibling" may be killed alone
        if (
            place
            and item.mention.one
            and "cumulative" not in item.cues
            and not item.mention.attacker
            and not kin
        ):
            count = Count(low=place, best=place, high=place, text=item.mention.count.text, rule="ordinal")
            found.append(Choice(place, "ordinal", count, [item]))
    return found


def people_choices(told: list[Told], kind: str = "people") -> list[Choice]:
    """Named and described persons, each once."""
    found = persons([item for item in told if not item.aside]) or persons(told)
    if not found:
        return []
    parts = [person.mentions[0] for person in found]
    text = " + ".join(item.mention.count.text or "" for item in parts)
    size = len(found)
    choices = [Choice(size, kind, Count(low=size, best=size, high=size, text=text, rule="persons"), parts)]
    groups = [item for item in told if not item.mention.one and item.mention.value and not item.aside]
    if groups and kind == "people":
        for group in groups[:3]:
            total = group.mention.value or 0
            later = [item for item in parts if item.mention.more or not _covers(group, item)]
            if later:
                count = add_counts(
                    [group.mention.count, Count(low=len(later), best=len(later), high=len(later), text="")]
                )
                if count is not None:
                    choices.append(Choice(total + len(later), "group_and_people", count, [group, *later]))
    return choices


def _covers(group: Told, item: Told) -> bool:
    """Whether a group that is told in the same breath can include the person."""
    return group.mention.sentence == item.mention.sentence and group.mention.start == item.mention.start


def _with_attackers(choices: list[Choice], attackers: list[Told]) -> list[Choice]:
    """A toll, and the attackers who died besides."""
    dead = [item for item in attackers if not item.aside and item.mention.value]
    dead = [item for item in dead if not item.mention.trigger.bomber] or dead
    if not dead:
        return []
    group = max(dead, key=lambda item: (not item.mention.one, -item.order))
    size = len(persons(dead)) or 1
    size = (
        max(size if size <= 2 else 1, group.mention.value or 1)
        if group.mention.one
        else group.mention.value or 1
    )
    extra = Count(low=size, best=size, high=size, text=group.mention.count.text)
    found = []
    for choice in choices:
        if choice.attackers or _is_told_again(choice, group):
            continue
        count = add_counts([choice.count, extra])
        if count is not None and count.value:
            kind = (
                "bomber"
                if group.mention.trigger.bomber
                else "suicide"
                if group.mention.trigger.suicide
                else "attackers"
            )
            found.append(
                Choice(
                    count.value, f"{choice.kind}_and_{kind}", count, [*choice.parts, group], attackers=size
                )
            )
    return found


def _is_told_again(choice: Choice, attackers: Told) -> bool:
    """Whether the attackers are those whom another sentence counts without a word for who they are: "six
    dead" in a title, "killed six fighters" below it."""
    part = choice.parts[0].mention if len(choice.parts) == 1 else None
    if part is None or part.sentence == attackers.mention.sentence:
        return False
    if attackers.lead == 0:
        return True  # a title adds nobody to what is told below it
    if attackers.mention.one:
        return choice.parts[0].lead == 0 and part.one
    return part.value == attackers.mention.value


def _from_casualties(told: list[Told]) -> list[Choice]:
    """ "95 casualties, and 119 others were hurt": then the casualties are the dead."""
    if not usable(told, "injured"):
        return []
    return [
        Choice(item.mention.value, "casualties", item.mention.count, [item])
        for item in usable(told, "casualties")
        if item.mention.value
    ]
