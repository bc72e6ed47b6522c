"""`suyuan register`: registers of licence holders into a store. Out: what was kept, what was refused, where and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from api.cli.answer_tables import counted, plain_table, print_table
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE, WITH_REJECTS, ended
from api.cli.load import SHOWN, Rejects, refused
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own, known_profiles
from api.settings import without_password

Sheets = Annotated[
    list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="Sheets: CSV, XLSX, XLS or ODS.")
]

EXAMPLES = examples(
    "suyuan register holders.csv",
    "suyuan register holders.xlsx --rejects refused.ndjson",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("register", epilog=EXAMPLES)(register_sheets)


def register_sheets(
    sheets: Sheets, own: Own = None, store: Store = None, rejects: Rejects = None, as_json: AsJson = False
) -> int:
    """Load registers of licence holders.

    Coverage is measured by them. A row says who is licensed for which role of which product system: system, role, and
    a party, a gln or a licence; holder, area, department, units, valid_from and valid_until where they are known. A row
    that is there already takes the place of the former. A refused row is named with its file, row and reason; the rest
    is kept (exit code 3).
    """
    from api.registering import register_holders
    from api.session import open_session

    where, known = location(store), known_profiles(own)
    with refused(rejects) as told, open_session(where, to_write=True) as session, progress("Loading"):
        report = register_holders(session, sheets, known, told)
    if as_json:
        lines = [
            {
                "file": one.place.file, "position": one.place.position, "field": one.finding.field,
                "rule": one.finding.rule, "what": one.finding.what, "remedy": one.finding.remedy,
            }
            for one in report.refusals
        ]  # fmt: skip
        print_json({"accepted": report.accepted, "rejected": report.rejected, "rejects": lines})
        return WITH_REJECTS if report.rejected else FINE
    if report.refusals:
        answers().print(Text("Refused", style="bold red"))
        table = plain_table("Where", "Column", "Rule", "What is wrong, and what to do")
        for one in report.refusals[:SHOWN]:
            what = f"{ended(one.finding.what)} {ended(one.finding.remedy)}"
            table.add_row(str(one.place), one.finding.field.removeprefix("/"), one.finding.rule, what)
        print_table(answers(), table)
        if report.rejected > SHOWN:
            answers().print(Text(f"… {report.rejected:,} in all; --json or --rejects FILE has every one.", style="dim"))
    licences, rows = counted(report.accepted, "licence"), counted(report.rejected, "row")
    answers().print(Text(f"Loaded into {without_password(where)}: {licences}, {rows} refused."))
    return WITH_REJECTS if report.rejected else FINE
