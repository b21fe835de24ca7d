"""A run without Apache Kafka says so in its last lines, and fails where Kafka is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ONE = f"{Path(__file__).with_name('test_kafka.py')}::test_a_node_makes_no_topic_by_itself"
SAYS = "Apache Kafka was missing"


@pytest.mark.parametrize(
    ("setting", "code", "word"),
    [({}, 0, "1 skipped"), ({"CI": "true"}, 1, "1 error"), ({"TOCSIN_REQUIRE_KAFKA": "1"}, 1, "1 error")],
)
def test_the_last_lines_say_that_kafka_was_missing(setting: dict[str, str], code: int, word: str) -> None:
    inherited = {k: v for k, v in os.environ.items() if k not in ("CI", "TOCSIN_REQUIRE_KAFKA")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", ONE],
        env={**inherited, **setting, "HOME": os.devnull},  # a home that can keep no jars
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    last = done.stdout.splitlines()[-4:]
    assert any(SAYS in line for line in last)
    assert any("can't be kept in" in line for line in last)
    assert word in last[-1]
