"""The set-up of several machines, here on one: `python -m tools.scale`, in .venv.

Two gateways, two Rasa servers and two action servers over one PostgreSQL and one Redis. Each Rasa
has an action server of its own: where either fails, the gateways ask the other pair. DATABASE_URL
and REDIS_URL name servers that run already; otherwise both are started, and thrown away after.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import httpx

from bot.gateway.engine import PROBE
from tools.postgres import Postgres
from tools.redis_server import RedisServer
from tools.serve import Stack, run
from tools.services import Services, commands, free_ports, plan, ticks
from tools.steps import ROOT, StepError, report, tail

PAIRS = 2


def plan_scale(given: Mapping[str, str], root: Path = ROOT) -> Services:
    """Settle what is started, as `tools.services.plan` does for a single set.

    Raises:
        StepError: a setting is wrong, a port is taken, or the model is not built.
    """
    if given.get("DATABASE_URL", "").startswith("sqlite"):
        raise StepError("Several machines cannot share SQLite. Set DATABASE_URL to PostgreSQL.")
    one = plan(given, root)
    model = root / "var" / "models" / "iess.tar.gz"
    first = {name: int(one.environ[name]) for name in ("PORT", "RASA_PORT", "ACTIONS_PORT")}
    ports = [first, *(dict(zip(first, free_ports(3), strict=True)) for _ in range(PAIRS - 1))]
    started: dict[str, list[str]] = {}
    own: dict[str, dict[str, str]] = {}
    for number, mine in enumerate(ports, start=1):
        environ = {name: str(port) for name, port in mine.items()}
        environ["ACTIONS_URL"] = f"http://127.0.0.1:{mine['ACTIONS_PORT']}"
        for name, command in commands(root, model, mine).items():
            started[f"{name}{number}"] = command
            own[f"{name}{number}"] = environ
    lists = {
        name: " ".join(f"http://127.0.0.1:{mine[port]}" for mine in ports)
        for name, port in (("RASA_URLS", "RASA_PORT"), ("ACTIONS_URLS", "ACTIONS_PORT"))
    }
    host = one.url.rpartition(":")[0]
    return replace(
        one,
        commands=dict(sorted(started.items(), key=lambda pair: pair[0][:-1] != "rasa")),
        environ={**one.environ, **lists},
        own=own,
        more_urls=tuple(f"{host}:{mine['PORT']}" for mine in ports[1:]),
    )


class ScaleStack(Stack):
    """The whole set-up for tests, databases and all.

    Attributes:
        postgres, redis: the servers.
    """

    def __init__(self, environ: Mapping[str, str] | None = None, start_seconds: float = 240.0):
        super().__init__(environ, start_seconds, plan=plan_scale)

    def __enter__(self) -> ScaleStack:
        self._servers = ExitStack()
        try:
            self.postgres = self._servers.enter_context(Postgres())
            self.redis = self._servers.enter_context(RedisServer())
            self._given |= {
                "DATABASE_URL": self.postgres.create("iess"),
                "REDIS_URL": self.redis.url,
            }
            super().__enter__()
        except BaseException:
            self._servers.close()
            raise
        return self

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until every process does its work; the gateways are ready with half of them.

        Raises:
            StepError: a process died, or time ran out.
        """
        super().wait_ready(seconds)
        for name in self._services.commands:
            for _ in ticks(seconds or self._start_seconds, time.monotonic, time.sleep):
                if self.works(name):
                    break
            else:
                raise StepError(f"{name} is not ready in time:\n{tail(self.log(name))}")

    def works(self, name: str) -> bool:
        """Whether one process does its work: a Rasa answers a message, others tell."""
        environ = self._services.environ_of(name)
        try:
            if name.startswith("rasa"):
                url = f"http://127.0.0.1:{environ['RASA_PORT']}/webhooks/rest/webhook"
                return bool(httpx.post(url, json=PROBE, timeout=5.0, trust_env=False).json())
            port = environ["ACTIONS_PORT" if name.startswith("actions") else "PORT"]
            url = f"http://127.0.0.1:{port}/health"
            return httpx.get(url, timeout=5.0, trust_env=False).status_code == httpx.codes.OK
        except (httpx.HTTPError, ValueError):
            return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self._servers.close()


def main() -> int:
    """Serve with this process's environment; `--verbose` shows what the processes print."""
    environ = dict(os.environ)
    with ExitStack() as servers:
        try:
            if not environ.get("DATABASE_URL"):
                environ["DATABASE_URL"] = servers.enter_context(Postgres()).create("iess")
            if not environ.get("REDIS_URL"):
                environ["REDIS_URL"] = servers.enter_context(RedisServer()).url
        except StepError as error:
            report(error)
            return 1
        return run(environ, echo="--verbose" in sys.argv[1:], plan=plan_scale)


if __name__ == "__main__":
    sys.exit(main())
