"""Deployments: which sentences tell of one, which do not, and what exactly they say."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.extraction.deployments import Finder
from streams.extraction.document import Document, read_document
from streams.extraction.drafts import DeploymentDraft, Note

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row[0][0] != "#"]


def ends(draft: DeploymentDraft) -> str:
    count = draft.force.count
    return "/".join("-" if end is None else str(end) for end in (count.low, count.best, count.high))


def words(document: Document, draft: DeploymentDraft, field: str) -> str | None:
    return next((document.clean[m.start : m.end] for m in draft.marks if m.field == field), None)


def told(document: Document, draft: DeploymentDraft) -> str:
    place = words(document, draft, "place")
    force = draft.force
    said = f"{draft.direction} {draft.realis} {force.what} {force.unit} {ends(draft)}"
    return f"{said} @{place}" if place else said


def find(text: str) -> tuple[Document, list[DeploymentDraft]]:
    document = read_document(None, text)
    return document, Finder.load("en").find(document)


@pytest.mark.parametrize(("text", "items"), rows("deployments_accept.tsv"))
def test_tells_of_these_forces(text: str, items: str) -> None:
    document, drafts = find(text)
    assert [told(document, draft) for draft in drafts] == items.split(" ; ")


@pytest.mark.parametrize(("text", "why"), rows("deployments_reject.tsv"))
def test_tells_of_no_force(text: str, why: str) -> None:
    document, drafts = find(text)
    assert [told(document, draft) for draft in drafts] == [], why
