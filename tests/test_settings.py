"""Settings: what is unknown or wrong is named, and secrets are not."""

from datetime import timedelta
from pathlib import Path

import pytest

import streams.app
from streams.settings import Settings, SettingsError, load


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text('broker = "file:1"\npartitions = 8\nmax_age = "2d"\n')
    settings = load({"TOCSIN_BROKER": "env:2"}, file)
    assert (settings.broker, settings.partitions) == ("env:2", 8)
    assert settings.max_age == timedelta(days=2)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TOCSIN_BROKR": "x:1"}, "TOCSIN_BROKR is no setting of Tocsin; did you mean TOCSIN_BROKER?"),
        ({"TOCSIN_BROKER": "nowhere"}, "TOCSIN_BROKER: 'nowhere' is not host:port"),
        ({"TOCSIN_PARTITIONS": "many"}, "TOCSIN_PARTITIONS: Input should be a valid integer"),
        ({"TOCSIN_PARTITIONS": "0"}, "TOCSIN_PARTITIONS: Input should be greater than or equal to 1"),
        ({"TOCSIN_MAX_AGE": "soon"}, "TOCSIN_MAX_AGE: write a duration as"),
        ({"TOCSIN_SASL_MECHANISM": "PLAIN"}, "sasl_mechanism needs sasl_username and sasl_password"),
        ({"TOCSIN_TLS_KEY": "k.pem"}, "tls_key needs tls_cert"),
    ],
)
def test_what_is_wrong_is_named(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environment)
    assert says in str(caught.value)


def test_fausts_own_command_says_what_is_wrong_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOCSIN_BROKR", "x:1")
    with pytest.raises(SystemExit) as ended:
        _ = streams.app.app
    assert ended.value.code == 2
    assert capsys.readouterr().err == "TOCSIN_BROKR is no setting of Tocsin; did you mean TOCSIN_BROKER?\n"


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text("broker = ")
    with pytest.raises(SettingsError, match=r"tocsin\.toml"):
        load({}, file)


def test_a_key_of_the_file_that_is_none_is_named_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text("brokerr = 'x:1'")
    with pytest.raises(SettingsError, match=r"brokerr in .*tocsin\.toml is no setting"):
        load({}, file)


def test_secrets_are_in_no_text() -> None:
    secret = "correct horse"
    environment = {
        "TOCSIN_SASL_MECHANISM": "SCRAM-SHA-512",
        "TOCSIN_SASL_USERNAME": "u",
        "TOCSIN_SASL_PASSWORD": secret,
    }
    settings = load(environment)
    assert secret not in repr(settings)
    assert secret not in str(settings.model_dump())
    assert settings.security()["sasl_plain_password"] == secret
    with pytest.raises(SettingsError) as caught:
        load({**environment, "TOCSIN_SASL_MECHANISM": "NONE"})
    assert secret not in str(caught.value)


def test_topics_carry_the_prefix() -> None:
    assert Settings(topic_prefix="test.").topic("events.v1") == "test.events.v1"


def test_durations() -> None:
    for text, value in {"90s": 90, "10m": 600, "6h": 21600, "7d": 604800, "1.5h": 5400, "30": 30}.items():
        assert load({"TOCSIN_MAX_AGE": text}).max_age == timedelta(seconds=value)
    assert load({"TOCSIN_MAX_AGE": "off"}).max_age is None
