"""How a language speaks of places: its word lists, checked and ready for look-ups."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from streams.extraction.lexicon import LexiconError, alternation, load_table, word_list, word_set
from streams.extraction.numerals import Numerals

UPPER = "".join(char for char in map(chr, range(0x250)) if char.isupper())


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The tables of `places.toml` and the name lists of one language; each field is described there."""

    at: frozenset[str]
    toward: frozenset[str]
    distances: frozenset[str]
    miles: frozenset[str]
    numerals: Numerals
    measured: re.Pattern[str]
    directions: frozenset[str]
    of: frozenset[str]
    articles: frozenset[str]
    name_articles: frozenset[str]
    folk: frozenset[str]
    custody: frozenset[str]
    institutions: frozenset[str]
    shortened: frozenset[str]
    possessives: frozenset[str]
    containing: re.Pattern[str]
    listing: re.Pattern[str]
    origin: frozenset[str]
    fillers: frozenset[str]
    types: dict[str, str]
    settlements: frozenset[str]
    sites: frozenset[str]
    venues: frozenset[str]
    scenes: frozenset[str]
    inside: frozenset[str]
    plurals: dict[str, str]
    local: frozenset[str]
    not_places: frozenset[str]
    houses: frozenset[str]
    based: frozenset[str]
    streets: frozenset[str]
    titles: frozenset[str]
    bodies: frozenset[str]
    elsewhere: frozenset[str]
    wards: re.Pattern[str]
    ways: frozenset[str]
    sides: re.Pattern[str]
    capital: re.Pattern[str]
    speaking: frozenset[str]
    joiners: frozenset[str]
    never: frozenset[str]
    grounded: frozenset[str]
    cues: tuple[tuple[str, str], ...]
    common: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]

    @staticmethod
    @cache
    def load(language: str) -> "PlaceWords":
        """The words of `language`. Raises LexiconError, naming file and entry."""
        name = "places"
        groups = ("cities", "villages", "divisions", "islands", "neighbourhoods")
        types: dict[str, str] = {}
        for group in groups:
            for word in word_list(language, name, group):
                types.setdefault(word, group)
        cues = load_table(language, name).get("cues", {})
        return PlaceWords(
            at=word_set(language, name, "at"),
            toward=word_set(language, name, "toward"),
            distances=word_set(language, name, "distances"),
            miles=word_set(language, name, "miles"),
            numerals=Numerals.load(language),
            measured=re.compile(
                rf"\b(?P<number>{Numerals.load(language).pattern})[\s-]+"
                rf"(?P<unit>{alternation(word_list(language, name, 'distances'))})\b[^.;]{{0,24}}$"
            ),
            directions=word_set(language, name, "directions"),
            of=word_set(language, name, "of"),
            articles=word_set(language, name, "articles"),
            name_articles=word_set(language, name, "name_articles"),
            folk=word_set(language, name, "folk"),
            custody=word_set(language, name, "custody"),
            institutions=word_set(language, name, "institutions"),
            shortened=word_set(language, name, "shortened"),
            possessives=word_set(language, name, "possessives"),
            containing=_pattern(language, "containing", types),
            listing=_pattern(language, "listing", types),
            origin=word_set(language, name, "from"),
            fillers=word_set(language, name, "fillers"),
            types=types,
            settlements=word_set(language, name, "settlements"),
            sites=word_set(language, name, "sites"),
            venues=word_set(language, name, "venues"),
            scenes=word_set(language, name, "scenes"),
            inside=word_set(language, name, "inside"),
            plurals=_plurals(language),
            local=word_set(language, name, "local"),
            not_places=word_set(language, name, "not_places"),
            houses=word_set(language, name, "houses"),
            based=word_set(language, name, "based"),
            streets=word_set(language, name, "streets"),
            titles=word_set(language, name, "titles"),
            bodies=word_set(language, name, "bodies"),
            elsewhere=word_set(language, name, "elsewhere"),
            wards=re.compile(
                rf"(?:\s[^\W\d_a-z][\w.'-]*){{0,3}}\s(?i:{alternation(word_list(language, name, 'wards'))})\b"
            ),
            capital=_capital(language),
            ways=word_set(language, name, "ways"),
            sides=re.compile(rf"\b(?:{alternation(word_list(language, name, 'sides'))})\s$"),
            speaking=word_set(language, name, "speaking"),
            joiners=word_set(language, name, "joiners"),
            never=word_set(language, name, "never"),
            grounded=word_set(language, name, "grounded"),
            cues=tuple((word, code) for code in cues for word in word_list(language, name, "cues", code)),
            common=read_lines(language, "common_words.txt"),
            given=read_lines(language, "given_names.txt") | word_set(language, name, "given"),
            surnames=read_lines(language, "surname_places.txt"),
        )


def _capital(language: str) -> re.Pattern[str]:
    """A word that may be one of a name: capitals, with what names of places begin with joined to it."""
    articles = alternation(word_list(language, "forms", "place_articles"))
    whose = alternation(word_list(language, "forms", "genitive"))
    return re.compile(
        rf"(?:\b(?:{articles})-)?[{UPPER}](?:\.(?:[A-Z]\.)+|[^\W\d_]*(?:(?!(?i:{whose})\b)'[^\W\d_]+)*)"
    )


def _plurals(language: str) -> dict[str, str]:
    table = load_table(language, "places").get("plurals")
    if not isinstance(table, dict) or not all(isinstance(word, str) for word in table.values()):
        raise LexiconError(f"{language}/places.toml, plurals: a table of words was expected")
    return dict(table)


def _pattern(language: str, name: str, types: Iterable[str]) -> re.Pattern[str]:
    try:
        pattern = load_table(language, "places")[name]
        return re.compile(pattern.replace("{types}", f"(?i:{alternation(types)})"))
    except (KeyError, TypeError, re.error) as error:
        raise LexiconError(f"{language}/places.toml, {name}: {error!r}") from error


@cache
def read_lines(language: str, name: str) -> frozenset[str]:
    """The lines of `data/<language>/<name>`. Raises LexiconError."""
    path = resources.files("streams.extraction") / "data" / language / name
    try:
        return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""}
    except FileNotFoundError as error:
        raise LexiconError(f"{language}/{name}: there is no such file") from error
