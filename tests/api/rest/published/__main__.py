"""Requests that others published, against a server of ours. In: the folder of a Bruno collection. Out: what differs.

`make requests-published PUBLISHED=…` prints each request. `fastnt.yaml` has what is captured first, and each request
that is answered otherwise than its author says, with the reason; it exits 1 for any other, and for a reason that is not
needed any more.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from tests.api.rest.published.bruno import MISSING, Result, has_npm, results_of
from tests.api.rest.requests.running import client_of
from tests.api.served import served

USAGE = "Name the folder of a Bruno collection: make requests-published PUBLISHED=…, see docs/api.md."


class Otherwise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that is answered otherwise than its author says."""

    status: int
    because: str


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a collection."""

    rewritten: dict[str, str]
    """Texts of the collection that hold on its author's server alone, and what stands for them."""
    left_out: dict[str, str]
    """Requests that go to no EPCIS repository, and where they go."""
    first: list[dict[str, Any]]
    """Requests that make what the collection takes to be there: each with a path and a JSON body."""
    otherwise: dict[str, Otherwise]


def main(given: list[str]) -> int:
    """Run a collection."""
    if len(given) != 1 or not Path(given[0]).is_dir() or not has_npm():
        sys.stderr.write(f"{USAGE if has_npm() else MISSING}\n")
        return 2
    known = msgspec.yaml.decode(Path(__file__).with_name("fastnt.yaml").read_bytes(), type=Published)
    with tempfile.TemporaryDirectory() as name, served(f"sqlite:{name}/s.db") as server:
        with client_of(server.url) as client:
            _prepare(client, known)
        results = results_of(Path(given[0]), server.url, Path(name), known.rewritten)
    found = [difference for result in results if (difference := _difference(result, known)) is not None]
    asked = [result for result in results if result.name not in known.left_out]
    as_said = sum(not result.wrong for result in asked)
    with_reason = len(asked) - as_said - len(found)
    print(f"{len(asked)} requests: {as_said} answered as they say, {with_reason} otherwise with a reason")  # noqa: T201
    print("".join(f"{difference}\n" for difference in found), end="")  # noqa: T201
    return 1 if found or not asked else 0


def _prepare(client: httpx2.Client, known: Published) -> None:
    for one in known.first:
        client.post(one["path"], json=one["body"]).raise_for_status()


def _difference(result: Result, known: Published) -> str | None:
    """What is told of a request; None where it is answered as its author or `fastnt.yaml` says."""
    if result.name in known.left_out:
        return None
    told = f"{result.name}: {result.request.method} {result.request.url} is {result.response.status}"
    reason = known.otherwise.get(result.name)
    if reason is None:
        return f"{told}\n" + "".join(f"  {one}\n" for one in result.wrong) if result.wrong else None
    if not result.wrong:
        return f"{told}, as its author says: no reason is needed for it any more"
    return None if result.response.status == reason.status else f"{told}, not {reason.status}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
