"""The action server on loopback: `python -m actions`."""

from __future__ import annotations

import logging
import sys

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.early import short_replies
from actions.turn import office, signals
from bot import logs, tracing
from bot.errors import BotError
from bot.settings import load_settings


def main() -> int:
    """Load the content once, then serve one process; 1 with one clear line on a fault."""
    try:
        settings = load_settings()
        # What is not ours to explain, such as a database that is away, ends in one line, too.
        logs.set_up("actions", level=settings.log_level, form=settings.operating.log_format)
        tracing.set_up("actions", settings.operating.otlp_endpoint)
        office().live.start()
        signals()
        short_replies()
    except BotError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor)
    # Once more: Sanic sets loggers of its own up when the application is made.
    logs.set_up("actions", level=settings.log_level, form=settings.operating.log_format)
    # rasa_sdk warns at every call that its version differs from Rasa's; the pair is tested.
    logging.getLogger("rasa_sdk.utils").setLevel(logging.ERROR)
    app.run(
        host=settings.actions_host,
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
