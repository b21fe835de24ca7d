"""What the worker counts, for Prometheus. One place, so that names and meanings stay together."""

import multiprocessing
import os

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call] # when each count began doubles the page for little
REGISTRY = CollectorRegistry()

ARTICLES = Counter("tocsin_articles_total", "Articles taken from articles.v1", registry=REGISTRY)
READINGS = Counter("tocsin_readings_total", "Readings delivered to events.v1", registry=REGISTRY)
PASSED_OVER = Counter(
    "tocsin_passed_over_total",
    "Articles and records that were taken but changed nothing, by why",
    ["why"],
    registry=REGISTRY,
)
DEAD_LETTERS = Counter(
    "tocsin_dead_letters_total",
    "Records dead-lettered, by stage and kind",
    ["stage", "kind"],
    registry=REGISTRY,
)
RECORDS = Counter(
    "tocsin_records_total", "Records of events.v1 applied, by kind", ["kind"], registry=REGISTRY
)
OUTPUTS = Counter("tocsin_outputs_total", "Messages delivered, by topic", ["topic"], registry=REGISTRY)
REPAIRS = Counter(
    "tocsin_pool_repairs_total",
    "Language processes that died or were ended, by why",
    ["why"],
    registry=REGISTRY,
)
EXTRACTION = Histogram(
    "tocsin_extraction_seconds",
    "Time from handing an article to the language processes to its reading",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
ALERT_DELAY = Histogram(
    "tocsin_alert_delay_seconds",
    "Time from an article's record on articles.v1 to the delivery of the alert it caused",
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 60, 600),
    registry=REGISTRY,
)
LAG = Gauge("tocsin_lag", "Records not yet committed, by topic", ["topic"], registry=REGISTRY)
COMMIT_AGE = Gauge("tocsin_commit_age_seconds", "Seconds since the last commit", registry=REGISTRY)
STATE_RECORDS = Gauge(
    "tocsin_state_records", "Records in the tracker's state (0 while standing by)", registry=REGISTRY
)
MEMORY = Gauge("tocsin_memory_bytes", "Resident memory, by process", ["process"], registry=REGISTRY)


def measure_memory() -> None:
    """Take the resident memory of this process and of its language processes."""
    MEMORY.clear()
    MEMORY.labels("worker").set(psutil.Process(os.getpid()).memory_info().rss)
    children = sorted(child.pid for child in multiprocessing.active_children() if child.pid)
    for number, pid in enumerate(children):
        try:
            MEMORY.labels(f"language-{number}").set(psutil.Process(pid).memory_info().rss)
        except psutil.NoSuchProcess:
            continue
