"""Builds the Faust app from the settings: the one place that wires.

`faust -A streams.app worker` finds the app made from the environment; nothing is read before it asks.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from typing import Any

import faust
from aiokafka.errors import KafkaError
from faust.exceptions import ConsumerNotStarted

from schemas.errors import TocsinError
from schemas.topics import Topic, topics
from streams.agents import fatal, logs
from streams.agents.dead_letters import Budget, DeadLetters
from streams.agents.delivery import Sender
from streams.agents.extract import READING_KEY, ExtractAgent, PoolCounts
from streams.agents.fatal import guarded
from streams.agents.fetching import BatchTransport
from streams.agents.group import Group
from streams.agents.pulse import Pulse
from streams.agents.state import StateTopic
from streams.agents.ticker import Ticker
from streams.agents.track import TrackAgent
from streams.agents.watchdog import Watchdog
from streams.agents.web import Pages
from streams.alerting import RuleSet, default_rules, load_rules
from streams.brokers.topics import check
from streams.incidents import TrackingSettings
from streams.ledger import Ledger
from streams.pipeline import Pipeline
from streams.pool import ExtractionPool
from streams.settings import Settings, load

log = logs.get(__name__)

STOP_SECONDS = 9.0
"""A stop that takes longer ends the process: what was not committed comes again."""

MAX_RECORD_BYTES = 16 << 20
"""The largest record of any topic (8 MiB) with headers and room."""

MAX_BATCH_BYTES = 512 << 10
"""What is sent to one partition together, if it is more than one record: far below any topic's limit."""


class Service(faust.App):  # type: ignore[misc] # Faust gives mypy no types
    """A Faust app that checks its topics before it starts and never takes long to stop."""

    parts: "Parts"
    logger = logging.getLogger("faust.app")
    """Where Faust says what it does: `logs` lets its warnings through."""

    def on_init_dependencies(self) -> Any:
        """Faust's services, with deaf ears for its monitor's: it would time every event, and we count."""
        services = super().on_init_dependencies()
        self.sensors.remove(self.monitor)
        self.sensors.add(faust.Sensor())  # with none at all Faust warns of it at each rebalance
        return services

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self)

    async def on_first_start(self) -> None:
        """Exit with what is wrong with the topics or the language processes, if anything is."""
        await self.parts.check_topics()
        try:
            await self.parts.pool.start()
        except RuntimeError as error:
            fatal.end(str(error))
        await super().on_first_start()

    def assigned(self) -> set[Any]:
        """The partitions that this worker has now."""
        try:
            return set(self.consumer.assignment())
        except ConsumerNotStarted:
            return set()

    async def stop(self) -> None:
        """Finish what is under way, commit, leave the group; but within `STOP_SECONDS`.

        A second signal ends the process at once: what was not committed comes again.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, os._exit, 1)
        deadline = threading.Timer(STOP_SECONDS, os._exit, (0,))
        deadline.daemon = True
        deadline.start()
        log.info("worker stopping: it finishes what is under way")
        await super().stop()
        self.parts.pool.stop()
        log.info("worker stopped")


class Parts:
    """Everything that runs beside the two agents."""

    def __init__(self, app: Service, settings: Settings, rules: RuleSet) -> None:
        self.settings = settings
        name = settings.topic
        client = {"bootstrap_servers": settings.broker.split(","), **settings.security()}
        sender = Sender(app, settings.send_limit.total_seconds())
        self._pulse = Pulse(settings.session_timeout.total_seconds() * 0.8)
        self._client = client
        self.pool = ExtractionPool(
            processes=settings.processes or os.cpu_count() or 1,
            limit=settings.article_limit.total_seconds(),
            extraction=settings.extraction,
            max_age=settings.max_age,
            observer=PoolCounts(),
        )
        self.extract = ExtractAgent(
            pool=self.pool,
            sender=sender,
            dead_letters=DeadLetters(name("articles.v1.dlq"), self._budget()),
            events_topic=name("events.v1"),
            partitions=lambda: {tp.partition for tp in app.assigned() if tp.topic == name("articles.v1")},
        )
        self.track = TrackAgent(
            sender=sender,
            state=StateTopic(name("tracker.state.v1"), client),
            dead_letters=DeadLetters(name("events.v1.dlq"), self._budget()),
            topic=name("events.v1"),
            topics={
                "incidents": name("incidents.v1"),
                "alerts.casualties": name("alerts.casualties.v1"),
                "alerts.deployments": name("alerts.deployments.v1"),
            },
            new_pipeline=lambda ledger: self._pipeline(rules, ledger),
            rules=rules,
            client=client,
            pulse=self._pulse,
        )
        group = Group(settings.app_id, [name("articles.v1"), name("events.v1")], client)
        self.watchdog = Watchdog(
            group,
            self.track,
            assigned=app.assigned,
            stall_limit=settings.stall_limit.total_seconds(),
            recovery_limit=settings.recovery_limit.total_seconds(),
        )
        self._ticker = settings.tick_after and Ticker(
            tracker=self.track,
            sender=sender,
            topic=name("events.v1"),
            key=READING_KEY,
            after=settings.tick_after.total_seconds(),
            lag=lambda: self.watchdog.lag(name("articles.v1")),
        )
        self._pages = (
            Pages(settings.web_host, settings.web_port, self.watchdog) if settings.web_port else None
        )

    def _budget(self) -> Budget:
        return Budget(run=self.settings.dead_letter_run, share=self.settings.dead_letter_share)

    def _pipeline(self, rules: RuleSet, ledger: Ledger) -> Pipeline:
        return Pipeline(
            rules, tracking=TrackingSettings(retention_days=self.settings.retention_days), ledger=ledger
        )

    async def start(self) -> None:
        """Start what runs beside the agents."""
        tasks = [guarded("pulse", self._pulse.beat), guarded("watchdog", self.watchdog.run)]
        if self._ticker:
            tasks.append(guarded("ticker", self._ticker.run))
        self._tasks = [asyncio.create_task(task) for task in tasks]
        if self._pages:
            await self._pages.start()
        log.info("worker started", broker=self.settings.broker, processes=self.pool.processes)

    async def stop(self) -> None:
        """Stop it."""
        for task in self._tasks:
            task.cancel()
        if self._pages:
            await self._pages.stop()

    async def check_topics(self) -> None:
        """Compare every topic with what it should be; ends the process where one is wrong."""
        waited = 0.0
        while True:
            try:
                differences = await check(self._client, self._topics())
                break
            except (KafkaError, OSError) as error:
                if waited >= self.settings.send_limit.total_seconds():
                    fatal.end(f"no broker at {self.settings.broker}: {error!r}")
                log.warning("waiting for the broker", broker=self.settings.broker, error=repr(error))
                await asyncio.sleep(2)
                waited += 2
        if differences:
            found = "; ".join(str(difference) for difference in differences)
            fatal.end(f"the topics are not as they must be: {found}. See `tocsin topics create`")

    def _topics(self) -> list[Topic]:
        settings = self.settings
        return topics(
            prefix=settings.topic_prefix, partitions=settings.partitions, replication=settings.replication
        )


def create_app(settings: Settings) -> Service:
    """The worker for `settings`. Raises RulesError and SettingsError for what cannot be used."""
    rules = load_rules(settings.rules) if settings.rules else default_rules()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = Service(
        settings.app_id,
        broker=[f"kafka://{server.strip()}" for server in settings.broker.split(",")],
        broker_credentials=_credentials(settings),
        datadir=settings.data_dir,
        store="memory://",
        web_enabled=False,
        processing_guarantee="at_least_once",
        topic_partitions=settings.partitions,
        topic_replication_factor=settings.replication,
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        stream_wait_empty=True,
        broker_commit_interval=1.0,
        broker_session_timeout=settings.session_timeout.total_seconds(),
        broker_heartbeat_interval=settings.session_timeout.total_seconds() / 10,
        broker_max_poll_interval=31_536_000,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=MAX_RECORD_BYTES,
        producer_linger=0.01,
        producer_max_batch_size=MAX_BATCH_BYTES,
        producer_request_timeout=20,
        producer_max_request_size=MAX_RECORD_BYTES,
        producer_acks=-1,
    )
    parts = app.parts = Parts(app, settings, rules)
    app.agent(_bytes_topic(app, settings.topic("articles.v1")), name="extract")(parts.extract.run)
    app.agent(_bytes_topic(app, settings.topic("events.v1")), name="track")(parts.track.run)

    async def revoked(_app: Any, partitions: Any, **_rest: Any) -> None:
        if any(partition.topic == settings.topic("events.v1") for partition in partitions):
            parts.track.stand_by()

    async def shut_down(_app: Any, **_rest: Any) -> None:
        await parts.stop()

    app.on_partitions_revoked.connect(revoked, weak=False)
    app.on_before_shutdown.connect(shut_down, weak=False)
    app.task()(parts.start)
    return app


def _bytes_topic(app: faust.App, name: str) -> Any:
    return app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


def _credentials(settings: Settings) -> Any:
    context = settings.ssl_context()
    if settings.sasl_mechanism and settings.sasl_password:
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password.get_secret_value(),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context=context) if context else None


def __getattr__(name: str) -> Any:
    """`app`, made from the environment when Faust's command asks for it."""
    if name != "app":
        raise AttributeError(name)
    try:
        settings = load()
        logs.configure(settings.log_level, settings.log_format)
        app = globals()["app"] = create_app(settings)
    except TocsinError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    return app
