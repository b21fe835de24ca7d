"""The local Apache Kafka: it starts, keeps what it was given over stop and kill, and ends with its owner."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from streams.brokers import kafka
from streams.brokers.cluster import KafkaCluster
from streams.brokers.errors import BrokerError
from streams.brokers.java import BUNDLED
from streams.brokers.kafka import KafkaNode, Seat, free_seats

pytestmark = pytest.mark.kafka


def create(bootstrap: str, topic: str, copies: int = 1) -> None:
    client = AdminClient({"bootstrap.servers": bootstrap})
    client.create_topics([NewTopic(topic, 1, copies)])[topic].result(30)


def send(bootstrap: str, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0, "acks": "all"})
    failures: list[object] = []
    producer.produce(topic, value, on_delivery=lambda error, _: failures.append(error) if error else None)
    assert producer.flush(60) == 0
    assert not failures


def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": "g", "auto.offset.reset": "earliest", "log_level": 0}
    )
    consumer.subscribe([topic])
    try:
        return [record.value() for record in consumer.consume(count, timeout=60)]
    finally:
        consumer.close()


def test_a_node_keeps_its_records_over_stop_and_kill(kafka_node: KafkaNode) -> None:
    create(kafka_node.bootstrap, "kept")
    send(kafka_node.bootstrap, "kept", b"first")
    kafka_node.stop()
    assert not kafka_node.running
    kafka_node.start()
    send(kafka_node.bootstrap, "kept", b"second")
    kafka_node.kill()
    kafka_node.start()
    assert read(kafka_node.bootstrap, "kept", 2) == [b"first", b"second"]


def test_a_node_makes_no_topic_by_itself(kafka: str) -> None:
    metadata = AdminClient({"bootstrap.servers": kafka}).list_topics("nobody-made-this", timeout=10)
    assert metadata.topics["nobody-made-this"].error is not None


def test_a_running_node_is_not_started_twice(kafka_node: KafkaNode) -> None:
    with pytest.raises(BrokerError, match="running already"):
        kafka_node.start()


def test_a_node_that_does_not_come_up_shows_the_end_of_its_log(kafka_ready: None, tmp_path: Path) -> None:
    taken = free_seats(1)[0]
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", taken.port))
        somebody.listen()
        node = KafkaNode(tmp_path, seat=Seat(1, taken.port, taken.controller_port))
        with pytest.raises(BrokerError, match=r"(?s)ended at its start; its log ends:.*already in use"):
            node.start()


def test_a_folder_that_kafka_refuses_is_named(kafka_ready: None, tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=r"can't be made ready for Kafka.*process\.roles"):
        KafkaNode(tmp_path, properties={"process.roles": "king"}).start()


def test_a_node_runs_on_the_java_of_the_wheel(
    kafka_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka, "find_java", lambda: BUNDLED)
    with KafkaNode(tmp_path) as node:
        assert psutil.Process(node.pid).exe() == str(BUNDLED)
        create(node.bootstrap, "kept")
        send(node.bootstrap, "kept", b"first")
        assert read(node.bootstrap, "kept", 1) == [b"first"]


def test_a_node_ends_with_its_parent(kafka_ready: None, tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from streams.brokers.kafka import KafkaNode\n"
        "node = KafkaNode(Path(sys.argv[1])).start(); print(node.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert "kafka.Kafka" in child.cmdline()
        parent.send_signal(signal.SIGKILL)
    child.wait(timeout=10)


def test_a_cluster_goes_on_without_the_leader(kafka_cluster: KafkaCluster, prefix: str) -> None:
    topic = f"{prefix}kept"
    create(kafka_cluster.bootstrap, topic, copies=3)
    send(kafka_cluster.bootstrap, topic, b"first")
    lost = kafka_cluster.leader(topic)
    lost.kill()
    send(kafka_cluster.bootstrap, topic, b"second")
    assert kafka_cluster.leader(topic) is not lost
    assert read(kafka_cluster.bootstrap, topic, 2) == [b"first", b"second"]
    assert kafka_cluster.coordinator("g").running
    lost.start()
    kafka_cluster.wait_in_sync()
