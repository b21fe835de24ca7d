"""Victims by name and age: "John Hill, 23," and "a 34-year-old woman", where the text says they were hurt."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from schemas import Victim
from streams.extraction.document import Sentence
from streams.extraction.lexicon import alternation, word_list

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
_NAMED = rf"{_CAPITAL}[^\W\d_]*(?:['-][^\W\d_]+)*"
_OLDEST = 110
_SIDE = 90  # characters looked at on either side of a name


@dataclass(frozen=True, slots=True)
class _Patterns:
    gate: re.Pattern[str]
    name_age: re.Pattern[str]
    age_name: re.Pattern[str]
    age_only: re.Pattern[str]
    called: re.Pattern[str]
    victim: re.Pattern[str]
    suspect: re.Pattern[str]
    speaking: re.Pattern[str]
    hurt_after: re.Pattern[str]
    did_after: re.Pattern[str]
    not_names: frozenset[str]
    addressed: tuple[str, ...]
    genitive: str


def find_victims(
    text: str, sentences: Iterable[Sentence], language: str
) -> Iterator[tuple[Victim, int, int]]:
    """Victims as they come, with the span of name and age; the same person may come twice."""
    known = _patterns(language)
    for sentence in sentences:
        if not known.gate.search(text, sentence.start, sentence.end):
            continue
        taken: list[tuple[int, int]] = []
        for pattern in (known.age_name, known.name_age, known.called, known.age_only):
            for match in pattern.finditer(text, sentence.start, sentence.end):
                start, end = match.span()
                if any(first < end and start < last for first, last in taken):
                    continue
                victim = _victim(match, known)
                if victim is None or (victim.name is None and pattern is not known.age_only):
                    continue
                taken.append((start, end))
                if _was_hurt(text, sentence, (start, end), known, named=pattern is known.called):
                    yield victim, start, end


def _victim(match: re.Match[str], known: _Patterns) -> Victim | None:
    groups = match.groupdict()
    name = groups.get("name")
    age = groups.get("age") or groups.get("age_in")
    if age is not None and int(age) > _OLDEST:
        return None
    if name is not None:
        words = name.split()
        while words and words[0].rstrip(".").lower() in known.not_names:
            words.pop(0)
        strange = any(word.rstrip(".").lower() in known.not_names for word in words[1:])
        name = None if strange or len(words) < 2 else " ".join(words).removesuffix(known.genitive)
    return Victim(name=name, age=None if age is None else int(age))


def _was_hurt(text: str, sentence: Sentence, span: tuple[int, int], known: _Patterns, *, named: bool) -> bool:
    """Whether the words around a name say that this person was hurt, not that they did it or saw it."""
    start, end = span
    before = text[max(sentence.start, start - _SIDE) : start].lower()
    after = text[end : min(sentence.end, end + _SIDE)].lower()
    if known.hurt_after.match(after):
        return True
    if known.did_after.match(after) or known.speaking.match(after):
        return False
    if before.rstrip().endswith(known.addressed) and not named:
        return False
    whole = sentence.lower
    suspected = known.suspect.search(before) or known.suspect.search(after[:40])
    hurt = known.victim.search(before) or known.victim.search(after) or known.victim.search(whole)
    if suspected:
        # "charged in the killing of John Hill, 23": what stands nearest before the name decides.
        nearest = max((m.start() for m in known.victim.finditer(before)), default=-1)
        accused = max((m.start() for m in known.suspect.finditer(before)), default=-1)
        return nearest > accused >= 0
    return hurt is not None


@cache
def _patterns(language: str) -> _Patterns:
    def words(name: str) -> tuple[str, ...]:
        return word_list(language, "terms", "people", name)

    def any_of(name: str) -> str:
        return alternation(words(name))

    particles = "|".join(sorted(words("particles"), key=len, reverse=True))
    suffixes = any_of("suffixes")
    nickname = r"(?:\s\"[^\"]{2,20}\"|\s\([^)]{2,20}\))?"
    name = (
        rf"(?:{_NAMED}|{_CAPITAL}\.){nickname}"
        rf"(?:[ -](?:(?:{particles})[ -]){{0,2}}(?:{_NAMED}|{_CAPITAL}\.)){{1,4}}"
        rf"(?:,?\s(?i:{suffixes})\b\.?)?"
    )
    age = r"\d{1,3}"
    described = any_of("described")
    following = rf"(?=[,.;:)]|\s(?:{any_of('after_age')})\b|$)"
    joined = f"(?:{any_of('joined')})"
    old, told = "|".join(words("aged")), rf"(?:(?:{any_of('age_words')})\s)?"
    return _Patterns(
        gate=re.compile(rf"\d\d?[,.;:)\s-]|(?:{'|'.join(words('naming'))})"),
        name_age=re.compile(
            rf"\b(?P<name>{name})(?:,\s{told}(?P<age>{age}){following}"
            rf"|\s\({told}(?P<age_in>{age})\))"
        ),
        age_name=re.compile(rf"\b(?P<age>{age})(?:{old}),?\s(?:(?:[a-z-]+\s){{0,3}})?(?P<name>{name})"),
        age_only=re.compile(
            rf"\b(?P<age>{age})(?:{old})(?:\s[a-z-]+){{0,2}}?\s(?:{described})\b"
            rf"|\b(?:{described}),\s{told}(?P<age_in>{age})(?=[,.])"
        ),
        called=re.compile(rf"(?:{'|'.join(words('naming'))})\s(?:[a-z]+\s){{0,2}}(?P<name>{name})"),
        victim=re.compile(rf"\b(?:{any_of('victim')})\b"),
        suspect=re.compile(rf"\b(?:{any_of('suspect')})\b"),
        speaking=re.compile(rf"\W*(?:{any_of('speaking')})\b"),
        hurt_after=re.compile(rf"[\s,)]*(?:{joined}\s\w+\s\w+,?\s)?(?:{any_of('hurt_after')})\b"),
        did_after=re.compile(
            rf"[\s,)]*(?:{any_of('did_after')})\b(?!\s(?:{joined}\s\w+\s)?(?:{any_of('passive')})\b)"
        ),
        not_names=frozenset(words("not_names")),
        addressed=words("addressed"),
        genitive=word_list(language, "forms", "genitive")[0],
    )
