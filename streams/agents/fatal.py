"""The one way out when nothing more can be done: end the process, so that nothing is acknowledged.

An exception that leaves an agent's body acknowledges the message it was given (Faust, measured), so a fault
that is neither the message's nor passing must end the process at once. A supervisor starts it again; what
was not committed comes again.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn

from streams.agents import logs

log = logs.get(__name__)


def end(reason: str, **details: Any) -> NoReturn:
    """Say why, in the log and on stderr, and end the process with 1 without any clean-up."""
    log.critical(reason, **details)
    logging.shutdown()
    sys.stderr.write(f"tocsin worker: {reason}\n")
    sys.stderr.flush()
    os._exit(1)


def guarded(name: str, body: Callable[[], Awaitable[None]]) -> Coroutine[Any, Any, None]:
    """A task that must never end by an exception: one that does ends the process."""

    async def run() -> None:
        try:
            await body()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.exception("task failed", task=name)
            end(f"{name} failed: {type(error).__name__}: {error}")

    return run()
