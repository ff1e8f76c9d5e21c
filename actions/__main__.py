"""The action server on loopback: `python -m actions`."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.early import short_replies
from actions.turn import office, signals
from bot import logs, tracing
from bot.settings import load_settings


def main() -> None:
    """Load the content once, then serve one process."""
    settings = load_settings()
    tracing.set_up("actions", settings.operating.otlp_endpoint)
    office().live.start()
    signals()
    short_replies()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor)
    # Sanic sets loggers of its own up when the application is made.
    logs.set_up("actions", level=settings.log_level, form=settings.operating.log_format)
    # rasa_sdk warns at every call that its version differs from Rasa's; the pair is tested.
    logging.getLogger("rasa_sdk.utils").setLevel(logging.ERROR)
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
