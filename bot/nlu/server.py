"""Rasa's server as it runs here: `python -m bot.nlu.server --model FILE --port N`.

The same server as `rasa run`, without TensorFlow, with a lasting connection to the action server,
and with a log that holds no word of a family: Rasa's own writes the message that it failed on.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from bot.nlu import without_tensorflow

without_tensorflow.install()

import structlog  # noqa: E402 - what follows imports rasa
from rasa.core.run import serve_application  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.utils.common import configure_logging_and_warnings  # noqa: E402

from bot.nlu.action_endpoint import KeptEndpoint  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent


def without_words(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """What may be logged of one of Rasa's events: its name, its level and an error's type."""
    kept = {key: event[key] for key in ("event", "level") if key in event}
    error = event.get("exc_info")
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    return {**kept, "error": type(error).__name__} if isinstance(error, BaseException) else kept


def configure_logs() -> None:
    """Rasa's two logs: the standard one, and structlog's lines of JSON without messages."""
    level = getattr(logging, os.environ.get("LOG_LEVEL") or "INFO")
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level=level)
    configure_logging_and_warnings(level, warn_only_once=True, filter_repeated_logs=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            without_words,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="Rasa's archive")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--interface", default="127.0.0.1", help="loopback, or inside")
    options = parser.parse_args()
    configure_logs()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = KeptEndpoint(endpoints.action.url)
    serve_application(
        options.model,
        interface=options.interface,
        port=options.port,
        credentials=str(ROOT / "credentials.yml"),
        enable_api=False,
        endpoints=endpoints,
    )


if __name__ == "__main__":
    main()
