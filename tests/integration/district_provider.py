"""A school district's sign-in of our own, in this process: it checks what a real one checks, and can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

ISSUER = "https://id.district.example"
CLIENT, SECRET = "waymark", "a secret between the two"


class Provider:
    """`claims` is what it says of the person; `changes` is put over every id token it makes."""

    def __init__(self, **claims: Any) -> None:
        self.claims = {"sub": "1", "email": "advisor@example.org", "email_verified": True, "name": "Advisor One", **claims}
        self.changes: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.signs_with: Any = self.key
        self.algorithm = "RS256"
        self._codes: dict[str, dict[str, str]] = {}
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.configuration)
        self.app.get("/jwks")(self.jwks)
        self.app.post("/token")(self.token)

    def configuration(self) -> dict[str, str]:
        return {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/jwks",
        }  # fmt: skip

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def lets_in(self, address: str) -> tuple[str, str]:
        """What the person's browser does there: returns the code and state it is sent back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{ISSUER}/authorize?") and asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = f"code{len(self._codes)}"
        self._codes[code] = asked
        return code, asked["state"]

    async def token(self, request: Request, code: str = Form(), redirect_uri: str = Form(), code_verifier: str = Form()) -> JSONResponse:
        asked = self._codes.pop(code, None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            not asked
            or request.headers["authorization"] != f"Basic {basic}"
            or (redirect_uri, challenge) != (asked["redirect_uri"], asked["code_challenge"])
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims, **self.changes}
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode({"alg": self.algorithm, "kid": "k1"}, claims, self.signs_with)}
        )

    def forges_with_a_shared_secret(self) -> None:
        self.signs_with, self.algorithm = OctKey.import_key("a secret between the two, made longer"), "HS256"

    def forges_with_another_key(self) -> None:
        self.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
