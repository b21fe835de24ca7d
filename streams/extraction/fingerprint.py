"""The near-copy signature of a text: hashes of its word triples, less what every page of a site repeats."""

import re
import zlib
from functools import cache

import numpy as np

from schemas.fingerprints import SKETCH_SIZE, encode
from streams.extraction.document import Document
from streams.extraction.lexicon import alternation, word_list

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SHORTEST = 5  # words; what is shorter is a button, a byline or a caption's end
_MIX = np.uint64(0x9E3779B1)  # spreads the CRC, whose low values would prefer some words
_FIRST, _SECOND, _THIRD = np.uint64(3), np.uint64(5), np.uint64(7)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(15)


def make(document: Document) -> str:
    """The signature of `document`, at most 362 characters; the same on every machine and in every version.

    It is made of the triples of neighbouring words within a sentence. Titles are left out where there is a
    body, since copies are re-headlined, and so are sentences that read like boiler-plate.
    """
    boilerplate = _boilerplate(document.language)
    body = any(not sentence.in_title for sentence in document.sentences)
    codes: list[int] = []
    within: list[bool] = []  # whether a triple starts at a word
    for sentence in document.sentences:
        if sentence.in_title and body:
            continue
        words = _WORD.findall(document.lower, sentence.start, sentence.end)
        if len(words) < _SHORTEST or boilerplate.search(document.lower, sentence.start, sentence.end):
            continue
        codes += [zlib.crc32(word.encode()) for word in words]
        within += [True] * (len(words) - 2) + [False, False]
    if not codes:
        return encode(())
    code = np.array(codes, dtype=np.uint64)
    mixed = (code[:-2] * _FIRST + code[1:-1] * _SECOND + code[2:] * _THIRD) * _MIX & _LOW
    hashes = (mixed ^ mixed >> _HALF)[within[:-2]]
    return encode(np.unique(hashes)[: SKETCH_SIZE + 1].tolist())


@cache
def _boilerplate(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(word_list(language, 'boilerplate', 'phrases'))})")
