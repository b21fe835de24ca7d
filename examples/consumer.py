"""A right way to read Tocsin's alerts: the latest by key, each told once, and on from where it stopped.

    python examples/consumer.py kafka-1:9092 alerts.sqlite

What stands and how far we read are one transaction, so a crash in between loses nothing and repeats nothing.
Records that come twice, or older than what we know, have no higher version and change nothing.
"""

import json
import sqlite3
import sys
from contextlib import closing

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

NEWER = """INSERT INTO alert VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET version = excluded.version,
    status = excluded.status, body = excluded.body WHERE excluded.version > version"""
TOPICS = ["alerts.casualties.v1", "alerts.deployments.v1"]


def opened(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE IF NOT EXISTS alert (key TEXT PRIMARY KEY, version INT, status TEXT, body TEXT)")
    db.execute("CREATE TABLE IF NOT EXISTS place (topic TEXT, part INT, next INT, PRIMARY KEY (topic, part))")
    return db


def take(db: sqlite3.Connection, topic: str, part: int, offset: int, value: bytes | None) -> dict | None:
    """Keep the alert in a record; it is returned if it is news. A null value (a tombstone) is none."""
    alert = json.loads(value) if value else None
    with db:  # one transaction for what stands and for how far we read
        db.execute("REPLACE INTO place VALUES (?, ?, ?)", (topic, part, offset + 1))
        if alert is None:
            return None
        row = (alert["dedup_key"], alert["version"], alert["status"], value.decode())
        return alert if db.execute(NEWER, row).rowcount else None


def standing(db: sqlite3.Connection) -> list[dict]:
    """The alerts that are open now."""
    rows = db.execute("SELECT body FROM alert WHERE status != 'close' ORDER BY key")
    return [json.loads(body) for (body,) in rows]


def places(db: sqlite3.Connection, consumer: Consumer) -> list[TopicPartition]:
    """Where to go on in every partition: at our own place, else at the first record."""
    known = {(topic, part): at for topic, part, at in db.execute("SELECT topic, part, next FROM place")}
    parts = [
        (topic, part) for topic in TOPICS for part in consumer.list_topics(topic).topics[topic].partitions
    ]
    return [TopicPartition(*part, known.get(part, OFFSET_BEGINNING)) for part in parts]


def follow(db: sqlite3.Connection, broker: str, seconds: float = -1) -> None:
    """Tell every alert that is news; for ever, or until nothing came for `seconds`."""
    settings = {"bootstrap.servers": broker, "group.id": "unused", "enable.auto.commit": False}
    with closing(Consumer({**settings, "auto.offset.reset": "earliest"})) as consumer:
        consumer.assign(places(db, consumer))
        while (record := consumer.poll(seconds)) is not None:
            if record.error():
                print(record.error(), file=sys.stderr)
                continue
            alert = take(db, record.topic(), record.partition(), record.offset(), record.value())
            if alert:  # wake somebody on open and escalate; show the rest to whoever was told
                print(f"{alert['status']:9} {alert['level']:9} {alert['explanation']}", flush=True)


if __name__ == "__main__":
    follow(opened(sys.argv[2]), sys.argv[1])
