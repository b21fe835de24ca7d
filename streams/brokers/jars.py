"""Apache Kafka's own jars: fetched once from Maven Central, and what is not as locked is never run."""

import hashlib
import tempfile
import time
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import requests
from jgo.maven import MavenContext

from streams.brokers.errors import BrokerError, KafkaUnavailable

_TRIES = 3
_PAUSE_SECONDS = 2.0
_TIMEOUT_SECONDS = 60
_PARALLEL = 4


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the lock: Maven coordinates and the SHA-256 that its bytes must have."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.artifact}-{self.version}.jar"


@cache
def locked() -> tuple[str, tuple[Jar, ...]]:
    """Kafka's version and its jars, as `data/kafka_jars.toml` locks them."""
    lock = tomllib.loads(files("streams.brokers").joinpath("data/kafka_jars.toml").read_text("utf-8"))
    parts = ((*coordinates.split(":"), sha256) for coordinates, sha256 in lock["jars"].items())
    jars = tuple(Jar(group, artifact, version, sha256) for group, artifact, version, sha256 in parts)
    return lock["version"], jars


def default_folder() -> Path:
    """Where the jars are kept from one run to the next."""
    return Path.home() / ".cache" / "tocsin" / f"kafka-{locked()[0]}"


def provide(folder: Path | None = None) -> list[Path]:
    """The paths of all jars in `folder`, after fetching the missing ones (43 MB in all) and checking each.

    A file takes its place only whole and right, so any number of processes may do this at once and a broken
    fetch goes on where it was. Raises KafkaUnavailable when a jar can't be fetched, BrokerError when one has
    another SHA-256 than the lock says, both naming the jar.
    """
    folder = folder or default_folder()
    jars = locked()[1]
    missing = [jar for jar in jars if not (folder / jar.name).exists()]
    if missing:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _fetch(missing, folder)
        except OSError as error:
            raise KafkaUnavailable(f"Apache Kafka's jars can't be kept in {folder}: {error}") from error
    for jar in jars:
        _verify(jar, folder / jar.name)
    return [folder / jar.name for jar in jars]


def _fetch(jars: Iterable[Jar], folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as staging,
        ThreadPoolExecutor(_PARALLEL) as pool,
    ):
        maven = MavenContext(repo_cache=Path(staging), timeout=_TIMEOUT_SECONDS)

        def fetch(jar: Jar) -> None:
            file = _download(maven, jar)
            _verify(jar, file)
            file.replace(folder / jar.name)

        list(pool.map(fetch, jars))


def _download(maven: MavenContext, jar: Jar) -> Path:
    artifact = maven.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    problem: Exception | None = None
    for attempt in range(_TRIES):
        time.sleep(_PAUSE_SECONDS * attempt)
        try:
            return Path(artifact.resolve())
        except requests.RequestException as error:  # the network: it may come back
            artifact.cached_path.unlink(missing_ok=True)  # a broken download leaves a part behind
            problem = error
        except RuntimeError as error:  # the repository's own no
            problem = error
            break
    raise KafkaUnavailable(f"{jar.name} can't be fetched from Maven Central: {problem}") from problem


def _verify(jar: Jar, file: Path) -> None:
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != jar.sha256:
        raise BrokerError(
            f"{file} is not the {jar.name} of the lock: its SHA-256 is {found}, it must be {jar.sha256}; "
            "remove the file and try again"
        )
