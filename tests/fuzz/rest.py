"""Schemathesis on the REST interface. In: a server of ours, examples for each path and method. Out: how it ended.

`python -m tests.fuzz.rest [EXAMPLES]` serves the demo and prints what schemathesis says.
"""

from __future__ import annotations

import sys
from pathlib import Path

import httpx2

from tests.api.rest.requests.running import ALLOWED
from tests.api.served import Served
from tests.fuzz.schemathesis_run import Fuzzed, tried, tried_on_demo

# A query's words, keys and events have rules beyond any JSON Schema, and a token that cannot be ended is 501, as the
# standard has it. All else is checked: statuses, media types, headers, schemas, what must be refused.
OPTIONS = ("--exclude-checks", "not_a_server_error,positive_data_acceptance")
_CONFIG = Path(__file__).with_name("rest.toml")


def fuzzed(server: Served, examples: int, folder: Path) -> Fuzzed:
    """Requests made up from the OpenAPI document; there is a query of a name that is asked for (rest_hooks.py)."""
    kept = httpx2.post(f"{server.url}/queries", json={"name": "shipping", "query": {"EQ_bizStep": ["shipping"]}})
    kept.raise_for_status()
    return tried(f"{server.url}/openapi.json", "tests.fuzz.rest_hooks", OPTIONS, examples, folder, _CONFIG)


if __name__ == "__main__":
    sys.exit(tried_on_demo(fuzzed, *ALLOWED))
