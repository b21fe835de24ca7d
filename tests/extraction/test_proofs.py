"""The words behind a figure: they say what happened to how many, one line a case in `cases/proofs.tsv`."""

import csv
from pathlib import Path

import pytest

from schemas import Article
from streams.extraction.extractor import Extractor

_TABLE = Path(__file__).parent / "cases" / "proofs.tsv"
with _TABLE.open(encoding="utf-8") as _file:
    CASES = [row for row in csv.reader(_file, delimiter="\t") if row and not row[0].startswith("#")]


@pytest.mark.parametrize(("field", "text", "words"), CASES, ids=[row[2] for row in CASES])
def test_a_figure_is_proved_by_its_words(field: str, text: str, words: str) -> None:
    events = Extractor.load().read(Article(id="1", body=text), "0").events
    proofs = [item.text for event in events for item in event.evidence if item.field == field]
    assert proofs[:1] == [words]
