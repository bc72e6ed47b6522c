"""One webhook: a document posted to a target that may be reached. In: URL, body, secret. Out: the status, or why none.

The body is signed with the subscriber's secret (EPCIS 2.0 §12, `GS1-Signature`): `t=TIME,v1=MAC`, where TIME is in
seconds since 1970 and MAC the HMAC-SHA256 of `TIME.BODY` in hexadecimal. A redirect is an answer like any other, and
the body of an answer is never read.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
from collections.abc import Collection, Iterable, Mapping

import httpcore2

from api.http.targets import Target, Targets

LONGEST_ANSWER = 10.0
"""Seconds in which a receiver must have answered, from the look for its address on."""

SIGNATURE = "GS1-Signature"


class Undelivered(Exception):
    """No answer came; says why in a few words that tell nothing of our network."""


class Webhooks:
    """Posts to whatever target may be reached."""

    def __init__(
        self, targets: Targets, longest_answer: float = LONGEST_ANSWER, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._targets = targets
        self._longest_answer = longest_answer
        self._trusted = trusted or ssl.create_default_context()

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; `InvalidInput` for a target that may not be reached, `Undelivered` for none."""
        target = self._targets.target(url)
        try:
            async with asyncio.timeout(self._longest_answer):
                addresses = await self._targets.addresses(target)
                return await self._sent(target, addresses, content, headers)
        except TimeoutError as error:
            raise Undelivered(f"it did not answer within {self._longest_answer:g} s") from error
        except httpcore2.ConnectError as error:
            why = "its certificate is not trusted" if isinstance(_root(error), ssl.SSLError) else "no connection"
            raise Undelivered(why) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            raise Undelivered("the connection broke, or what it answered is no HTTP") from error

    async def _sent(
        self, target: Target, addresses: Collection[str], content: bytes, headers: Mapping[str, str]
    ) -> int:
        url = httpcore2.URL(
            scheme=b"https" if target.secure else b"http",
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        told = {"Host": _host_header(target), "Content-Length": str(len(content)), **headers}
        async with (
            httpcore2.AsyncConnectionPool(self._trusted, network_backend=_OnlyThere(addresses)) as pool,
            pool.stream("POST", url, headers=list(told.items()), content=content) as response,
        ):
            return response.status


class _OnlyThere(httpcore2.AsyncNetworkBackend):
    """Connects to given addresses, whatever host is asked for."""

    def __init__(self, addresses: Collection[str]) -> None:
        self._addresses = addresses
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """The first that takes the connection."""
        del host
        failed: Exception | None = None
        for address in self._addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore2.ConnectError as error:
                failed = error
        raise failed or httpcore2.ConnectError("no address")


def signature(token: str, content: bytes, seconds: int) -> str:
    """What a receiver that knows the token can make again from the time and the body."""
    mac = hmac.new(token.encode(), f"{seconds}.".encode() + content, hashlib.sha256)
    return f"t={seconds},v1={mac.hexdigest()}"


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.secure else 80) else f"{host}:{target.port}"


def _root(error: BaseException) -> BaseException:
    """The first cause of an error."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
