"""`suyuan serve` as a process of its own. In: a store. Out: where it answers, and how it ended."""

from __future__ import annotations

import http.client
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from api.demo import outbreak
from api.loading import Loading
from api.session import open_session
from tests.neo4j_server.port import free_port
from tests.safety.command import COMMAND, PATIENCE, environment

HOST = "127.0.0.1"
_HEARS_CTRL_C = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""A suite that runs in the background is deaf to Ctrl-C, as is what it starts."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def stop(self) -> tuple[int, str]:
        """End it as Ctrl-C does; its exit code, and all that it said."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=PATIENCE)
        return code, self.log.read_text(encoding="utf-8")


def demo_store(folder: Path) -> str:
    """A store in a folder that holds the shipped outbreak; its location."""
    location = f"sqlite:{folder / 'demo.db'}"
    with open_session(location, to_write=True) as session:
        Loading(session, "demo").load([outbreak()])
    return location


@contextmanager
def served(store: str, *options: str, command: list[str] | None = None) -> Iterator[Served]:
    """A server over a store, ready to answer; another command than `suyuan serve` where one is given."""
    port = free_port()
    told = [*(command or [*COMMAND, "serve"]), "--port", str(port), "--store", store, *options]
    started = [sys.executable, "-c", _HEARS_CTRL_C, *told]
    # A file, not a pipe: a server that says much must not wait for its reader.
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(started, env=environment(), stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(process, port, Path(log.name))
            yield Served(port, process, Path(log.name))
        finally:
            process.kill()
            process.wait(timeout=PATIENCE)


def readable(sockets: Iterable[socket.socket], seconds: float) -> list[socket.socket]:
    """Those at which an answer is, of any number (`select` takes none beyond the 1,024th file of a process)."""
    with selectors.DefaultSelector() as selector:
        for one in sockets:
            selector.register(one, selectors.EVENT_READ, one)
        return [key.data for key, _ in selector.select(seconds)]


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it answers."""
    until = time.monotonic() + PATIENCE
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status in (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED)
    except OSError:
        return False
    finally:
        connection.close()
