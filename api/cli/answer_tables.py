"""Traces and paths as people read them in a terminal. In: an answer and names. Out: a picture and tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.chain import Place
from api.cli.column_widths import GAP, fit_columns
from api.cli.console import title
from api.cli.picture import Events, Picture
from api.labels import Labels, amount_of, short_code, time_of
from engine.answer import AnswerGap, Certainty, Direction, LedgerState, PathResult, Trace, TracedFlow
from graph_schema.event import Event
from graph_schema.flow_graph import Grade

ROWS = 50
"""Rows of a table in a terminal; --json has all."""
WHOLE = 36
"""Letters of a cell that stays whole on a narrow terminal: codes and addresses are copied from there."""
NAMED = 10
"""Seeds that are named at the head of an answer."""
DRAWN = 2_000
"""Items of an answer that is still drawn."""

DRAWN_WAYS: dict[Direction, tuple[tuple[bool, tuple[Text, ...]], ...]] = {
    Direction.FORWARD: ((False, ()),),
    Direction.BACK: ((True, ()),),
    Direction.BOTH: ((True, (Text("Where it came from", style="bold"),)), (False, (title("Where it went"),))),
}
"""The pictures of an answer, each with whether it goes back, and its heading."""
WENT = {Direction.FORWARD: "Forward from", Direction.BACK: "Back from", Direction.BOTH: "Back and forward from"}


def print_trace(console: Console, answer: Trace, labels: Labels, events: Events, asked: Sequence[str]) -> None:
    """A trace: one sentence that names what was asked, the picture, items, sites and gaps."""
    more = f" and {len(asked) - NAMED:,} more" if len(asked) > NAMED else ""
    head = f"{WENT[answer.direction]} {', '.join(asked[:NAMED])}{more}: "
    console.print(Text(head + _counted(answer), style="bold"))
    print_state(console, answer.ledger, answer.complete, answer.backward_in_time)
    _draw(console, answer, labels, events)
    _print_items(console, answer, labels)
    _print_sites(console, answer, labels)
    print_gaps(console, answer.gaps, labels)


def _draw(console: Console, answer: Trace, labels: Labels, events: Events) -> None:
    console.print()
    if len(answer.items) > DRAWN:
        console.print(Text(f"No picture of more than {DRAWN:,} items; the tables follow.", style="dim"))
        return
    left_out: set[Place] | None = None
    for back, heading in DRAWN_WAYS[answer.direction]:
        picture = Picture(answer, labels, events, back=back)
        for part in (*heading, *picture.draw()):
            console.print(part)
        left_out = picture.left_out() if left_out is None else left_out & picture.left_out()
    if left_out:
        said = f"… and {len(left_out):,} more places; the tables and --json have all."
        console.print(Text(said, style="dim"))


def print_path(console: Console, answer: PathResult, labels: Labels, events: Events) -> None:
    """A path: a line a flow, in order."""
    if answer.flows is None:
        said = "No chain of events joins the two." if answer.complete else "No chain was found before a bound cut it."
        console.print(Text(said, style="bold"))
    elif not answer.flows:
        console.print(Text(f"The one was where the other is, {answer.certainty}: no step joins them.", style="bold"))
    else:
        console.print(Text(f"A chain of {counted(len(answer.flows), 'step')}, {answer.certainty}:", style="bold"))
        table = plain_table("When", "Step", "What", "How much", "From", "To", whole=("When",))
        found = events({event for flow in answer.flows for event in flow.events})
        for flow in answer.flows:
            table.add_row(*_path_row(flow, labels, found))
        print_table(console, table)
    print_state(console, answer.ledger, answer.complete, backward=False)


def _path_row(flow: TracedFlow, labels: Labels, events: Mapping[str, Event]) -> Sequence[str | Text]:
    event = events.get(flow.events[0]) if flow.events else None
    what = (event.biz_step or event.type_name if event else flow.kind.name.lower()).replace("_", " ")
    amount = "" if flow.quantity is None else amount_of(flow.quantity, flow.uom)
    step = Text(what)
    if flow.via is not None:
        step.append(f", in {labels.item(flow.via)}")
    if flow.grade != Grade.RECORDED:
        step.append(" (possible)", style="yellow")
    items = ", ".join(labels.item(item) for item in flow.items)
    return (time_of(event) if event else "", step, items, amount, labels.site(flow.source), labels.site(flow.target))


def print_state(console: Console, ledger: LedgerState, complete: bool, backward: bool) -> None:
    """Which ledger an answer is of, and what must be said of it as a whole."""
    console.print(Text(f"Ledger position {ledger.position:,}, hash {ledger.hash[:16]}…", style="dim"))
    if not complete:
        console.print(Text("A bound cut this answer: there may be more.", style="bold red"))
    if backward:
        said = "Something here is reached only by going back in time: records contradict each other."
        console.print(Text(said, style="yellow"))


def print_gaps(console: Console, gaps: Sequence[AnswerGap], labels: Labels) -> None:
    """What the records do not tell."""
    if not gaps:
        return
    console.print(title("Gaps: what the records do not tell"))
    table = plain_table("Gap", "Item", "Site", "What is missing")
    for gap in gaps[:ROWS]:
        site = labels.site(gap.site) if gap.site else ""
        table.add_row(gap.kind, labels.item(gap.item) if gap.item else "", site, labels.sentence(gap.text))
    print_table(console, table)
    print_more(console, len(gaps))


def plain_table(*columns: str, whole: tuple[str, ...] = ()) -> Table:
    """A table without lines, whose cells fold and are never cut; those of the columns `whole` fold last."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="underline")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in whole)
    return table


def print_table(console: Console, table: Table) -> None:
    """Print a table, its columns as wide as the console lets them; on too narrow a one, a line a cell."""
    if fit_columns(table, console.width):
        console.print(table)
        return
    for row in zip(*(column.cells for column in table.columns), strict=True):
        told = [(column.header, cell) for column, cell in zip(table.columns, row, strict=True) if str(cell)]
        for number, (head, cell) in enumerate(told):
            line = Text.assemble((f"{head}:", "underline"), " ", cell if isinstance(cell, Text) else str(cell))
            console.print(Padding(line, (0, 0, 0, GAP if number else 0)))


def unfolded(column: str, cells: Iterable[str]) -> tuple[str, ...]:
    """The column, where its cells are short enough to stay whole beside others on a narrow terminal."""
    return (column,) if all(len(line) <= WHOLE for cell in cells for line in cell.splitlines()) else ()


def print_more(console: Console, count: int) -> None:
    """Say how many rows a table leaves out."""
    if count > ROWS:
        console.print(Text(f"… {count:,} in all; --json has every one.", style="dim"))


def certainty(value: Certainty) -> Text:
    """The word, in its colour."""
    return Text(value, style="green" if value == Certainty.CERTAIN else "yellow")


def _counted(answer: Trace) -> str:
    items, sites = (Counter(one.certainty for one in found) for found in (answer.items, answer.sites))
    return f"{_split(items, 'item')}, {_split(sites, 'site')}."


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 item`, `2 items`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _split(counts: Counter[Certainty], noun: str) -> str:
    total = counts.total()
    named = counted(total, noun)
    possible = counts[Certainty.POSSIBLE]
    if possible:
        return f"{named} ({possible:,} of them only possible)"
    return f"{named} (all certain)" if total else named


def _print_items(console: Console, answer: Trace, labels: Labels) -> None:
    console.print(title("Items"))
    shown = answer.items[:ROWS]
    whole = unfolded("Code", (short_code(item.id) for item in shown))
    table = plain_table("Item", "Product", "Kind", "Certainty", "Depth", "Code", whole=whole)
    for item in shown:
        kind = item.kind.replace("_", " ")
        name, product = labels.item(item.id), labels.product(item.id) or ""
        table.add_row(name, product, kind, certainty(item.certainty), str(item.depth), short_code(item.id))
    print_table(console, table)
    print_more(console, len(answer.items))


def _print_sites(console: Console, answer: Trace, labels: Labels) -> None:
    console.print(title("Sites"))
    shown = answer.sites[:ROWS]
    whole = unfolded("Code", (short_code(site.id) for site in shown))
    table = plain_table("Site", "Certainty", "Depth", "Items there", "Code", whole=whole)
    there = _held(answer.held)
    for site in shown:
        items = ", ".join(labels.item(item) for item in there[site.id])
        if site.in_transit:
            items = f"{items} (on the way)".strip()
        name = labels.site(site.id)
        table.add_row(name, certainty(site.certainty), str(site.depth), items, short_code(site.id))
    if answer.unknown_place is not None:
        table.add_row(labels.site(None), certainty(answer.unknown_place), "", "", "")
    print_table(console, table)
    print_more(console, len(answer.sites))


def _held(held: Iterable[tuple[str, str, Certainty]]) -> dict[str, list[str]]:
    there: dict[str, list[str]] = defaultdict(list)
    for item, site, _ in sorted(held):
        if item not in there[site]:
            there[site].append(item)
    return there
