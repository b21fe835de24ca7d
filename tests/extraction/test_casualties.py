"""Who was hurt: sentences to accept and to reject, one line each in `cases/casualties_*.tsv`."""

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Article, Event
from streams.extraction.clauses import add_counts
from streams.extraction.extractor import Extractor

CASES = Path(__file__).parent / "cases"
MEASURES = ("killed", "injured", "missing", "kidnapped", "detained", "displaced")


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(newline="", encoding="utf-8") as file:
        return [
            row
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row and row[0][0] != "#"
        ]


@cache
def extractor() -> Extractor:
    return Extractor.load()


def events(text: str) -> list[Event]:
    """The casualties of a text published on a day of 2013."""
    title, mark, body = text.partition(" ¶ ")
    if not mark:
        title, body = "", text
    article = Article(
        id="1", title=title or None, body=body or None, published_at=datetime(2013, 7, 17, 9, tzinfo=UTC)
    )
    return [event for event in extractor().read(article, "0").events if event.type == "casualties"]


def told(event: Event) -> dict[str, int | None]:
    return {measure: count.value for measure, count in event.tolls.items()}


def parties(event: Event, side: str) -> list[str]:
    """The names on one side."""
    return [party.name for party in (event.actors if side == "actor" else event.targets)]


ACCEPTED = rows("casualties_accept.tsv")
REJECTED = rows("casualties_reject.tsv")


@pytest.mark.parametrize(("family", "text", "expected"), ACCEPTED, ids=[row[1][:60] for row in ACCEPTED])
def test_accepts(family: str, text: str, expected: str) -> None:
    found = events(text)
    assert found, "nobody was found"
    main = found[0]
    assert main.realis == "actual"
    scope = "incident"
    for wanted in expected.split("; "):
        name, _, value = wanted.partition(" ")
        if name in MEASURES:
            assert told(main).get(name) == int(value), wanted
        elif name == "attackers":
            assert main.attackers["killed"].value == int(value)
        elif name == "cause":
            assert main.cause == value
        elif name == "scope":
            scope = value
        elif name == "claimant":
            assert value in [claim.claimant for claim in main.claims if claim.leading]
        elif name in ("actor", "target"):
            assert value in parties(main, name)
        elif name == "low":
            assert main.confidence < 0.5
        else:
            assert name == "other"
            measure, figure = value.split()
            assert any(told(event).get(measure) == int(figure) for event in found[1:]), wanted
    assert main.scope == scope


@pytest.mark.parametrize(("family", "text"), REJECTED, ids=[row[1][:60] for row in REJECTED])
def test_rejects(family: str, text: str) -> None:
    assert [
        told(event) for event in events(text) if event.realis == "actual" and any(told(event).values())
    ] == []


@pytest.mark.parametrize("table", [ACCEPTED, REJECTED])
def test_every_family_has_fifteen_cases(table: list[list[str]]) -> None:
    families = [row[0] for row in table]
    assert {family for family in families if families.count(family) < 15} == set()


@pytest.mark.parametrize(
    "text",
    [
        "The second death confirmed that the number of people killed had risen to 13.",
        "The twelve people killed in the blast, dismissing as false reports of fewer, were buried on Monday.",
    ],
)
def test_not_everything_before_a_verb_of_saying_speaks(text: str) -> None:
    assert [claim.claimant for event in events(text) for claim in event.claims if claim.leading] == [None]


@pytest.mark.parametrize(
    ("body", "killed", "place"),
    [
        # Published on a Wednesday: another day and another figure are another happening.
        (
            (
                "Guerrillas killed 18 soldiers in Mosul, the army said.\n\n"
                "On Saturday, 21 soldiers were killed in Basra when mines blew up a truck."
            ),
            18,
            "Mosul",
        ),
        # The news may give its own day later, and it may be yesterday's.
        (
            (
                "Guerrillas killed 18 soldiers in Mosul on Saturday, the army said.\n\n"
                "On Saturday, 21 soldiers were wounded in Basra."
            ),
            18,
            "Mosul",
        ),
        ("A wall of a school in Mosul fell in.\n\nOn Saturday, 21 pupils were killed there.", 21, "Mosul"),
        # What is looked for stands across the lines of a wrapped text.
        (
            (
                "Guerrillas killed nine policemen on a road in Mosul early on\nMonday, officials of the "
                "province said. A state newspaper said\n14 guerrillas also died, but the officials could "
                "not\nconfirm the report or say how many guerrillas there had been."
            ),
            9,
            "Mosul",
        ),
    ],
)
def test_paragraphs_and_lines(body: str, killed: int, place: str) -> None:
    main = events(body)[0]
    assert (told(main)["killed"], main.realis) == (killed, "actual")
    assert main.place is not None
    assert main.place.name == place


@given(
    st.lists(st.sampled_from([row[1].replace(" ¶ ", "") for row in (*ACCEPTED, *REJECTED)]), max_size=6),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_every_figure_points_at_its_words(sentences: list[str], data: st.DataObject) -> None:
    noise = st.sampled_from(
        [" ", "\n\n", "\u00ad", "&nbsp;", "<br/>", "\u200e", " \U0001f600 ", "&amp;", "</p>\n<p>", "“"]
    )
    body = "".join(sentence + data.draw(noise) for sentence in sentences)
    article = Article(id="1", title="Three dead &amp; 5 hurt in <b>Leeds</b>", body=body or None)
    for event in extractor().read(article, "0").events:
        assert event.evidence
        for evidence in event.evidence:
            assert article.text[evidence.start : evidence.end] == evidence.text
        for measure in event.tolls:
            assert any(evidence.field == f"tolls.{measure}" for evidence in event.evidence)


@given(st.text(max_size=400), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_reads_any_text(body: str, title: str) -> None:
    article = Article(id="1", title=title or None, body=body or None)
    first, again = extractor().read(article, "0"), extractor().read(article, "0")
    assert first == again
    for event in first.events:
        for evidence in event.evidence:
            assert article.text[evidence.start : evidence.end] == evidence.text


def test_rank_and_id_are_those_of_the_article() -> None:
    article = Article(
        id="7", title=None, body="A bomb killed nine people. The war has killed 7,000 people since 2001."
    )
    found = extractor().read(article, "a" * 64).events
    assert [event.rank for event in found] == list(range(len(found)))
    assert len({event.event_id for event in found}) == len(found) > 1
    other = extractor().read(article, "b" * 64).events
    assert {event.event_id for event in other}.isdisjoint(event.event_id for event in found)


def test_an_unknown_part_makes_the_sum_unknown() -> None:
    assert add_counts([None]) is None


def test_explains_each_choice() -> None:
    article = Article(
        id="1", title="Blast kills 18", body="A blast killed 18 people and hurt 30 in Orun on Monday."
    )
    explanation = extractor().explain(article, "0")
    chosen = [note for note in explanation.notes if note.decision == "chosen"]
    assert {note.what.split()[0] for note in chosen} == {"killed", "injured"}
    assert all(note.reasons for note in chosen)
    assert explanation.extraction == extractor().read(article, "0")


def test_a_list_of_incidents_is_never_summed() -> None:
    text = (
        "• A man was stabbed in Lowe. • Two women were hurt in a crash. • Three men were shot dead in Malt."
    )
    assert [told(event) for event in events(text)] == [{"killed": 3}]


@pytest.mark.parametrize(
    ("text", "expected"), rows("unhurt.tsv"), ids=[row[0][:60] for row in rows("unhurt.tsv")]
)
def test_a_happening_in_which_nobody_is_known_to_be_hurt(text: str, expected: str) -> None:
    found = [event for event in events(text) if event.realis == "actual"]
    if expected == "-":
        assert found == []
        return
    cause, _, wanted = expected.partition("; ")
    measure, _, figure = wanted.partition(" ")
    (main,) = found
    assert (main.cause or "-", main.scope) == (cause, "incident")
    assert told(main)[measure] == (None if figure == "?" else int(figure))


@pytest.mark.parametrize(
    ("text", "expected"), rows("added.tsv"), ids=[row[0][:60] for row in rows("added.tsv")]
)
def test_a_figure_that_adds_to_earlier_ones_or_is_a_part_of_them(text: str, expected: str) -> None:
    measure, figure, rule = expected.split()
    count = next(event.tolls[measure] for event in events(text) if measure in event.tolls)  # type: ignore[index]
    assert (count.value, count.rule) == (int(figure), rule)


NOT_SAID = rows("casualties_not.tsv")


@pytest.mark.parametrize(("family", "text", "wrong"), NOT_SAID, ids=[row[1][:60] for row in NOT_SAID])
def test_never_says(family: str, text: str, wrong: str) -> None:
    found = [event for event in events(text) if event.realis in ("actual", "historical")]
    assert found, "nobody was found"
    name, _, value = wrong.partition(" ")
    if name == "happenings":
        assert len(found) < int(value)
    elif name == "cause":
        assert value not in [event.cause for event in found]
    elif name in ("actor", "target"):
        assert not any(value in parties(event, name) for event in found)
    else:
        assert int(value) not in [told(event).get(name) for event in found]
