"""Structured logs: JSON lines (or text) on stderr, with topic, partition, offset and article id where known.

While a broker is away aiokafka may log thousands of lines a second (aiokafka spins on reconnecting), so its
loggers pass through a limiter that lets each message through once in a while and says how many it held back.
"""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog

NOISY = ("aiokafka", "faust", "mode", "asyncio")
LIMIT_SECONDS = 10.0


class RateLimit(logging.Filter):
    """Lets the same message (before its arguments) of a logger through at most once in `seconds`."""

    def __init__(self, seconds: float = LIMIT_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        self._passed: dict[tuple[str, str], float] = {}
        self._held: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether `record` may pass; one that passes after others were held back says how many."""
        if not record.name.startswith(NOISY):
            return True
        key = (record.name, str(record.msg))
        now = self._clock()
        last = self._passed.get(key)
        if last is not None and now - last < self._seconds:
            self._held[key] = self._held.get(key, 0) + 1
            return False
        self._passed[key] = now
        if held := self._held.pop(key, 0):
            record.msg = f"{record.msg} (and {held} more like it)"
        return True


def configure(level: str, style: str) -> None:
    """Send every log of this process to stderr in one format. `style` is `json` or `text`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(RateLimit())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel("WARNING")


def get(name: str) -> Any:
    """A structured logger."""
    return structlog.stdlib.get_logger(name)
