"""Texts as sentences and tokens, and the way back to the words as they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.extraction.document import read_document
from streams.extraction.lexicon import LexiconError, load_table, word_list
from streams.extraction.splitting import Splitter

SENTENCES = [
    ("It rained. Gov. Hill left.", ["It rained.", "Gov. Hill left."]),
    ("Lt.-Gen. Ode spoke. He left.", ["Lt.-Gen. Ode spoke.", "He left."]),
    ("He is in the U.S. Army now.", ["He is in the U.S. Army now."]),
    ("She came to the U.S. The trial began.", ["She came to the U.S.", "The trial began."]),
    ("It began at 9 p.m. Police came.", ["It began at 9 p.m.", "Police came."]),
    ("It began at 9 p.m. Thursday.", ["It began at 9 p.m. Thursday."]),
    ("Mr. A. B. Hill Jr. died.", ["Mr. A. B. Hill Jr. died."]),
    ('"Go!" he said. She went.', ['"Go!" he said.', "She went."]),
    ('He asked, "Who?" Nobody spoke.', ['He asked, "Who?"', "Nobody spoke."]),
    ("On Oct. 5 it ended. It was No. 3 of 5.", ["On Oct. 5 it ended.", "It was No. 3 of 5."]),
    ("LT. ODE DIED. THE ARMY LEFT.", ["LT. ODE DIED.", "THE ARMY LEFT."]),
    ("Prices rose 1.2 percent. Nobody knew.", ["Prices rose 1.2 percent.", "Nobody knew."]),
    ("one line\nAnother line", ["one line", "Another line"]),
    ("first\n\nsecond", ["first", "second"]),
    ("• Two shot in Lowe • Three hurt in Malt", ["• Two shot in Lowe", "• Three hurt in Malt"]),
    ("a... b", ["a... b"]),
]

TOKENS = [
    ("1,200 men", ["1,200", "men"]),
    ("1.2 million", ["1.2", "million"]),
    ("an 18-year-old boy", ["an", "18-year-old", "boy"]),
    ("the boy's dog", ["the", "boy", "'s", "dog"]),
    ("They didn't go", ["They", "didn't", "go"]),
    ("20-30 men", ["20", "-", "30", "men"]),
    ("at 9:05 p.m.", ["at", "9:05", "p.m."]),
    ("call 765-983-7356", ["call", "765-983-7356"]),
    ("U.S. troops", ["U.S.", "troops"]),
    ("Gov. Hill", ["Gov.", "Hill"]),
    ("(34)", ["(", "34", ")"]),
    ("O'Neill's men", ["O'Neill", "'s", "men"]),
    ("$5 a head", ["$", "5", "a", "head"]),
    ("no-one", ["no-one"]),
    ("AK-47s", ["AK-47s"]),
]

CLEANED = [
    ("caf&eacute;", "café"),
    ("a&nbsp;b", "a b"),
    ("a\u00a0b", "a b"),
    ("sol\u00addier", "soldier"),
    ("\u200ea\u200f", "a"),
    ("<b>a</b>", "a"),
    ("“a”", '"a"'),
    ("it’s", "it's"),
    ("a<!-- x -->b", "ab"),
    ("<script>var a = 1 < 2;</script>b", "b"),
    ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ("<Acme Corp> said", "<Acme Corp> said"),
    ("R&D", "R&D"),
    ("a\U0001f600b", "a b"),
    ("a\r\nb", "a\nb"),
    ("&#8220;a&#8221;", '"a"'),
    ("１２", "12"),
]


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_splits_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in read_document(None, text).sentences] == sentences


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_splits_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in read_document(None, text).sentences[0].tokens] == tokens


@pytest.mark.parametrize(("text", "clean"), CLEANED)
def test_cleans(text: str, clean: str) -> None:
    assert read_document(None, text).clean == clean


def test_a_title_is_a_paragraph_of_its_own() -> None:
    document = read_document("Blast kills 3", "It was loud. Very loud.")
    assert document.original == "Blast kills 3\n\nIt was loud. Very loud."
    assert [(s.text, s.in_title, s.paragraph) for s in document.sentences] == [
        ("Blast kills 3", True, 0),
        ("It was loud.", False, 1),
        ("Very loud.", False, 1),
    ]


def test_a_title_alone_is_a_title() -> None:
    assert [s.in_title for s in read_document("Blast kills 3", None).sentences] == [True]


def test_a_feed_that_wraps_its_lines_is_read_on() -> None:
    line = "word " * 12
    body = "\n".join([line.strip()] * 6)
    assert len(read_document(None, body).sentences) == 1


def test_a_wall_of_text_is_cut() -> None:
    document = read_document(None, "word " * 5000)
    assert all(sentence.end - sentence.start <= 1200 for sentence in document.sentences)
    assert sum(len(sentence.tokens) for sentence in document.sentences) == 5000


PIECES = [
    *("a", "B", "1", " ", ".", "&amp;", "&#39;", "<p>", "</b>", "\u00ad", "’", "\u200f"),
    *("\U0001f600", "<", "&", ";", "<!--", "-->", "\r\n", "\n", "U.S.", "é"),
]
MESSY = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(MESSY, MESSY)
def test_every_token_points_at_its_words(title: str, body: str) -> None:
    document = read_document(title, body)
    assert document.original == "\n\n".join(part for part in (title, body) if part)
    position = 0
    for sentence in document.sentences:
        for token in sentence.tokens:
            assert token.start >= position
            position = token.end
            start, end = document.span(token.start, token.end)
            assert 0 <= start <= end <= len(document.original)
            assert document.quote(token.start, token.end) == document.original[start:end]
            if token.text.isalnum() and token.text.isascii() and token.text not in ("amp", "39", "p", "b"):
                assert token.text[0] in document.original[start:end]


@given(st.text(max_size=300))
def test_sentences_hold_every_letter(text: str) -> None:
    document = read_document(None, text)
    covered = [document.clean[sentence.start : sentence.end] for sentence in document.sentences]
    assert sum(letter.isalnum() for part in covered for letter in part) == sum(
        map(str.isalnum, document.clean)
    )


def test_an_unknown_language_names_its_file() -> None:
    with pytest.raises(LexiconError, match=r"xx/abbreviations\.toml"):
        Splitter.load("xx")


def test_a_missing_entry_is_named() -> None:
    with pytest.raises(LexiconError, match=r"en/abbreviations\.toml, nothing: missing"):
        word_list("en", "abbreviations", "nothing")
    assert load_table("en", "abbreviations")
