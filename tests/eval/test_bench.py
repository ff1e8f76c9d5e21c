from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest

from eval import bench, bench_page, steps
from eval.running import Channel, Running, channel
from eval.timing import Goal, Load


class Fake(Running):
    """A system that answers at once and has two small processes."""

    @contextmanager
    def ask(self) -> Iterator[Any]:
        yield lambda conversation, text: (conversation or "") + text[:1]

    def memory(self) -> dict[str, dict[str, float]]:
        return {"one": {"pss": 100.0, "rss": 120.0}, "two": {"pss": 50.0, "rss": 60.0}}


def found(name: str) -> dict[str, Any]:
    system = Fake(name, "http://nowhere", "rasa", {}, ready=3.0)
    with pytest.MonkeyPatch.context() as patch:
        loads = {1: Load(1, 20, 40, 60, 0), 2: Load(2, 30, 60, 300, 0)}
        patch.setattr(bench, "drive", lambda _system, users, _seconds: loads[users])
        return bench.measure(system, ["a", "b"], bench.QUICK, small=False)


def test_all_figures_of_a_system_are_there() -> None:
    one = found("x")
    assert set(one["turns"]) == {"1", "3"}
    assert set(one["loads"]) == {"1", "2"}
    assert one["best"]["users"] == 1  # two families wait too long
    assert bench.figures(one)["memory"] == 150
    assert bench.figures(one)["per_second"] == 20


def test_no_load_is_measured_twice() -> None:
    asked: list[int] = []

    def measure(users: int) -> Load:
        asked.append(users)
        return Load(users, users, 1, 2, 0)

    bench.under_load(bench.Plan(users=(1, 8), most=16), measure)
    assert sorted(asked) == [1, 2, 4, 8, 16]


def test_the_page_and_the_lines_show_what_was_measured() -> None:
    result = {
        "cores": 2,
        "busy": 3.0,
        "systems": {"this bot": found("x"), "stock": found("y")},
        "steps": {"triage": 0.2},
        "goals": [asdict(Goal("median", "20 ms", True)), asdict(Goal("ready", "16 s", False))],
    }
    result = json.loads(json.dumps(result))  # as it is kept
    page, lines = bench_page.html(result), bench_page.text(result)
    for shown in ("this bot", "stock", "60 / 300", "20.0 (1 families)", "16 s"):
        assert shown in page
        assert shown in lines
    assert page.count("missed") > page.count('class="card missed"')  # style and one card
    assert page.count('class="card missed"') == 1
    assert "MISSED ready: 16 s" in lines


def test_the_steps_name_what_is_left_over() -> None:
    explain = {"whole": 30.0, "gateway": 27.0, "engine": 20.0, "action": 3.0}
    own = dict.fromkeys(("triage", "language", "encoder", "retrieval", "render", "database"), 1.0)
    account = steps.account(explain, 9.0, own)
    assert account["Rasa: policies, tracker, calls between processes"] == 8
    assert steps.account(explain, 25.0, own)[
        "Rasa: policies, tracker, calls between processes"
    ] == pytest.approx(0)


def test_a_reply_without_an_answer_is_a_failure() -> None:
    rasa = channel("rasa")
    assert rasa.read([{"text": "hi"}], "abc") == "abc"
    with pytest.raises(ValueError, match="no answer"):
        rasa.read([], "abc")
    ours = Channel("/api/messages", ours=True, down="we are down")
    reply = {"conversation": "token", "messages": [{"text": "hi"}]}
    assert ours.read(reply, None) == "token"
    with pytest.raises(ValueError, match="no answer"):
        ours.read({**reply, "messages": [{"text": "we are down"}]}, None)


def test_our_channel_knows_the_text_of_an_outage() -> None:
    ours = channel("ours")
    assert ours.down
    assert ours.begin() is None
    assert ours.body(None, "hi") == {"conversation": None, "text": "hi"}
    assert channel("rasa").begin()
