"""Deployments: which sentences tell of one, which do not, and what exactly they say."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.extraction.deployments import Finder
from streams.extraction.deployments_judge import Judge
from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.document import Document, read_document
from streams.extraction.drafts import DeploymentDraft, Note
from streams.extraction.lexicon import LexiconError, load_table
from streams.extraction.units import UnitSizes

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


@pytest.mark.parametrize(("text", "items"), rows("deployments_accept.tsv"))
def test_capitals_tell_of_a_force_too(text: str, items: str) -> None:
    _, drafts = find(text.upper())
    item = items.split(" ; ", maxsplit=1)[0].split()
    assert (item[0], item[1], item[2]) in [(d.direction, d.realis, d.force.what) for d in drafts]


@pytest.mark.parametrize(("title", "body", "items"), rows("deployments_stories.tsv"))
def test_title_and_body_tell_of_these_forces(title: str, body: str, items: str) -> None:
    document = read_document(title, body)
    drafts = Finder.load("en").find(document)
    assert [told(document, draft) for draft in drafts] == items.split(" ; ")


@pytest.mark.parametrize(("text", "why"), rows("deployments_reject.tsv"))
def test_tells_of_no_force(text: str, why: str) -> None:
    document, drafts = find(text)
    assert [told(document, draft) for draft in drafts] == [], why


def test_a_text_without_a_word_for_a_force_is_put_aside() -> None:
    notes: list[Note] = []
    document = read_document("Rates rise", "The bank sent 500 letters to Tyre on Monday.")
    assert Finder.load("en").find(document, notes) == []
    assert notes == []


def test_a_force_told_twice_counts_once_and_keeps_what_each_telling_adds() -> None:
    text = "France sends troops to Mali\n\nFrance on Friday sent 2,500 troops. The troops landed in Gao."
    document = read_document(*text.split("\n\n"))
    (draft,) = Finder.load("en").find(document)
    assert told(document, draft) == "deploy actual troops person 2500/2500/2500 @Mali"
    assert len(draft.sentences) == 3


def test_a_unit_in_the_title_is_the_people_of_the_body() -> None:
    document = read_document(
        "Britain to send extra battlegroup to Latvia", "Britain will send 600 soldiers to Latvia."
    )
    (draft,) = Finder.load("en").find(document)
    assert told(document, draft) == "deploy planned troops person 600/600/600 @Latvia"


def test_a_total_and_its_stated_parts_are_both_given() -> None:
    _, drafts = find("Chad sent 1,200 soldiers to Diffa. Some 400 of the soldiers were sent to Bosso.")
    assert [draft.force.count.best for draft in drafts] == [1200, 400]


def test_units_become_people_by_the_table() -> None:
    _, (draft,) = find("Two battalions were sent to Aden.")
    people = draft.force.personnel
    assert (people.low, people.best, people.high, people.rule) == (600, 1200, 2400, "unit_size")
    assert draft.force.estimated


def test_who_sends_and_who_says_so() -> None:
    document, (draft,) = find("Ghana has sent 300 soldiers to Liberia, Defence Minister Ama Boateng said.")
    assert [party.name for party in draft.actors] == ["Ghana"]
    assert [(c.measure, c.claimant, c.count.best) for c in draft.claims] == [
        ("personnel", "Defence Minister Ama Boateng", 300)
    ]
    assert words(document, draft, "actors.0") == "Ghana"
    assert words(document, draft, "claims.0") == "Defence Minister Ama Boateng"


@pytest.mark.parametrize(("year", "realis"), [(2003, "actual"), (2008, "historical"), (None, "historical")])
def test_an_earlier_year_makes_history(year: int | None, realis: str) -> None:
    document = read_document(None, "In 2003 Peru sent 40 soldiers to Haiti.")
    assert [draft.realis for draft in Finder.load("en").find(document, year=year)] == [realis]


def test_every_candidate_is_explained() -> None:
    notes: list[Note] = []
    document = read_document(None, "Two officers were dispatched to a house. Oman sent 90 troops to Aden.")
    Finder.load("en").find(document, notes)
    assert [note.decision for note in notes] == ["no deployment", "deploy, actual"]
    assert any("ordinary duty" in reason for reason in notes[0].reasons)
    assert document.clean[notes[1].start : notes[1].end] == "90 troops"


PIECES = st.sampled_from(
    [
        *(
            "troops",
            "sent",
            "were sent",
            "500",
            "two battalions",
            "of",
            "police",
            "to",
            "Tyre",
            "in",
            "the",
            "army",
        ),
        *(
            "from seven to ten",
            "warships",
            "and",
            ",",
            "said",
            "deployed",
            "arrived",
            "will be",
            "not",
            "ordered",
        ),
        *(
            "a",
            "fleet",
            "withdrew",
            "(",
            ")",
            "who",
            "three",
            "others",
            "reinforced by",
            "with",
            "USS",
            ".",
            "its",
        ),
        *(
            "deployment of",
            "if",
            "in 2003",
            "last year",
            "companies from",
            "elements",
            "another",
            "U.N.",
            "men",
        ),
        *("called in", "İstanbul", "on standby", "according to", "-", "'s", "beefed-up", "presence", "home"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=18), st.booleans())
def test_whatever_is_found_points_to_words(pieces: list[str], capitals: bool) -> None:
    text = " ".join(pieces)
    document = read_document(None, text.upper() if capitals else text)
    notes: list[Note] = []
    for draft in Finder.load("en").find(document, notes):
        count = draft.force.count
        known = [end for end in (count.low, count.best, count.high) if end is not None]
        assert known == sorted(known)
        assert 0 < draft.confidence <= 1
        assert {"force.what", "direction"} <= {mark.field for mark in draft.marks}
        assert all(document.clean[mark.start : mark.end].strip() for mark in draft.marks)
        assert all(0 <= index < len(document.sentences) for index in draft.sentences)
    assert all(document.clean[note.start : note.end].strip() for note in notes)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"legion": {"low": 1, "best": 2, "high": 3}}, "legion"),
        ({"brigade": {"low": 1, "best": 2}}, "brigade: whole numbers"),
        ({"brigade": {"low": 9, "best": 2, "high": 3}}, "must not fall"),
    ],
)
def test_a_wrong_unit_table_names_file_and_entry(
    table: Mapping[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.extraction.units.load_table", lambda language, name: table)
    with pytest.raises(LexiconError, match=rf"en/unit_sizes\.toml.*{said}"):
        UnitSizes.load.__wrapped__("en")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("module", "file", "change", "reader", "said"),
    [
        (
            "kinds",
            "forces",
            {"people": {"wizards": {"strong": "mages", "weak": ""}}},
            KindReader,
            "people.wizards",
        ),
        ("kinds", "forces", {"units": {"squad": {"strong": "squad"}}}, KindReader, "units.squad, weak"),
        ("kinds", "forces", {"machines": 7}, KindReader, "machines"),
        (
            "verbs",
            "deployments",
            {"verb": [{"frame": "sing", "forms": ["a b c d e"]}]},
            Verbs,
            "verb 1, frame",
        ),
        ("verbs", "deployments", {"verb": [{"frame": "send", "forms": ["send"]}]}, Verbs, "verb 1, forms"),
        (
            "judge",
            "deployments",
            {"confidence": {"scores": [0.5, 0.4], "right": [0.1, 0.2]}},
            Judge,
            "scores",
        ),
        ("judge", "deployments", {"confidence": {"scores": [0.5], "right": [0.1, 0.2]}}, Judge, "as many"),
    ],
)
def test_a_wrong_word_list_names_file_and_entry(
    module: str, file: str, change: dict[str, Any], reader: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {**load_table("en", file), **change}
    monkeypatch.setattr(f"streams.extraction.deployments_{module}.load_table", lambda language, name: broken)
    with pytest.raises(LexiconError, match=rf"en/{file}\.toml.*{said}"):
        reader("en")
