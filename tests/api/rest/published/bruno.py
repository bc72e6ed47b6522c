"""A collection of requests in the form of Bruno (https://docs.usebruno.com). In: its folder, a server. Out: results.

Bruno's own command runs it, brought from npm: it sends each request, and judges the answer as the collection says.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

PACKAGE = "@usebruno/cli@4.1.0"
MISSING = (
    "Collections of others are run by Bruno, which needs npm and node, and one of them is not on the PATH: not run."
)
SECONDS = 600
BASE = "baseUrl"
_NO_SLASH = re.compile(r"\{\{baseUrl\}\}(?=\w)")


class Judged(msgspec.Struct, frozen=True, rename="camel"):
    """What a collection says of an answer, and whether it is so."""

    status: str
    lhs_expr: str = ""
    rhs_expr: str = ""
    description: str = ""
    error: str = ""

    def __str__(self) -> str:
        """In a line."""
        return f"{self.lhs_expr} {self.rhs_expr}{self.description}: {self.error}".strip()


class Request(msgspec.Struct, frozen=True):
    """What was sent."""

    method: str
    url: str


class Response(msgspec.Struct, frozen=True):
    """What came; a word for what never did."""

    status: int | str


class Result(msgspec.Struct, frozen=True, rename="camel"):
    """A request of a collection."""

    name: str
    request: Request
    response: Response
    assertion_results: list[Judged]
    test_results: list[Judged]

    @property
    def wrong(self) -> list[Judged]:
        """What is not as the collection says."""
        return [one for one in (*self.assertion_results, *self.test_results) if one.status != "pass"]


class _Report(msgspec.Struct, frozen=True):
    results: list[Result]


_REPORTS = msgspec.json.Decoder(list[_Report])


def has_npm() -> bool:
    """Whether Bruno can be brought and run here."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def results_of(collection: Path, url: str, room: Path, rewritten: Mapping[str, str]) -> list[Result]:
    """Every result, in the order of the folders; `room` is for Bruno and a copy of the collection.

    In the copy a base URL is followed by a slash, and texts are `rewritten` that hold on its author's server alone.
    """
    copy = room / "collection"
    shutil.copytree(collection, copy)
    for file in copy.rglob("*.bru"):
        text = _NO_SLASH.sub("{{baseUrl}}/", file.read_text(encoding="utf-8"))
        for theirs, ours in rewritten.items():
            text = text.replace(theirs, ours)
        file.write_text(text, encoding="utf-8")
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run(["npm", "install", *quiet, "--prefix", room, PACKAGE], check=True, timeout=SECONDS)
    report = room / "report.json"
    ran = subprocess.run(
        [room / "node_modules/.bin/bru", "run", "-r", "--env", _environment(copy), "--env-var", f"{BASE}={url}",
         "--reporter-json", report],
        cwd=copy, timeout=SECONDS, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not report.exists():
        raise SystemExit(f"Bruno could not run the collection:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return [result for one in _REPORTS.decode(report.read_bytes()) for result in one.results]


def _environment(collection: Path) -> str:
    """The first environment of a collection, which has its variables."""
    found = sorted(collection.glob("environments/*.bru"))
    if not found:
        raise SystemExit(f"{collection} has no environments/*.bru: give the folder that holds a Bruno collection")
    return found[0].stem
