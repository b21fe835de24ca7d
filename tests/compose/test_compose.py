"""The compose file and the image's recipe, as far as they can be checked without a container engine."""

import fnmatch
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from streams.cli import app
from streams.settings import load

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
RECIPE = (ROOT / "Dockerfile").read_text("utf-8")
OURS = [name for name, service in SERVICES.items() if "build" in service]
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+\.\d+(-[\w.-]+)?$")


def filled_in(value: Any) -> str:
    """What compose makes of `${NAME:-default}` when nothing is set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))


def instructions(word: str) -> list[str]:
    """What follows `word` in the recipe, continued lines joined."""
    joined = RECIPE.replace("\\\n", " ")
    return re.findall(rf"^{word}\s+(.+)$", joined, re.MULTILINE)


def test_the_file_follows_the_compose_specification() -> None:
    # The package brings the specification's schema; its own command is not needed, nor imported.
    package = importlib.util.find_spec("check_jsonschema")
    assert package is not None
    folder = Path((package.submodule_search_locations or [""])[0])
    schema = json.loads((folder / "builtin_schemas/vendor/compose-spec.json").read_bytes())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(COMPOSE)] == []
    assert list(validator.iter_errors({**COMPOSE, "services": {"kafka": {"imagee": "x"}}}))


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    assert PINNED.match(SERVICES[name]["image"])


def test_the_recipe_starts_from_pinned_images_only() -> None:
    arguments = dict(argument.split("=") for argument in instructions("ARG"))
    stages = [line.split() for line in instructions("FROM")]
    named = {words[2] for words in stages if len(words) > 2}
    for words in stages:
        image = arguments.get(words[0].strip("${}"), words[0])
        assert PINNED.match(image), image
    copied_from = set(re.findall(r"--from=(\S+)", RECIPE))
    assert copied_from <= named


def test_what_is_installed_is_locked() -> None:
    for command in instructions("RUN"):
        if "pip install" in command:
            assert "--require-hashes" in command or "--no-deps --no-build-isolation" in command


def test_the_image_does_not_run_as_root() -> None:
    last_stage = RECIPE[RECIPE.rindex("\nFROM") :]
    users = re.findall(r"^USER\s+(\S+)$", last_stage, re.MULTILINE)
    assert users
    assert users[-1].split(":")[0] not in {"0", "root"}


def test_what_the_recipe_copies_is_there_and_not_ignored() -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    sources = [
        source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]
    ]
    sources += re.findall(r"type=bind,source=([^,\s]+)", RECIPE)
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, pattern) for pattern in kept), source


@pytest.mark.parametrize("name", OURS)
def test_the_settings_are_settings(name: str) -> None:
    in_image = re.findall(r"(TOCSIN_\w+)=(\S+)", RECIPE)
    given = {key: filled_in(value) for key, value in SERVICES[name]["environment"].items()}
    settings = load({**dict(in_image), **given})
    advertised = SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert f"://{settings.broker}" in advertised
    assert settings.web_host == "0.0.0.0"  # of the container: compose publishes it on 127.0.0.1


@pytest.mark.parametrize("name", OURS)
def test_the_commands_are_commands(name: str) -> None:
    command = SERVICES[name].get("command") or json.loads(instructions("CMD")[-1])
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0


def test_the_topics_come_after_the_broker_and_before_the_worker() -> None:
    assert SERVICES["topics"]["depends_on"]["kafka"]["condition"] == "service_healthy"
    assert SERVICES["worker"]["depends_on"]["topics"]["condition"] == "service_completed_successfully"
    assert SERVICES["kafka"]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_a_plain_start_has_no_tools_and_no_ui() -> None:
    plain = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert plain == {"kafka", "topics", "worker"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_published_to_other_machines(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


def test_health_is_asked_where_it_is_told() -> None:
    port = load({}).web_port
    asked = re.findall(r"http://127\.0\.0\.1:(\d+)/(\w+)", RECIPE)
    assert asked == [(str(port), "livez")]
    assert instructions("EXPOSE") == [str(port)]
    assert SERVICES["worker"]["ports"][0].endswith(f":{port}")


def test_data_outlives_the_broker() -> None:
    volumes = dict(volume.split(":") for volume in SERVICES["kafka"]["volumes"])
    assert set(volumes) <= set(COMPOSE["volumes"])
    assert SERVICES["kafka"]["environment"]["KAFKA_LOG_DIRS"] in volumes.values()
