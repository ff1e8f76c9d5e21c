"""Logs of every process: one form, and never a word of a family's.

A record of our own code is written as it is. One of a library is written without its message,
only level, logger and place: libraries quote what they work on. An error is written by its type
and the places it passed, for the same reason.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

# Id of the request that is being answered, the same in all three processes.
REQUEST: ContextVar[str] = ContextVar("request", default="")

OURS = ("bot", "actions", "tools")
# Of what comes by these names, the message is fixed or of the machine: start, stop, addresses.
TRUSTED = ("uvicorn.error", "alembic.runtime.migration", "rasa.core.run")
FIELDS = ("channel", "lang", "urgency", "kind", "ms")


class Discreet(logging.Formatter):
    """Lines of text, or of JSON, that hold no one else's words."""

    def __init__(self, service: str, form: str) -> None:
        """Write.

        Args:
            service: name of this process.
            form: text or json.
        """
        super().__init__()
        self._service = service
        self._json = form == "json"

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": _message(record),
        }
        if REQUEST.get():
            fields["request"] = REQUEST.get()
        fields |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            fields["error"] = describe(record.exc_info[1])
        if self._json:
            return json.dumps(fields, ensure_ascii=False)
        head = f"{fields.pop('level')} {fields.pop('logger')} {fields.pop('message')}"
        rest = [f"{k}={v}" for k, v in fields.items() if k not in ("time", "service")]
        return " ".join([head, *rest])


def _message(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in OURS or record.name in TRUSTED:
        return record.getMessage()
    return f"(a library's words) {record.module}:{record.lineno}"


def describe(error: BaseException | None) -> str:
    """An error's type and those behind it, each with the places it passed; no message."""
    told: list[str] = []
    while error is not None and len(told) < 5:
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        places = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames))
        told.append(f"{type(error).__name__} at {places or '?'}")
        error = error.__cause__ or error.__context__
    return " because of ".join(told)


def set_up(service: str, *, level: str, form: str) -> None:
    """Take over every logger of this process, and what is printed when it crashes.

    Args:
        service: gateway, actions or rasa.
        level: of our own code's records; libraries write warnings and worse.
        form: text or json.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(service, form))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
            if logger.level:
                logger.setLevel(max(logger.level, logging.WARNING))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in TRUSTED:
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.INFO))
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, None)


def _crashed(
    kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("bot").critical("crashed: %s", describe(error))
