"""`suyuan demo`: the shipped outbreak, from files to a recall. In: nothing. Out: three answers and `recall.xlsx`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from api.cli import ask
from api.cli.console import answers
from api.cli.failure import FINE
from api.cli.load import load
from api.cli.options import Store, examples
from api.demo import BAD_TANK, COMPLAINED, STORE, outbreak
from api.settings import store_path, without_password
from engine.answer import Direction

NAME = "suyuan"
WORKBOOK = Path("recall.xlsx")

DEMO_EXAMPLES = examples(
    "suyuan demo",
    "suyuan demo --store neo4j://neo4j@localhost:7687/neo4j",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=DEMO_EXAMPLES)(demo)


def demo(store: Store = None) -> int:
    """Play a shipped outbreak.

    Infant formula through one milk station: loads it into a fresh suyuan-demo.db in this folder (or into --store, where
    nothing is removed), traces the complained can lot back and the bad milk tank forward, prints what must be recalled,
    and writes recall.xlsx.
    """
    console = answers()
    typed = typed_name(sys.argv[0])
    place = store or STORE
    shown = without_password(place)
    if store is None:
        remove_store(store_path(STORE))
    _say(console, "1. Load the events of the chain", f"{typed} load {_from_here(outbreak())} --store {shown}")
    load([outbreak()], store=place)
    asked = f"{typed} trace back {COMPLAINED} --store {shown}"
    _say(console, "2. A customer complains of a can of lot CAN-B. Where did it come from?", asked)
    ask.trace(Direction.BACK, [COMPLAINED], store=place)
    asked = f"{typed} trace forward {BAD_TANK} --store {shown}"
    _say(console, "3. The kept sample of milk tank TK-S1 is bad. Where did its milk go?", asked)
    ask.trace(Direction.FORWARD, [BAD_TANK], store=place)
    asked = f"{typed} recall scope {BAD_TANK} --xlsx {WORKBOOK} --store {shown}"
    _say(console, "4. What must be recalled, from whom?", asked)
    ask.scope([BAD_TANK], xlsx=WORKBOOK, store=place)
    _say(console, "What to run next", *_next(typed, shown))
    return FINE


def typed_name(started: str) -> str:
    """How the command is typed here: by its name where the shell finds it, else as it was started."""
    found = shutil.which(NAME)
    if Path(started).name != NAME or (found is not None and Path(found).samefile(started)):
        return NAME
    return started


def _next(typed: str, shown: str) -> tuple[str, ...]:
    return (
        f"{typed} path {BAD_TANK} site:urn:epc:id:sgln:9521105.00001.0 --store {shown}",
        f"{typed} trace forward {BAD_TANK} --json --store {shown}",
        f"{typed} recall scope {BAD_TANK} --csv recall --store {shown}",
        f"{typed} stats --store {shown}",
        f"{typed} load YOUR-EVENTS.json && {typed} trace back YOUR-LOT",
        f"{typed} --help",
    )


def _from_here(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


def _say(console: Console, heading: str, *commands: str) -> None:
    console.print(Text(f"\n━━ {heading}", style="bold blue"))
    for command in commands:
        console.print(Text(f"$ {command}", style="dim"), soft_wrap=True)
    console.print()


def remove_store(file: Path) -> None:
    """Remove a store with its log and its index."""
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
    index = file.with_name(f"{file.name}.index")
    if index.is_dir():
        shutil.rmtree(index)
