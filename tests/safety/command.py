"""`suyuan` as a process of its own, which may have a terminal to show how far it is.

In: arguments. Out: how it ended and what it said.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

COMMAND = [sys.executable, "-m", "api.cli"]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300
"""Seconds after which a process is held to hang."""

_COUNTED = re.compile(rb"Loading, ([\d,]+) events")


class Ended(NamedTuple):
    """How a process ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def environment(**named: str) -> dict[str, str]:
    """The caller's, without settings of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")}
    return {**kept, "PYTHONPATH": str(ROOT), **named}


def suyuan(*arguments: str, before: Callable[[], None] | None = None) -> Ended:
    """Run a command to its end; `before` runs in the new process first."""
    ran = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        check=False,
        env=environment(),
        timeout=PATIENCE,
        preexec_fn=before,
    )
    return Ended(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


class OnTerminal:
    """A command that runs and shows on a terminal how many events of its load are kept."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self._shown = bytearray()
        named = environment(TERM="xterm", COLUMNS="80")
        self.process = subprocess.Popen([*COMMAND, *arguments], stdout=theirs, stderr=theirs, stdin=theirs, env=named)
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                read = os.read(self._ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                return
            if not read:
                return
            self._shown += read

    @property
    def shown(self) -> str:
        """All that it showed so far."""
        return bytes(self._shown).decode(errors="replace")

    @property
    def counted(self) -> int:
        """How many events it said were kept: a promise."""
        return max((int(number.replace(b",", b"")) for number in _COUNTED.findall(bytes(self._shown))), default=0)

    def kill(self) -> int:
        """End it at once, as `kill -9` does; the exit code, negative where it had not ended by itself."""
        self.process.kill()
        return self.wait()

    def wait(self) -> int:
        """Let it come to its end, and read all it showed."""
        code = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        os.close(self._ours)
        return code
