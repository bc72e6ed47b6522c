"""Coverage over a long ledger. In: how many events. Out: a section of docs/benchmarks.md.

`make bench-coverage COVERAGE_EVENTS=1000000` writes a ledger of a dairy's shipments and receipts between HOLDERS
licence holders, with faults in every so many of them, and asks `suyuan coverage` for the measures of the system, of
each department and of each licence, and for a list behind one, in a process of its own each: once the entries were
read, as a load does at its end. The flow graph plays no part in coverage, so none is built. It exits 1 where a claim
does not hold.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from api.session import open_session
from benchmarks.measuring import Claim, Measured, machine, verdict
from engine.ledger import Capture
from engine.stores.sqlite import open_store
from graph_schema.event import Event, What
from graph_schema.interval import Interval, micros_of
from graph_schema.licence import KIND, Licence
from tests.coverage.dairy_days import S1, SYSTEM, A, event
from tests.worlds.reading import read_events

EVENTS, HOLDERS = 1_000_000, 5_000
BATCH = 10_000
LONGEST = 10.0
"""Seconds within which the measures are to come."""
TIMES = 5
UNRECEIVED, INCOMPLETE = 50, 20
"""Every so many shipments nobody receives, or have no vehicle."""
BEGINNING, MINUTE = micros_of(datetime(2025, 1, 1, tzinfo=UTC)), 60_000_000
AT = "2030-12-31"
ASKED = {
    "the system": (),
    "each department": ("--by", "department"),
    "each licence": ("--by", "subject"),
    "a list behind a measure": ("--behind", "kde_rate"),
}


def party(number: int) -> str:
    """A holder's key."""
    return f"urn:x:holder:{number}"


def licences() -> list[Licence]:
    """The register: producers and retailers, a tenth of an area, a half of each of two departments."""
    return [
        Licence(
            system=SYSTEM, role="producer" if number % 2 == 0 else "retailer", party=party(number),
            area=f"zone/{number % 10}", department="fda" if number % 4 < 2 else "cob",
        )
        for number in range(HOLDERS)
    ]  # fmt: skip


class Days:
    """Shipments and receipts, a lot each: read once, then written again for other lots, holders and times."""

    def __init__(self) -> None:
        start = "2025-01-01T00:00:00+00:00"
        ship = event("ship", A, start, "A1", 100)
        thin = {name: value for name, value in ship.items() if name != "x:vehicle"}
        received = event("receive", S1, start, "A1", 100)
        self._whole, self._thin, self._received = read_events([ship, thin, received])

    def events(self) -> Iterator[Event]:
        """Without end; what a shipment lacks, and whether it is received, its number tells."""
        number = 0
        while True:
            number += 1
            thin = number % INCOMPLETE == 0
            yield self._again(self._thin if thin else self._whole, number, 0)
            if number % UNRECEIVED:
                yield self._again(self._received, number, 1)

    def _again(self, one: Event, lot: int, side: int) -> Event:
        holder = (lot % (HOLDERS // 2)) * 2 + side
        moment = BEGINNING + (lot % 500_000 + side * 60) * MINUTE
        recorder = (A if side == 0 else S1).encode()
        body = one.body.replace(b"6901234.056789.A1", b"6901234.056789.L%d" % lot)
        body = body.replace(b'"x:recorder":"%b"' % recorder, b'"x:recorder":"%b"' % party(holder).encode())
        item = f"https://id.gs1.org/01/06901234567892/10/L{lot}"
        whats = tuple(What(item, what.role, what.quantity, what.uom) for what in one.whats)
        return msgspec.structs.replace(
            one,
            id=f"urn:x:{lot}:{side}",
            time=Interval(moment, moment),
            record_time=moment + MINUTE,
            whats=whats,
            body=body,
            body_hash=b"%d:%d" % (lot, side),
        )


def write(file: Path, count: int) -> dict[str, tuple[int, int]]:
    """A store with so many events, and what coverage is to count of them."""
    store, events = open_store(str(file)), islice(Days().events(), count)
    by = Capture("benchmark", "", "", BEGINNING)
    made = shipped = thin = 0
    while batch := list(islice(events, BATCH)):
        with store.transaction() as writing:
            writing.ledger.append(batch, by)
            if not made:
                writing.masters.put([(one.key, KIND, one.attributes()) for one in licences()], len(batch))
        made += len(batch)
        ships = [int(one.id.split(":")[2]) for one in batch if one.id.endswith(":0")]
        shipped += len(ships)
        thin += sum(number % INCOMPLETE == 0 for number in ships)
    store.close()
    return {"link_rate": (made - shipped, shipped), "kde_rate": (made - thin, made)}


def noted(file: Path) -> float:
    """Seconds that it takes to bring what is kept beside a store up to the ledger."""
    begun = time.perf_counter()
    with open_session(f"sqlite:{file}", to_write=True) as session:
        session.refresh()
    return time.perf_counter() - begun


def ask(file: Path, *options: str) -> tuple[float, Any]:
    """Seconds that a command takes, and its answer."""
    command = [sys.executable, "-m", "api.cli", "coverage", SYSTEM, "--store", f"sqlite:{file}", "--at", AT, "--json"]
    begun = time.perf_counter()
    ran = subprocess.run([*command, *options], check=True, capture_output=True)
    return time.perf_counter() - begun, json.loads(ran.stdout)


def figures(told: Any) -> dict[str, tuple[float, float]]:
    """Numerators and denominators of an answer."""
    return {one["id"]: (one["numerator"], one["denominator"]) for one in told["measures"]}


def claims(counted: bool, whole: bool, slowest: float) -> tuple[Claim, ...]:
    """What the measurements are to show."""
    return (
        Claim("Every event is counted, and every fault that was written is found", counted),
        Claim("The parts of all licences add up to the system", whole),
        Claim(f"Each answer comes within {LONGEST:.0f} s, the first of all too", slowest < LONGEST),
    )


def adds_up(told: Any) -> bool:
    """Whether the parts make the whole, measure by measure."""
    return all(
        sum(part["measures"][number][name] for part in told["parts"]) == one[name]
        for number, one in enumerate(told["measures"])
        if one["id"] != "area_coverage"
        for name in ("numerator", "denominator")
    )


def page(count: int, noting: float, measured: list[Measured], claimed: tuple[Claim, ...]) -> str:
    """The section of docs/benchmarks.md."""
    setting = (
        f"`make bench-coverage COVERAGE_EVENTS=…` prints this section: {count:,} events of {HOLDERS:,} holders, "
        f"asked by `suyuan coverage`,\na process each, {TIMES} times, after what a load does at its end: to read the "
        f"ledger and keep what it notes took {noting:.0f} s.\nTimes are in seconds, with the start of the process."
    )
    head = ["## Coverage", "", setting, f"Machine: {machine()}.", "", "| asked for | min | median | max |"]
    rows = [f"| {one.name} | {one.fastest:.1f} | {one.median:.1f} | {one.slowest:.1f} |" for one in measured]
    return "\n".join([*head, "|---|---:|---:|---:|", *rows, "", *map(verdict, claimed)])


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=EVENTS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "s.db"
        expected = write(file, given.events)
        noting = noted(file)
        first, told = ask(file)
        counted = expected == {name: figures(told)[name] for name in expected}
        measured = [Measured("the system, first of all", (first,))]
        whole = False
        for what, options in ASKED.items():
            runs = [ask(file, *options) for _ in range(TIMES)]
            measured.append(Measured(what, tuple(seconds for seconds, _ in runs)))
            whole |= what == "each licence" and adds_up(runs[0][1])
    claimed = claims(counted, whole, max(one.slowest for one in measured))
    print(page(given.events, noting, measured, claimed))
    return 0 if all(claim.holds for claim in claimed) else 1


if __name__ == "__main__":
    sys.exit(main())
