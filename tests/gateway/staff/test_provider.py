"""ID tokens that a provider of bad faith, or someone in between, could send."""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from bot.errors import AccountError, SignInError
from bot.gateway.staff.provider import Answer, Began, Provider
from bot.gateway.staff.settings import OidcSettings
from bot.store.staff import Person

ISSUER = "https://login.hospital.example"
SETTINGS = OidcSettings(
    issuer=ISSUER,
    client_id="staff",
    client_secret="a-secret-of-the-tests",
    scopes="openid profile email",
    role_claim="groups",
    roles={"readers": "viewer", "CN=Editors,OU=IESS": "editor"},
    redirect_uri="https://chat.hospital.example/staff/oidc/callback",
)
BEGAN = Began("", "state", "nonce", "verifier")
ANSWER = Answer("code", "state", "")
KEY, OTHER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/me",
    "jwks_uri": f"{ISSUER}/jwks",
    "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": "staff",
        "sub": "1",
        "iat": now,
        "exp": now + 300,
        "nonce": "nonce",
        "email": "jo@hospital.example",
        "email_verified": True,
        "name": "Jo Field",
        "groups": ["readers", "CN=Editors,OU=IESS", "other"],
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def sign(body: dict[str, Any], key: Any = KEY, alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg}, body, key, algorithms=[alg])


def confused(body: str) -> str:
    """The public key taken for a shared secret, as a careless reader would."""
    signed = encode(b'{"alg":"HS256"}') + "." + body
    mac = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{encode(mac)}"


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def finish(
    id_token: str | None,
    answer: Answer = ANSWER,
    userinfo: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> Person:
    """What comes of a provider that sends this token."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        token = {"access_token": "a", "token_type": "Bearer", "id_token": id_token}
        return httpx2.Response(
            200,
            json={
                "/.well-known/openid-configuration": {**METADATA, **(metadata or {})},
                "/jwks": {"keys": [KEY.as_dict(private=False)]},
                "/token": {name: value for name, value in token.items() if value},
                "/me": userinfo or {},
            }[request.url.path],
        )

    provider = Provider(SETTINGS, transport=httpx2.MockTransport(respond))
    return asyncio.run(provider.finish(BEGAN, answer))


def test_a_good_token_names_a_person_with_their_highest_role() -> None:
    assert finish(sign(claims())) == Person(
        f"{ISSUER}|1", "jo@hospital.example", "Jo Field", "editor", True
    )


def test_what_the_token_lacks_comes_from_userinfo_of_the_same_person() -> None:
    token = sign(claims(groups=None, email=None, email_verified=None))
    info = {"sub": "1", "email": "jo@hospital.example", "groups": "readers"}
    assert finish(token, userinfo=info).role == "viewer"
    with pytest.raises(SignInError):
        finish(token, userinfo={**info, "sub": "2"})


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": None},
        {"sub": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"azp": "another client"},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SignInError):
        finish(sign(claims(**changes)))


def test_a_wrong_signature_is_refused() -> None:
    good = sign(claims())
    head, _, rest = good.partition(".")
    unsigned = "eyJhbGciOiJub25lIn0." + rest.split(".")[0] + "."
    forged = [
        sign(claims(), OTHER),
        unsigned,
        confused(good.split(".")[1]),
        sign(claims(), OctKey.import_key(SETTINGS.client_secret), "HS256"),
        f"{head}.{rest[5:]}",
        "no token",
    ]
    for token in (*forged, None):
        with pytest.raises(SignInError):
            finish(token)


@pytest.mark.parametrize("answer", [replace(ANSWER, state="x"), replace(ANSWER, code="")], ids=str)
def test_an_answer_to_another_question_is_refused(answer: Answer) -> None:
    with pytest.raises(SignInError):
        finish(sign(claims()), answer)


def test_another_providers_answer_is_refused() -> None:
    with pytest.raises(SignInError):
        finish(sign(claims()), replace(ANSWER, issuer="https://evil.example"))
    with pytest.raises(SignInError):
        finish(sign(claims()), metadata={"issuer": "https://evil.example"})
    names_itself = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(SignInError):
        finish(sign(claims()), metadata=names_itself)
    assert finish(sign(claims()), replace(ANSWER, issuer=ISSUER), metadata=names_itself)


@pytest.mark.parametrize("groups", [[], ["other"], None, ["editor"]], ids=str)
def test_who_has_no_group_of_ours_has_no_role(groups: list[str] | None) -> None:
    with pytest.raises(AccountError, match="no role"):
        finish(sign(claims(groups=groups)), userinfo={"sub": "1"})
