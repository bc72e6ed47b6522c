"""`suyuan demo`: a shipped outbreak or story, from files to answers. In: maybe a product system. Out: what it tells."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.failure import FINE
from api.cli.options import examples
from api.cli.stage import Stage
from api.demo import BAD_TANK, COMPLAINED, STORE, outbreak

WORKBOOK = Path("recall.xlsx")
System = Annotated[
    str | None,
    typer.Option("--system", metavar="NAME", help="The story of a product system, as `suyuan systems` lists them."),
]
Kept = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="sqlite:PATH",
        help="Load into this store, or neo4j://user@host:port/database; nothing is removed. Else a fresh file.",
    ),
]

DEMO_EXAMPLES = examples(
    "suyuan demo",
    "suyuan demo --system infant_formula",
    "suyuan demo --store neo4j://neo4j@localhost:7687/neo4j",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=DEMO_EXAMPLES)(demo)


def demo(context: typer.Context, system: System = None, store: Kept = None) -> int:
    """Play a shipped outbreak, or the story of a product system.

    The outbreak is infant formula through one milk station: loads it into a fresh suyuan-demo.db in this folder (or
    into --store, where nothing is removed), traces the complained can lot back and the bad milk tank forward, prints
    what must be recalled, and writes recall.xlsx. With --system, writes the story of a product system as an EPCIS
    document, suyuan-demo-NAME.json, loads it into a fresh suyuan-demo-NAME.db (or into --store), and prints its
    traces, its recall, what is where, and how complete its records are.
    """
    if system is None:
        _play_outbreak(Stage(context, store, STORE))
    else:
        from api.cli.story import play_story
        from graph_schema.profiles import profiles, system_name

        play_story(context, system_name(system, profiles()), store)
    return FINE


def _play_outbreak(stage: Stage) -> None:
    stage.play("Load the events of the chain", "load", str(_from_here(outbreak())))
    stage.play("A customer complains of a can of lot CAN-B. Where did it come from?", "trace", "back", COMPLAINED)
    stage.play("The kept sample of milk tank TK-S1 is bad. Where did its milk go?", "trace", "forward", BAD_TANK)
    stage.play("What must be recalled, from whom?", "recall", "scope", BAD_TANK, "--xlsx", str(WORKBOOK))
    stage.say("What to run next")
    stage.show("path", BAD_TANK, "site:urn:epc:id:sgln:9521105.00001.0")
    stage.show("trace", "forward", BAD_TANK, "--json")
    stage.show("recall", "scope", BAD_TANK, "--csv", "recall")
    stage.show("stats")
    stage.show("load", "YOUR-EVENTS.json", here=False)
    stage.show("trace", "back", "YOUR-LOT", here=False)
    stage.show("--help", here=False)


def _from_here(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
