"""The action server on loopback: `python -m actions`."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.spasm_check import signals
from actions.turn import office
from bot.settings import load_settings


def main() -> None:
    """Load the content once, then serve one process."""
    settings = load_settings()
    logging.basicConfig(level=settings.log_level)
    # rasa_sdk warns at every call that its version differs from Rasa's; the pair is tested.
    logging.getLogger("rasa_sdk.utils").setLevel(logging.ERROR)
    logging.getLogger("sanic.access").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    office().live.start()
    signals()
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor)
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
