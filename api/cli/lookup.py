"""`suyuan lookup`: what the public is told of a code. In: a code, a store. Out: each thing that it may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from api.cli.answer_tables import plain_table, print_table
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own, known_profiles
from graph_schema.profiles import system_name

if TYPE_CHECKING:
    from engine.public_lookup import CodeReading

Code = Annotated[str, typer.Argument(metavar="CODE", help="A code of any scheme, typed or scanned, in any spelling.")]
System = Annotated[str | None, typer.Option("--system", metavar="NAME", help="As a code of this product system alone.")]

SHOWN = 3
"""Systems that are named; --json names all."""

EXAMPLES = examples(
    'suyuan lookup "(01)09521103009000(10)CAN-B"',
    "suyuan lookup 81234560123456789012 --system drug",
    "suyuan lookup https://id.gs1.org/01/09521103009000/10/CAN-B --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(lookup)


def lookup(code: Code, system: System = None, own: Own = None, store: Store = None, as_json: AsJson = False) -> int:
    """Look a code up as the public does.

    Tells what its product systems make public, and the recall status, as records tell that were marked for it; the same
    for a thing that there is not. It reads the whole ledger; a server reads it once.
    """
    from api.session import open_session
    from engine.public_lookup import PublicCodes

    known = known_profiles(own)
    asked = None if system is None else system_name(system, known)
    with (
        open_session(location(store)) as session,
        progress("Reading what is public"),
        session.store.snapshot() as snapshot,
    ):
        found = PublicCodes(known).look_up(code, snapshot, asked)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return FINE
    told = found.foremost()
    for reading in told:
        _print(answers(), reading)
    others = len(found.readings) - len(told)
    if not told:
        answers().print(Text("No code scheme has this form."))
    elif others:
        answers().print(Text(f"It has the form of {others} other codes too, of which nothing is told (--json).", "dim"))
    return FINE


def _print(console: Console, reading: CodeReading) -> None:
    from api.lookups import FINDINGS, has_status

    console.print(Text(reading.key, style="bold"))
    schemes = ", ".join(f"{one.zh} {one.en} ({one.id}, check {one.checked})" for one in reading.schemes)
    systems = ", ".join(reading.systems) if len(reading.systems) <= SHOWN else f"{len(reading.systems)} systems"
    console.print(Text(f"{schemes or 'GS1'}: {systems}"))
    table = plain_table("Chinese", "English", "what is told")
    for one in reading.fields:
        if one.value is not None:
            table.add_row(one.zh, one.en, one.value)
    if has_status(reading):
        table.add_row("召回状态", "Recall status", reading.recall_status)
    for finding in reading.findings:
        console.print(Text(FINDINGS[finding], style="bold red"))
    if table.row_count:
        print_table(console, table)
