"""Starts a program that does not outlive the process that asked for it, however that one ends.

Run as a script: `python -I -S tether.py PARENT_PID PROGRAM ARG…`. On Linux it asks the kernel to kill it with
its parent and becomes the program, so nothing is left in between. Elsewhere it stays, watches the parent and
ends the program with it.

On Linux the kernel watches the *thread* that started the program: start one from a thread that lives on.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.25


def tethered(command: Sequence[str | Path]) -> list[str]:
    """The command line that runs `command` tethered to this process."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *map(str, command)]


def _become(parent: int, command: list[str]) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606


def _watch(parent: int, command: list[str]) -> int:
    program = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    while program.poll() is None:
        if os.getppid() != parent:
            program.kill()
        time.sleep(_POLL_SECONDS)
    return program.returncode


if __name__ == "__main__":
    if sys.platform == "linux":
        _become(int(sys.argv[1]), sys.argv[2:])
    else:
        sys.exit(_watch(int(sys.argv[1]), sys.argv[2:]))
