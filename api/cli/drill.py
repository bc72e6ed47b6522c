"""`suyuan drill`: lots drawn by chance, each traced and recalled on paper, and what would come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.cli.answer_tables import plain_table, print_table
from api.cli.console import answers, print_json, progress, title
from api.cli.coverage import Parts, measure_cells, part_named
from api.cli.draw import Position, Seed, Since, System, Until
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own, known_profiles
from api.labels import amount_of, unit
from api.settings import seconds
from engine.seeds import parse_window
from graph_schema.profiles import system_name

if TYPE_CHECKING:
    from api.drill import Shown
    from engine.drill import Drilled, Effect, RecallEffect, Sample, TraceSeconds

Count = Annotated[int, typer.Option("--count", metavar="N", help="How many lots are traced, 1 to 100.")]

EXAMPLES = examples(
    'suyuan drill dairy --seed "2026-08-24 04 11 17 23 29 32 09"',
    "suyuan drill dairy --seed 041117 --count 50 --by department",
    "suyuan drill dairy --seed 041117 --position 1200 --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="drill", epilog=EXAMPLES)(drill_lots)


def drill_lots(
    system: System,
    seed: Seed,
    count: Count = 10,
    position: Position = None,
    since: Since = None,
    until: Until = None,
    by: Parts = None,
    own: Own = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Drill what a recall would find.

    Draws lots by chance and traces each back and forth. Counts the lots whose records lead all the way, the seconds a
    full answer takes here, and how much of what a recall is after is located, by unit. Whoever has the same ledger
    position and seed drills the same. Targets are proposed.
    """
    from api.drill import shown_to, told_json
    from api.session import open_session
    from engine.drill import DrillAsked, drill

    profiles = known_profiles(own)
    asked = DrillAsked(
        system=system_name(system, profiles),
        seed=seed,
        count=count,
        position=position,
        window=parse_window(since, until),
    )
    part = None if by is None else part_named(by)
    with (
        open_session(location(store)) as session,
        progress("Tracing", count) as steps,
        session.reading() as state,
    ):
        found = drill(state.index, state.snapshot, profiles, asked, seconds, lambda: steps.advance(1))
    shown = shown_to(None, found, profiles)
    parts = [] if part is None else shown.parts(part)
    if as_json:
        print_json(told_json(shown, parts))
    else:
        _print(answers(), shown, parts)
    return FINE


def _print(console: Console, shown: Shown, parts: Sequence[Drilled]) -> None:
    draw, profile = shown.drill.draw, shown.drill.profile
    console.print(Text(f"{profile.label_zh}  {profile.label_en}", style="bold"))
    console.print(Text(f"{len(shown.samples()):,} of {draw.candidates:,} lots drawn"))
    console.print(Text(f"seed {draw.seed}; ledger position {draw.position:,}, hash {draw.hash}"))
    console.print(Text(f"digest {shown.drill.digest}; profile version {profile.version}"))
    table = plain_table("part", "measure", "", "of", "rate", "target (proposed)", "", whole=("measure",))
    for part in (shown.total(), *parts):
        table_rows = [
            measure_cells(part.success),
            _seconds_cells(part.seconds),
            *(_effect_cells(one) for one in part.effects),
        ]
        for cells in table_rows:
            table.add_row(part.key or "in no register", *cells)
    print_table(console, table)
    _print_samples(console, shown)


def _seconds_cells(measured: TraceSeconds) -> tuple[str, ...]:
    from engine.drill.measures import SECONDS

    told = "nothing to time" if measured.p95 is None else f"95% in {measured.p95:.3f} s"
    target = "" if measured.target is None else f"at most {measured.target:g} s"
    return SECONDS, "", "", told, target, _met(measured.met)


def _effect_cells(one: RecallEffect) -> tuple[str, ...]:
    from engine.drill.measures import EFFECT

    effect = one.effect
    unknown = f"not known of {one.unknown:,} lots"
    rate = unknown if one.unknown else "nothing affected" if effect.rate is None else f"at least {effect.rate:.1%}"
    target = "" if one.target is None else f"{one.target:.1%}"
    located, affected = _amounts(effect)
    return EFFECT, located, affected, rate, target, _met(one.met)


def _amounts(effect: Effect) -> tuple[str, str]:
    affected = f"? {unit(effect.uom)}" if effect.affected is None else amount_of(effect.affected, effect.uom)
    return amount_of(effect.located, effect.uom), affected


def _met(met: bool | None) -> str:
    return {None: "", True: "met", False: "not met"}[met]


def _print_samples(console: Console, shown: Shown) -> None:
    console.print()
    console.print(title(f"Lots: {len(shown.samples()):,}"))
    table = plain_table("rank", "lot", "whose", "traced", "located", "seconds", whole=("lot",))
    for one in shown.samples():
        licence = shown.licence(one)
        whose = "in no register" if licence is None else licence.holder or licence.key
        table.add_row(str(one.rank), one.key, whose, _traced(one), _located(one), f"{one.seconds:.3f}")
    print_table(console, table)


def _traced(sample: Sample) -> str:
    """Yes, or what falls short, where and by which events."""
    told = (
        f"{one.kind.replace('_', ' ')}: {one.item}{f' at {one.site}' if one.site else ''}"
        f"{' (' + ', '.join(one.events) + ')' if one.events else ''}"
        for one in sample.shortfalls
    )
    return "\n".join(told) or "yes"


def _located(sample: Sample) -> str:
    if sample.effects is None:
        return "not known"
    return "\n".join(" of ".join(_amounts(effect)) for effect in sample.effects)
