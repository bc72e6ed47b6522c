"""Run the collection, and print what is not as it should be."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx2

from tests.api.rest.requests.collection import files
from tests.api.rest.requests.running import ALLOWED, run_file
from tests.api.served import served


def main() -> int:
    """Against the URL that is given, else a server over a store of its own."""
    with ExitStack() as stack:
        if len(sys.argv) > 1:
            url = sys.argv[1]
        else:
            store = f"sqlite:{Path(stack.enter_context(tempfile.TemporaryDirectory())) / 's.db'}"
            url = stack.enter_context(served(store, *ALLOWED)).url
        client = stack.enter_context(httpx2.Client(base_url=url, timeout=60))
        return 1 if sum(_run(file, client) for file in files()) else 0


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
