"""`suyuan coverage`: how complete the records of a product system are, and the list behind each measure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from api.cli.answer_tables import plain_table, print_table
from api.cli.console import answers, print_json, progress, title
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.settings import today
from graph_schema.errors import InvalidInput

if TYPE_CHECKING:
    from api.coverage import Behind
    from engine.coverage.measured import Covered, Measured

System = Annotated[str, typer.Argument(metavar="SYSTEM", help="A product system, as `suyuan systems` lists them.")]
At = Annotated[str | None, typer.Option("--at", metavar="DATE", help="As of the end of this day; else of today.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only what happened from this day on.")]
Parts = Annotated[
    str | None,
    typer.Option("--by", metavar="subject|role|area|department", help="The measures of each part as well."),
]
BehindWhich = Annotated[
    str | None, typer.Option("--behind", metavar="MEASURE", help="The list behind a measure: what falls short.")
]
Of = Annotated[str | None, typer.Option("--of", metavar="KEY", help="Of one part alone, as --by names it.")]
Good = Annotated[bool, typer.Option("--good", help="Behind a measure: what is as it should be, instead.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="Rows of a list at most.")]

EXAMPLES = examples(
    "suyuan coverage dairy",
    "suyuan coverage dairy --at 2026-11-30 --json",
    "suyuan coverage dairy --by department",
    "suyuan coverage dairy --behind reporting_rate --by area --of 经开区",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(coverage)


def coverage(
    system: System,
    at: At = None,
    since: Since = None,
    by: Parts = None,
    behind: BehindWhich = None,
    of: Of = None,
    good: Good = False,
    limit: Limit = 50,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Measure how complete the records of a product system are.

    Surface, chain and point: who reports of those in the register (`suyuan register`), which links are matched, which
    events have all their data, in time and under valid codes. Targets are those of the profile on the last day, and
    proposed; each event is measured by the profile of its own day. What came since the last time is read first.
    """
    from api.coverage import Recorded, told_json
    from api.session import open_session
    from engine.coverage.measured import Asked, By
    from graph_schema.profiles import profiles

    asked = Asked(system, _day(at, "--at") or today(), _day(since, "--since") or date.min)
    part = By.SYSTEM if by is None else part_named(by)
    _check_part(by, behind, of)
    known = profiles()
    with open_session(location(store)) as session, session.store.snapshot() as snapshot:
        with progress("Reading the ledger", snapshot.ledger.head().position) as steps:
            records = session.records.follow(snapshot, steps.advance)
        recorded = Recorded(records, snapshot, snapshot, None)
        told = recorded.coverage(asked, known)
        covered = [told.total(), *([] if part is By.SYSTEM else told.parts(part))]
        rows: list[Behind] = []
        count = 0
        if behind is not None:
            tally, numbers = told.behind(behind, By.SYSTEM if of is None else part, of or "", good=good)
            count, rows = len(numbers), recorded.rows(told, tally, numbers[:limit].tolist())
    if as_json:
        print_json(told_json(told, covered, rows, count))
        return FINE
    _print(answers(), told.profile.label_zh, told.profile.label_en, asked, covered)
    if behind is not None:
        _print_rows(answers(), behind, rows, count)
    return FINE


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is no day", where=option, remedy="Write it as 2026-11-30.") from None


def _check_part(by: str | None, behind: str | None, of: str | None) -> None:
    """What would be left unheard is refused."""
    if of is not None and (by is None or behind is None):
        raise InvalidInput(
            f"nothing tells what {of[:40]!r} is a part of, or of which list",
            where="--of",
            remedy="Name both: --behind MEASURE --by subject|role|area|department.",
        )


def part_named(text: str) -> Any:
    """What a text says that is to be told of."""
    from engine.coverage.measured import By

    try:
        return By(text)
    except ValueError:
        words = " or ".join(one for one in By if one is not By.SYSTEM)
        raise InvalidInput(f"coverage is not told by {text[:40]!r}", where="--by", remedy=f"By {words}.") from None


def _print(console: Console, zh: str, en: str, asked: Any, covered: Sequence[Covered]) -> None:
    console.print(Text(f"{zh}  {en}", style="bold"))
    since = "" if asked.since == date.min else f" since {asked.since}"
    console.print(Text(f"as of {asked.at}{since}"))
    table = plain_table("part", "measure", "", "of", "rate", "target (proposed)", "", whole=("measure",))
    for part in covered:
        for measure in part.measures:
            table.add_row(part.key or "in no register", *measure_cells(measure))
    print_table(console, table)


def measure_cells(measure: Measured) -> tuple[str, ...]:
    """A measure in words: numerator, denominator, rate, target, whether it is met."""
    rate = "nothing to count" if measure.rate is None else f"{measure.rate:.1%}"
    target = "" if measure.target is None else f"{'at most ' if measure.at_most else ''}{measure.target:.1%}"
    met = {None: "", True: "met", False: "not met"}[measure.met]
    return measure.id, f"{measure.numerator:,.10g}", f"{measure.denominator:,.10g}", rate, target, met


def _print_rows(console: Console, measure: str, rows: Sequence[Behind], count: int) -> None:
    console.print()
    console.print(title(f"Behind {measure}: {count:,}"))
    table = plain_table("what", "whose", "tracking event or link", "thing", "missing")
    for row in rows:
        named = row.event or row.area or (row.licence.key if row.licence else "")
        whose = "in no register" if row.licence is None else row.licence.holder or row.licence.key
        declared = "" if row.declared is None else f"{row.reported:g} of {row.declared:g}"
        table.add_row(named, whose, row.link or row.tracking_event or "", row.thing or declared, ", ".join(row.missing))
    print_table(console, table)
    if count > len(rows):
        console.print(Text(f"… {count:,} in all; --limit N has more.", style="dim"))
