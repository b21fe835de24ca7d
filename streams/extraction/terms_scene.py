"""The scene by name: streets and blocks, buildings, the hour, and the units that were there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from streams.extraction.document import Sentence
from streams.extraction.lexicon import LexiconError, alternation, load_table, word_list

Found = Iterator[tuple[str | int, int, int]]

_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_BEFORE = 60  # characters looked at before a name


@dataclass(frozen=True, slots=True)
class _Scene:
    street: re.Pattern[str]
    crossing: re.Pattern[str]
    leading_street: re.Pattern[str]
    route: re.Pattern[str]
    building: re.Pattern[str]
    leading_building: re.Pattern[str]
    hospital: re.Pattern[str]
    elsewhere: re.Pattern[str]
    struck: re.Pattern[str]
    home: re.Pattern[str]
    hour: re.Pattern[str]
    other_hour: re.Pattern[str]
    unit: re.Pattern[str]
    ship: re.Pattern[str]
    gates: dict[str, frozenset[str]]
    not_streets: frozenset[str]
    late: frozenset[str]
    full: dict[str, str]
    evening: frozenset[str]
    noon: frozenset[str]
    midnight: frozenset[str]


def gates(language: str) -> dict[str, frozenset[str]]:
    """By kind of term, the words of which a sentence that has such a term has at least one."""
    return _scene(language).gates


def find_streets(text: str, sentences: Iterable[Sentence], language: str) -> Found:
    """Streets in full ("West 5th Street" for "W. 5th St."), with the block or number where one is given."""
    scene = _scene(language)
    for sentence in sentences:
        for match in scene.crossing.finditer(text, sentence.start, sentence.end):
            kind = scene.full[match.group("kind").lower()]
            for part in ("one", "two"):
                yield f"{_full(match.group(part), scene)} {kind}", match.start(part), match.end(part)
        for pattern in (scene.street, scene.leading_street, scene.route):
            for match in pattern.finditer(text, sentence.start, sentence.end):
                words = match.group("name").split()
                if pattern is scene.street and (words[-2].lower() in scene.not_streets):
                    continue
                if scene.home.search(
                    text[max(sentence.start, match.start() - _BEFORE) : match.start()].lower()
                ):
                    continue
                name = _full(match.group("name"), scene)
                number, block = match.group("number"), match.groupdict().get("block")
                if number:
                    name = f"{number.replace(',', '')} {'block of ' if block else ''}{name}"
                yield name, match.start(), match.end()


def _full(name: str, scene: _Scene) -> str:
    return " ".join(scene.full.get(word.rstrip(".").lower(), word) for word in name.split())


def find_buildings(text: str, sentences: Iterable[Sentence], language: str) -> Found:
    """Named buildings and grounds that are the scene, not where the hurt were taken or had worked."""
    scene = _scene(language)
    for sentence in sentences:
        for pattern in (scene.leading_building, scene.building):
            for match in pattern.finditer(text, sentence.start, sentence.end):
                before = text[max(sentence.start, match.start() - _BEFORE) : match.start("name")].lower()
                if scene.elsewhere.search(before):
                    continue
                name = match.group("name")
                if scene.hospital.search(name.lower()) and not scene.struck.search(before):
                    continue
                yield name, match.start("name"), match.end("name")


def find_hours(text: str, sentences: Iterable[Sentence], language: str) -> Found:
    """Hours of the day, 0 to 23, at which it happened; not those of a hearing or of the posting."""
    scene = _scene(language)
    for sentence in sentences:
        for match in scene.hour.finditer(text, sentence.start, sentence.end):
            before = text[max(sentence.start, match.start() - _BEFORE) : match.start()].lower()
            if scene.other_hour.search(before):
                continue
            hour = _hour(match, scene)
            if hour is not None:
                yield hour, match.start(), match.end()


def _hour(match: re.Match[str], scene: _Scene) -> int | None:
    word = match.group("word")
    if word is not None:
        return 12 if word.lower() in scene.noon else 0
    hour = int(match.group("hour") or match.group("clock"))
    half, part = match.group("half"), match.group("part")
    if not 1 <= hour <= 12:
        return None
    if part is not None:
        late = part.lower() in scene.late and not (part.lower() == "night" and hour in (12, 1, 2, 3))
    else:
        late = half.lower() in scene.evening
    return hour % 12 + (12 if late else 0)


def find_units(text: str, sentences: Iterable[Sentence], language: str) -> Found:
    """Named units and ships: "101st Airborne Division", "Golani Brigade", "USS Kearn"."""
    scene = _scene(language)
    for sentence in sentences:
        for pattern in (scene.unit, scene.ship):
            for match in pattern.finditer(text, sentence.start, sentence.end):
                name, start = match.group(), match.start()
                if name.split()[0].lower() in scene.not_streets:
                    start += len(name.split()[0]) + 1
                    name = text[start : match.end()]
                if " " in name:
                    yield name, start, match.end()


@cache
def _scene(language: str) -> _Scene:
    table = load_table(language, "terms")

    def words(name: str) -> tuple[str, ...]:
        return word_list(language, "terms", "words", name)

    def any_of(name: str) -> str:
        return f"(?i:{alternation(words(name))})"

    def form(name: str) -> str:
        return alternation(word_list(language, "forms", name))

    named = rf"(?:(?:{form('name_articles')})-)?{_UPPER}[^\W\d_]*(?:['.-][^\W\d_]+)*"
    numbered = rf"\d{{1,3}}(?:{form('ordinals')})"
    streets, compass = _forms(language, table, "streets"), _forms(language, table, "compass")
    plurals = table.get("plurals", {})
    kind = f"(?i:{alternation(streets)})"
    side = f"(?i:{alternation(compass)})"
    core = rf"(?:{numbered}|{named})(?:\s(?:{named}\.?|{numbered})){{0,3}}?"
    number = rf"(?P<number>\d[\d,]{{0,6}})(?:[ -](?P<block>{any_of('block')})(?:\s{any_of('of')})?)?\s"
    number = rf"(?:{number}(?:{any_of('the')}\s)?)?"
    name = rf"(?:{side}\.?\s)?{core}\s(?={_UPPER}){kind}\b\.?(?:\s{side}\b)?(?!\s\d|\s{any_of('members')}\b)"
    building = any_of("buildings")
    unit = rf"(?:\s(?={_UPPER}){any_of('units')}\b)+"
    at = rf"\b{any_of('at')}\s(?:[a-z]+\s)?"
    return _Scene(
        street=re.compile(rf"\b{number}(?P<name>{name})"),
        crossing=re.compile(
            rf"\b(?P<one>(?:{side}\.?\s)?{core})\s{any_of('joined')}\s(?P<two>(?:{side}\.?\s)?{core})\s"
            rf"(?P<kind>{alternation(plurals)})\b"
        ),
        leading_street=re.compile(
            rf"\b{number}(?P<name>(?:{any_of('leading_streets')})\s(?:(?:{form('street_joiners')})\s){{0,2}}(?:{named}|\d+)(?:\s{named}){{0,2}})"
        ),
        route=re.compile(rf"\b{number}(?P<name>(?:{any_of('routes')})\s\d{{1,4}}(?:\s{side}\b)?)"),
        building=re.compile(
            rf"{at}(?P<name>{named}(?:\s(?:(?:{form('building_joiners')})\s)?{named}){{0,4}}?"
            rf"(?:\s(?={_UPPER})|(?<={form('genitive')})\s){building})\b(?!\s{any_of('members')}\b)"
        ),
        leading_building=re.compile(
            rf"{at}(?P<name>(?:{any_of('leading_buildings')})\s{named}(?:\s{named}){{0,2}})"
        ),
        hospital=re.compile(any_of("hospitals")),
        elsewhere=re.compile(rf"\b{any_of('elsewhere')}\b"),
        struck=re.compile(rf"\b{any_of('struck')}\b"),
        home=re.compile("|".join(words("homes"))),
        hour=re.compile(
            rf"(?<![\d:.])(?P<hour>\d{{1,2}})(?:[:.]\d\d){{0,2}}\s?(?P<half>{any_of('morning')}|{any_of('evening')})\b"
            rf"|\b(?P<clock>\d{{1,2}})[:.]\d\d\s(?:{any_of('clock_words')}\s)?(?:{named}\s)?(?P<part>{any_of('day_parts')})\b"
            rf"|\b(?P<word>{any_of('noon')}|{any_of('midnight')})\b"
        ),
        other_hour=re.compile(rf"\b{any_of('other_hours')}\b|(?:19|20)\d\d,?\s$"),
        unit=re.compile(
            rf"\b(?:{numbered}|(?={_UPPER}){any_of('ordinals')})(?:\s{named}){{0,3}}?{unit}"
            rf"(?:,?\s{numbered}(?:\s{named}){{0,2}}?{unit})?"
            rf"|\b{named}(?:[\s-]{named}){{0,2}}\s(?={_UPPER}){any_of('named_units')}\b"
            rf"|\b(?:{named}\s)?(?={_UPPER}){any_of('guards')}\b"
        ),
        ship=re.compile(rf"\b(?-i:{alternation(w.upper() for w in words('ships'))})\s{named}(?:\s{named})?"),
        gates={
            "streets": _words_of([*streets, *plurals, *words("leading_streets"), *words("routes")]),
            "buildings": _words_of([*words("buildings"), *words("leading_buildings")]),
            "hours": _words_of(
                word
                for name in ("morning", "evening", "day_parts", "noon", "midnight")
                for word in words(name)
            ),
            "units": _words_of([*words("units"), *words("guards"), *words("ships")]),
        },
        not_streets=frozenset(words("not_streets")),
        late=frozenset(words("late_parts")),
        full={**streets, **compass, **plurals},
        evening=frozenset(words("evening")),
        noon=frozenset(words("noon")),
        midnight=frozenset(words("midnight")),
    )


def _words_of(phrases: Iterable[str]) -> frozenset[str]:
    """The last word of each phrase, as `terms.find` splits sentences."""
    return frozenset(re.findall(r"[^\W_]+", phrase.lower())[-1] for phrase in phrases)


def _forms(language: str, table: object, name: str) -> dict[str, str]:
    """Every lower-case form of a street's type or side, with the full one."""
    rows = table.get(name) if hasattr(table, "get") else None
    if not isinstance(rows, dict) or not rows:
        raise LexiconError(f"{language}/terms.toml, {name}: a table was expected")
    return {form.lower(): full for full, shorts in rows.items() for form in (full, *shorts)}
