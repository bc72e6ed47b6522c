"""Running the audits. In: the URL of a GraphQL endpoint, a folder to bring the npm package into. Out: its verdicts."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("graphql-http@1.23.1", "graphql@16.11.0")
MISSING = "The audits of GraphQL over HTTP need npm and node, and one of them is not on the PATH: not run."
SCRIPT = Path(__file__).with_name("audits.mjs")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit found: its status is ok, warn (a SHOULD or MAY does not hold), or error (a MUST does not)."""

    id: str
    name: str
    status: str
    reason: str | None

    @property
    def fails(self) -> bool:
        """Whether something that must or should hold does not."""
        return self.status != "ok"


def has_npm() -> bool:
    """Whether the audits can run on this machine."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def audited(url: str, folder: Path) -> list[Verdict]:
    """Every verdict, in the order of the package."""
    script = shutil.copy(SCRIPT, folder)
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run(["npm", "install", *quiet, "--prefix", folder, *PACKAGES], check=True, timeout=300)
    ran = subprocess.run(["node", script, url], check=True, timeout=60, capture_output=True, text=True)
    return [Verdict(**json.loads(line)) for line in ran.stdout.splitlines()]
