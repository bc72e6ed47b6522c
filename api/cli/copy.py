"""`suyuan copy`: a ledger from one store into another. Out: where both stand, and that their graphs are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE, WRONG_INPUT
from api.cli.options import AsJson, examples
from api.settings import without_password

if TYPE_CHECKING:
    from engine.stores.ports import Store

Source = Annotated[str, typer.Option("--from", metavar="STORE", help="The store that is read.")]
Target = Annotated[str, typer.Option("--to", metavar="STORE", help="The store that is brought up to it.")]

COPY_EXAMPLES = examples(
    "suyuan copy --from sqlite:suyuan.db --to neo4j://neo4j@localhost:7687/neo4j",
    "suyuan copy --from neo4j://neo4j@localhost:7687/neo4j --to sqlite:archive.db --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=COPY_EXAMPLES)(copy)


def copy(source: Source, target: Target, as_json: AsJson = False) -> int:
    """Copy a ledger into another store.

    Entries, their captures and master data, so that both have the same chain of hashes; the flow graph is derived anew
    and compared. A copy that was ended goes on from where it stands; a target that holds another ledger is refused.
    """
    from api.session import open_session
    from engine.copying import copy_ledger, graph_digest

    with open_session(source) as here, open_session(target, to_write=True) as there, here.store.snapshot() as snapshot:
        with progress("Copying", snapshot.ledger.head().position - _position(there.store)) as steps:
            copied = copy_ledger(snapshot, there.store, steps.advance)
            steps.say("Comparing the graphs")
            with there.store.snapshot() as arrived:
                same = graph_digest(snapshot) == graph_digest(arrived)
        there.refresh()
    if as_json:
        head = copied.head
        print_json({"entries": copied.entries, "position": head.position, "hash": head.hash.hex(), "same_graph": same})
    else:
        answers().print(
            f"{copied.entries:,} {'entry' if copied.entries == 1 else 'entries'} copied into "
            f"{without_password(target)}: both ledgers stand at "
            f"{copied.head.position:,}, hash {copied.head.hash.hex()[:16]}…; "
            + ("the graphs are the same." if same else "THE GRAPHS DIFFER: run suyuan rebuild on both, and copy again.")
        )
    return FINE if same else WRONG_INPUT


def _position(store: Store) -> int:
    with store.snapshot() as reading:
        return reading.ledger.head().position
