"""What is measured while it runs: our stack, or a Rasa server behind its own REST channel."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from bot.hospital import load_hospital
from bot.reply import load_safety
from bot.source import load_page
from eval.stock import rasa_project
from tools.serve import Stack
from tools.steps import ROOT

OURS = "this bot"
DATA = ROOT / "data"


@dataclass(frozen=True)
class Channel:
    """How a message goes in and what counts as an answer.

    Attributes:
        path: of the address.
        ours: our reply contract; Rasa's REST channel otherwise.
        down: what our reply says while the engine is down, in English.
    """

    path: str
    ours: bool
    down: str = ""

    def body(self, conversation: str | None, text: str) -> dict[str, Any]:
        """What is sent."""
        if self.ours:
            return {"conversation": conversation, "text": text}
        return {"sender": conversation, "message": text}

    def begin(self) -> str | None:
        """A new conversation, which our gateway names itself."""
        return None if self.ours else uuid.uuid4().hex

    def read(self, reply: Any, conversation: str | None) -> str | None:
        """The conversation to go on with.

        Raises:
            ValueError: the reply holds no answer.
        """
        said = reply["messages"] if self.ours else reply
        if not said or any(message.get("text") == self.down for message in said):
            raise ValueError("no answer")
        return str(reply["conversation"]) if self.ours else conversation


def channel(name: str) -> Channel:
    """`ours` or `rasa`."""
    if name == "rasa":
        return Channel("/webhooks/rest/webhook", ours=False)
    hospital = load_hospital(DATA / "hospital.yml", load_page(DATA / "source").text)
    down = load_safety(DATA / "safety", hospital).say("fallback.engine_down", "en", "web")
    return Channel("/api/messages", ours=True, down=down)


@dataclass(frozen=True)
class Running:
    """A system that answers.

    Attributes:
        name: for people.
        url: of the system.
        channel: name of its `Channel`.
        pids: of its processes by name.
        ready: seconds from the start until it answered.
        folder: of our stack's database and operator's key.
    """

    name: str
    url: str
    channel: str
    pids: Mapping[str, int]
    ready: float
    folder: Path | None = None

    @contextmanager
    def ask(self) -> Iterator[Any]:
        """A function that sends one text and gives the conversation (`timing.Ask`)."""
        way = channel(self.channel)
        with httpx.Client(base_url=self.url, timeout=60, trust_env=False) as client:

            def ask(conversation: str | None, text: str) -> str | None:
                conversation = conversation or way.begin()
                response = client.post(way.path, json=way.body(conversation, text))
                response.raise_for_status()
                return way.read(response.json(), conversation)

            yield ask

    def memory(self) -> dict[str, dict[str, float]]:
        """PSS and RSS of each process with its children, in MB.

        PSS counts a page that several share by its share, so it may be added up.
        """
        return {name: _memory(pid) for name, pid in self.pids.items()}


def _memory(pid: int) -> dict[str, float]:
    process = psutil.Process(pid)
    infos = [p.memory_full_info() for p in (process, *process.children(recursive=True))]
    return {kind: sum(getattr(i, kind) for i in infos) / 2**20 for kind in ("pss", "rss")}


@contextmanager
def our_stack() -> Iterator[Running]:
    """The real three processes, from start to stop."""
    began = time.monotonic()
    with Stack(start_seconds=300) as stack:
        ready = time.monotonic() - began
        yield Running(OURS, stack.url, "ours", stack.pids, ready, stack.var_dir)


@contextmanager
def rasa_peer(name: str, config: Mapping[str, Any], folder: Path) -> Iterator[Running]:
    """A Rasa server of its own, trained where that has not been done.

    Args:
        name: for people.
        config: of the pipeline and policies.
        folder: where the project and the model are kept.
    """
    with rasa_project(config, folder) as server:
        url = str(server.client.base_url)
        yield Running(name, url, "rasa", {"rasa": server.pid}, server.seconds)
