"""Where webhooks may go. In: a URL of a stranger. Out: the addresses to connect to, or a refusal.

What the server can reach and its callers cannot must not be reached through it (server-side request forgery): a
target is public, or is on a list that whoever runs the server gave. A name is resolved once for a connection, all its
addresses are looked at, and the connection is made to one of these, so that a name that is bound anew meanwhile leads
nowhere else. What is refused is told in the same words as what is not there: nobody learns names of our network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import msgspec

from graph_schema.errors import InvalidInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Collection[str]]]
"""The addresses of a name; `OSError` where it has none."""

_PORTS = {"https": 443, "http": 80}
_LONGEST = 2_000
_PRINTED = re.compile(r"[!-\[\]-~]+", re.ASCII)
"""Printable ASCII without space and backslash, which some programs read as a slash."""
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)
_LISTED = re.compile(r"(\[[0-9a-f:.]+\]|[^:/@\s\[\]]+)(?::(\d{1,5}))?", re.ASCII | re.IGNORECASE)

_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
"""All that is given out for the public internet."""
_NOT_PUBLIC = [
    *map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # carriers' own (CGNAT)
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local: clouds tell secrets there
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
            "2001::/23",  # Teredo, ORCHID, benchmarks
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address within
            "3fff::/20",
        ),
    )
]
"""Of the rest of IPv6 nothing is public: loopback, mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96), local, multicast."""

_LOOK_UPS = ThreadPoolExecutor(4, thread_name_prefix="names")
"""Names that are long looked for keep nothing else waiting."""


class Target(msgspec.Struct, frozen=True):
    """A URL, taken apart: what is connected to is read from it once."""

    secure: bool
    host: str
    port: int
    path: str
    """With its query."""
    listed: bool
    """Whoever runs the server allows it, whatever its address."""


class Targets:
    """What may be reached: public addresses by https, and what is listed (`HOST`, `HOST:PORT`), by http too."""

    def __init__(self, listed: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self._listed = frozenset(map(_read_listed, listed))
        self._resolve = resolve or _addresses

    def target(self, url: str) -> Target:
        """What a URL names; `InvalidInput` for what is none, or may not be reached whatever its address is."""
        if len(url) > _LONGEST or not _PRINTED.fullmatch(url):
            raise _refused("it is no URL in ASCII, or is too long", f"Give at most {_LONGEST:,} characters.")
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise _refused("it is no URL", "Write it as https://host/path.") from error
        if parts.scheme not in _PORTS or not parts.hostname:
            raise _refused("it is no URL of https", "Write it as https://host/path.")
        if "@" in parts.netloc or parts.fragment:
            raise _refused("it has a user or a fragment", "Put what the receiver is to know into path or query.")
        host = _host(parts.hostname)
        listed = not self._listed.isdisjoint({(host, None), (host, port)})
        if parts.scheme == "http" and not listed:
            raise _refused("it is not encrypted", "Give a URL of https.")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(parts.scheme == "https", host, port, path, listed)

    async def addresses(self, target: Target) -> Collection[str]:
        """Its addresses now, each of which may be connected to; `InvalidInput` where there are none, or one may not."""
        try:
            found = await self._resolve(target.host, target.port)
        except (OSError, UnicodeError):
            found = ()
        if not found or not (target.listed or all(is_public(ipaddress.ip_address(one)) for one in found)):
            raise _refused(
                "there is no such host, or it may not be reached", "Who runs the server can allow it (docs/api.md)."
            )
        return found


def is_public(address: Address) -> bool:
    """Whether an address is given out for the public internet, and stands for no other."""
    if address.version == 6 and (address not in _GLOBAL_IPV6 or address.scope_id is not None):
        return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


async def _addresses(host: str, port: int) -> Collection[str]:
    look = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOK_UPS, look)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


def _host(text: str) -> str:
    """A name in small letters without the root's dot, or an address in its one spelling."""
    name = text.lower().removesuffix(".")
    try:
        return str(ipaddress.ip_address(name)) if "%" not in name else _no_host()
    except ValueError:
        return name if _NAME.fullmatch(name) else _no_host()


def _no_host() -> str:
    raise _refused("its host is none", "Give a name (an international one as xn--…) or an address.")


def _read_listed(text: str) -> tuple[str, int | None]:
    parts = _LISTED.fullmatch(text)
    port = int(parts[2]) if parts and parts[2] else None
    if parts is None or port == 0 or (port or 0) >= 1 << 16:
        raise InvalidInput(
            f"{text[:200]!r} is no host with or without a port",
            where="--allow-webhooks",
            remedy="Give it as hooks.example.org, 10.0.0.7:8080 or [fd00::7]:443.",
        )
    return _host(parts[1].strip("[]")), port


def _refused(what: str, remedy: str) -> InvalidInput:
    return InvalidInput(what, where="dest", remedy=remedy)
