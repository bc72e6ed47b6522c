"""`suyuan systems`: the product systems, and what one of them asks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cli.answer_tables import plain_table, print_table
from api.cli.column_widths import GAP
from api.cli.console import answers, print_json, title
from api.cli.failure import FINE
from api.cli.options import AsJson, examples
from api.cli.recall_tables import print_law
from api.recall_law import day_asked, law_on
from api.system_facts import Section, sections_of
from api.systems import Measure, System, system_named, systems_of
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profiles, load_profiles, profiles
from graph_schema.profiles.loading import SYSTEMS

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One system, in full; without it, all.")]
Own = Annotated[
    Path | None, typer.Option("--profiles", metavar="FOLDER", help="Profiles of your own, beside those shipped.")
]
On = Annotated[str | None, typer.Option("--on", metavar="DAY", help="The law on recalls of this day, as 2022-10-31.")]

_NAMES = ("Chinese", "English")
"""Columns of what a part is called."""

EXAMPLES = examples(
    "suyuan systems",
    "suyuan systems dairy",
    "suyuan systems drug --on 2022-10-31",
    "suyuan systems --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(systems)


def systems(name: Name = None, on: On = None, own: Own = None, as_json: AsJson = False) -> int:
    """Show the product systems.

    Stages, codes, subjects and measures, in Chinese and English. With --on, the rule on recalls that holds on a day:
    classes, limits of time, and how sure they are.
    """
    known = known_profiles(own)
    if on is not None:
        return _show_law(name, day_asked(on, "--on"), known, as_json=as_json)
    shown = systems_of(known) if name is None else [system_named(name, known)]
    if as_json:
        print_json(msgspec.to_builtins(shown if name is None else shown[0]))
    elif name is None:
        _print_all(answers(), shown)
    else:
        _print_one(answers(), shown[0], known)
    return FINE


def _show_law(name: str | None, day: str, known: Profiles, *, as_json: bool) -> int:
    names = known.names() if name is None else [name]
    laws = [law_on(one, day, known) for one in names]
    if as_json:
        print_json(msgspec.to_builtins(laws if name is None else laws[0]))
        return FINE
    for law in laws:
        print_law(answers(), law)
    return FINE


def known_profiles(own: Path | None) -> Profiles:
    """The profiles shipped, and those of a folder beside them; raises `InvalidInput` and `InvalidProfile`."""
    if own is None:
        return profiles()
    if not own.is_dir():
        raise InvalidInput("it is no folder", where=str(own), remedy="Name a folder of NAME.yaml files.")
    return load_profiles(SYSTEMS, own)


def _print_all(console: Console, shown: list[System]) -> None:
    table = plain_table("system", "name", "stages", "codes", "subjects", "measures", whole=("system",))
    for system in shown:
        table.add_row(
            system.name,
            f"{system.zh}\n{system.en}",
            " > ".join(stage.zh for stage in system.stages) + "\n" + " > ".join(stage.en for stage in system.stages),
            ", ".join(code.id for code in system.codes),
            ", ".join(subject.en for subject in system.subjects),
            str(len(system.measures)),
        )
    print_table(console, table)


def _labels(measure: Measure) -> tuple[str, str]:
    """What it is called; nothing where that is its name alone."""
    return ("", "") if measure.zh == measure.en == measure.id else (measure.zh, measure.en)


def _print_one(console: Console, system: System, known: Profiles) -> None:
    console.print(Text(f"{system.zh}  {system.en}", style="bold"))
    _print(console, "Stages", ("stage", *_NAMES, "next", "events"), (
        (each.id, each.zh, each.en, ", ".join(each.next), ", ".join(each.events)) for each in system.stages
    ))  # fmt: skip
    for section in sections_of(system.profile, known):
        _print_section(console, section)
    _print(console, "Measures", ("measure", *_NAMES, "what is counted", "target (proposed)"), (
        (each.id, *_labels(each), each.of, "" if each.target is None else f"{each.target:g}")
        for each in system.measures
    ))  # fmt: skip
    _print(console, "Random inspection", ("of", "tickets", "status"), (
        (each.of, each.tickets, each.status) for each in system.inspection
    ))  # fmt: skip
    _print(console, "Unverified", ("what",), ((each,) for each in system.unverified))


def _print_section(console: Console, section: Section) -> None:
    """A section without entries is left out."""
    if not section.entries:
        return
    console.print(title(section.heading))
    for entry in section.entries:
        names = "  ".join(filter(None, (entry.id, entry.zh, entry.en)))
        if names:
            console.print(Text(names, style="bold"))
        for head, text in entry.facts:
            console.print(Padding(Text.assemble((f"{head}: ", "dim"), text), (0, 0, 0, GAP), expand=False))


def _print(console: Console, heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = plain_table(*columns)
    for row in rows:
        table.add_row(*row)
    console.print(title(heading))
    print_table(console, table)
