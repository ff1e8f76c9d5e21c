"""The processes of the service: their commands, ports, environment and readiness."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.errors import ConfigError
from bot.settings import load_settings
from tools.steps import ROOT, StepError

BUILT = ("encoder", "models", "widget")  # what tools/build.py leaves in var/
INTERNAL = {"RASA_PORT": "Rasa", "ACTIONS_PORT": "the action server"}


@dataclass(frozen=True)
class Services:
    """What to start, and how.

    Attributes:
        commands: program and arguments of each process, by name.
        environ: the environment that all have.
        url: where the gateway answers, as seen from this machine.
        var_dir: folder of the database and logs.
        root: the tree they run in.
        own: what a process has in its environment beside that, by name.
        more_urls: where other gateways answer.
    """

    commands: dict[str, list[str]]
    environ: dict[str, str]
    url: str
    var_dir: Path
    root: Path
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    more_urls: tuple[str, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """Where all gateways answer."""
        return (self.url, *self.more_urls)

    def environ_of(self, name: str) -> dict[str, str]:
        """The whole environment of a process."""
        return {**self.environ, **self.own.get(name, {})}

    def ready(self) -> bool:
        """Whether a message would be answered now, by any of the gateways."""
        return all(map(is_ready, self.urls))


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on now, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there.

    Raises:
        StepError: the address is not one of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise StepError(f"HOST={host} is not an address: {error.strerror}.") from error
    with socket.socket(family, kind, protocol) as one:
        # As servers do: a port whose last connections are only lingering is free.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(address)
        except PermissionError as error:
            raise StepError(f"Port {port} needs rights of root. Set PORT above 1023.") from error
        except OSError:
            return False
    return True


def link_built(var_dir: Path, built: Path = ROOT / "var") -> None:
    """Let a VAR_DIR elsewhere see what was built in this tree's var/."""
    var_dir.mkdir(parents=True, exist_ok=True)
    for name in BUILT:
        link = var_dir / name
        if not link.exists() and (built / name).exists():
            link.unlink(missing_ok=True)
            link.symlink_to(built / name)


def plan(
    given: Mapping[str, str],
    root: Path = ROOT,
    free: Callable[[str, int], bool] = is_free,
) -> Services:
    """Settle ports, folders and databases, before anything starts.

    Args:
        given: the environment, with the settings in it.
        root: the tree to run.
        free: tells whether a port is free.

    Raises:
        StepError: a setting is wrong, a port is taken, or the model is not built.
    """
    environ = {"VAR_DIR": str(root / "var"), **{k: v for k, v in given.items() if v}}
    try:
        settings = load_settings(environ)
    except ConfigError as error:
        raise StepError(str(error)) from error
    if not free(settings.host, settings.port):
        raise StepError(
            f"Port {settings.port} is taken. Set PORT={free_ports(1)[0]}, "
            "or stop what listens there."
        )
    ports = {"RASA_PORT": settings.rasa_port, "ACTIONS_PORT": settings.actions_port}
    for name, port in ports.items():
        if port == settings.port or not free("127.0.0.1", port):
            if name in environ:
                raise StepError(
                    f"Port {port} is taken. Set {name} to a free one, or leave it unset and "
                    f"{INTERNAL[name]} gets one."
                )
            ports[name] = free_ports(1)[0]
    var_dir = settings.var_dir.resolve()
    if var_dir != root / "var":
        link_built(var_dir, root / "var")
    model = root / "var" / "models" / "iess.tar.gz"
    if not model.exists():
        raise StepError(f"{model} is not built. Run `make build` first.")
    environ |= {
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "HOST": settings.host,
        "PORT": str(settings.port),
        "VAR_DIR": str(var_dir),
        **{name: str(port) for name, port in ports.items()},
        "ACTIONS_URL": f"http://127.0.0.1:{ports['ACTIONS_PORT']}",
    }
    environ.setdefault("DATABASE_URL", f"sqlite:///{var_dir / 'bot.sqlite'}")
    environ.setdefault("TRACKER_DATABASE_URL", tracker_url(environ["DATABASE_URL"], var_dir))
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    url = f"http://{shown}:{settings.port}"
    return Services(commands(root, model, ports), environ, url, var_dir, root)


def tracker_url(database_url: str, var_dir: Path) -> str:
    """Rasa's database: the same PostgreSQL under its driver's name, or a SQLite file of its own."""
    scheme, separator, rest = database_url.partition("://")
    if scheme.startswith("postgres"):
        return f"postgresql+psycopg2{separator}{rest}"
    return f"sqlite:///{var_dir / 'rasa.sqlite'}"


def commands(root: Path, model: Path, ports: Mapping[str, int]) -> dict[str, list[str]]:
    """Program and arguments of each process; Rasa, the slowest to start, first."""
    python = str(root / ".venv" / "bin" / "python")
    # Rasa's libraries are of their time; their deprecations would drown its own words.
    rasa = [str(root / ".venv-rasa" / "bin" / "python"), "-W", "ignore::DeprecationWarning"]
    rasa += ["-m", "bot.nlu.server", "--model", str(model)]
    rasa += ["--interface", "127.0.0.1", "--port", str(ports["RASA_PORT"])]
    return {
        "rasa": rasa,
        "actions": [python, "-m", "actions"],
        "gateway": [python, "-m", "bot", "serve"],
    }


def is_ready(url: str) -> bool:
    """Whether a message would be answered now."""
    try:
        return httpx.get(f"{url}/ready", timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def ticks(
    limit: float, clock: Callable[[], float], sleep: Callable[[float], object]
) -> Iterator[int]:
    """A number every 0.2 s until the limit."""
    began, count = clock(), 0
    while clock() - began < limit:
        yield count
        count += 1
        sleep(0.2)
