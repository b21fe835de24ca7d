"""What the documents say of settings is what the code has."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.topics import topics
from streams.agents.metrics import REGISTRY
from streams.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def as_written(value: object) -> str:
    """A default as an operator would write it."""
    if value is None:
        return ""
    if value is False:
        return "false"
    if isinstance(value, timedelta):
        for unit, seconds in (("d", 86400), ("h", 3600), ("m", 60)):
            if value.total_seconds() % seconds == 0:
                return f"{value.total_seconds() / seconds:.0f}{unit}"
        return f"{value.total_seconds():.0f}s"
    return str(value)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_lists_every_setting_with_its_default(name: str) -> None:
    found = re.search(rf"^\| `{PREFIX}{name.upper()}` \| (.*?) \| \S.* \|$", README, re.MULTILINE)
    assert found, f"README.md has no row for {PREFIX}{name.upper()}"
    assert found[1].strip("` ") == as_written(Settings.model_fields[name].default)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_a_setting_that_is_none(document: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", document.read_text("utf-8")))
    known = {name.upper() for name in Settings.model_fields} | {"CONFIG"}
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_within_the_project_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


def test_the_operations_page_lists_the_topics() -> None:
    table = OPERATIONS.split("## Topics")[1].split("`tocsin topics create`")[0]
    assert set(re.findall(r"`([a-z]+(?:\.[a-z]+)*\.v\d(?:\.dlq)?)`", table)) == {one.name for one in topics()}


def test_the_operations_page_lists_the_metrics() -> None:
    named = set(re.findall(r"`(tocsin_[a-z_]+)", OPERATIONS))
    served = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in REGISTRY.collect()
    }
    assert named == served
