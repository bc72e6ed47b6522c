"""Schemathesis on the GraphQL endpoint. In: a server of ours, examples for each question. Out: how it ended.

`python -m tests.fuzz.graphql [EXAMPLES]` serves the demo and prints what schemathesis says.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.api.served import Served
from tests.fuzz.schemathesis_run import Fuzzed, tried, tried_on_demo

# They take a code that is no GS1 key, or a query that costs too much, for a fault; ours knows better (hooks.py).
OPTIONS = ("--exclude-checks", "not_a_server_error,positive_data_acceptance")


def fuzzed(server: Served, examples: int, folder: Path) -> Fuzzed:
    """Queries made up from the schema."""
    return tried(f"{server.url}/graphql", "tests.fuzz.hooks", OPTIONS, examples, folder)


if __name__ == "__main__":
    sys.exit(tried_on_demo(fuzzed))
