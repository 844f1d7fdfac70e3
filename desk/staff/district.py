"""Sign-in with a school district's accounts, by OpenID Connect: authorization code with PKCE, state and nonce.

The district says who somebody is; what they may do here is decided here (accounts, roles, the audit log).
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from desk.errors import NotFound, NotSignedIn
from desk.settings import Settings

ALGORITHMS = ("RS256", "ES256", "PS256")
"""Signed with the district's own key. “none”, and what is signed with a shared secret, are refused."""
WAY_S, METADATA_S = 600, 3600
LEEWAY_S = 60


@dataclass(frozen=True)
class Person:
    """Who the district says it is. `email` is one that it has verified."""

    email: str
    name: str


class District:
    """`transport` replaces the network (tests). Off while OIDC_DISCOVERY_URL is empty."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings, self._transport = settings, transport
        self._sealing = URLSafeTimedSerializer(settings.secret_key, salt="the way to the district and back")
        self._metadata: tuple[float, dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        """For the button; empty while it is off."""
        return self._settings.oidc_name if self._settings.oidc_discovery_url else ""

    @property
    def callback(self) -> str:
        return f"{self._settings.address}/desk/district/callback"

    async def begin(self, next_page: str) -> tuple[str, str]:
        """Where the browser goes, and what it must bring back in a cookie. Raises NotFound while this is off."""
        metadata = await self._discover()
        state, nonce, verifier = generate_token(32), generate_token(32), generate_token(64)
        address = prepare_grant_uri(
            metadata["authorization_endpoint"], self._settings.oidc_client_id, "code", self.callback, "openid email profile", state, nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier), code_challenge_method="S256",
        )  # fmt: skip
        return str(address), self._sealing.dumps({"state": state, "nonce": nonce, "verifier": verifier, "next": next_page})

    async def finish(self, code: str, state: str, sealed: str) -> tuple[Person, str]:
        """The person, and the page they wanted. Raises NotSignedIn, in words for the page, whatever does not fit; NotFound while this is off."""
        metadata = await self._discover()
        try:
            way = self._sealing.loads(sealed, max_age=WAY_S)
        except BadData:
            raise NotSignedIn("The sign-in took too long or was begun in another browser. Please try again.") from None
        if not code or not hmac.compare_digest(str(way["state"]), state):
            raise NotSignedIn("The district did not sign you in. Please try again.")
        try:
            claims = await self._claims(metadata, code, str(way["verifier"]), str(way["nonce"]))
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn("The district's answer could not be used. Please try again, or tell an admin.", cause=type(error).__name__) from error
        email = str(claims.get("email", "")).strip().lower()
        if "@" not in email or claims.get("email_verified") is not True:
            raise NotSignedIn("The district did not give an e-mail address that it has verified.")
        return Person(email, str(claims.get("name") or email)[:120]), str(way["next"])

    async def _claims(self, metadata: dict[str, Any], code: str, verifier: str, nonce: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback, "code_verifier": verifier}
        async with self._client() as client:
            answer = await client.post(metadata["token_endpoint"], data=form, auth=(self._settings.oidc_client_id, self._settings.oidc_client_secret))
            answer.raise_for_status()
            keys = KeySet.import_key_set((await client.get(metadata["jwks_uri"])).raise_for_status().json())
        token = jwt.decode(answer.json()["id_token"], keys, algorithms=ALGORITHMS)
        stated = {"iss": metadata["issuer"], "aud": self._settings.oidc_client_id, "nonce": nonce}
        wanted: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in stated.items()}
        jwt.JWTClaimsRegistry(now=lambda: int(time.time()), leeway=LEEWAY_S, exp={"essential": True}, **wanted).validate(token.claims)
        return dict(token.claims)

    async def _discover(self) -> dict[str, Any]:
        if not self._settings.oidc_discovery_url:
            raise NotFound("Sign-in with a district account is not set up here.")
        if self._metadata is None or time.monotonic() > self._metadata[0] + METADATA_S:
            try:
                async with self._client() as client:
                    found = (await client.get(self._settings.oidc_discovery_url)).raise_for_status().json()
                known = {name: str(found[name]) for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")}
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                raise NotSignedIn("The district's sign-in cannot be reached just now. Please try again later.", cause=type(error).__name__) from error
            self._metadata = (time.monotonic(), known)
        return self._metadata[1]

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._transport, timeout=10, follow_redirects=False)

    def role_for(self, email: str) -> str:
        """The role of a new account; empty when this address's domain may not have one."""
        return self._settings.oidc_default_role if email.rpartition("@")[2] in self._settings.oidc_domain_list else ""


def unknown_password() -> str:
    """For an account that signs in at its district: nobody knows it."""
    return secrets.token_urlsafe(48)
