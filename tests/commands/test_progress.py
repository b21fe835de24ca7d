"""The progress bar is for people: on a terminal, and never where it would stand in the way."""

import os
import pty
import subprocess
import sys

import pytest

SCRIPT = """
from streams.commands.progress import progress
with progress("Reading", 1000) as follow:
    for position in range(0, 1001, 10):
        follow(position)
"""


@pytest.mark.parametrize(
    ("out_is_terminal", "err_is_terminal", "shown"),
    [(False, True, True), (False, False, False), (True, True, False), (True, False, False)],
)
def test_the_bar_shows_on_a_terminal_only(out_is_terminal: bool, err_is_terminal: bool, shown: bool) -> None:
    master, terminal = pty.openpty()
    environment = os.environ | {"TERM": "xterm"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            stdout=terminal if out_is_terminal else subprocess.PIPE,
            stderr=terminal if err_is_terminal else subprocess.PIPE,
            env=environment,
            timeout=60,
            check=True,
        )
        os.write(terminal, b"end\n")
        seen = b""
        while b"end" not in seen:
            seen += os.read(master, 4096)
    finally:
        os.close(terminal)
        os.close(master)
    assert (b"Reading" in seen) == shown
    assert not done.stdout
    assert not done.stderr
