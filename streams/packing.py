"""State records as they lie in Kafka: JSON, made small with words that both ends know beforehand.

A record is a few hundred bytes of names and values that thousands of others have too. So it is compressed
with a dictionary of them, `data/state_words_*.txt`; the stream says by a checksum with which. A dictionary
that records were once packed with stays as it is: better words go into a new file, under the next number.

>>> unpack(pack(b'{"version":1,"closed":true}'))
b'{"version":1,"closed":true}'
>>> unpack(b'{"version":1}')  # as it was stored before there was a dictionary
b'{"version":1}'
"""

import zlib
from functools import cache
from importlib.resources import files

LEVEL, WINDOW_BITS, MEMORY = 3, 13, 8
LATEST = 1

_DICTIONARY_FLAG = 0x20
_HEADER = slice(2, 6)
"""Where a zlib stream has the checksum of its dictionary."""


def pack(record: bytes) -> bytes:
    """The bytes to store of `record`, which is JSON."""
    packer = _packer().copy()
    return packer.compress(record) + packer.flush()


def unpack(stored: bytes) -> bytes:
    """The JSON of a stored record. Raises zlib.error for what `pack` did not make."""
    if stored[:1] in (b"{", b"["):
        return stored
    if len(stored) < _HEADER.stop or not stored[1] & _DICTIONARY_FLAG:
        raise zlib.error("a state record that is neither JSON nor packed")
    words = _dictionaries().get(stored[_HEADER])
    if words is None:
        raise zlib.error("a state record that was packed with words of another version")
    return zlib.decompressobj(zdict=words).decompress(stored)


@cache
def _packer() -> "zlib._Compress":
    """A packer that has read the dictionary: to copy it is quicker than to read it again."""
    return zlib.compressobj(
        LEVEL, zlib.DEFLATED, WINDOW_BITS, MEMORY, zlib.Z_DEFAULT_STRATEGY, _words(LATEST)
    )


@cache
def _dictionaries() -> dict[bytes, bytes]:
    """All dictionaries by their checksums."""
    known = [_words(number) for number in range(1, LATEST + 1)]
    return {zlib.adler32(words).to_bytes(4, "big"): words for words in known}


def _words(number: int) -> bytes:
    return (files("streams") / "data" / f"state_words_{number}.txt").read_bytes()
