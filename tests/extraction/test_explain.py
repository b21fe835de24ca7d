"""`tocsin explain`, and the gate: what is not read holds nothing."""

import csv
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from schemas import Article
from streams.commands.explain import explain
from streams.extraction.extractor import Extractor

CASES = Path(__file__).parent / "cases"
TEXT = "A blast killed 18 people and hurt 30 in Leeds on Monday."


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    found = typer.Typer()
    found.command()(explain)
    return found


def test_explains_a_plain_text(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["-"], input=TEXT)
    assert result.exit_code == 0
    assert TEXT in result.output
    assert "tolls.killed [8:24] 'killed 18 people'" in result.output
    assert "killed 18 (single): '18' -> chosen" in result.output
    assert "+ lead" in result.output


def test_explains_a_line_of_a_file(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    rows = [{"id": "1", "title": "Nothing"}, {"id": "2", "title": "Blast kills 7"}]
    file.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    assert "Blast kills 7" in CliRunner().invoke(app, [str(file), "--line", "2"]).output
    late = CliRunner().invoke(app, [str(file), "--line", "3"])
    assert late.exit_code == 1
    assert "there are 2 lines" in late.output


@pytest.mark.parametrize("content", ['{"id": "1"}', '{"title": 5}', "{"])
def test_says_what_is_wrong_with_an_article(app: typer.Typer, tmp_path: Path, content: str) -> None:
    file = tmp_path / "article.json"
    file.write_text(content)
    result = CliRunner().invoke(app, [str(file)])
    assert result.exit_code == 1
    assert str(file) in result.output


def test_finds_the_same_without_the_gate() -> None:
    gated, ungated = Extractor.load(), Extractor.load(gate=False)
    for name in ("casualties_accept.tsv", "casualties_reject.tsv", "deployments_accept.tsv"):
        with (CASES / name).open(newline="", encoding="utf-8") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                article = Article(id="1", body=row[0] if name.startswith("dep") else row[1])
                assert gated.read(article, "") == ungated.read(article, "")
