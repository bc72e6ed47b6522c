"""Names for what may not be named. In: a secret, who asks, a key. Out: UUIDs that tell nothing without the secret.

They are HMAC-SHA-256 (RFC 2104) in the form of a UUID of version 8 (RFC 9562 §5.8).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from graph_schema.errors import StoreDamaged
from graph_schema.profiles.restricted import WITHHELD

_BYTES = 32
_VERSION, _VARIANT = 8 << 76, 2 << 62
_KEPT = ~((0xF << 76) | (3 << 62))


class Pseudonyms:
    """Names under one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def event(self, reader: str, event_id: str) -> str:
        """The id of another's event as a reader sees it: the same in every answer."""
        return self._named("event", reader, event_id)

    def thing(self, reader: str, answer: str, key: str) -> str:
        """A thing that a reader may not know, in one answer."""
        return self._named("thing", reader, answer, key)

    def place(self, reader: str, key: str) -> str:
        """A place of which a reader may not know more than that it is there: the same in every answer."""
        return f"{WITHHELD}:{self._named('place', reader, key).removeprefix('urn:uuid:')}"

    def _named(self, *parts: str) -> str:
        told = b"".join(len(part.encode()).to_bytes(8) + part.encode() for part in parts)
        number = int.from_bytes(hmac.digest(self._secret, told, hashlib.sha256)[:16])
        return UUID(int=number & _KEPT | _VERSION | _VARIANT).urn


def secret_of(file: Path) -> bytes:
    """The secret that a file keeps for all processes over one store; made where there is none."""
    with suppress(FileExistsError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(secrets.token_bytes(_BYTES))
                opened.flush()
                os.fsync(descriptor)  # Else a machine that goes down may leave an empty file under the name.
            os.link(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    secret = file.read_bytes()
    if len(secret) != _BYTES:
        what = f"the secret of pseudonyms has {len(secret)} bytes, where {_BYTES} are wanted"
        raise StoreDamaged(what, where=str(file), remedy="Restore it; without it, pseudonyms are others than before.")
    return secret
