"""Loading a long history: does it slow down, does memory grow? In: how many events. Out: a table of tenths.

`make bench-load EVENTS=200000` writes a generated chain (`suyuan generate`), loads it in a process of its own in the
way of `suyuan load`, and prints for each tenth events a second and peak memory, and at the end the sizes of store and
index. Beside it, in the same tenths, the floor: the same lines as rows of a bare SQLite table. It exits 1 where memory
grows beyond the index.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

import apsw

from api.generate.stream import write_stream
from api.loading import BATCH, Loading, LoadReport
from api.session import open_session
from benchmarks.measuring import Claim, machine, verdict
from engine.index import open_index

SEED = 7
EVENTS = 200_000
TENTHS = 10
_MB = 1 << 20


@dataclass(slots=True)
class Tenths:
    """When each tenth of the events was in: seconds of the clock, seconds of the processor, memory in bytes."""

    events: int
    marks: list[tuple[int, float, float, int]] = field(default_factory=list)

    def mark(self, loaded: int) -> None:
        """Note where it stands, once a tenth."""
        if loaded * TENTHS >= self.events * len(self.marks):
            self.marks.append((loaded, time.perf_counter(), time.process_time(), _peak()))

    def rates(self) -> list[tuple[float, float]]:
        """Events a second of each tenth, by the clock and by the processor."""
        pairs = zip(self.marks, self.marks[1:], strict=False)
        return [((n - m) / (clock - c), (n - m) / (cpu - p)) for (m, c, p, _), (n, clock, cpu, _) in pairs]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to."""

    tenths: Tenths
    store: int
    index: int
    vertices: int
    index_seconds: float
    index_peak: int
    """Peak memory after the index was made."""


def _peak() -> int:
    """The most memory this process ever had, in bytes (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def load(source: Path, events: int, folder: Path) -> Loaded:
    """Load as `suyuan load` does, and bring the index up to it."""
    tenths = Tenths(events)
    tenths.mark(0)

    def kept(report: LoadReport) -> None:
        tenths.mark(report.accepted + report.duplicates)

    with open_session(f"sqlite:{folder / 'suyuan.db'}", to_write=True) as session:
        report = Loading(session, "benchmark", kept=kept).load([source])
        if report.rejected:
            raise SystemExit(f"{report.rejected} generated events were refused")
        before = time.perf_counter()
        session.refresh_index()
        seconds = time.perf_counter() - before
        with session.store.snapshot() as snapshot:
            vertices = open_index(session.index_folder, snapshot).vertex_count
        index = sum(file.stat().st_size for file in session.index_folder.rglob("*") if file.is_file())
    store = sum(file.stat().st_size for file in folder.glob("suyuan.db*") if file.is_file())
    return Loaded(tenths, store, index, vertices, seconds, _peak())


def insert(source: Path, events: int, folder: Path) -> Tenths:
    """The floor: the lines of the file into a table, as many a transaction as a load takes, as safely committed."""
    tenths = Tenths(events)
    tenths.mark(0)
    connection = apsw.Connection(str(folder / "floor.db"))
    for command in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "CREATE TABLE line (content BLOB)"):
        connection.execute(command).fetchall()
    loaded = 0
    with source.open("rb") as lines:
        while batch := list(islice(lines, BATCH)):
            with connection:
                connection.executemany("INSERT INTO line VALUES (?)", ((line,) for line in batch))
            loaded += len(batch)
            tenths.mark(loaded)
    connection.close()
    return tenths


def _alone(run: Callable[[Connection], None]) -> object:
    """What a function sends, run in a process of its own, so that memory is its own too."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=run, args=(there,))
    child.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        raise SystemExit("the measured process ended without a result") from None
    finally:
        child.join()


@dataclass(frozen=True, slots=True)
class Job:
    """One measurement to be run in a process of its own."""

    measured: Callable[[Path, int, Path], object]
    source: Path
    events: int
    folder: Path

    def __call__(self, out: Connection) -> None:
        """Measure and send what was found."""
        out.send(self.measured(self.source, self.events, self.folder))


@contextmanager
def _chain(events: int) -> Iterator[tuple[Path, Path]]:
    """A folder with a generated chain in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "world.ndjson"
        with source.open("wb") as lines, Path("/dev/null").open("wb") as truth:
            for _ in write_stream(events, SEED, lines, truth):
                pass
        yield source, folder


def level(loaded: Loaded) -> Claim:
    """Whether a load takes level memory: what it grows by after the second tenth is less than the index has."""
    marks, events = loaded.tenths.marks, loaded.tenths.events
    early = next(peak for count, _, _, peak in marks if count * TENTHS >= 2 * events)
    sentence = "From the second tenth on, memory grows by less than the index has"
    return Claim(sentence, marks[-1][3] - early < loaded.index)


def page(events: int, size: int, loaded: Loaded, floor: Tenths) -> str:
    """The section of docs/benchmarks.md."""
    rates, peaks = loaded.tenths.rates(), [mark[3] for mark in loaded.tenths.marks[1:]]
    rows = [
        f"| {mark[0]:,} | {clock:,.0f} | {cpu:,.0f} | {peak // _MB} | {bare:,.0f} |"
        for mark, (clock, cpu), peak, (bare, _) in zip(
            loaded.tenths.marks[1:], rates, peaks, floor.rates(), strict=True
        )
    ]
    (_, began, begun, _), (_, ended, spent, _) = loaded.tenths.marks[0], loaded.tenths.marks[-1]
    sizes = (
        f"In all {ended - began:,.0f} s, {spent - begun:,.0f} s of CPU. The store has {loaded.store // _MB} MB. "
        f"The index has {loaded.index // _MB} MB ({loaded.vertices:,} vertices), made in {loaded.index_seconds:.0f} s; "
        f"peak memory then was {loaded.index_peak // _MB} MB."
    )
    head = [
        "## Load",
        "",
        f"{events:,} events of `suyuan generate --seed {SEED}`, {size // _MB} MB of JSON, {BATCH:,} a transaction.",
        f"Machine: {machine()}.",
        "",
        "| loaded | events/s | events a CPU second | peak memory, MB | bare SQLite, events/s |",
        "|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *rows, "", sizes, "", verdict(level(loaded))])


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=EVENTS)
    events = asked.parse_args().events
    with _chain(events) as (source, folder):
        loaded = _alone(Job(load, source, events, folder))
        floor = _alone(Job(insert, source, events, folder))
        assert isinstance(loaded, Loaded)
        assert isinstance(floor, Tenths)
        print(page(events, source.stat().st_size, loaded, floor))
    return 0 if level(loaded).holds else 1


if __name__ == "__main__":
    sys.exit(main())
