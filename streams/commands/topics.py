"""`tocsin topics`: creates the topics, or says what is wrong with them."""

import typer

from streams.brokers.topics import check as find_differences
from streams.brokers.topics import create as create_missing
from streams.commands.setup import client_of, configured, run, topics_of

topics = typer.Typer(
    name="topics", no_args_is_help=True, help="Create the topics, or say what is wrong with them."
)


@topics.command()
def create() -> None:
    """Create the topics that are missing, with their partitions, retention and compaction.

    A topic that is there stays as it is; where it is not as it must be, that is said. Names, partitions and
    replicas follow TOCSIN_TOPIC_PREFIX, TOCSIN_PARTITIONS and TOCSIN_REPLICATION.

    Exit codes: 0 all topics are as they must be; 1 some are not; 2 no broker, or wrong settings.

    Examples:

      tocsin topics create

      TOCSIN_BROKER=kafka:9092 TOCSIN_REPLICATION=3 tocsin topics create
    """
    settings = configured()
    for topic in run(settings, create_missing(client_of(settings), topics_of(settings))):
        partitions = f"{topic.partitions} partition{'s' * (topic.partitions > 1)}"
        typer.echo(f"created {topic.name} ({partitions}, {topic.must['cleanup.policy']})")
    check()


@topics.command()
def check() -> None:
    """Say where the topics are not as they must be, and where somebody chose otherwise than we advise.

    What must hold is what the worker checks at its start; what should hold is the operator's to decide.

    Exit codes: 0 all topics are as they must be; 1 some are not; 2 no broker, or wrong settings.

    Example:  TOCSIN_BROKER=kafka:9092 tocsin topics check
    """
    settings = configured()
    declared = topics_of(settings)
    differences = run(settings, find_differences(client_of(settings), declared, advice=True))
    for difference in differences:
        typer.echo(str(difference), err=difference.must)
    if any(difference.must for difference in differences):
        raise typer.Exit(1)
    typer.echo(f"{len(declared)} topics are as they must be")
