"""`suyuan assess` and `suyuan retention`: how a department's systems stand, and which records may be deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from api.cli.answer_tables import counted, plain_table, print_table
from api.cli.console import answers, print_json, progress, title
from api.cli.coverage import measure_cells
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own, known_profiles
from api.responsible import event_labels, role_labels
from api.settings import now, today
from api.systems import Label
from engine.seeds import parse_time
from graph_schema.errors import InvalidInput
from graph_schema.interval import datetime_of
from graph_schema.profiles import Profile, Profiles, system_name

if TYPE_CHECKING:
    from engine.assessment import Assessment, SystemAssessed
    from engine.retention import RetentionReport

Department = Annotated[
    str, typer.Argument(metavar="DEPARTMENT", help="By its name in Chinese or English, or its id in the profiles.")
]
System = Annotated[str, typer.Argument(metavar="SYSTEM", help="The product system: its name or label.")]
AsOf = Annotated[str | None, typer.Option("--at", metavar="TIME", help="As of this time or day; now if not given.")]
Day = Annotated[str | None, typer.Option("--at", metavar="DATE", help="On this day; today if not given.")]
First = Annotated[int, typer.Option("--first", metavar="N", min=0, max=100_000, help="How many rows are listed.")]

_SHOWN = 3
"""Other systems that a table names."""
ASSESS_EXAMPLES = examples(
    "suyuan assess 食药监局",
    'suyuan assess "Commerce Bureau" --at 2026-08-24 --json',
)
RETENTION_EXAMPLES = examples(
    "suyuan retention dairy",
    "suyuan retention drug --at 2031-01-01 --first 100",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="assess", epilog=ASSESS_EXAMPLES)(assess_department)
    app.command(epilog=RETENTION_EXAMPLES)(retention)


def assess_department(
    department: Department,
    at: AsOf = None,
    first: First = 20,
    own: Own = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Report on the product systems of a department.

    Of each that it leads: coverage, inspections, overdue duties.
    """
    from api.session import open_session
    from engine.assessment import assess

    moment = now() if at is None else parse_time(at).latest
    profiles = known_profiles(own)
    with (
        open_session(location(store)) as session,
        session.store.snapshot() as snapshot,
        progress("Reading the ledger", snapshot.ledger.head().position) as steps,
    ):
        records = session.records_by(profiles).follow(snapshot, steps.advance)
        steps.say("Assessing")
        found = assess(snapshot, records, profiles, department, moment, first)
    if as_json:
        print_json(_assessment_json(found))
        return FINE
    console = answers()
    console.print(Text(f"{found.zh}  {found.en}", style="bold"))
    console.print(Text(f"as of {_moment(found.at)}; ledger position {found.position:,}, hash {found.hash}"))
    if not found.systems:
        console.print(Text("It leads no product system."))
    for system in found.systems:
        _print_system(console, system, _version(profiles, system.system, system.version))
    return FINE


def retention(
    system: System,
    at: Day = None,
    first: First = 20,
    own: Own = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Tell which records no rule keeps any more.

    Of a product system, by its rules on retention. Nothing is deleted.
    """
    from api.session import open_session
    from engine.retention import retention_report

    day = today() if at is None else _day(at)
    profiles = known_profiles(own)
    with open_session(location(store)) as session, progress("Judging"), session.store.snapshot() as snapshot:
        found = retention_report(snapshot, profiles, system_name(system, profiles), day, first)
    if as_json:
        print_json(msgspec.to_builtins(found, str_keys=True))
    else:
        _print_retention(answers(), found, profiles)
    return FINE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text[:80]!r} is no day", where="at", rule="ISO 8601", remedy="2031-01-01.") from None


def _assessment_json(found: Assessment) -> dict[str, Any]:
    from api.coverage import measured_json

    told: dict[str, Any] = msgspec.to_builtins(found)
    measures = {one.system: [measured_json(measure) for measure in one.measures] for one in found.systems}
    for system in told["systems"]:
        system["measures"] = measures[system["system"]]
        system["duties"] = [duty | {"due": _moment(duty["due"])} for duty in system["duties"]]
    return told | {"at": _moment(found.at)}


def _moment(micros: int) -> str:
    moment = datetime_of(micros)
    return "" if moment is None else moment.isoformat(timespec="seconds")


def _some(names: tuple[str, ...]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _version(profiles: Profiles, name: str, version: int) -> Profile | None:
    return next((one for one in profiles.versions(name) if one.version == version), None)


def _called(labels: Iterable[Label]) -> str:
    """What things are called, in both languages."""
    return ", ".join(f"{label.zh} {label.en}" for label in labels)


def _print_system(console: Console, found: SystemAssessed, profile: Profile | None) -> None:
    lead = " (lead proposed)" if found.proposed else ""
    duties = "1 duty" if found.overdue == 1 else f"{found.overdue:,} duties"
    console.print(title(f"{found.system}  {found.zh}  {found.en}{lead}"))
    console.print(
        Text(
            f"{counted(found.events, 'tracking event')}; random inspections: {found.inspections.passed:,} passed, "
            f"{found.inspections.failed:,} failed; {duties} overdue (limits {found.duties_status})"
        )
    )
    table = plain_table("measure", "", "of", "rate", "target (proposed)", "", whole=("measure",))
    for measure in found.measures:
        table.add_row(*measure_cells(measure))
    print_table(console, table)
    if found.duties:
        table = plain_table("due", "wanted", "of", "about", "since", "event", "also of")
        for duty in found.duties:
            table.add_row(
                _moment(duty.due), "\nor ".join(_called([one]) for one in event_labels(profile, duty.wanted)),
                _called(role_labels(profile, duty.by)), "\n".join(duty.about),
                _called(event_labels(profile, [duty.arose])), duty.event, _some(duty.also),
            )  # fmt: skip
        print_table(console, table)
    for name, told in found.not_judged.items():
        console.print(Text(f"not judged: {name}: {told}"))


def _print_retention(console: Console, found: RetentionReport, profiles: Profiles) -> None:
    console.print(
        Text(f"{found.deletable:,} of {found.events:,} records of {found.system} may be deleted on {found.at}")
    )
    console.print(Text(f"A dry run: nothing is deleted. Ledger position {found.position:,}, hash {found.hash}"))
    for year, number in found.later.items():
        console.print(Text(f"{number:,} later, from a day in {year} on"))
    for why, number in found.kept.items():
        console.print(Text(f"{number:,} kept: {why.replace('_', ' ')}"))
    if not found.rows:
        return
    if any(row.also for row in found.rows):
        console.print(Text("What may be a record of other systems too (also of) may be kept by their rules."))
    table = plain_table("since", "event", "is", "least", "from", "basis", "status", "also of")
    for row in found.rows:
        table.add_row(
            str(row.since), row.event,
            _called(event_labels(_version(profiles, found.system, row.version), [row.tracking_event])), row.rule.min,
            row.rule.since, row.rule.basis, row.rule.status, _some(row.also),
        )  # fmt: skip
    print_table(console, table)
