"""Schemathesis against a server of ours. In: the server, examples for each question. Out: how it ended.

`python -m tests.fuzz.graphql [EXAMPLES]` serves the demo and prints what schemathesis says.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api.served import Served, demo_store, served
from tests.safety.command import environment

EXAMPLES = 200
# They take a code that is no GS1 key, or a query that costs too much, for a fault; ours knows better (hooks.py).
LEFT_OUT = "not_a_server_error,positive_data_acceptance"
OPTIONS = ("--phases", "fuzzing", "--exclude-checks", LEFT_OUT, "--no-color", "--request-timeout", "30")


def fuzzed(server: Served, examples: int, folder: Path) -> tuple[int, str]:
    """The exit code of schemathesis, and what it said."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/graphql", *OPTIONS]
    told = environment(SCHEMATHESIS_HOOKS="tests.fuzz.hooks")
    ran = subprocess.run(
        [*command, "--max-examples", str(examples)], cwd=folder, env=told, capture_output=True, check=False, text=True
    )
    return ran.returncode, ran.stdout + ran.stderr


def main() -> int:
    """Serve the demo and try it."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    with tempfile.TemporaryDirectory() as name, served(demo_store(Path(name))) as server:
        code, said = fuzzed(server, examples, Path(name))
    sys.stdout.write(said)
    return code


if __name__ == "__main__":
    sys.exit(main())
