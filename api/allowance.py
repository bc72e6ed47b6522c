"""How often somebody may ask: a bucket of tokens each, filled steadily. In: who asks. Out: nothing, or `TooOften`."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

from starlette.requests import HTTPConnection

from api.principals import principal_in
from graph_schema.errors import TooOften

MOST = 10_000
"""Askers that are remembered; who was not heard of for longest is forgotten first."""
_MINUTE = 60.0
_NETWORK = 64
"""Bits of an IPv6 address that one asker has (RFC 6177)."""


class Allowance:
    """So many a minute, all of them at once if they like."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By asker what is left, and as of when."""
        self._lock = Lock()

    def take(self, asker: str) -> None:
        """Take one; `TooOften` where none is left."""
        with self._lock:
            at = self._clock()
            left, since = self._left.pop(asker, (float(self.per_minute), at))
            left = min(self.per_minute, left + (at - since) * self.per_minute / _MINUTE)
            enough = left >= 1
            self._left[asker] = (left - enough, at)
            while len(self._left) > MOST:
                self._left.popitem(last=False)
        if not enough:
            wait = math.ceil((1 - left) * _MINUTE / self.per_minute)
            raise TooOften(f"more than {self.per_minute:,} codes were looked up in a minute", max(1, wait))


def asker_of(connection: HTTPConnection) -> str:
    """Who asks: the principal, else the address that the request came from; of IPv6 its network."""
    principal = principal_in(connection.scope)
    if principal is not None:
        return f"principal {principal.name}"
    return "address unknown" if connection.client is None else f"address {_network(connection.client.host)}"


def _network(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(int(address) >> _NETWORK) if isinstance(address, IPv6Address) else host
