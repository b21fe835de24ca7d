"""A right way to read Tocsin's alerts: the latest by key, each told once, and on from where it stopped.

    python examples/consumer.py kafka-1:9092 alerts.sqlite

What stands and how far we read are one transaction, and only a higher version is news.
"""

import json
import sqlite3
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

TOPICS = ["alerts.casualties.v1", "alerts.deployments.v1"]
TABLES = """CREATE TABLE IF NOT EXISTS alert (key TEXT PRIMARY KEY, version INT, status TEXT, body TEXT);
    CREATE TABLE IF NOT EXISTS place (part TEXT PRIMARY KEY, next INT)"""
NEWER = """INSERT INTO alert VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET version = excluded.version,
    status = excluded.status, body = excluded.body WHERE excluded.version > version"""


def take(db: sqlite3.Connection, part: str, offset: int, value: bytes | None) -> dict | None:
    """Keep the alert of a record; it is returned if it is news. A null value (a tombstone) is none."""
    alert = json.loads(value or b"null")
    with db:
        db.execute("REPLACE INTO place VALUES (?, ?)", (part, offset + 1))
        row = (alert["dedup_key"], alert["version"], alert["status"], value) if alert else None
        return alert if row and db.execute(NEWER, row).rowcount else None


def follow(db: sqlite3.Connection, broker: str, seconds: float = -1) -> None:
    """Tell every alert that is news; for ever, or until nothing came for `seconds`."""
    settings = {"bootstrap.servers": broker, "group.id": "unused", "auto.offset.reset": "earliest"}
    consumer = Consumer({**settings, "enable.auto.commit": False})
    places = dict(db.executescript(TABLES).execute("SELECT part, next FROM place"))
    parts = [
        (topic, part) for topic in TOPICS for part in consumer.list_topics(topic).topics[topic].partitions
    ]
    consumer.assign(
        [TopicPartition(*part, places.get("{}/{}".format(*part), OFFSET_BEGINNING)) for part in parts]
    )
    while (record := consumer.poll(seconds)) is not None:
        if record.error():
            print(record.error(), file=sys.stderr)
        elif alert := take(db, f"{record.topic()}/{record.partition()}", record.offset(), record.value()):
            print(f"{alert['status']:9} {alert['level']:9} {alert['explanation']}", flush=True)
    consumer.close()


if __name__ == "__main__":  # what stands at any time: SELECT body FROM alert WHERE status != 'close'
    follow(sqlite3.connect(sys.argv[2]), sys.argv[1])
