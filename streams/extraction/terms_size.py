"""How strong a quake was: its magnitude tells it from its aftershocks and from the quakes of other years."""

import re
from collections.abc import Iterable
from functools import cache

from streams.extraction.document import Sentence
from streams.extraction.lexicon import LexiconError, any_of, load_table

_MARK = re.compile(r"\s")
_GREATEST = 10.0
_TORN = 4  # characters: where a feed writes "6. 1", a sentence seems to end within


def find_magnitudes(text: str, sentences: Iterable[Sentence], language: str) -> list[tuple[str, int, int]]:
    """The first magnitude that `sentences` give, as "magnitude 6.1", with where it stands: others are those
    of aftershocks and of earlier quakes."""
    pattern = _pattern(language)
    for sentence in sentences:
        for match in pattern.finditer(text, max(0, sentence.start - _TORN), sentence.end):
            number = next(group for group in match.groups() if group is not None)
            value = float(_MARK.sub("", number))
            if 0 < value < _GREATEST:
                return [(f"magnitude {value:.1f}", *match.span())]
    return []


@cache
def _pattern(language: str) -> re.Pattern[str]:
    try:
        patterns = [rf"(?i:{pattern})" for pattern in load_table(language, "terms")["magnitudes"]["patterns"]]
        return any_of(patterns)
    except (KeyError, TypeError, re.error) as error:
        raise LexiconError(f"{language}/terms.toml, magnitudes.patterns: {error!r}") from error
