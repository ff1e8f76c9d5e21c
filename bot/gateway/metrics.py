"""Figures for Prometheus. No label tells of a family: no text, number, address or conversation."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.content import Review
from bot.errors import EngineError, EngineTimeout
from bot.reply import Reply
from bot.reviews import count_expired, count_unsigned
from bot.settings import Settings
from bot.store.sms_outbox import OPEN, Outbox

log = logging.getLogger(__name__)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

MESSAGES = Counter("iess_messages", "Messages answered.", ("channel", "lang", "urgency", "kind"))
STEPS = Histogram("iess_step_seconds", "Time of a step of an answer.", ("step",), buckets=SECONDS)
ENGINE_FAILURES = Counter("iess_engine_failures", "Messages Rasa did not answer.", ("reason",))
DATABASE_FAILURES = Counter("iess_database_failures", "Statements that failed.", ("part",))
LIMITED = Counter("iess_limited", "Messages over a limit, danger among them.", ("limit",))
REFUSALS = Counter("iess_refusals", "Requests refused.", ("code",))
PART_UP = Gauge("iess_part_up", "1 where a part answers.", ("part",))
PURGED_AT = Gauge("iess_purged_timestamp_seconds", "Unix time of the last purge that succeeded.")


def answered(reply: Reply, channel: str) -> None:
    """Count an answer, by the level of this message and the first kind that is not safety."""
    kinds = [message.kind for message in reply.messages]
    kind = next((kind for kind in kinds if kind != "safety"), "safety")
    MESSAGES.labels(channel, reply.lang, reply.message_urgency, kind).inc()
    for step, ms in reply.explain.get("ms", {}).items():
        STEPS.labels(step).observe(ms / 1000)
    if "action_ms" in reply.explain:
        STEPS.labels("action").observe(reply.explain["action_ms"] / 1000)


def engine_failed(error: EngineError) -> None:
    """Count a message that the engine did not answer."""
    ENGINE_FAILURES.labels("timeout" if isinstance(error, EngineTimeout) else "failed").inc()


class Stock(Collector):
    """What stands in the database and the content, looked up when Prometheus asks."""

    def __init__(
        self, outbox: Outbox | None, reviews: Callable[[], Mapping[str, Sequence[Review]]]
    ) -> None:
        """Look up.

        Args:
            outbox: of the SMS channel, where there is one.
            reviews: gives those of every text as it is told now, by content.
        """
        self._outbox = outbox
        self._reviews = reviews

    def collect(self) -> Iterable[Metric]:
        """The figures of now."""
        unsigned = GaugeMetricFamily("iess_texts_unsigned", "Never signed.", labels=["content"])
        expired = GaugeMetricFamily("iess_texts_expired", "Out of date.", labels=["content"])
        for content, reviews in self._reviews().items():
            unsigned.add_metric([content], count_unsigned(reviews))
            expired.add_metric([content], count_expired(reviews, dt.date.today()))
        yield unsigned
        yield expired
        if self._outbox is None:
            return
        depth = GaugeMetricFamily("iess_outbox_messages", "SMS by state.", labels=["state"])
        try:
            counts = self._outbox.counts()
        except SQLAlchemyError as error:
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400
            DATABASE_FAILURES.labels("metrics").inc()
            return
        for state in (*OPEN, "dead"):
            depth.add_metric([state], counts.get(state, 0))
        yield depth


class Exposition:
    """The server of /metrics, on a port of its own that no family reaches."""

    def __init__(self, settings: Settings, stock: Stock) -> None:
        """Listen, where METRICS_PORT is set; a taken port stops no gateway."""
        self._stock = stock
        self._server: tuple[WSGIServer, Thread] | None = None
        operating = settings.operating
        if not operating.metrics_port:
            return
        try:
            self._server = start_http_server(operating.metrics_port, operating.metrics_host)
        except OSError as error:
            log.error("no /metrics: port %d: %s", operating.metrics_port, error.strerror)  # noqa: TRY400
            return
        REGISTRY.register(stock)

    def close(self) -> None:
        """Stop listening."""
        if self._server is None:
            return
        server, thread = self._server
        server.shutdown()
        server.server_close()
        thread.join()
        REGISTRY.unregister(self._stock)
        self._server = None
