"""Several Rasa servers behind one engine."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import pytest

from bot.errors import EngineError, EngineTimeout
from bot.gateway import engine as module
from bot.gateway.engine import Engine, EngineAnswer

URLS = ["http://one", "http://two", "http://three"]
META = {"lang": "en", "channel": "web"}
CUSTOM: dict[str, object] = {"messages": [], "level": {}, "explain": {}}


class Servers:
    """Rasa servers that fail in a named way."""

    def __init__(self) -> None:
        self.fail: dict[str, str] = {}
        self.seen: list[tuple[str, dict[str, object]]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        host, body = request.url.host, json.loads(request.content)
        self.seen.append((host, body))
        fail = self.fail.get(host, "")
        if fail == "refused":
            raise httpx.ConnectError("refused", request=request)
        if fail == "hangs":
            await asyncio.sleep(60)
        if fail == "empty":
            return httpx.Response(200, json=[])
        if fail == "outrun":
            del self.fail[host]
            return httpx.Response(409, json=[])
        return httpx.Response(200, json=[{"custom": CUSTOM}], headers={"X-Model-Version": host})

    @property
    def asked(self) -> list[str]:
        """The servers that got messages of families, in order."""
        return [host for host, body in self.seen if not body.get("probe")]


Scene = Callable[[Engine, Servers], Awaitable[None]]


def play(scene: Scene, urls: list[str] = URLS, timeout: float = 30.0) -> None:
    async def run() -> None:
        servers = Servers()
        engine = Engine(urls, timeout, httpx.MockTransport(servers))
        try:
            await scene(engine, servers)
        finally:
            await engine.close()

    asyncio.run(run())


async def ask(engine: Engine, sender: str = "family") -> EngineAnswer:
    return await engine.ask(sender, "hello", META)


def test_a_conversation_stays_with_one_server_and_all_are_used() -> None:
    async def scene(engine: Engine, servers: Servers) -> None:
        for number in range(60):
            assert {(await ask(engine, f"f{number}")).model for _ in range(2)} == {
                servers.asked[-1]
            }
        counts = Counter(servers.asked)
        assert set(counts) == {"one", "two", "three"}
        assert min(counts.values()) > 10

    play(scene)


def test_another_gateway_with_another_order_of_addresses_chooses_the_same() -> None:
    homes = []

    async def scene(engine: Engine, _servers: Servers) -> None:
        homes.append([(await ask(engine, f"f{number}")).model for number in range(20)])

    play(scene)
    play(scene, URLS[::-1])
    assert homes[0] == homes[1]


def test_a_server_that_is_gone_moves_its_own_conversations_only() -> None:
    async def scene(engine: Engine, servers: Servers) -> None:
        before = {f"f{n}": (await ask(engine, f"f{n}")).model for n in range(20)}
        servers.fail["one"] = "refused"
        after = {name: (await ask(engine, name)).model for name in before}
        assert "one" not in after.values()
        assert all(after[name] == home for name, home in before.items() if home != "one")

    play(scene)


@pytest.mark.parametrize("fail", ["refused", "empty", "hangs"])
def test_a_failing_server_is_left_alone_until_a_probe_comes_back(
    fail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(module, "PROBE_TIMEOUT", 0.05)

    async def scene(engine: Engine, servers: Servers) -> None:
        home = (await ask(engine)).model
        servers.fail[home] = fail
        assert (await ask(engine)).model != home
        servers.seen.clear()
        assert (await ask(engine)).model != home
        assert home not in servers.asked
        del servers.fail[home]
        await asyncio.gather(*engine._failed.values())
        assert (await ask(engine)).model == home
        probes = [body for host, body in servers.seen if host == home and body.get("probe")]
        assert probes

    play(scene, timeout=0.6)


def test_both_attempts_carry_the_same_id() -> None:
    async def scene(engine: Engine, servers: Servers) -> None:
        home = (await ask(engine)).model
        servers.fail[home] = "refused"
        await engine.ask("family", "hello", META, message_id="m1")
        ids = [body["id"] for _, body in servers.seen if not body.get("probe")]
        assert ids[1:] == ["m1", "m1"]
        assert ids[0] != "m1"

    play(scene)


def test_a_message_that_was_outrun_is_asked_again_where_it_was() -> None:
    async def scene(engine: Engine, servers: Servers) -> None:
        home = (await ask(engine)).model
        servers.fail[home] = "outrun"
        assert (await ask(engine)).model == home
        assert servers.asked == [home] * 3
        assert not engine._failed

    play(scene)


def test_where_all_fail_the_engine_fails() -> None:
    async def scene(engine: Engine, servers: Servers) -> None:
        servers.fail = dict.fromkeys(("one", "two", "three"), "refused")
        for _ in range(2):
            with pytest.raises(EngineError):
                await ask(engine)
        assert Counter(servers.asked) == {"one": 2, "two": 2, "three": 2}
        assert not await engine.ready()

    play(scene)


def test_a_single_server_is_always_asked() -> None:
    async def scene(engine: Engine, servers: Servers) -> None:
        servers.fail["one"] = "hangs"
        for _ in range(2):
            with pytest.raises(EngineTimeout):
                await engine.ask("family", "hello", META, 0.05)
        del servers.fail["one"]
        assert (await ask(engine)).model == "one"
        assert await engine.ready()

    play(scene, ["http://one"])
