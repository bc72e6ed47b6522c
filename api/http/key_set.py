"""The keys that tokens are signed with (JWK Set, RFC 7517). In: a file or an address. Out: a public key by its id.

They are kept, and asked for again once they are old, or for a key id that is not among them: so an issuer may change
its keys, and whoever sends made-up ids costs the issuer nothing. Whoever waits for an answer holds no thread.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

SECONDS = 5.0
"""In which an issuer must have answered."""
MOST_BYTES = 1_000_000
LEAST_PAUSE = 30.0
"""Seconds between two times that keys are asked for."""
OLD = 3_600.0
"""Seconds after which keys are asked for again; those that are no longer there are no longer taken."""
TOO_OLD = 24 * 3_600.0
"""Seconds for which keys are taken while they cannot be had again."""

Jwk = Mapping[str, Any]
Source = Callable[[], bytes]

_LOG = logging.getLogger("suyuan.oidc")
_PUBLIC = frozenset({"RSA", "EC", "OKP"})
"""Types of keys that have a public half; what is signed with any other, whoever checks it could have signed."""


class KeySet:
    """The keys of a source, as they were had last."""

    def __init__(self, source: Source, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._keys: dict[str, Jwk] = {}
        self._had = self._asked = -TOO_OLD
        self._asking = asyncio.Lock()

    async def key(self, key_id: str) -> Jwk | None:
        """The key of this id; None where the source has none, or cannot be asked now."""
        if not self._is_at_hand(key_id):
            async with self._asking:
                if not self._is_at_hand(key_id) and self._clock() - self._asked >= LEAST_PAUSE:
                    await self._ask()
        return self._keys.get(key_id) if self._clock() - self._had < TOO_OLD else None

    def _is_at_hand(self, key_id: str) -> bool:
        return key_id in self._keys and self._clock() - self._had < OLD

    async def _ask(self) -> None:
        self._asked = self._clock()
        try:
            self._keys = keys_of(await asyncio.wait_for(asyncio.to_thread(self._source), SECONDS))
            self._had = self._clock()
        # ValueError: a name that is no host's, and content that is no UTF-8.
        except (OSError, HTTPException, ValueError, msgspec.MsgspecError) as error:
            _LOG.warning("the keys of the tokens' issuer cannot be had: %s", type(error).__name__)


class _Keys(msgspec.Struct):
    keys: list[dict[str, Any]]


def keys_of(content: bytes) -> dict[str, Jwk]:
    """The public keys for signatures of a JWK Set that have an id, by that; raises `msgspec.MsgspecError`."""
    told = msgspec.json.decode(content, type=_Keys).keys
    return {jwk["kid"]: jwk for jwk in told if _is_for_signatures(jwk)}


def _is_for_signatures(jwk: Jwk) -> bool:
    return isinstance(jwk.get("kid"), str) and jwk.get("kty") in _PUBLIC and jwk.get("use", "sig") == "sig"


def source_of(file: Path) -> Source:
    """A file, read each time."""
    return file.read_bytes


def source_at(url: str, seconds: float = SECONDS) -> Source:
    """An address, asked each time: so many seconds once it is connected, so many bytes, no redirect followed."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"

    def ask() -> bytes:
        with closing(kind(parts.hostname or "", parts.port, timeout=seconds)) as connection:
            connection.connect()
            with _ending(connection.sock, seconds):
                connection.request("GET", path, headers={"Accept": "application/json"})
                with connection.getresponse() as answer:
                    content = answer.read(MOST_BYTES + 1)
                    if answer.status != HTTPStatus.OK or len(content) > MOST_BYTES:
                        raise HTTPException
                    return content

    return ask


@contextmanager
def _ending(connected: socket.socket, seconds: float) -> Iterator[None]:
    """Ends a connection after a time: the time-out of a socket is of each of its bytes, however many come."""
    timer = threading.Timer(seconds, partial(_end, connected))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _end(connected: socket.socket) -> None:
    with suppress(OSError):  # It has ended by itself.
        connected.shutdown(socket.SHUT_RDWR)
