"""What all talk with brokers shares: how clients are made, and what is said when a broker is away."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiokafka.errors import KafkaConnectionError, KafkaError

from streams.brokers.errors import BrokerError

Client = Mapping[str, Any]
"""What every aiokafka client is given: `bootstrap_servers` and the arguments to log in with."""


def client(broker: str, security: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The Client for `broker` (host:port[,…]); `security` as `Settings.security` gives it."""
    servers = [server.strip() for server in broker.split(",")]
    return {"bootstrap_servers": servers, **(security or {})}


@contextmanager
def plainly(broker: str) -> Iterator[None]:
    """For commands: what aiokafka raises becomes a BrokerError in plain words, and its own log is still."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        yield
    except KafkaConnectionError as error:
        raise BrokerError(f"no broker answers at {broker} (TOCSIN_BROKER)") from error
    except (KafkaError, TimeoutError) as error:
        said = str(error) or type(error).__name__
        raise BrokerError(f"the broker at {broker} did not do it: {said}") from error
