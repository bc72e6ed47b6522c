"""`suyuan access LOT --market M`: whether a market may take goods, and why or why not."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.access import access, goods_found
from api.cli.answer_tables import ROWS, plain_table, print_more, print_state, print_table
from api.cli.ask import asking
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples
from api.cli.systems import Own, known_profiles
from api.labels import Labels
from engine.access import MarketAccess, Verdict, access_json
from graph_schema.profiles import system_name

Lot = Annotated[str, typer.Argument(metavar="LOT", help="The goods, by their code in any spelling.")]
Market = Annotated[
    str, typer.Option("--market", metavar="NAME", help="A market of their system, as `suyuan systems NAME` lists it.")
]
SystemName = Annotated[
    str | None,
    typer.Option("--system", metavar="NAME", help="Their product system; without it, that whose code LOT is."),
]
Day = Annotated[str | None, typer.Option("--on", metavar="DATE", help="On this day; today if not given.")]

EXAMPLES = examples(
    'suyuan access "(01)09521103009000(10)CAN-B" --system infant_formula --market trade',
    'suyuan access "(01)09521103009000(10)CAN-B" --system infant_formula --market trade --on 2017-08-20 --json',
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="access", epilog=EXAMPLES)(market_access)


def market_access(
    lot: Lot,
    market: Market,
    system: SystemName = None,
    on: Day = None,
    own: Own = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Say whether a market may take goods.

    Admit or hold, with each reason: certificates, tests, recalls and links back to where chains begin, as the profile
    of the day demands them. Where anything is doubtful: hold.
    """
    known = known_profiles(own)
    asked = None if system is None else system_name(system, known)
    with asking(store) as state:
        with progress("Looking at its records"):
            goods = goods_found(lot, asked, known, state.snapshot.lookup)
            answer = access(state, goods, market, on)
        if as_json:
            print_json(access_json(answer))
        else:
            items = {answer.item, *(reason.item for reason in answer.reasons)}
            sites = {reason.site for reason in answer.reasons if reason.site is not None}
            _print(answers(), answer, state.labels_of_keys(items, sites))
    return FINE


def _print(console: Console, answer: MarketAccess, labels: Labels) -> None:
    admitted = answer.verdict is Verdict.ADMIT
    head = Text(f"{labels.item(answer.item)}: ", style="bold")
    head.append(answer.verdict.value, style="bold green" if admitted else "bold red")
    head.append(f", by {answer.market.label_zh} {answer.market.label_en} on {answer.day}", style="bold")
    console.print(head)
    console.print(Text(f"{answer.market.basis} ({answer.market.status})", style="dim"))
    print_state(console, answer.ledger, complete=True, backward=False)
    table = plain_table("", "About", "Demand", "Item", "Site", "Why", whole=("About",))
    for reason in answer.reasons[:ROWS]:
        met = Text("met", style="green") if reason.met else Text("not met", style="red")
        site = "" if reason.site is None else labels.site(reason.site)
        table.add_row(met, reason.kind.value, reason.demand, labels.item(reason.item), site, reason.text)
    print_table(console, table)
    print_more(console, len(answer.reasons))
