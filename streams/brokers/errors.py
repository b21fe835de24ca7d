"""What goes wrong with brokers, as far as a person can do something about it."""

from schemas.errors import TocsinError


class BrokerError(TocsinError):
    """A broker did not start, or did not do what was asked; the message says which and why."""


class KafkaUnavailable(BrokerError):
    """Apache Kafka can't be had on this machine: its jars or a Java are neither here nor to be fetched."""
