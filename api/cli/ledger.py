"""`suyuan stats`, `rebuild` and `export`: the ledger and its graph as a whole."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.text import Text

from api.cli.answer_tables import plain_table, print_table
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples, location
from api.settings import without_password
from api.writing import written
from graph_schema.flow_graph import Grade, VertexKind
from graph_schema.interval import datetime_of

if TYPE_CHECKING:
    from api.session import Reading

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here, not to stdout.")]


class Exported(StrEnum):
    """What can be exported."""

    EVENTS = "events"
    GRAPH = "graph"


STATS_EXAMPLES = examples(
    "suyuan stats",
    "suyuan stats --store sqlite:suyuan-demo.db --json",
)

REBUILD_EXAMPLES = examples(
    "suyuan rebuild --store sqlite:suyuan-demo.db",
)

EXPORT_EXAMPLES = examples(
    "suyuan export events > events.ndjson",
    "suyuan export graph --out graph.graphml",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=STATS_EXAMPLES)(stats)
    app.command(epilog=REBUILD_EXAMPLES)(rebuild)
    app.command(epilog=EXPORT_EXAMPLES)(export)


def stats(store: Store = None, as_json: AsJson = False) -> int:
    """Count what a store holds.

    Events, lots, instances, sites, vertices by kind, flows by grade, gaps by kind.
    """
    from api.session import open_session

    where = location(store)
    with open_session(where) as session, progress("Counting"), session.reading() as state:
        counts = count(state)
    if as_json:
        print_json(counts)
        return FINE
    table = plain_table(without_password(where), "")
    for name, value in counts.items():
        shown = ", ".join(f"{word} {number:,}" for word, number in value.items()) if isinstance(value, dict) else value
        table.add_row(name.replace("_", " "), f"{shown:,}" if isinstance(shown, int) else Text(str(shown or "none")))
    print_table(answers(), table)
    return FINE


def count(state: Reading) -> dict[str, object]:
    """What a store holds at the end of its ledger, in numbers."""
    head = state.snapshot.ledger.head()
    index = state.index
    vertices, edges = index.vertices, index.edges
    here = index.live(vertices, range(vertices.count))
    flows = index.live(edges, range(edges.count))
    held = (vertices["kind"] == VertexKind.HOLDING) & ~vertices["instances"].astype(bool)
    lots = here[held[here]]
    gaps = Counter(gap.kind for gap in state.snapshot.graph.gaps())
    accepted = None if head.accepted is None else datetime_of(head.accepted)
    return {
        "position": head.position,
        "hash": head.hash.hex(),
        "accepted_until": None if accepted is None else accepted.isoformat(),
        "lots_and_classes": len({int(code) for code in vertices["item"][lots]}),
        "instances_and_logistic_units": len(index.live(index.lines, range(index.lines.count))),
        "sites": len({int(code) for code in vertices["site"][here]} - {-1}),
        "vertices": {kind.name.lower(): int((vertices["kind"][here] == kind).sum()) for kind in VertexKind},
        "flows": {grade.name.lower(): int((edges["grade"][flows] == grade).sum()) for grade in Grade},
        "gaps": dict(sorted(gaps.items())),
    }


def rebuild(store: Store = None, as_json: AsJson = False) -> int:
    """Derive graph and index anew.

    The graph comes from the ledger, the index from the graph. Never needed in the normal course: it shows that
    the graph is what the ledger says, and replaces an index that is in doubt.
    """
    from api.session import open_session

    where = location(store)
    with open_session(where, to_write=True) as session, progress("Rebuilding"):
        position = session.rebuild()
    if as_json:
        print_json({"position": position})
    else:
        answers().print(f"The graph of {without_password(where)} is derived anew, up to ledger position {position:,}.")
    return FINE


def export(
    what: Annotated[Exported, typer.Argument(metavar="events|graph", help="Which of the two.")],
    out: Out = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Write events or the graph to a file.

    The ledger's events as EPCIS JSON lines, or the flow graph as GraphML.

    Events leave as they came, in the order of the ledger; loading them elsewhere gives the same graph.
    """
    from api.export import write_events
    from api.graphml import write_graphml
    from api.session import open_session

    with open_session(location(store)) as session, session.store.snapshot() as snapshot, _target(out) as file:
        if what == Exported.EVENTS:
            counts = {"events": write_events(snapshot.ledger, file)}
        else:
            counts = dict(zip(("nodes", "edges"), write_graphml(snapshot.graph, file), strict=True))
    if out is None:
        return FINE
    if as_json:
        print_json({"file": str(out), **counts})
    else:
        said = ", ".join(f"{number:,} {name}" for name, number in counts.items())
        answers().print(f"Written: {out}, {said}")
    return FINE


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with written(out) as file:
        yield file
