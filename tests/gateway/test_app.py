from __future__ import annotations

import stat

import pytest
from fastapi.testclient import TestClient

from bot.errors import ConfigError
from bot.gateway.service import Service, open_service
from bot.settings import Settings, load_settings
from tests.gateway.conftest import ScriptedRasa


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_ready_means_that_a_message_is_answered(client: TestClient) -> None:
    response = client.get("/ready")
    assert (response.status_code, response.json()) == (200, {"ready": True, "missing": []})


@pytest.mark.parametrize(
    ("fail", "missing"), [("refused", ["rasa", "actions"]), ("empty", ["actions"])]
)
def test_ready_names_what_is_missing(
    client: TestClient, rasa: ScriptedRasa, fail: str, missing: list[str]
) -> None:
    rasa.fail = fail
    response = client.get("/ready")
    assert (response.status_code, response.json()["missing"]) == (503, missing)


@pytest.mark.parametrize("path", ["/static/routes.py", "/static/../app.py", "/nothing", "/docs"])
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "911" in response.json()["emergency"]


def test_the_operator_key_is_private_and_taken_away(tmp_path: object) -> None:
    settings = load_settings({"VAR_DIR": str(tmp_path)})
    service = open_service(settings)
    assert stat.S_IMODE(settings.operator_file.stat().st_mode) == 0o600
    assert service.operator_key == settings.operator_file.read_text()


def test_production_refuses_placeholders_and_unsigned_texts(tmp_path: object) -> None:
    environ = {"VAR_DIR": str(tmp_path), "ENVIRONMENT": "production", "SECRET_KEY": "k" * 40}
    with pytest.raises(ConfigError, match="placeholder") as error:
        open_service(load_settings(environ))
    assert "emergency.not_breathing was never signed" in str(error.value)
    assert "spasm_check" not in str(error.value)


def test_production_refuses_an_unsigned_guided_check(tmp_path: object) -> None:
    environ = {"VAR_DIR": str(tmp_path), "ENVIRONMENT": "production", "SECRET_KEY": "k" * 40}
    with pytest.raises(ConfigError, match=r"spasm_check.yml was never signed"):
        open_service(load_settings({**environ, "GUIDED_CHECK": "on"}))


def test_close_removes_the_key(settings: Settings, service: Service) -> None:
    settings.operator_file.write_text("x")
    import asyncio

    asyncio.run(service.close())
    assert not settings.operator_file.exists()
