"""`suyuan draw` and `suyuan inspected`: who and what is inspected by chance, and what was found, as events."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.text import Text

from api.cli.answer_tables import counted, plain_table, print_table
from api.cli.console import answers, notices, print_json, progress
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own, known_profiles
from api.writing import written
from engine.seeds import parse_window
from graph_schema.profiles import system_name
from graph_schema.profiles.profile import Drawable

if TYPE_CHECKING:
    from engine.inspection import Draw

System = Annotated[str, typer.Argument(metavar="SYSTEM", help="The product system: its name or label.")]
Seed = Annotated[str, typer.Option("--seed", metavar="S", help="A text that nobody could choose: it decides the draw.")]
Count = Annotated[int, typer.Option("--count", metavar="N", help="How many are drawn, 1 to 1000.")]
Of = Annotated[Drawable, typer.Option("--of", help="What is drawn: lots, instances (single things) or subjects.")]
Position = Annotated[
    int | None, typer.Option("--position", metavar="P", help="Of the ledger, to repeat a draw; without it, the newest.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only from events of this time or later (ISO 8601).")
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only from events until this time.")]
Form = Annotated[
    Path | None, typer.Option("--form", metavar="FILE", help="Write a form (CSV) for the results here as well.")
]
Filled = Annotated[Path, typer.Argument(metavar="FORM", help="The form of a draw, filled in.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here, not to stdout.")]

DRAW_EXAMPLES = examples(
    'suyuan draw dairy --seed "2026-08-24 04 11 17 23 29 32 09" --count 20',
    "suyuan draw dairy --seed 041117 --of subjects --count 5 --form inspection.csv",
    "suyuan draw dairy --seed 041117 --position 1200 --json",
)
INSPECTED_EXAMPLES = examples(
    "suyuan inspected inspection.csv --out results.json",
    "suyuan load results.json",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="draw", epilog=DRAW_EXAMPLES)(draw_lots)
    app.command(epilog=INSPECTED_EXAMPLES)(inspected)


def draw_lots(
    system: System,
    seed: Seed,
    count: Count = 10,
    of: Of = Drawable.LOTS,
    position: Position = None,
    since: Since = None,
    until: Until = None,
    form: Form = None,
    own: Own = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Draw who or what is inspected.

    By chance, weighted by risk. Whoever has the same ledger position and seed draws the same. Weights are the
    profile's, and proposed.
    """
    from api.inspection import draw_json, form_of
    from api.session import open_session
    from engine.inspection import DrawAsked, draw

    profiles = known_profiles(own)
    asked = DrawAsked(
        system=system_name(system, profiles),
        seed=seed,
        count=count,
        kind=of,
        position=position,
        window=parse_window(since, until),
    )
    with open_session(location(store)) as session, progress("Drawing"), session.store.snapshot() as snapshot:
        drawn = draw(snapshot, profiles, asked)
    if form is not None:
        with written(form) as file:
            file.write(form_of(drawn))
    if as_json:
        print_json(draw_json(drawn))
    else:
        _print(drawn)
    return FINE


def inspected(form: Filled, out: Out = None) -> int:
    """Write the results of an inspection as EPCIS events.

    They stand in the form of a draw, filled in. The document that is written is what `suyuan load` and a capture take.
    """
    from api.inspection import document_of, results_of

    events, waiting = results_of(form.read_bytes(), str(form))
    document = orjson.dumps(document_of(events, datetime.now(UTC)), option=orjson.OPT_INDENT_2) + b"\n"
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
    else:
        with written(out) as file:
            file.write(document)
    notices().print(f"{counted(len(events), 'result')}; {waiting:,} without one yet")
    return FINE


def _print(drawn: Draw) -> None:
    console = answers()
    console.print(
        Text(
            f"{len(drawn.drawn):,} of {drawn.candidates:,} {drawn.kind} ({drawn.tickets:,} tickets) of {drawn.system}",
            style="bold",
        )
    )
    console.print(Text(f"seed {drawn.seed}; ledger position {drawn.position:,}, hash {drawn.hash}"))
    console.print(Text(f"candidates {drawn.digest}; weights {drawn.weights.status}, profile version {drawn.version}"))
    if drawn.unnamed:
        console.print(Text(f"{drawn.unnamed:,} of {drawn.events:,} events name no subject"))
    table = plain_table("", "drawn", "tickets", "ticket", "number", "signals", whole=("drawn",))
    for one in drawn.drawn:
        table.add_row(
            str(one.rank), one.key, str(one.tickets), str(one.ticket), f"{one.number[:16]}…", ", ".join(one.signals)
        )
    print_table(console, table)
