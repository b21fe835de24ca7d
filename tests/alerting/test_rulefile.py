"""Rules files: what is taken, and what is refused with which words at which line."""

import json
import re
import tomllib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from streams.alerting import RulesError, default_rules, load_rules, parse_rules
from streams.alerting.lines import lines_of
from streams.alerting.measurefields import measures
from streams.alerting.regions import countries, named_regions
from streams.alerting.rules import Box, Circle, Margin
from streams.cli import app

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "schemas" / "rules.schema.json").read_text("utf-8"))

BAD = [
    line.split("\t")
    for line in (HERE / "bad_rules.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]

FULL = """
[regions]
sahel = ["ML", "NE", "BF"]

[[rule]]
name = "deaths"
on = "casualties"
measure = "killed"
bound = "best"
levels = { notice = 3, warning = 10, critical = 25 }
where = { region = ["Sahel", "Southern Asia"], cause = ["bombing"], actor = ["Army"], target = ["police"] }
min_sources = 2
min_confidence = 0.5
sources = { ignore = ["Blog"] }
max_age = "2w"
hold = "1h30m"
clear = { below = "20%", after = "1h", quiet = "5d" }
repeat = "6h"
damp = { every = "30m", change = 2 }
labels = { desk = "asia" }
text = "{level}: {sentence}"

[[rule.mute]]
daily = ["22:00", "06:00"]
days = ["sat", "sun"]
offset = "+05:30"
levels = ["notice"]

[[rule.mute]]
from = 2026-12-24T18:00:00+01:00
circle = { lat = 30, lon = 67, km = 10 }

[[rule]]
name = "fleet"
on = "deployment"
measure = "units:ship"
per = "subregion"
window = "7d"
levels = { notice = 5 }

[rule.where]
direction = "withdraw"
force = ["ships"]
box = [{ south = 0, north = 5, west = 170, east = -170 }]
realis = ["actual"]
"""


def test_every_field_is_read() -> None:
    deaths, fleet = parse_rules(FULL, "full.toml").rules
    assert deaths.where.countries == frozenset({"ML", "NE", "BF"}) | named_regions()["southern asia"]
    assert (deaths.where.causes, deaths.where.actors, deaths.where.targets) == (
        {"bombing"},
        ("army",),
        ("police",),
    )
    assert (deaths.bound, deaths.min_sources, deaths.min_confidence) == ("best", 2, 0.5)
    assert deaths.sources.ignore == {"blog"}
    assert (deaths.max_age, deaths.hold) == (timedelta(days=14), timedelta(minutes=90))
    assert deaths.clear.below == Margin(share=0.2)
    assert (deaths.clear.after, deaths.clear.quiet) == (timedelta(hours=1), timedelta(days=5))
    assert (deaths.repeat, deaths.damp.every) == (timedelta(hours=6), timedelta(minutes=30))
    assert deaths.damp.change == Margin(figure=2.0)
    assert (deaths.labels, deaths.text) == ({"desk": "asia"}, "{level}: {sentence}")
    night, holiday = deaths.mute
    assert (night.daily, night.days, night.levels) == ((time(22), time(6)), {5, 6}, {"notice"})
    assert night.offset == timedelta(hours=5, minutes=30)
    assert holiday.start == datetime(2026, 12, 24, 17, tzinfo=UTC)
    assert holiday.circles == (Circle(latitude=30, longitude=67, km=10),)
    assert (fleet.per, fleet.window) == ("subregion", timedelta(days=7))
    assert (fleet.measure.kind, fleet.measure.unit) == ("units", "ship")
    assert fleet.where.boxes == (Box(south=0, west=170, north=5, east=-170),)
    assert (fleet.where.directions, fleet.where.realis) == ({"withdraw"}, {"actual"})


@pytest.mark.parametrize(
    "lines",
    [
        'per = "country"\nwindow = "7 days"',
        'per = "county"\nwindow = "7d"',
        "where = { circle = { lat = 130, lon = 67, km = 10 } }",
        "where = { box = { south = 0, north = 95, west = 1, east = 2 } }",
    ],
)
def test_one_mistake_is_said_once(lines: str) -> None:
    rule = f'[[rule]]\nname="a"\non="casualties"\nmeasure="killed"\nlevels={{n=1}}\n{lines}'
    with pytest.raises(RulesError) as raised:
        parse_rules(rule, "a")
    assert len(raised.value.problems) == 1


def test_what_is_not_said_has_a_default() -> None:
    text = '[[rule]]\nname="a"\non="{}"\nmeasure="{}"\nlevels={{n=1}}'
    hurt = parse_rules(text.format("casualties", "killed"), "a").rules[0]
    sent = parse_rules(text.format("deployment", "personnel"), "a").rules[0]
    assert (hurt.bound, hurt.per, hurt.min_sources, hurt.where.realis) == ("low", "incident", 1, {"actual"})
    assert sent.where.directions == {"deploy"}
    assert sent.where.realis == {"actual", "ordered", "planned"}


@pytest.mark.parametrize(("line", "field", "says", "text"), BAD, ids=lambda cell: cell[:40])
def test_what_is_wrong_is_said(line: str, field: str, says: str, text: str) -> None:
    with pytest.raises(RulesError) as caught:
        parse_rules(text.replace(" ⏎ ", "\n"), "rules.toml")
    found = [
        ("-" if problem.line is None else str(problem.line), problem.field or "-")
        for problem in caught.value.problems
        if says in problem.message
    ]
    assert (line, field) in found, str(caught.value)


def test_all_problems_are_told_at_once_with_rule_and_place() -> None:
    text = '[[rule]]\nname="a"\non="casualties"\nmeasure="kild"\nlevels={n=0}\nhold="x"\n'
    with pytest.raises(RulesError) as caught:
        parse_rules(text, "my.toml")
    said = str(caught.value).splitlines()
    assert [line.split(":")[1] for line in said] == ["4", "5", "6"]
    assert said[1].startswith('my.toml:5: rule "a", levels.n: 0 is not right; it must be')


def test_lines_are_found_past_comments_and_long_texts() -> None:
    text = 'a = """\n[[rule]]\nb = 1\n"""\n# c = 1\n[x.y]\n"k" = 1\n[[x.z]]\n[[x.z]]\nw = [\n 1,\n]\n'
    text += "last.one = 2\n"
    found = lines_of(text)
    assert found["x", "y", "k"] == 7
    assert found["x", "z", 1, "w"] == 10
    assert found["x", "z", 1, "last", "one"] == 13
    assert ("b",) not in found


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(RulesError, match=r"rules.toml:2: is not UTF-8"):
        load_rules(path)


def test_the_digest_is_that_of_the_text() -> None:
    rules = default_rules()
    assert parse_rules(rules.text, "again").digest == rules.digest
    assert parse_rules(rules.text + "\n", "again").digest != rules.digest


@pytest.mark.parametrize("text", [FULL, default_rules().text], ids=["full", "default"])
def test_the_schema_takes_sound_rules(text: str) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(_plain(tomllib.loads(text)))


SHAPES = (
    "on",
    "bound",
    "levels.notice",
    "holds",
    "where.countries",
    "clear.hold",
    "damp.each",
    "min_sources",
)


@pytest.mark.parametrize(("field", "text"), [(row[1], row[3]) for row in BAD if row[1] in SHAPES], ids=str)
def test_the_schema_refuses_what_an_editor_can_see(field: str, text: str) -> None:
    data = _plain(tomllib.loads(text.replace(" ⏎ ", "\n")))
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(data)


def test_the_schema_knows_the_measures_that_the_code_knows() -> None:
    listed = SCHEMA["properties"]["rule"]["items"]["properties"]["measure"]["enum"]
    assert set(listed) == {*measures("casualties"), *measures("deployment")}


def test_every_country_has_a_subregion() -> None:
    assert len(countries()) > 240
    assert {country.region for country in countries().values()} == {
        "Africa",
        "Americas",
        "Asia",
        "Europe",
        "Oceania",
    }
    assert len({country.subregion for country in countries().values()}) == 22


def test_the_command_says_what_is_sound_and_what_is_not(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(FULL, "utf-8")
    bad.write_text(FULL.replace('"best"', '"worst"'), "utf-8")
    done = CliRunner().invoke(app, ["rules", "check", str(good)])
    assert (done.exit_code, "2 rules, all sound" in done.stdout) == (0, True)
    done = CliRunner().invoke(app, ["rules", "check", str(bad)])
    assert done.exit_code == 1
    assert f"{bad}:9: rule \"deaths\", bound: 'worst' is not known" in done.stderr


def _plain(value: object) -> object:
    """Moments as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


BASE = '[[rule]]\nname = "a"\non = "casualties"\nmeasure = "killed"\nlevels = { notice = 3, warning = 10 }\n'
GUIDE = (HERE.parents[1] / "docs" / "rules.md").read_text("utf-8")


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL))
def test_what_the_guide_shows_is_sound(block: str) -> None:
    if block.startswith("[regions]"):
        block += BASE
    elif not block.startswith("[[rule]]"):
        block = BASE + block
    assert parse_rules(block, "rules.md").rules


def test_the_guide_names_every_field() -> None:
    def names(schema: dict[str, Any]) -> set[str]:
        inner = [names(item) for item in schema.values() if isinstance(item, dict)]
        lists = [item for item in schema.values() if isinstance(item, list)]
        inner += [names(one) for item in lists for one in item if isinstance(one, dict)]
        return set(schema.get("properties", ())).union(*inner)

    unnamed = {name for name in names(SCHEMA) if not re.search(rf"\b{name}\b", GUIDE)}
    assert unnamed == set()
