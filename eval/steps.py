"""What each step of a reply costs: from the reply's own explanation, and from the parts alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bot import language
from bot.compose import Voice
from bot.desk import open_desk
from bot.encoder import Encoder
from bot.gateway.dialogue import for_channel
from bot.reply import Reply
from bot.settings import load_settings
from bot.store import Conversation, Store
from bot.triage import Triage
from eval.rasa_models import server
from eval.running import Running
from tools.build import MODEL
from tools.steps import LOGS

WARM = 5  # first messages, which load what is loaded late


def each(step: Callable[[str], object], texts: Sequence[str]) -> float:
    """Median milliseconds of a step over some texts."""
    found = []
    for text in texts:
        began = time.perf_counter()
        step(text)
        found.append((time.perf_counter() - began) * 1000)
    return median(found[WARM:] or found)


def explained(system: Running, texts: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of what the service itself says of a reply, and of the whole over HTTP.

    Args:
        system: our stack.
        texts: that the engine answers.
    """
    assert system.folder is not None
    key = next(system.folder.glob("operator-*.key")).read_text("ascii")
    explains: list[dict[str, Any]] = []
    whole = []
    with httpx.Client(base_url=system.url, timeout=60, trust_env=False) as client:
        for text in texts:
            began = time.perf_counter()
            response = client.post(
                "/api/operator/messages", json={"text": text}, headers={"X-Operator-Key": key}
            )
            whole.append((time.perf_counter() - began) * 1000)
            explains.append(response.raise_for_status().json()["explain"])
    answered = [e for e in explains[WARM:] or explains if "action_ms" in e]
    return {
        "whole": median(whole[WARM:] or whole),
        "gateway": median([e["ms"]["total"] for e in answered]),
        "engine": median([e["ms"]["engine"] for e in answered]),
        "action": median([e["action_ms"] for e in answered]),
    }


def parse(texts: Sequence[str]) -> float:
    """Median milliseconds of Rasa's pipeline alone, asked over HTTP."""
    with server(MODEL, LOGS / "parse.log") as running:

        def ask(text: str) -> None:
            running.client.post("/model/parse", json={"text": text}).raise_for_status()

        return each(ask, texts)


def parts(texts: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of our own parts, in this process."""
    settings = load_settings()
    desk = open_desk(settings)
    encoder = Encoder(settings.var_dir / "encoder" / "current")
    triage = Triage.load(settings.data_dir / "safety")
    retriever = desk.composer.retriever
    vector = encoder.encode(["what is an eeg"])[0]
    answer = desk.composer.answer("eeg", Voice("en", "web"), retriever.search("eeg", 8, vector))

    def render(_text: str) -> object:
        return Reply("", "en", "routine", "routine", for_channel((answer,), "web")).public()

    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'steps.sqlite'}")

        def keep(text: str) -> None:
            store.load(text[:32])
            store.save(Conversation(text[:32]))

        found = {
            "triage": each(triage.read, texts),
            "language": each(language.detect, texts),
            "encoder": each(lambda text: encoder.read([text]), texts),
            "retrieval": each(lambda text: retriever.search(text, 8, vector), texts),
            "render": each(render, texts),
            "database": each(keep, texts),
        }
        store.close()
    return found


def account(explain: dict[str, float], parse_ms: float, own: dict[str, float]) -> dict[str, float]:
    """Milliseconds by step, from the door to the reply; what is left over is named as such.

    The encoder is a part of Rasa's parse, and retrieval a part of the action.
    """
    return {
        "triage": own["triage"],
        "language": own["language"],
        "Rasa: parse (asked over HTTP)": parse_ms,
        "– of it the encoder": own["encoder"],
        "action": explain["action"],
        "– of it retrieval": own["retrieval"],
        "Rasa: policies, tracker, calls between processes": max(
            0.0, explain["engine"] - parse_ms - explain["action"]
        ),
        "render": own["render"],
        "database of the gateway": own["database"],
        "whole, over HTTP": explain["whole"],
    }
