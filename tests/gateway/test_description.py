"""Requests made from the OpenAPI description, valid and broken: the gateway keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_url
from schemathesis.schemas import BaseSchema

from bot.compose import Composer
from bot.gateway.app import create_app
from bot.reply import SafetyCatalogue
from bot.settings import load_settings
from bot.triage import Triage
from tests.gateway.conftest import ScriptedRasa, make_service
from tests.gateway.serving import serving
from tools.services import free_ports

MESSAGES = "/api/messages"
OPERATIONS = {(MESSAGES, "POST"), ("/health", "GET"), ("/ready", "GET")}
# Of a request without fields, nothing can be broken.
CASES = [(*o, GenerationMode.POSITIVE) for o in sorted(OPERATIONS)]
CASES += [(MESSAGES, "POST", GenerationMode.NEGATIVE)]


@pytest.fixture(scope="module")
def description(
    composer: Composer,
    triage: Triage,
    safety: SafetyCatalogue,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BaseSchema]:
    environ = {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "PORT": str(free_ports(1)[0])}
    settings = load_settings({**environ, "ACTIONS_PORT": "1"})
    service = make_service(settings, ScriptedRasa(composer), triage, safety)
    with serving(create_app(settings, service), settings) as url:
        yield from_url(f"{url}/openapi.json")


# Of schemathesis' own strategies.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize(("path", "method", "mode"), CASES)
def test_every_answer_is_one_of_the_description(
    description: BaseSchema, path: str, method: str, mode: GenerationMode
) -> None:
    @given(case=description[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=100 if path == MESSAGES else 10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Case[Any]) -> None:
        # Status, type and form of the answer, and that what is broken is refused.
        response = case.call_and_validate()
        refused = response.status_code >= 400 and path == MESSAGES
        assert not refused or "911" in response.json()["emergency"]

    run()


def test_every_public_address_is_described(description: BaseSchema) -> None:
    found = {(o.path, o.method.upper()) for o in map(_sound, description.get_all_operations())}
    assert found == OPERATIONS


def _sound(result: Any) -> Any:
    """The operation; an error where the description is none."""
    return result.ok()
