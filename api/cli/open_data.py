"""`suyuan open-data`: what anybody may be told of how complete records are. In: a system, a month. Out: rates."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer
from rich.text import Text

from api.cli.answer_tables import plain_table, print_table
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own, known_profiles
from graph_schema.profiles import system_name

System = Annotated[str, typer.Argument(metavar="SYSTEM", help="The product system: its name or label.")]
Month = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="A month that is over.")]

EXAMPLES = examples(
    "suyuan open-data dairy --month 2026-10",
    "suyuan open-data dairy --month 2026-10 --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("open-data", epilog=EXAMPLES)(open_data)


def open_data(system: System, month: Month, own: Own = None, store: Store = None, as_json: AsJson = False) -> int:
    """Tell what of coverage is open to all.

    How complete the records of a product system are: rates by area, of no fewer licence holders than the profile says
    (proposed), in whole per cents.
    """
    from api.open_data import open_data as found_of
    from api.session import open_session

    known = known_profiles(own)
    with open_session(location(store)) as session, session.store.snapshot() as snapshot:
        with progress("Reading the ledger", snapshot.ledger.head().position) as steps:
            records = session.records_by(known).follow(snapshot, steps.advance)
        found = found_of(records, snapshot, system_name(system, known), month, known)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return FINE
    table = plain_table("area", "measure", "holders", "rate", whole=("measure",))
    for one in found.rates:
        table.add_row(one.area or "all", one.measure, str(one.holders), f"{one.rate:.0%}")
    print_table(answers(), table)
    withheld = "; some are withheld" if found.withheld else ""
    told = f"Groups of {found.smallest_group} licence holders or more ({found.status}){withheld}."
    answers().print(Text(told), soft_wrap=True)
    return FINE
