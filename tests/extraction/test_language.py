"""Nothing but the data files knows that the language is English: no pattern in the code holds a word."""

import ast
import re
from pathlib import Path

import pytest

CODE = Path(__file__).parents[2] / "streams" / "extraction"
MARKUP = "cleaning.py"  # its patterns hold the names of HTML's elements
NOT_WORDS = re.compile(
    r"\\[a-zA-Z]|\(\?P<\w*>?|\(\?P=\w+\)|\(\?[a-z]+:|\(\?-[a-z]+:"  # escapes, names of groups, flags
    r"|\[(?:\\.|[^\]\\])*\]"  # sets of characters
)
PATTERN = re.compile(r"\\[sbdwWSD]|\(\?[:P<!=i-]")


def literals(tree: ast.AST) -> list[ast.Constant]:
    """The strings of a module that aren't documentation."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def words(pattern: str) -> list[str]:
    """The words that a regular expression spells out.

    >>> words(r"(?:aged\\s+)?\\d+(?:st|nd)")
    ['aged', 'st', 'nd']
    """
    return re.findall(r"[^\W\d_]+", NOT_WORDS.sub(" ", pattern))


@pytest.mark.parametrize("file", sorted(CODE.glob("*.py")), ids=lambda file: file.name)
def test_no_pattern_spells_out_a_word(file: Path) -> None:
    if file.name == MARKUP:
        return
    spelt = {
        f"line {node.lineno}: {node.value!r}": words(node.value)
        for node in literals(ast.parse(file.read_text(encoding="utf-8")))
        if PATTERN.search(node.value)
    }
    assert not {where: found for where, found in spelt.items() if found}
