"""A long ledger copied from a file into a Neo4j database and back. In: how many events. Out: speeds, and what differs.

`make copy-neo4j COPY_EVENTS=100000` starts a server, loads a generated chain into a file in the way of `suyuan load`,
and runs `suyuan copy` there and back. Exit code 1 where the three differ in chain hash or graph.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from api.generate.stream import write_stream
from api.loading import Loading
from api.session import open_session
from api.settings import CACHE
from benchmarks.measuring import Claim, machine, verdict
from tests.neo4j_server.server import local_server
from tests.stores.databases import location_of

SEED, EVENTS = 7, 100_000


class Arrived(msgspec.Struct, frozen=True):
    """What `suyuan copy --json` tells."""

    entries: int
    position: int
    hash: str
    same_graph: bool


def load(folder: Path, events: int) -> str:
    """A generated chain in a file; its location."""
    source, location = folder / "world.ndjson", f"sqlite:{folder / 'source.db'}"
    with source.open("wb") as lines, Path("/dev/null").open("wb") as truth:
        for _ in write_stream(events, SEED, lines, truth):
            pass
    with open_session(location, to_write=True) as session:
        report = Loading(session, "benchmark").load([source])
    if report.rejected:
        raise SystemExit(f"{report.rejected} generated events were refused")
    return location


def copy(source: str, target: str, cache: Path) -> Arrived:
    """Run the command, the index of the database in a cache of its own."""
    command = [sys.executable, "-m", "api.cli", "copy", "--from", source, "--to", target, "--json"]
    before = time.perf_counter()
    ran = subprocess.run(command, stdout=subprocess.PIPE, env=os.environ | {CACHE: str(cache)}, check=False)
    seconds = time.perf_counter() - before
    if not ran.stdout:
        raise SystemExit(ran.returncode or 1)
    arrived = msgspec.json.decode(ran.stdout, type=Arrived)
    kind = target.partition(":")[0]
    print(f"- into {kind}: {arrived.entries:,} entries in {seconds:,.0f} s ({arrived.entries / seconds:,.0f}/s)")
    sys.stdout.flush()
    return arrived


def head(location: str) -> tuple[int, str]:
    """Where a store stands."""
    with open_session(location) as session, session.store.snapshot() as snapshot:
        stands = snapshot.ledger.head()
        return stands.position, stands.hash.hex()


def claims(source: tuple[int, str], there: Arrived, back: Arrived) -> list[Claim]:
    """What a copy is to keep."""
    hashes = {source, (there.position, there.hash), (back.position, back.hash)}
    return [
        Claim("All three ledgers end at one position with one chain hash", len(hashes) == 1),
        Claim("All three graphs are the same", there.same_graph and back.same_graph),
    ]


def main() -> int:
    """Load, copy there and back, print; 0 where nothing differs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=EVENTS)
    events = asked.parse_args().events
    print(f"## Copying\n\n{events:,} events of `suyuan generate --seed {SEED}`. Machine: {machine()}.\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as name, local_server(quick=False) as server:
        folder, database = Path(name), location_of(server)
        source = load(folder, events)
        there = copy(source, database, folder)
        back = copy(database, f"sqlite:{folder / 'back.db'}", folder)
        found = claims(head(source), there, back)
    print("", *map(verdict, found), sep="\n")
    return 0 if all(claim.holds for claim in found) else 1


if __name__ == "__main__":
    sys.exit(main())
