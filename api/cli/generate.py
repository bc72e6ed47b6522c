"""`suyuan generate`: a realistic chain as EPCIS events, and beside it the truth. In: a size, a seed. Out: two files.

Both are JSON lines, streamed; docs/worlds.md describes the truth. The same size and seed give the same files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from api.cli.answer_tables import counted
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE
from api.cli.options import AsJson, examples
from api.writing import written
from graph_schema.errors import InvalidInput

Count = Annotated[int, typer.Option("--events", metavar="N", min=1, help="How many events.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="Chance; the same seed gives the same world.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the events go.")]
Truth = Annotated[
    Path | None, typer.Option("--truth", metavar="FILE", help="Where the truth goes; else beside the events.")
]

STEP = 1_000
"""Events between two movements of the progress bar."""
GENERATE_EXAMPLES = examples(
    "suyuan generate --events 10000 --seed 7 --out world.ndjson",
    "suyuan load world.ndjson --store sqlite:world.db",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=GENERATE_EXAMPLES)(generate)


def generate(
    events: Count = 10_000,
    seed: Seed = 1,
    out: Out = Path("world.ndjson"),
    truth: Truth = None,
    as_json: AsJson = False,
) -> int:
    """Write a simulated chain and its truth.

    Events as EPCIS JSON lines: lots, serials, packing, rework, thin and wrong records. Beside them, in
    FILE.truth.ndjson, what the goods really did: per item, item at site, and site and window, and all stock.
    """
    beside = truth or out.with_name(f"{out.name.removesuffix('.ndjson')}.truth.ndjson")
    if beside.resolve() == out.resolve():
        raise InvalidInput(
            "events and truth would go into one file", where=str(out), remedy="Name two with --out, --truth."
        )
    with progress("Generating", events) as steps, written(out) as events_file, written(beside) as truth_file:
        count = _write(events, seed, events_file, truth_file, steps.advance)
    if as_json:
        print_json({"events": count, "seed": seed, "file": str(out), "truth": str(beside)})
    else:
        answers().print(f"Written: {out}, {counted(count, 'event')} of seed {seed}; their truth: {beside}")
    return FINE


def _write(events: int, seed: int, out: BinaryIO, truth: BinaryIO, advance: Callable[[int], None]) -> int:
    from api.generate.stream import stream_world

    count = 0
    for event in stream_world(events, seed, lambda line: _line(truth, line)):
        _line(out, event)
        count += 1
        if count % STEP == 0:
            advance(STEP)
    return count


def _line(out: BinaryIO, value: object) -> None:
    out.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
