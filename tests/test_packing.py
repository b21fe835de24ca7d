"""State records are packed small, and what was stored before stays readable."""

import zlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import packing
from streams.packing import pack, unpack

FIRST = (
    "5866a0037a02832735cb348364447233067ad5149cdcccac8c51925b383007e62616652bb82466e680c201919a884a45"
    "c688820a9156e0311302ac8a8075bf8e5284239080d9052ae64d0cf440610224b0c414ccb9e09842e240620ab9acc115"
    "de86063ac6c094062e43518a7450198f127e16c0f04bb144842000174c5f58"
)
"""A record as the first release with a dictionary stored it."""

ARTICLE = (
    b'{"hash":"9f0c","at":"2031-05-01T06:30:00Z","by":"Westmark Daily","says":[[{"cause":"shooting",'
    b'"tolls":{"killed":[3,"three","exact"]},"place":["Torrin","XA","Westmark",1,40.0,20.0,"city"],'
    b'"date":["2031-05-01","2031-05-01","day","Thursday"],"words":[["tolls.killed",10,31,'
    b'"three people were shot"]],"sure":0.8},"d9",false]]}'
)


@given(st.dictionaries(st.text(), st.text() | st.booleans() | st.none()))
def test_what_is_packed_comes_back(record: dict[str, object]) -> None:
    raw = orjson.dumps(record)
    assert unpack(pack(raw)) == raw


def test_a_record_is_half_as_large() -> None:
    assert len(pack(ARTICLE)) < len(ARTICLE) / 2


@pytest.mark.parametrize("raw", [b'{"version":1}', b"[1,2]"])
def test_records_from_before_are_read_as_they_are(raw: bytes) -> None:
    assert unpack(raw) == raw


@pytest.mark.parametrize("raw", [b"", b"x", zlib.compress(b'{"version":1}'), b"no record at all"])
def test_what_was_never_packed_is_refused(raw: bytes) -> None:
    with pytest.raises(zlib.error):
        unpack(raw)


def test_words_of_another_version_are_named() -> None:
    other = zlib.compressobj(zdict=b"other words")
    with pytest.raises(zlib.error, match="another version"):
        unpack(other.compress(ARTICLE) + other.flush())


def test_the_words_of_a_release_never_change() -> None:
    assert packing.LATEST == 1
    assert unpack(bytes.fromhex(FIRST)) == ARTICLE
