"""`suyuan fitted`: which whole holds a part on a day, and which parts a whole has. In: an item, a day. Out: a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from api.cli.answer_tables import certainty, plain_table, print_table
from api.cli.console import answers, print_json
from api.cli.failure import FINE
from api.cli.options import AsJson, AsKnownAt, Store, examples, location
from api.labels import day_or_time, short_code
from engine.answer import Certainty
from engine.seeds import parse_time
from graph_schema.interval import Interval, datetime_of

if TYPE_CHECKING:
    from engine.clones import Clone
    from engine.fittings import Fitting

EXAMPLES = examples(
    "suyuan fitted urn:epc:id:giai:6901234.SG-2 --on 2017-03-01",
    "suyuan fitted urn:epc:id:giai:6901234.LIFT-7 --on 2017-10-01T08:00:00+08:00 --json",
)
What = Annotated[str, typer.Argument(metavar="ITEM", help="A part, a batch of parts, or what parts are in or on.")]
On = Annotated[str, typer.Option("--on", metavar="TIME", help="A day or a time (ISO 8601); a day is one of UTC.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(fitted)


def fitted(item: What, on: On, as_known_at: AsKnownAt = None, store: Store = None, as_json: AsJson = False) -> int:
    """Say what a part was in on a day, and what was in it.

    Which lift holds this part, in which car it is, what is in this lift: as parts were fitted and removed. Certain is
    what was so all that day in every reading of the records. A part that was fitted to two wholes, and taken off
    neither in between, may be in either: a finding tells it.
    """
    from api.found import key_in
    from api.session import open_session
    from engine.fittings import parts_of, wholes_of

    when = parse_time(on)
    with open_session(location(store)) as session, session.store.snapshot() as snapshot:
        key = key_in(snapshot.lookup)(item)
        last = snapshot.ledger.head().position
        at = last if as_known_at is None else min(last, snapshot.ledger.position_at(parse_time(as_known_at).latest))
        wholes, parts = wholes_of(snapshot, key, when, at), parts_of(snapshot, key, when, at)
    clones = list(dict.fromkeys(clone for fitting in (*wholes, *parts) for clone in fitting.clones))
    if as_json:
        print_json(
            {
                "item": key,
                "position": at,
                "fittedIn": [*map(_json, wholes)],
                "parts": [*map(_json, parts)],
                "findings": [*map(_finding, clones)],
            }
        )
        return FINE
    _print((*wholes, *parts), clones)
    return FINE


def _print(fittings: Sequence[Fitting], clones: Iterable[Clone]) -> None:
    table = plain_table("Part", "In or on", "Since", "Until", "Certainty")
    for fitting in fittings:
        until = "" if fitting.until is None else day_or_time(fitting.until)
        ends = (short_code(fitting.part), short_code(fitting.whole))
        table.add_row(*ends, day_or_time(fitting.since), until, certainty(fitting.certainty))
    if fittings:
        print_table(answers(), table)
    else:
        answers().print("Neither in nor on anything then, and nothing in or on it.")
    for clone in clones:
        wholes = " and ".join(map(short_code, clone.wholes))
        sure = "" if clone.certainty is Certainty.CERTAIN else "possible "
        answers().print(Text(f"Finding: {sure}clone. {short_code(clone.thing)}, {wholes}: {clone.text}."))


def _json(fitting: Fitting) -> dict[str, object]:
    until = None if fitting.until is None else _bounds(fitting.until)
    return {
        "part": fitting.part,
        "whole": fitting.whole,
        "since": _bounds(fitting.since),
        "until": until,
        "certainty": fitting.certainty.value,
    }


def _finding(clone: Clone) -> dict[str, object]:
    return {
        "kind": "clone",
        "part": clone.thing,
        "wholes": clone.wholes,
        "certainty": clone.certainty.value,
        "events": clone.events,
        "text": clone.text,
    }


def _bounds(time: Interval) -> dict[str, str | None]:
    return {"earliest": _moment(time.earliest), "latest": _moment(time.latest)}


def _moment(bound: int) -> str | None:
    moment = datetime_of(bound)
    return None if moment is None else moment.isoformat()
