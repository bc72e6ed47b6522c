"""`suyuan load`: files into a store. Out: what was accepted, what was refused, where and by which rule."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import msgspec
import orjson
import typer
from rich.console import Console
from rich.text import Text

from api.cli.answer_tables import counted, plain_table, print_table
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE, WITH_REJECTS, WRONG_INPUT, ended
from api.cli.options import AsJson, Store, examples, location
from api.settings import read_settings, without_password
from api.writing import written
from loaders.outcome import Finding, Rejected

if TYPE_CHECKING:
    from api.loading import LoadReport, Noticed

SHOWN = 20
"""Findings in a table; --json and --rejects have all."""

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", readable=False, help="Files or folders of EPCIS 2.0 JSON or XML.")
]
AllOrNothing = Annotated[bool, typer.Option("--all-or-nothing", help="Load nothing where any record is refused.")]
Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Write every refused record and why, as JSON lines."),
]
Author = Annotated[
    str | None,
    typer.Option(
        "--author",
        metavar="NAME",
        help="Who captures these events; else the environment's SUYUAN_AUTHOR, else local.",
    ),
]

LOAD_EXAMPLES = examples(
    "suyuan load deliveries.json",
    "suyuan load inbox/ --store sqlite:2026.db --rejects refused.ndjson",
    "suyuan load audit.json --all-or-nothing --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=LOAD_EXAMPLES)(load)


def load(
    paths: Paths,
    store: Store = None,
    all_or_nothing: AllOrNothing = False,
    rejects: Rejects = None,
    author: Author = None,
    as_json: AsJson = False,
) -> int:
    """Load EPCIS events into a store.

    Reads EPCIS 2.0 JSON, JSON-LD and XML (1.2 too): capture and query documents, single events, arrays and JSON
    lines, plain or gzipped, of any size. A refused record is named with its place and the rule it breaks; the rest is
    loaded (exit code 3), unless --all-or-nothing was asked (exit code 1). Loading the same again changes
    nothing.
    """
    # The engine is imported when a command runs, so that --help does not wait for it.
    from api.loading import Loading, size_of
    from api.session import open_session

    where = location(store)
    captured_by = author or read_settings(os.environ).author
    with progress("Loading", size_of(paths)) as steps, open_session(where, to_write=True) as session:
        with refused(rejects) as told:
            keep = None if as_json else SHOWN
            loading = Loading(
                session, captured_by, keep, told, steps.advance, lambda so_far: steps.say(_counted(so_far))
            )
            report = loading.load(paths, all_or_nothing)
        steps.say("Bringing the index up to date")
        session.refresh()
    nothing = all_or_nothing and report.rejected > 0
    if as_json:
        print_json(report_json(report))
    else:
        print_report(answers(), report, without_password(where), nothing)
    if report.rejected == 0:
        return FINE
    return WRONG_INPUT if nothing else WITH_REJECTS


def _counted(report: LoadReport) -> str:
    return f"Loading, {counted(report.accepted, 'event')}"


@contextmanager
def refused(file: Path | None) -> Iterator[Callable[[Rejected], None] | None]:
    """What writes each refused record to a file, where one was asked for."""
    if file is None:
        yield None
        return
    with written(file) as lines:
        yield lambda rejected: _write_line(lines, rejected)


def _write_line(lines: BinaryIO, rejected: Rejected) -> None:
    lines.write(orjson.dumps(msgspec.to_builtins(rejected), option=orjson.OPT_APPEND_NEWLINE))


def report_json(report: LoadReport) -> dict[str, object]:
    """The documented JSON of a load."""
    return {
        "job": report.job,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "rejected": report.rejected,
        "warned": report.warned,
        "masters": report.masters,
        "position": report.position,
        "rejects": [_noticed_json(noticed) for noticed in report.refusals],
        "warnings": [_noticed_json(noticed) for noticed in report.warnings],
        "sources": msgspec.to_builtins(report.sources),
    }


def _noticed_json(noticed: Noticed) -> dict[str, object]:
    return {
        "file": noticed.place.file,
        "position": noticed.place.position,
        "event": noticed.event_id,
        "field": noticed.finding.field,
        "rule": noticed.finding.rule,
        "what": noticed.finding.what,
        "remedy": noticed.finding.remedy,
    }


def print_report(console: Console, report: LoadReport, where: str, nothing: bool) -> None:
    """What became of a load, as people read it."""
    _print_findings(console, "Refused", report.refusals, report.rejected, "bold red")
    _print_findings(console, "Warnings, loaded all the same", report.warnings, report.warned, "bold yellow")
    counts = [
        f"{counted(report.accepted, 'event')} accepted",
        f"{report.duplicates:,} were there already",
        f"{report.rejected:,} refused",
    ]
    if report.warned:
        counts.append(f"{report.warned:,} with warnings")
    said = "Nothing was loaded, as --all-or-nothing asks: " if nothing else f"Loaded into {where}: "
    console.print(Text(f"{said}{', '.join(counts)}."))


def _sentences(finding: Finding) -> str:
    what = f"{finding.field}: {finding.what}" if finding.field else finding.what
    return " ".join(ended(sentence) for sentence in (what, finding.remedy) if sentence)


def _print_findings(console: Console, head: str, noticed: list[Noticed], records: int, style: str) -> None:
    if not noticed:
        return
    console.print(Text(head, style=style))
    table = plain_table("Where", "Event", "Rule", "What is wrong, and what to do")
    for one in noticed[:SHOWN]:
        place = f"{Path(one.place.file).name}, {one.place.position}"
        table.add_row(place, one.event_id or "", one.finding.rule, _sentences(one.finding))
    print_table(console, table)
    if records > len(noticed[:SHOWN]):
        console.print(Text(f"… {records:,} records in all; --json or --rejects FILE has every one.", style="dim"))
