"""Kafka's jars: whole and as locked, or an error that names the one that is not."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from jgo.maven import Artifact

from streams.brokers import jars, java
from streams.brokers.errors import BrokerError, KafkaUnavailable

CONTENT = b"as locked"
REAL = jars.locked()
LOCK = (
    jars.Jar("org.example", "one", "1.0", hashlib.sha256(CONTENT).hexdigest()),
    jars.Jar("org.example", "two", "2.0", hashlib.sha256(CONTENT).hexdigest()),
)


@pytest.fixture(autouse=True)
def small_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "locked", lambda: ("1.0", LOCK))
    monkeypatch.setattr(jars, "_PAUSE_SECONDS", 0)


def serve(monkeypatch: pytest.MonkeyPatch, answer: object) -> list[str]:
    """Stand in for Maven Central: `answer` is what each file holds, or the error that each fetch ends in."""
    asked = []

    def resolve(artifact: Artifact) -> Path:
        asked.append(artifact.filename)
        file = artifact.cached_path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(answer, Exception):
            file.write_bytes(b"a par")
            raise answer
        file.write_bytes(answer)
        return file

    monkeypatch.setattr(Artifact, "resolve", resolve)
    return asked


def test_the_lock_names_the_whole_of_kafka() -> None:
    version, files = REAL
    assert version == "4.4.0"
    assert len({jar.name for jar in files}) == len(files) == 45
    assert {jar.version for jar in files if jar.group == "org.apache.kafka"} == {version}
    assert {len(bytes.fromhex(jar.sha256)) for jar in files} == {32}


def test_missing_jars_are_fetched_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = serve(monkeypatch, CONTENT)
    folder = tmp_path / "new" / "folder"
    assert jars.provide(folder) == [folder / "one-1.0.jar", folder / "two-2.0.jar"]
    assert jars.provide(folder) == [folder / "one-1.0.jar", folder / "two-2.0.jar"]
    assert sorted(asked) == ["one-1.0.jar", "two-2.0.jar"]
    assert sorted(file.name for file in folder.iterdir()) == ["one-1.0.jar", "two-2.0.jar"]


def test_any_number_may_fetch_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = serve(monkeypatch, CONTENT)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(jars.provide, [tmp_path] * 24))
    assert found == [[tmp_path / "one-1.0.jar", tmp_path / "two-2.0.jar"]] * 24
    assert len(asked) >= 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one-1.0.jar", "two-2.0.jar"]


def test_a_jar_that_comes_otherwise_is_refused_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    serve(monkeypatch, b"something else")
    with pytest.raises(BrokerError, match=r"is not the one-1.0.jar of the lock") as caught:
        jars.provide(tmp_path)
    assert not isinstance(caught.value, KafkaUnavailable)
    assert list(tmp_path.iterdir()) == []


def test_a_kept_jar_that_was_changed_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    serve(monkeypatch, CONTENT)
    jars.provide(tmp_path)
    (tmp_path / "two-2.0.jar").write_bytes(b"changed")
    with pytest.raises(BrokerError, match=r"two-2.0.jar is not the two-2.0.jar of the lock.*remove the file"):
        jars.provide(tmp_path)


@pytest.mark.parametrize(
    ("problem", "tries"),
    [(requests.ConnectionError("no route"), 3), (RuntimeError("no such file"), 1)],
)
def test_what_cannot_be_fetched_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, problem: Exception, tries: int
) -> None:
    asked = serve(monkeypatch, problem)
    with pytest.raises(
        KafkaUnavailable, match=rf"one-1.0.jar can't be fetched from Maven Central: {problem}"
    ):
        jars.provide(tmp_path)
    assert asked.count("one-1.0.jar") == tries
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KafkaUnavailable, match=r"can't be kept in .*file/folder"):
        jars.provide(tmp_path / "file" / "folder")


SAID = {
    'openjdk version "17.0.15" 2025-04-15': 17,
    'openjdk version "25" 2025-09-16': 25,
    'java version "1.8.0_391"': 8,
    "no version here": None,
}


@pytest.mark.parametrize(("said", "expected"), SAID.items())
def test_java_says_its_version(tmp_path: Path, said: str, expected: int | None) -> None:
    program = tmp_path / "java"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    program.chmod(0o755)
    assert java.version(program) == expected


def test_a_java_that_is_not_there_has_no_version(tmp_path: Path) -> None:
    assert java.version(tmp_path / "java") is None


def test_an_old_system_java_gives_way_to_the_bundled_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'java version \"11.0.2\"' >&2\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    java.find_java.cache_clear()
    try:
        assert java.find_java() == java.BUNDLED
    finally:
        java.find_java.cache_clear()
