"""`python -m tests.graphql_http`: print every audit over the demo; exit 1 where a MUST fails, or without npm."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.api.served import demo_store, served
from tests.graphql_http.audits import MISSING, audited, has_npm


def main() -> int:
    """Serve the demo, run the audits, print them."""
    if not has_npm():
        sys.stderr.write(f"{MISSING}\n")
        return 1
    with tempfile.TemporaryDirectory() as name, served(demo_store(Path(name))) as server:
        verdicts = audited(f"{server.url}/graphql", Path(name))
    for verdict in verdicts:
        sys.stdout.write(f"{verdict.status:<5} {verdict.id} {verdict.name} {verdict.reason or ''}".rstrip() + "\n")
    failed = [verdict for verdict in verdicts if verdict.status == "error"]
    sys.stdout.write(
        f"{len(verdicts)} audits; {sum(v.fails for v in verdicts)} not held, {len(failed)} of them a MUST\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
