"""The declared topics: names, sizes and limits that others rely on, and errors that name file and entry."""

import pytest

from schemas.topics import RECORD_LIMIT, Topic, parse, topics

EVERY = {
    "articles.v1": "delete",
    "events.v1": "delete",
    "incidents.v1": "compact",
    "alerts.casualties.v1": "compact,delete",
    "alerts.deployments.v1": "compact,delete",
    "articles.v1.dlq": "delete",
    "events.v1.dlq": "delete",
    "tracker.state.v1": "compact",
}


def test_these_are_the_topics() -> None:
    assert {topic.declared: topic.must["cleanup.policy"] for topic in topics()} == EVERY


def test_a_prefix_goes_before_every_name() -> None:
    assert [topic.name for topic in topics(prefix="desk.")] == [f"desk.{name}" for name in EVERY]


def test_only_the_articles_have_many_partitions() -> None:
    sizes = {topic.declared: topic.partitions for topic in topics(partitions=12)}
    assert sizes == dict.fromkeys(EVERY, 1) | {"articles.v1": 12}


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.declared)
def test_what_one_topic_takes_the_next_can_hold(topic: Topic) -> None:
    limit = int(topic.must["max.message.bytes"])
    assert limit > RECORD_LIMIT
    letters = {found.declared: found for found in topics()}.get(f"{topic.declared}.dlq")
    assert letters is None or int(letters.must["max.message.bytes"]) > limit


def test_with_three_replicas_two_must_have_a_record() -> None:
    assert {topic.config.get("min.insync.replicas") for topic in topics(replication=3)} == {"2"}
    assert {topic.config.get("min.insync.replicas") for topic in topics(replication=2)} == {None}


def test_events_are_kept_without_end() -> None:
    events = next(topic for topic in topics() if topic.declared == "events.v1")
    assert (events.advice["retention.ms"], events.advice["retention.bytes"]) == ("-1", "-1")


BASE = 'title="T"\nabout="A"\nmessages=[]\nkey="k"\nmust={}\n'
WRONG = {
    "[topic": r"own\.toml: .*table declaration",
    "[topic.a]\ntitle=3": r"own\.toml: topic a: .*title",
    f"[topic.a]\n{BASE}partitions='some'": r"own\.toml: topic a: .*partitions",
    f"[topic.a]\n{BASE}partitions=1\nretention=3": r"own\.toml: topic a: retention is not known here",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_a_wrong_declaration_names_file_and_entry(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text, "own.toml")
