"""Schemathesis as a process. In: what it tries, hooks, examples for each operation. Out: how it ended.

It has a folder of its own, where it may write.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.api.served import Served, demo_store, served
from tests.safety.command import environment

EXAMPLES = 200
_USUAL = ("--phases", "fuzzing", "--no-color", "--request-timeout", "60", "--continue-on-failure")

Fuzzed = tuple[int, str]
"""The exit code of schemathesis, and what it said."""


def tried(
    url: str, hooks: str, options: Sequence[str], examples: int, folder: Path, config: Path | None = None
) -> Fuzzed:
    """Try what a URL describes."""
    configured = ["--config-file", str(config)] if config else []
    command = [sys.executable, "-m", "schemathesis.cli", *configured, "run", url, *_USUAL, *options]
    ran = subprocess.run(
        [*command, "--max-examples", str(examples)],
        cwd=folder,
        env=environment(SCHEMATHESIS_HOOKS=hooks),
        capture_output=True,
        check=False,
        text=True,
    )
    return ran.returncode, ran.stdout + ran.stderr


def tried_on_demo(fuzzed: Callable[[Served, int, Path], Fuzzed], *options: str) -> int:
    """Serve the demo, try it as the command line says (`[EXAMPLES]`), and print what schemathesis says."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    with tempfile.TemporaryDirectory() as name, served(demo_store(Path(name)), *options) as server:
        code, said = fuzzed(server, examples, Path(name))
    sys.stdout.write(said)
    return code
