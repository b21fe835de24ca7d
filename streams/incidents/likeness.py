"""What two sets of traits have in common and where they differ, each finding with its name."""

from functools import cache, lru_cache

from streams.incidents.nearness import overlapping, relate_figures
from streams.incidents.settings import wide_causes, words
from streams.incidents.timing import Finding
from streams.incidents.traits import Spot, Traits

MOST_AGES = 3.0

_GROWS = {"killed": 4, "injured": 10}
_SLIGHT, _PLAIN = 0.25, 0.35  # between two magnitudes: so little is measured anew, so much is another quake
_MASS = 10  # dead
_SAME_DAYS = ("date.same", "date.next", "date.overlap")
_SAME_TOWN = ("same", "namesake")
_NO_WORDS: frozenset[str] = frozenset()
_OTHER_CAUSES = ("cause.differ", "cause.apart")


def known_to_both(one: Traits, other: Traits) -> bool:
    """Whether the two have a victim or an address in common."""
    return not (
        one.victims.isdisjoint(other.victims)
        and one.victims.isdisjoint(other.names)
        and other.victims.isdisjoint(one.names)
        and one.addresses.isdisjoint(other.addresses)
    )


def headlines_apart(one: Traits, other: Traits, *, met: bool) -> bool:
    """Whether each headline has names, beyond the place of both, of which the other report knows none."""
    ours, theirs = one.headline, other.headline
    if met:
        both = place_words(one.spots) & place_words(other.spots)
        ours, theirs = ours - both, theirs - both
    return (
        bool(ours and theirs)
        and ours.isdisjoint(other.mentioned)
        and theirs.isdisjoint(one.mentioned)
        and ours.isdisjoint(place_words(other.spots))
        and theirs.isdisjoint(place_words(one.spots))
    )


def place_words(spots: tuple[Spot, ...]) -> frozenset[str]:
    """The words of the names of places and of the regions they are in."""
    return spots[0].folded if len(spots) == 1 else _NO_WORDS.union(*[spot.folded for spot in spots])


def names_place(one: Traits, other: Traits) -> bool:
    """Whether the words of `one` name a place of `other`, whatever place `one` was given itself."""
    spots, words = other.spots, one.words
    if len(spots) == 1:
        return bool(spots[0].words) and spots[0].words <= words
    return any(spot.words <= words for spot in spots if spot.words)


def casualties(one: Traits, other: Traits, found: list[Finding], alike: str, *, beside: bool) -> None:
    """`beside`: the two are in neighbouring towns, of which each may have its own bombing."""
    if one.causes and other.causes:
        names = _relate_causes(one.causes, other.causes, beside)
        found += [(name + alike if name in _OTHER_CAUSES else name, 1.0) for name in names]
    if (how := relate_figures(one.killed, other.killed, _GROWS["killed"])) is not None:
        found.append(("killed." + how, 1.0))
    if (how := relate_figures(one.injured, other.injured, _GROWS["injured"])) is not None:
        found.append(("injured." + how, 1.0))
    if one.magnitudes and other.magnitudes:
        gap = min(abs(a - b) for a in one.magnitudes for b in other.magnitudes)
        if not _SLIGHT < gap < _PLAIN:
            found.append((f"magnitude.{'same' if gap <= _SLIGHT else 'differ'}", 1.0))
    if not one.hurt.isdisjoint(other.hurt):
        found.append(("hurt.same", 1.0))
    if one.detained and other.detained:
        if not one.detained.isdisjoint(other.detained):
            found.append(("detained.same", 1.0))
        elif not (one.killed or one.injured):
            found.append(("detained.differ", 1.0))  # who is arrested for a murder is counted up for months


def mass(one: Traits, other: Traits, found: list[Finding], place: str, date: str) -> None:
    """Whether both tell of many dead, in one town within two days or in one country on one day: that hardly
    ever happens twice, whatever the tolls and whether it is called a crash or an explosion."""
    if not one.killed or not other.killed or min(max(one.killed), max(other.killed)) < _MASS:
        return
    if place in _SAME_TOWN and date in _SAME_DAYS:
        found.append(("mass." + date.split(".")[1], 1.0))
    elif place == "country" and date == "date.same" and one.causes & other.causes:
        found.append(("mass.land", 1.0))


def sites(one: Traits, other: Traits, found: list[Finding], alike: str) -> None:
    """Where in the town, and at which hour."""
    if not one.addresses.isdisjoint(other.addresses):
        found.append(("address.same", 1.0))
    if one.streets and other.streets:
        same = overlapping(one.streets, other.streets)
        found.append(("street.same" if same else "street.differ" + alike, 1.0))
    if one.buildings and other.buildings:
        same = overlapping(one.buildings, other.buildings)
        found.append(("building.same" if same else "building.differ" + alike, 1.0))
    if one.hours and other.hours:
        gap = min([min((a - b) % 24, (b - a) % 24) for a in one.hours for b in other.hours])
        found.append((f"hour.{'near' if gap <= 1 else 'differ' if gap >= 4 else 'close'}", 1.0))


@lru_cache(maxsize=8192)
def _relate_causes(ones: frozenset[str], others: frozenset[str], beside: bool) -> tuple[str, ...]:
    rare = wide_causes() if beside else _rare()
    if shared := ones & others:
        return ("cause.same", "cause.rare") if shared & rare else ("cause.same",)
    pairs = {(a, b) for a in ones for b in others}
    if kin := pairs & _kin():
        return ("cause.akin" if any(rare.issuperset(pair) for pair in kin) else "cause.kin",)
    return ("cause.differ" if pairs & _one_sort() else "cause.apart",)


@cache
def _rare() -> frozenset[str]:
    return frozenset(words().rare)


@cache
def _kin() -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for pair in words().kin for a, b in (pair, reversed(pair)))


@cache
def _one_sort() -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for sort in words().sorts for a in sort for b in sort)


def people(one: Traits, other: Traits, found: list[Finding], alike: str, *, met: bool) -> None:
    """Who is named in both, and whether those named differ; `met`: the places agree."""
    if not one.surnames.isdisjoint(other.surnames):
        victims = one.victims & other.victims
        persons = (one.victims | one.names) & (other.victims | other.names)
        if victims:
            found.append(("victim.same", min(2.0, float(len(victims)))))
        if others := persons - victims:
            found.append(("person.same", min(2.0, float(len(others)))))
        if victims and met:
            found.append(("victim.there", 1.0))
        if not persons:
            found.append(("surname.same", min(2.0, float(len(one.surnames & other.surnames)))))
    elif not (one.title_names.isdisjoint(other.words) and other.title_names.isdisjoint(one.words)):
        found.append(("surname.named", 1.0))
    if (
        one.victim_surnames
        and other.victim_surnames
        and one.victim_surnames.isdisjoint(other.victim_surnames)
    ):
        found.append(("victim.differ" + alike, 1.0))
    elif one.surnames and other.surnames and one.surnames.isdisjoint(other.surnames):
        found.append(("person.differ", 1.0))
    if one.ages and other.ages:
        shared = one.ages & other.ages
        found.append(("age.same", min(MOST_AGES, float(len(shared)))) if shared else ("age.differ", 1.0))


def deployments(one: Traits, other: Traits, found: list[Finding]) -> None:
    """What is sent, by whom, and how many."""
    for name, ones, others in (
        ("force", one.whats, other.whats),
        ("direction", one.directions, other.directions),
    ):
        if ones and others:
            found.append((f"{name}.{'same' if ones & others else 'differ'}", 1.0))
    for name, ones, others in (("actor", one.parties, other.parties), ("unit", one.units, other.units)):
        if ones and others:
            found.append((f"{name}.{'same' if overlapping(ones, others) else 'differ'}", 1.0))
    how = relate_figures(tuple(sorted(one.counts)), tuple(sorted(other.counts)))
    if how is not None:
        found.append((f"count.{how}", 1.0))
