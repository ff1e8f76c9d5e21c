"""Rasa's server as it runs here: `python -m bot.nlu.server --model FILE --port N`.

The same server as `rasa run`, without TensorFlow, with a lasting connection to the action server,
and with the logs of `bot.logs`: Rasa's own write the message that it failed on.
"""

from __future__ import annotations

import argparse
import logging
from asyncio import AbstractEventLoop
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from bot.nlu import without_tensorflow

without_tensorflow.install()

import structlog  # noqa: E402 - what follows imports rasa
from rasa.core.run import serve_application  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402

from bot import logs  # noqa: E402
from bot.nlu import debug_copies, graph_runner  # noqa: E402
from bot.nlu.action_endpoint import KeptEndpoint  # noqa: E402
from bot.settings import load_settings  # noqa: E402

log = logging.getLogger("bot.nlu.server")  # and not __main__, which is nobody's name
ROOT = Path(__file__).resolve().parent.parent.parent


def to_standard(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> tuple[tuple[Any], Mapping[str, Any]]:
    """One of structlog's events as a call of the standard log: its name and its error."""
    return (event.get("event"),), {"exc_info": event.get("exc_info")}


def configure_logs() -> None:
    """`bot.logs` for all that Rasa logs, by the standard log or by structlog."""
    settings = load_settings()
    structlog.configure(
        processors=[structlog.dev.set_exc_info, to_standard],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # A library's warnings and worse, as in `bot.logs`; the rest costs nothing.
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )
    logs.set_up("rasa", level=settings.log_level, form=settings.operating.log_format)


async def take_logs(_app: Any, _loop: AbstractEventLoop) -> None:
    """Once more, as Rasa has changed its server's logs since."""
    configure_logs()


async def tell(app: Any, _loop: AbstractEventLoop) -> None:
    """Say whether there is a model: without one Rasa runs, and answers nothing."""
    if app.ctx.agent.is_ready():
        log.info("ready")
    else:
        log.error("the model is missing or corrupt. Run: make build")


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="Rasa's archive")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--interface", default="127.0.0.1", help="address to listen at")
    options = parser.parse_args()
    configure_logs()
    debug_copies.install()
    graph_runner.install()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = KeptEndpoint(endpoints.action.url)
    serve_application(
        options.model,
        interface=options.interface,
        port=options.port,
        credentials=str(ROOT / "credentials.yml"),
        enable_api=False,
        endpoints=endpoints,
        server_listeners=[(take_logs, "before_server_start"), (tell, "after_server_start")],
    )


if __name__ == "__main__":
    main()
