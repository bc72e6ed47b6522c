"""An issuer of tokens: its keys, what it signs, and the server that shows its keys."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from jwt.algorithms import RSAAlgorithm

from api.http.key_set import KeySet
from api.http.oidc import Claims, Tokens
from api.principals import Principal

ISSUER, AUDIENCE = "https://login.example.org/", "suyuan"
SIGNING = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("one", "two")}
CURVE = ec.generate_private_key(ec.SECP256R1())


def jwk(name: str, **more: Any) -> dict[str, Any]:
    """A public key as an issuer shows it."""
    return {**json.loads(RSAAlgorithm.to_jwk(SIGNING[name].public_key())), "kid": name, "use": "sig", **more}


def said(**more: Any) -> dict[str, Any]:
    """What a token says; what is None is left out."""
    usual = {"iss": ISSUER, "aud": AUDIENCE, "exp": time.time() + 60, "sub": "li.na", "suyuan_role": "analyst"}
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


def signed(
    claims: dict[str, Any], kid: str = "one", key: PrivateKeyTypes | None = None, algorithm: str = "RS256"
) -> str:
    """A token."""
    return jwt.encode(claims, key or SIGNING[kid], algorithm, headers={"kid": kid})  # type: ignore[arg-type]


@dataclass
class Issuer:
    """A server of keys."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk("one")])
    status: int = 200
    content: bytes | None = None
    drips: bool = False
    """Whether it goes on for as long as somebody listens."""
    asked: int = 0
    url: str = ""

    @property
    def body(self) -> bytes:
        """What it answers."""
        return json.dumps({"keys": self.keys}).encode() if self.content is None else self.content


@contextmanager
def issuing() -> Iterator[Issuer]:
    """One that runs."""
    told = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked += 1
            self.send_response(told.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(told.body) + told.drips * 100_000))
            self.end_headers()
            self.wfile.write(told.body)
            with suppress(OSError):
                while told.drips:
                    self.wfile.write(b" ")
                    time.sleep(0.01)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/keys"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def oidc_file(folder: Path, **more: Any) -> Path:
    """A file that says whose tokens are taken; YAML has JSON in it."""
    (folder / "keys.json").write_text(json.dumps({"keys": [jwk("one"), jwk("two")]}))
    told = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": "keys.json", **more}
    file = folder / "oidc.yaml"
    file.write_text(json.dumps({name: value for name, value in told.items() if value is not None}))
    return file


Taking = Callable[[str], Principal | None]


def tokens(source: KeySet, algorithms: tuple[str, ...] = ("RS256",), claims: Claims | None = None) -> Taking:
    """What takes the tokens of the issuer, one after another."""
    taking = Tokens(ISSUER, AUDIENCE, source, algorithms, claims or Claims())

    def principal(token: str) -> Principal | None:
        found = asyncio.run(taking.signed_in(token))
        return None if found is None else found.principal

    return principal


def keys_in_hand(*keys: dict[str, Any]) -> KeySet:
    """Keys that need not be asked for."""
    return KeySet(lambda: json.dumps({"keys": keys}).encode())
