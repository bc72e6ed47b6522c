"""A port for a server: one that is free goes out."""

from __future__ import annotations

import random
import socket

# Below those that systems give to connections, so that none takes it while the server is down between two starts.
_RANGE = range(20_000, 30_000)


def free_port() -> int:
    """A port of the loopback on which nobody listens."""
    for port in random.sample(_RANGE, 100):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port of a hundred between {_RANGE.start} and {_RANGE.stop}")
