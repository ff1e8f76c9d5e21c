"""Settings of running the service: limits, the edge of the network, logs, figures, retention."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import ConfigError
from bot.setting_values import choice, number

# "20/minute", or several: "20/minute;200/hour".
RATE = re.compile(r"[1-9]\d*/(second|minute|hour|day)")

# (name, default, help)
OPERATING: tuple[tuple[str, str, str], ...] = (
    (
        "LIMIT_CONVERSATION",
        "20/minute;200/hour",
        "Messages of one conversation; danger always gets its text.",
    ),
    (
        "LIMIT_ADDRESS",
        "600/minute",
        "Messages from one address; a hospital's whole guest network may stand behind it.",
    ),
    ("LIMIT_OVERALL", "3000/minute", "Messages of all families."),
    (
        "REDIS_URL",
        "",
        "Where several gateways count together, and join a thought sent by SMS in pieces, like"
        " redis://127.0.0.1:6379/0. Empty means that each does so for itself.",
    ),
    (
        "TRUSTED_PROXIES",
        "",
        "Addresses or networks of the proxies before the gateway, separated by spaces or commas;"
        " X-Forwarded-For is believed from them alone.",
    ),
    ("BODY_SECONDS", "10", "Seconds within which the whole body of a request must come."),
    ("HEADER_SECONDS", "10", "Seconds within which the head of a request must come."),
    (
        "OPENAPI",
        "",
        "on or off: /openapi.json. Empty means on, but off in production.",
    ),
    ("METRICS_PORT", "0", "Port of /metrics for Prometheus, apart from the gateway's; 0 is off."),
    ("METRICS_HOST", "127.0.0.1", "Address that /metrics listens on."),
    ("LOG_FORMAT", "text", "text or json (an object on each line)."),
    (
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "",
        "Where traces go (OTLP over HTTP), like http://127.0.0.1:4318. Empty means none are made.",
    ),
    ("RETENTION_DAYS", "30", "Days that a silent conversation is kept, here and in Rasa."),
)


@dataclass(frozen=True)
class Operating:
    """These settings, frozen once read.

    Attributes:
        trusted_proxies: addresses and networks, as uvicorn takes them.
        body_seconds: for the whole body of a request; header_seconds for its head.
        metrics_port: 0 for none.
        otlp_endpoint: "" for no traces.
    """

    limit_conversation: str
    limit_address: str
    limit_overall: str
    redis_url: str
    trusted_proxies: tuple[str, ...]
    body_seconds: float
    header_seconds: float
    openapi: bool
    metrics_port: int
    metrics_host: str
    log_format: str
    otlp_endpoint: str
    retention_days: int


def load_operating(environ: Mapping[str, str], *, production: bool) -> Operating:
    """Read the settings.

    Raises:
        ConfigError: a value is wrong.
    """
    raw = {name: environ.get(name) or default for name, default, _ in OPERATING}
    for name in ("LIMIT_CONVERSATION", "LIMIT_ADDRESS", "LIMIT_OVERALL"):
        if not all(RATE.fullmatch(rate) for rate in raw[name].split(";")):
            raise ConfigError(f"{name}={raw[name]!r} is no rate like 20/minute;200/hour.")
    if raw["REDIS_URL"] and not re.match(r"rediss?://.", raw["REDIS_URL"]):
        # Not quoted: the address may hold a password.
        raise ConfigError("REDIS_URL must begin with redis:// or rediss://.")
    if raw["OTEL_EXPORTER_OTLP_ENDPOINT"] and not re.match(
        r"https?://.", raw["OTEL_EXPORTER_OTLP_ENDPOINT"]
    ):
        raise ConfigError("OTEL_EXPORTER_OTLP_ENDPOINT must begin with http:// or https://.")
    openapi = choice(raw, "OPENAPI", ("", "on", "off"))
    return Operating(
        limit_conversation=raw["LIMIT_CONVERSATION"],
        limit_address=raw["LIMIT_ADDRESS"],
        limit_overall=raw["LIMIT_OVERALL"],
        redis_url=raw["REDIS_URL"],
        trusted_proxies=_networks(raw["TRUSTED_PROXIES"]),
        body_seconds=number(raw, "BODY_SECONDS", 0.1, 300),
        header_seconds=number(raw, "HEADER_SECONDS", 0.1, 300),
        openapi=openapi == "on" or not (openapi or production),
        metrics_port=int(number(raw, "METRICS_PORT", 0, 65535)),
        metrics_host=raw["METRICS_HOST"],
        log_format=choice(raw, "LOG_FORMAT", ("text", "json")),
        otlp_endpoint=raw["OTEL_EXPORTER_OTLP_ENDPOINT"],
        retention_days=int(number(raw, "RETENTION_DAYS", 1, 365)),
    )


def _networks(value: str) -> tuple[str, ...]:
    networks = tuple(value.replace(",", " ").split())
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigError(
                f"TRUSTED_PROXIES: {network!r} is no address or network like 10.0.0.0/8."
            ) from error
    return networks
