"""The near-copy signature of a text: hashes of its word triples, less what every page of a site repeats."""

import re
import zlib
from functools import cache
from itertools import pairwise

from schemas.fingerprints import encode
from streams.extraction.document import Document
from streams.extraction.lexicon import alternation, word_list

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SHORTEST = 5  # words; what is shorter is a button, a byline or a caption's end
_MIX = 0x9E3779B1  # spreads the CRC, whose low values would prefer some words


def make(document: Document) -> str:
    """The signature of `document`, at most 362 characters; the same on every machine and in every version.

    It is made of the triples of neighbouring words within a sentence. Titles are left out where there is a
    body, since copies are re-headlined, and so are sentences that read like boiler-plate.
    """
    boilerplate = _boilerplate(document.language)
    body = any(not sentence.in_title for sentence in document.sentences)
    hashes: set[int] = set()
    for sentence in document.sentences:
        if sentence.in_title and body:
            continue
        text = sentence.text.lower()
        words = _WORD.findall(text)
        if len(words) < _SHORTEST or boilerplate.search(text):
            continue
        codes = [zlib.crc32(word.encode()) for word in words]
        for (first, second), (_, third) in pairwise(pairwise(codes)):
            mixed = (first * 3 + second * 5 + third * 7) * _MIX & 0xFFFFFFFF
            hashes.add(mixed ^ mixed >> 15)
    return encode(hashes)


@cache
def _boilerplate(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(word_list(language, 'boilerplate', 'phrases'))})")
