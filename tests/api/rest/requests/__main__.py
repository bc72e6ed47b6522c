"""Run the collection, and print what is not as it should be."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import httpx2

from tests.api.rest.requests.collection import files
from tests.api.rest.requests.running import client_of, open_to_all, run_file, signed_in


def main() -> int:
    """Against the URL that is given, else servers over stores of their own, without users and with."""
    if len(sys.argv) > 1:
        with client_of(sys.argv[1], os.environ.get("KEY")) as client:
            return 1 if _wrong(client) else 0
    wrong = 0
    for who, serving in (("anybody", open_to_all), ("a user, by an API key", signed_in)):
        print(f"{who}:")  # noqa: T201
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as client:
            wrong += _wrong(client)
    return 1 if wrong else 0


def _wrong(client: httpx2.Client) -> int:
    """How many requests of all files are not answered as they say."""
    return sum(_run(file, client) for file in files())


def _run(file: Path, client: httpx2.Client) -> int:
    """Run a file; how many of its requests were not answered as it says."""
    wrong = 0
    for number, (given, found) in enumerate(run_file(file, client), 1):
        wrong += bool(found)
        for difference in found:
            print(f"{file.stem} {number}, {given.title}\n  {given.request}\n  {difference}")  # noqa: T201
    print(f"{file.stem}: {number - wrong} of {number} requests are answered as they should be")  # noqa: T201
    return wrong


if __name__ == "__main__":
    sys.exit(main())
