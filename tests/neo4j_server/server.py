"""A server: a Java, jars and an empty folder come in; an address that answers goes out.

It listens on the loopback alone, with a password of chance, and does not outlive the process that started it.
"""

from __future__ import annotations

import atexit
import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.neo4j_server.jars import bring_jars
from tests.neo4j_server.java import find_java
from tests.neo4j_server.port import free_port
from tests.neo4j_server.release import Release, release_asked

TIMEOUT = 90.0
_HEAP = ("-Xms512m", "-Xmx1g")
_QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A third less time to start, half the memory; slow for long queries."""
_OPENS = ("--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
_ADMIN = "org.neo4j.cli.AdminTool"
# The shell becomes Java; what watches the pipe kills the group once the parent has closed it, or is dead.
_WATCHED = 'exec 3<&0; { cat <&3 >/dev/null; kill -9 0; } & exec "$@" </dev/null 3<&-'


class NotStarted(Exception):
    """A server that ended, or did not answer in time; the text has the last lines of its log."""


class Neo4jServer:
    """A server in a folder of its own."""

    user = "neo4j"

    def __init__(
        self,
        release: Release,
        java: Path,
        jars: Path,
        home: Path,
        *,
        quick: bool = True,
        settings: Sequence[str] = (),
    ) -> None:
        self.port = free_port()
        self.uri = f"neo4j://127.0.0.1:{self.port}"
        self.password = secrets.token_hex(12)
        self.home = home
        self.log = home / "suyuan.log"
        self._release = release
        self._further = settings
        self._jvm = (str(java), *(_QUICK if quick else ()), *_HEAP, *_OPENS, "-cp", str(jars / "*"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def prepare(self) -> None:
        """Write the settings and the password, before the first start."""
        conf = self.home / "conf"
        conf.mkdir()
        (conf / "neo4j.conf").write_text("\n".join(self._settings()) + "\n", encoding="utf-8")
        place = {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(conf)}
        command = [*self._jvm, _ADMIN, "dbms", "set-initial-password", self.password]
        ran = subprocess.run(command, env=os.environ | place, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise NotStarted(f"set-initial-password ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")

    def start(self) -> None:
        """Start, and wait until it says so."""
        main = (self._release.main, "--console-mode", f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
        with self.log.open("wb") as log:
            self._process = spawn([*self._jvm, *main], log.fileno())
        atexit.register(self.kill)
        try:
            self._wait(time.monotonic() + TIMEOUT)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Ask it to end, as an operator does; kill it where it takes longer than 30 s."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
        self.kill()

    def kill(self) -> None:
        """End it at once, as a crash does (SIGKILL); one that does not run stays so."""
        atexit.unregister(self.kill)
        process, self._process = self._process, None
        if process is None:
            return
        # The group has the watcher in it, so it is there even where Java is not.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def restart(self) -> None:
        """Start again, with the same data, address and password; one that runs is asked to end first."""
        self.stop()
        self.start()

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def last_lines(self, count: int = 20) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

    def _settings(self) -> Iterator[str]:
        yield "server.default_listen_address=127.0.0.1"
        yield "server.default_advertised_address=127.0.0.1"
        yield f"server.bolt.listen_address=127.0.0.1:{self.port}"
        yield f"server.bolt.advertised_address=127.0.0.1:{self.port}"
        yield "server.http.enabled=false"
        yield "server.https.enabled=false"
        yield "dbms.security.auth_enabled=true"
        yield "server.memory.pagecache.size=256m"
        yield "db.tx_log.rotation.retention_policy=1 files"
        yield "db.tx_log.rotation.size=16m"
        yield "db.tx_log.preallocate=false"
        # What runs too long is ended within this time, not within two seconds.
        yield "db.transaction.monitor.check.interval=50ms"
        # Else an orderly end waits 10 s for calls that nobody makes.
        yield "internal.dbms.bolt.netty_server_shutdown_quiet_period=0"
        yield from self._release.silence
        yield from self._further

    def _wait(self, until: float) -> None:
        while "  Started.\n" not in self.log.read_text(encoding="utf-8", errors="replace"):
            if self.pid is None:
                raise NotStarted(f"Neo4j {self._release.version} ended:\n{self.last_lines()}")
            if time.monotonic() > until:
                raise NotStarted(f"Neo4j {self._release.version} did not start:\n{self.last_lines()}")
            time.sleep(0.1)


def spawn(command: Sequence[str], log: int) -> subprocess.Popen[bytes]:
    """A process group that dies with this process."""
    return subprocess.Popen(
        ["/bin/sh", "-c", _WATCHED, "sh", *command],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


@contextmanager
def local_server(*, quick: bool = True, settings: Sequence[str] = ()) -> Iterator[Neo4jServer]:
    """A server in a temporary folder, gone with all its data afterwards; `Missing` where there can be none.

    `settings` are lines of its neo4j.conf.
    """
    release = release_asked()
    java, jars = find_java(release.java), bring_jars(release)
    with (
        tempfile.TemporaryDirectory(prefix="suyuan-neo4j-") as home,
        Neo4jServer(release, java, jars, Path(home), quick=quick, settings=settings) as server,
    ):
        yield server
