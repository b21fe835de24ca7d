"""The demo: what the README's first command shows."""

import os
import subprocess
import sys

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    command = [sys.executable, "-m", "streams.cli", "demo", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False, env=clean)


def check(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "open" in done.stdout
    assert "escalate" in done.stdout
    assert "“" in done.stdout, "the words that an alert came from are shown"
    for line in ("articles fed", "events found", "incidents,", "alerts sent", "5 dead letters", "seconds"):
        assert line in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_demo_on_the_embedded_broker() -> None:
    check(run())


@pytest.mark.kafka
def test_the_demo_on_apache_kafka(kafka_ready: None) -> None:
    check(run("--kafka"))
