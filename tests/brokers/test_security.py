"""The commands log in: SCRAM over TLS, and mutual TLS, as the settings say; and no secret is ever shown."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.brokers.kafka import KafkaNode, free_seats
from streams.cli import app

pytestmark = pytest.mark.kafka

TLS = Path(__file__).with_name("tls")
PASSWORD = "correct-horse-battery"
AUTHORITY = {"TOCSIN_TLS": "true", "TOCSIN_TLS_CA": str(TLS / "authority.pem")}
CERTIFICATE = {"TOCSIN_TLS_CERT": str(TLS / "client.pem"), "TOCSIN_TLS_KEY": str(TLS / "client.key")}
USER = {
    "TOCSIN_SASL_MECHANISM": "SCRAM-SHA-512",
    "TOCSIN_SASL_USERNAME": "tocsin",
    "TOCSIN_SASL_PASSWORD": PASSWORD,
}


@pytest.fixture(scope="module")
def guarded(kafka_ready: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of a node's listeners by their protocols."""
    seat, other = free_seats(2)
    addresses = {
        "PLAINTEXT": f"127.0.0.1:{seat.port}",
        "SASL_SSL": f"127.0.0.1:{other.port}",
        "SSL": f"127.0.0.1:{other.controller_port}",
    }
    advertised = ",".join(f"{protocol}://{address}" for protocol, address in addresses.items())
    properties = {
        "listeners": f"{advertised},CONTROLLER://127.0.0.1:{seat.controller_port}",
        "advertised.listeners": advertised,
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "listener.name.ssl.ssl.client.auth": "required",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(TLS / "broker.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(TLS / "authority.pem"),
    }
    user = ["--add-scram", f"SCRAM-SHA-512=[name=tocsin,password={PASSWORD}]"]
    folder = tmp_path_factory.mktemp("guarded")
    with KafkaNode(folder, seat=seat, properties=properties, format_options=user):
        yield addresses


LETS_IN = {"SASL_SSL": {**AUTHORITY, **USER}, "SSL": {**AUTHORITY, **CERTIFICATE}}


@pytest.mark.parametrize("protocol", LETS_IN)
def test_who_may_come_in_comes_in(protocol: str, guarded: dict[str, str], prefix: str) -> None:
    settings = {"TOCSIN_BROKER": guarded[protocol], "TOCSIN_TOPIC_PREFIX": prefix, **LETS_IN[protocol]}

    def tocsin(*arguments: str, given: str = "") -> str:
        done = CliRunner().invoke(app, arguments, env=settings, input=given)
        assert done.exit_code == 0, done.output
        assert PASSWORD not in done.output
        return done.output

    assert "8 topics are as they must be" in tocsin("topics", "create")
    assert "1 of 1 lines sent" in tocsin("feed", "-", given='{"id": "a", "title": "A flood"}\n')
    assert "0 dead letters" in tocsin("dead-letters", "list")
    assert "alerts: 0 open" in tocsin("alerts", "--once")


KEEPS_OUT = {
    "wrong password": ("SASL_SSL", {**AUTHORITY, **USER, "TOCSIN_SASL_PASSWORD": f"{PASSWORD}!"}),
    "no password": ("SASL_SSL", AUTHORITY),
    "no certificate": ("SSL", AUTHORITY),
    "an authority that we do not trust": ("SASL_SSL", {**USER, "TOCSIN_TLS": "true"}),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see the last line
@pytest.mark.parametrize("who", KEEPS_OUT)
def test_who_may_not_stays_out_and_is_told(who: str, guarded: dict[str, str]) -> None:
    protocol, settings = KEEPS_OUT[who]
    environment = {"TOCSIN_BROKER": guarded[protocol], **settings}
    done = CliRunner().invoke(app, ("topics", "check"), env=environment)
    assert done.exit_code == 2, done.output
    assert guarded[protocol] in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert PASSWORD not in done.output
    gc.collect()  # aiokafka leaves the connection open when a broker turns it away: say so here, not later
