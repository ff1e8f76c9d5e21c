from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from aiohttp import web
from rasa.utils.endpoints import ClientResponseError

from bot.nlu.action_endpoint import KeptEndpoint
from tests.nlu.conftest import ROOT


def test_serving_loads_no_tensorflow() -> None:
    code = (
        "import sys, bot.nlu.server\n"
        "from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS\n"
        "assert any(c.__name__ == 'RulePolicy' for c in DEFAULT_COMPONENTS)\n"
        "assert 'tensorflow' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_log_holds_no_word_of_a_family() -> None:
    code = (
        "import bot.nlu.server as server, logging, structlog\n"
        "server.configure_logs()\n"
        "def fail(secret):\n"
        "    raise ValueError(secret)\n"
        "try:\n"
        "    fail('his name is Max')\n"
        "except ValueError:\n"
        "    structlog.get_logger('rasa.x').exception('failed', text='his name is Max')\n"
        "structlog.get_logger('rasa.x').warning('his name is Max')\n"
        "logging.getLogger('sanic.error').error('his name is Max')\n"
        "logging.getLogger('bot.x').info('ours')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert "ValueError" in said
    assert said.count("rasa.x") == 2
    assert "sanic.error" in said
    assert "INFO bot.x ours" in said
    assert "Max" not in said


async def _with_server(calls: list[Any], statuses: list[int]) -> list[Any]:
    async def answer(request: web.Request) -> web.Response:
        calls.append((request.transport, await request.json()))
        return web.json_response({"events": []}, status=statuses[len(calls) - 1])

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    endpoint = KeptEndpoint(f"http://127.0.0.1:{port}/webhook")
    try:
        return [await endpoint.request(json={"next_action": "a"}) for _ in statuses]
    finally:
        await endpoint._session.close()  # type: ignore[union-attr]
        await runner.cleanup()


def test_calls_share_a_connection_and_name_an_empty_domain() -> None:
    calls: list[Any] = []
    assert asyncio.run(_with_server(calls, [200, 200, 200])) == [{"events": []}] * 3
    assert len({transport for transport, _ in calls}) == 1
    assert calls[0][1] == {"domain": {}, "next_action": "a"}


def test_a_refusal_is_an_error() -> None:
    with pytest.raises(ClientResponseError):
        asyncio.run(_with_server([], [500]))
