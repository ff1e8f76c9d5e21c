"""Traces by OpenTelemetry, where they are switched on. A span holds times and kinds, no words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

# What carries a trace through Rasa, as a field of its message's metadata.
PARENT = "traceparent"


def set_up(service: str, endpoint: str) -> None:
    """Send this process's traces to a collector; nothing where no endpoint is named.

    Args:
        service: gateway or actions.
        endpoint: of OTLP over HTTP; the path of traces is added.
    """
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    provider = TracerProvider(resource=Resource.create({"service.name": f"iess-{service}"}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, attributes: Mapping[str, str] | None = None) -> Iterator[trace.Span]:
    """A span around a step; costs next to nothing while traces are off.

    Args:
        name: of the step.
        attributes: kinds and levels; never anything of a family's words.
    """
    tracer = trace.get_tracer("iess")
    # An error's message may quote what a family wrote.
    with tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as opened:
        yield opened


def passed(name: str, began_ns: int, parent: str | None) -> None:
    """A step that ends now.

    Args:
        name: of the step.
        began_ns: Unix time of its beginning, nanoseconds.
        parent: as `parent` gave it in another process; nothing is told without one.
    """
    if parent:
        context = propagate.extract({PARENT: parent})
        trace.get_tracer("iess").start_span(name, context, start_time=began_ns).end()


def parent() -> str | None:
    """The present span for another process; None while traces are off."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get(PARENT)
