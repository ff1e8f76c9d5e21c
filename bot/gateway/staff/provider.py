"""The hospital's OpenID Connect provider: authorization code with PKCE, by Authlib."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
from joserfc.errors import JoseError

from bot.errors import AccountError, SignInError
from bot.gateway.staff.settings import OidcSettings
from bot.store.staff import ROLES, Person

TIMEOUT_SECONDS = 10.0
# Never "none", and never a signature by a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
FAULTS = (AuthlibBaseError, JoseError, HTTPError, KeyError, ValueError, TypeError, RuntimeError)
NO_ROLE = "Your hospital account has no role here. Ask an administrator of this service."


@dataclass(frozen=True)
class Began:
    """A sign-in under way: where the browser goes, and what its answer is checked against."""

    url: str
    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Answer:
    """What the browser brings back; `issuer` is empty where the provider names none (RFC 9207)."""

    code: str
    state: str
    issuer: str


class Provider:
    """Sends people to the provider, and reads who came back."""

    def __init__(self, settings: OidcSettings, **client: Any) -> None:
        """Prepare the client; the provider's metadata is read when it is first needed.

        Args:
            settings: of the provider.
            client: further arguments of its HTTP client; a seam for tests.
        """
        self._settings = settings
        self._app = OAuth().register(
            "hospital",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=settings.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.scopes,
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_SECONDS,
                **client,
            },
        )

    async def begin(self) -> Began:
        """Where to send a browser.

        Raises:
            SignInError: the provider does not answer, or is not the one that is configured.
        """
        try:
            await self._metadata()
            began = await self._app.create_authorization_url(self._settings.redirect_uri)
        except FAULTS as error:
            raise SignInError(f"no provider ({type(error).__name__})") from error
        return Began(began["url"], began["state"], began["nonce"], began["code_verifier"])

    async def finish(self, began: Began, answer: Answer) -> Person:
        """Exchange the code, check the ID token, and read who it is.

        Args:
            began: what this browser was sent away with.
            answer: what it came back with.

        Raises:
            SignInError: code or token are not good.
            AccountError: the person has no role here.
        """
        if not answer.code or not hmac.compare_digest(answer.state.encode(), began.state.encode()):
            raise SignInError("the answer is not to this browser's question")
        try:
            metadata = await self._metadata()
            # A provider that says it names itself always does: an answer without is another's.
            named = metadata.get("authorization_response_iss_parameter_supported")
            if (answer.issuer or named) and answer.issuer != self._settings.issuer:
                raise SignInError("the answer is another provider's")
            token = await self._app.fetch_access_token(
                redirect_uri=self._settings.redirect_uri,
                code=answer.code,
                code_verifier=began.code_verifier,
            )
            claims = await self._app.parse_id_token(
                token,
                nonce=began.nonce,
                claims_options={
                    "iss": {"essential": True, "values": [self._settings.issuer]},
                    "aud": {"essential": True, "values": [self._settings.client_id]},
                    "sub": {"essential": True},
                },
            )
            if claims is None:
                raise SignInError("there is no ID token")
            found = dict(claims)
            if self._settings.role_claim not in found or not found.get("email"):
                found |= await self._userinfo(token, found["sub"])
        except FAULTS as error:
            raise SignInError(f"not good ({type(error).__name__})") from error
        return self._person(found)

    async def _metadata(self) -> Mapping[str, Any]:
        metadata: dict[str, Any] = await self._app.load_server_metadata()
        if metadata.get("issuer") != self._settings.issuer:
            # Not kept: it may be put right while we run.
            metadata.clear()
            raise SignInError("the provider calls itself otherwise than OIDC_ISSUER")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [a for a in offered if a in ALGORITHMS]
        return metadata

    async def _userinfo(self, token: dict[str, Any], subject: str) -> dict[str, Any]:
        if not self._app.server_metadata.get("userinfo_endpoint"):
            return {}
        info = dict(await self._app.userinfo(token=token))
        if info.get("sub") != subject:
            raise SignInError("the user information is another person's")
        return info

    def _person(self, claims: Mapping[str, Any]) -> Person:
        groups = claims.get(self._settings.role_claim) or []
        groups = [groups] if isinstance(groups, str) else groups
        roles = {self._settings.roles.get(str(group)) for group in groups} & set(ROLES)
        email = str(claims.get("email") or "")
        if not roles or not email:
            raise AccountError(NO_ROLE)
        return Person(
            subject=f"{self._settings.issuer}|{claims['sub']}",
            email=email,
            name=str(claims.get("name") or email),
            role=max(roles, key=lambda role: ROLES.index(str(role))) or "",
            verified=claims.get("email_verified") is True,
        )
