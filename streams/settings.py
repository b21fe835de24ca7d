"""The settings of a worker and of the commands that talk to a broker: `TOCSIN_*` and a TOML file.

The environment wins over the file. The file is `tocsin.toml` in the current folder, or what TOCSIN_CONFIG
names; its keys are the names below. An unknown or wrong setting is a `SettingsError` with one sentence for
each problem; secrets are never in it.
"""

import difflib
import os
import ssl
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from schemas.errors import TocsinError

PREFIX = "TOCSIN_"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class SettingsError(TocsinError):
    """The settings cannot be used; the message says which and what would be right."""


def _duration(value: object) -> object:
    """`90s`, `10m`, `6h`, `7d`, `2w`, a number of seconds, or `off`."""
    if isinstance(value, str):
        text = value.strip().lower()
        if text == "off":
            return None
        if text[-1:] in _UNITS and text[:-1].replace(".", "", 1).isdigit():
            return timedelta(**{_UNITS[text[-1]]: float(text[:-1])})
        if text.replace(".", "", 1).isdigit():
            return timedelta(seconds=float(text))
        raise ValueError("write a duration as 90s, 10m, 6h, 7d or off")
    return timedelta(seconds=value) if isinstance(value, int | float) else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
OptionalDuration = Annotated[timedelta | None, BeforeValidator(_duration)]


class Settings(BaseModel):
    """Everything that can be set. Durations are written as `90s`, `10m`, `7d`; some may be `off`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    broker: str = Field("127.0.0.1:9092", description="host:port[,host:port…] of the Kafka brokers")
    app_id: str = Field(
        "tocsin",
        pattern=r"^[a-zA-Z0-9._-]+$",
        description="consumer group and client id; each installation its own",
    )
    topic_prefix: str = Field("", pattern=r"^[a-zA-Z0-9._-]*$", description="put before every topic's name")
    partitions: int = Field(4, ge=1, le=1000, description="partitions of articles.v1")
    replication: int = Field(1, ge=1, le=9, description="replicas of each topic that is created")
    data_dir: Path = Field(Path(".tocsin"), description="where a worker may write (nothing it cannot lose)")
    rules: Path | None = Field(None, description="rules file for a new installation; else the default set")
    max_age: OptionalDuration = Field(
        timedelta(days=7), description="older articles ring nothing; off for feeding archives"
    )
    retention_days: int = Field(180, ge=1, description="days an incident is kept after its last report")
    tick_after: OptionalDuration = Field(
        timedelta(minutes=5), description="with no news for so long, time is moved on by a tick; or off"
    )
    processes: int | None = Field(None, ge=1, le=256, description="language processes; default: one per core")
    article_limit: Duration = Field(
        timedelta(seconds=20), description="an article that takes longer is given up"
    )
    extraction: str = Field(
        "on",
        pattern=r"^(on|off|[\w.]+:\w+)$",
        description="off reads nothing (to measure delivery alone); module:function makes another extractor",
    )
    dead_letter_run: int = Field(50, ge=1, description="so many dead letters in a row stop the worker")
    dead_letter_share: float = Field(
        0.5, gt=0, le=1, description="a greater share of dead letters in the last 1,000 articles stops it"
    )
    stall_limit: Duration = Field(
        timedelta(minutes=3), description="lag and no commit, or no partition, for so long ends the worker"
    )
    recovery_limit: Duration = Field(
        timedelta(minutes=10),
        description="a recovery of the state that makes no progress for so long ends it",
    )
    session_timeout: Duration = Field(
        timedelta(seconds=30), description="a worker that is silent for so long is taken for dead"
    )
    send_limit: Duration = Field(
        timedelta(minutes=10), description="the broker may be away for so long before the worker ends"
    )
    web_host: str = Field("127.0.0.1", description="address of /livez, /readyz and /metrics")
    web_port: int = Field(6066, ge=0, le=65535, description="their port; 0: no pages")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] = "json"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    tls: bool = Field(False, description="talk TLS to the brokers")
    tls_ca: Path | None = Field(None, description="PEM file of the authorities to trust; else the system's")
    tls_cert: Path | None = Field(None, description="PEM file of our certificate, for mutual TLS")
    tls_key: Path | None = Field(None, description="PEM file of our key")
    tls_key_password: SecretStr | None = None

    @field_validator("broker")
    @classmethod
    def _servers(cls, value: str) -> str:
        for server in value.split(","):
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdigit():
                raise ValueError(f"{server.strip()!r} is not host:port")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.sasl_mechanism and not (self.sasl_username and self.sasl_password):
            raise ValueError("sasl_mechanism needs sasl_username and sasl_password")
        if self.tls_key and not self.tls_cert:
            raise ValueError("tls_key needs tls_cert")
        return self

    def topic(self, name: str) -> str:
        """The full name of a topic of ours."""
        return self.topic_prefix + name

    def ssl_context(self) -> ssl.SSLContext | None:
        """The TLS context for the brokers, or None without TLS. Raises SettingsError for unreadable files."""
        if not self.tls:
            return None
        try:
            context = ssl.create_default_context(cafile=str(self.tls_ca) if self.tls_ca else None)
            if self.tls_cert:
                password = self.tls_key_password.get_secret_value() if self.tls_key_password else None
                context.load_cert_chain(str(self.tls_cert), str(self.tls_key or self.tls_cert), password)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(f"tls: {error}") from error
        return context

    def security(self) -> dict[str, Any]:
        """The keyword arguments that an aiokafka client needs to log in."""
        kinds = {(False, False): "PLAINTEXT", (True, False): "SSL", (False, True): "SASL_PLAINTEXT"}
        protocol = kinds.get((self.tls, self.sasl_mechanism is not None), "SASL_SSL")
        found: dict[str, Any] = {"security_protocol": protocol, "ssl_context": self.ssl_context()}
        if self.sasl_mechanism and self.sasl_password:
            found |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.sasl_password.get_secret_value(),
            }
        return found


def load(environment: Mapping[str, str] | None = None, file: Path | None = None, **given: Any) -> Settings:
    """The settings from a file, the environment and `given`, the later winning. Raises SettingsError."""
    environment = os.environ if environment is None else environment
    file = file or (Path(environment[PREFIX + "CONFIG"]) if environment.get(PREFIX + "CONFIG") else None)
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name, value in _from_file(file).items():
        values[name], origin[name] = value, f"{name} in {file or 'tocsin.toml'}"
    for variable, text in environment.items():
        if variable.startswith(PREFIX) and variable != PREFIX + "CONFIG":
            name = variable.removeprefix(PREFIX).lower()
            values[name], origin[name] = text, variable
    values |= given
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem, origin) for problem in error.errors())) from None


def _from_file(file: Path | None) -> dict[str, Any]:
    path = file or Path("tocsin.toml")
    if file is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _sentence(problem: Any, origin: Mapping[str, str]) -> str:
    """One problem in words, without the value: it may be a secret."""
    name = str(problem["loc"][0]) if problem["loc"] else ""
    where = origin.get(name, name)
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        hint = f"; did you mean {PREFIX + near[0].upper()}?" if near else ""
        return f"{where} is no setting of Tocsin{hint}"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
