"""Two gateways, two Rasas, two action servers over PostgreSQL and Redis: no reply is lost, doubled
or written over, whatever fails."""

from __future__ import annotations

import io
import json
import os
import signal
import tarfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from eval.chaos import WALK, kill_each, load, step_of
from tools.scale import ScaleStack
from tools.services import ticks
from tools.steps import ROOT

pytestmark = pytest.mark.e2e
START, *ANSWERS = (text for text, _ in WALK)
DANGER = "his lips are blue and he is not breathing"


@pytest.fixture(scope="module")
def scale() -> Iterator[ScaleStack]:
    with ScaleStack() as running:
        yield running


class Families:
    """Posts by both gateways in turn, or by the one that is named."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        self._clients = [httpx.Client(base_url=url, timeout=30, trust_env=False) for url in urls]
        self._turns = count()

    def say(
        self, text: str, token: str | None = None, gateway: int | None = None, key: str = ""
    ) -> Any:
        """A reply, with its headers under "versions"; `key` tells a message that is sent again."""
        turn = next(self._turns) if gateway is None else gateway
        client = self._clients[turn % len(self._clients)]
        body = {"text": text, "conversation": token, "channel": "web"}
        headers = {"Idempotency-Key": key} if key else {}
        response = client.post("/api/messages", json=body, headers=headers)
        assert response.status_code == 200
        names = ("X-Model-Version", "X-Content-Version")
        return {**response.json(), "versions": [response.headers.get(name) for name in names]}

    def answer(self, text: str, token: str) -> int | None:
        """Say something until the reply is a step of the check, as a message that counts once."""
        key = f"answer-{next(self._turns)}"
        for _ in ticks(60, time.monotonic, time.sleep):
            step = step_of(self.say(text, token, key=key))
            if step is not None:
                return step
        return None

    def close(self) -> None:
        for client in self._clients:
            client.close()


@pytest.fixture
def families(scale: ScaleStack) -> Iterator[Families]:
    made = Families(scale.urls)
    yield made
    made.close()


@contextmanager
def stopped(*groups: int) -> Iterator[None]:
    """Processes that neither work nor die."""
    for pid in groups:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in groups:
            os.kill(pid, signal.SIGCONT)


def test_a_conversation_goes_by_any_gateway(families: Families) -> None:
    token = None
    for text, step in WALK:
        reply = families.say(text, token)
        token = reply["conversation"]
        assert step_of(reply) == step
        assert all(reply["versions"])


def test_a_rasa_paused_in_the_midst_of_a_message_overwrites_nothing(
    scale: ScaleStack, families: Families
) -> None:
    tokens = [families.say(START)["conversation"] for _ in range(12)]
    # Each Rasa is caught with messages in its hands; half of these conversations are its own.
    for name in ("rasa1", "rasa2"):
        pid = scale.pids[name]
        step = 2 if name == "rasa1" else 4
        with ThreadPoolExecutor(len(tokens)) as pool:
            first = [pool.submit(families.answer, ANSWERS[step - 2], token) for token in tokens]
            time.sleep(0.03)
            with stopped(pid):
                assert [one.result() for one in first] == [step] * len(tokens)
                moved = [families.answer(ANSWERS[step - 1], token) for token in tokens]
        assert moved == [step + 1] * len(tokens)
        scale.wait_ready()
        time.sleep(1.0)
    # What the paused ones had in their hands came too late, and has changed nothing.
    assert [families.answer(ANSWERS[4], token) for token in tokens] == [6] * len(tokens)


def test_a_message_sent_twice_at_once_by_both_gateways_counts_once(families: Families) -> None:
    for number in range(5):
        token = families.say(START)["conversation"]
        barrier = threading.Barrier(2)
        send_twice = (token, f"twice-{number}", barrier)

        def send(gateway: int, told: tuple[str, str, threading.Barrier] = send_twice) -> int | None:
            token, key, barrier = told
            barrier.wait()
            return step_of(families.say("Yes", token, gateway, key))

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(send, range(2))) == [2, 2]
        assert step_of(families.say("5 months", token)) == 3


def test_an_emergency_at_one_gateway_is_never_lost_by_the_other(families: Families) -> None:
    for _ in range(5):
        token = families.say("What is an EEG?")["conversation"]
        with ThreadPoolExecutor(2) as pool:
            calm = pool.submit(families.say, "how is vigabatrin used?", token, 0)
            grave = pool.submit(families.say, DANGER, token, 1)
            assert grave.result()["urgency"] == "emergency"
            calm.result()
        assert families.say("What is an EEG?", token)["urgency"] == "emergency"


def test_the_database_dies_and_comes_back(scale: ScaleStack, families: Families) -> None:
    token = families.say(START)["conversation"]
    families.say("Yes", token)
    scale.postgres.kill()
    try:
        down = families.say("What is an EEG?", token)
        assert down["messages"][-1]["text"]
        assert families.say(DANGER)["urgency"] == "emergency"
        ready = httpx.get(f"{scale.url}/ready", timeout=10, trust_env=False)
        assert "database" in ready.json()["missing"]
    finally:
        scale.postgres.start()
    scale.wait_ready()
    assert families.answer("5 months", token) == 3


def test_the_database_hangs_and_goes_on(scale: ScaleStack, families: Families) -> None:
    token = families.say(START)["conversation"]
    with stopped(*scale.postgres.pids()):
        began = time.monotonic()
        assert families.say(DANGER)["urgency"] == "emergency"
        down = families.say("What is an EEG?", token)
        assert down["messages"][-1]["text"]
        # Twice the patience for each of the two, and a busy machine.
        assert time.monotonic() - began < 25
    scale.wait_ready()
    assert families.answer("Yes", token) == 2


def test_a_corrupt_model_is_the_other_rasas_work(
    scale: ScaleStack, families: Families, tmp_path: Path
) -> None:
    command = scale.command("rasa1")
    place = command.index("--model") + 1
    good, corrupt = command[place], tmp_path / "corrupt.tar.gz"
    corrupt.write_bytes(Path(good).read_bytes()[:100_000])
    scale.kill("rasa1")
    before = scale.log("rasa1").stat().st_size
    command[place] = str(corrupt)
    scale.start("rasa1")
    try:
        for _ in ticks(120, time.monotonic, time.sleep):
            if "missing or corrupt" in scale.log("rasa1").read_text()[before:]:
                break
        else:
            pytest.fail("nobody tells that the model is corrupt")
        # It runs, and answers no message.
        replies = [families.say("What is an EEG?") for _ in range(8)]
        assert {reply["topic"] for reply in replies} == {"eeg"}
        assert not scale.works("rasa1")
    finally:
        scale.kill("rasa1")
        command[place] = good
        scale.start("rasa1")
        scale.wait_ready()


def another(model: Path, target: Path, model_id: str) -> None:
    """The same model under another id, as training it anew would give it."""
    with tarfile.open(model) as old, tarfile.open(target, "w:gz", compresslevel=1) as new:
        for member in old:
            content = old.extractfile(member)
            if member.name.removeprefix("./") != "metadata.json" or content is None:
                new.addfile(member, content)
                continue
            changed = json.dumps({**json.load(content), "model_id": model_id}).encode()
            member.size = len(changed)
            new.addfile(member, io.BytesIO(changed))


def test_a_new_model_is_taken_in_under_load_and_no_message_is_dropped(
    scale: ScaleStack, families: Families
) -> None:
    fresh = scale.var_dir / "fresh.tar.gz"
    another(ROOT / "var" / "models" / "iess.tar.gz", fresh, "fresh")

    def roll() -> None:
        for name in ("rasa1", "rasa2"):
            command = scale.command(name)
            command[command.index("--model") + 1] = str(fresh)
            kill_each(scale, [name], 0.0, number=signal.SIGTERM)

    tally, _ = load(scale, 3, roll)
    assert (tally.lost, tally.forgotten, tally.twice, tally.statuses) == (0, 0, 0, {})
    assert len(tally.models.keys() - {""}) == 2
    # Families of both servers.
    after = {families.say("What is an EEG?")["versions"][0] for _ in range(10)}
    assert after == {"fresh"}
