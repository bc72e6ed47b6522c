"""A Neo4j for development: `python -m tests.neo4j_server` starts one, says how to use it, and ends it on Ctrl-C.

Its data end with it. `SUYUAN_TEST_NEO4J_VERSION` chooses another version.
"""

from __future__ import annotations

import signal
import sys
import time

from tests.neo4j_server.missing import Missing
from tests.neo4j_server.server import Neo4jServer, NotStarted, local_server


def told(server: Neo4jServer, seconds: float) -> str:
    """How to use a server."""
    return (
        f"It answers after {seconds:.0f} s. In another terminal:\n\n"
        f"  export SUYUAN_NEO4J_PASSWORD={server.password}\n"
        f"  suyuan --store neo4j://{server.user}@127.0.0.1:{server.port}/neo4j …\n\n"
        f"Its log: {server.log}\n"
        "Ctrl-C ends it, and its data with it.\n"
    )


def main() -> int:
    """Run a server until Ctrl-C."""
    sys.stdout.write("Starting Neo4j; the first time its jars are brought, which takes longer …\n")
    sys.stdout.flush()
    begun = time.monotonic()
    try:
        with local_server(quick=False) as server:
            sys.stdout.write(told(server, time.monotonic() - begun))
            sys.stdout.flush()
            return _watch(server)
    except (Missing, NotStarted) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0


def _watch(server: Neo4jServer) -> int:
    while server.pid is not None:
        time.sleep(0.5)
    sys.stderr.write(f"The server ended:\n{server.last_lines()}\n")
    return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
