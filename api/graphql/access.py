"""Market access in GraphQL (ADR 0025). In: `MarketAccess` of the engine. Out: the same, each field described."""

from __future__ import annotations

from typing import Annotated

import strawberry
from msgspec.structs import replace
from strawberry import ID, Info, Private

from api.access import access, goods_found
from api.graphql.asking import Asking, asking, position_asked
from api.graphql.connections import After, Connection, First, connect
from api.graphql.cursors import Key, Listing, page_size
from api.graphql.recorded import SystemLabel
from api.graphql.things import Item, Ledger, Site, ids
from api.graphql.told import resolved, told
from api.graphql.words import Band, ReasonKind, Verdict
from api.rights.access import ShownAccess
from api.systems import Label
from engine.access import MarketAccess as Answer
from engine.access import Reason
from engine.answer import Trace
from engine.question import Question
from engine.stores.ports import Snapshot
from graph_schema.profiles import profiles


class _Whole:
    """What answers: the whole state; what is told of it is redacted."""

    def __init__(self, asking: Asking, at: int | None) -> None:
        self._asking = asking
        self._at = at

    @property
    def snapshot(self) -> Snapshot:
        """The state."""
        return self._asking.state.snapshot

    def trace(self, question: Question) -> Trace:
        """A trace."""
        return self._asking.state.trace(question, self._at)


@strawberry.type(description="Why, or why not: one thing that the market demands, met or not, of one item.")
class AccessReason:
    """A reason."""

    kind: ReasonKind = told("What it is about.")
    demand: str = told("The demand of the profile; the name of the kind for what every market demands.")
    met: bool = told("Whether it is met. One that is not is a reason to hold the goods.")
    item: Item = told("Of what: the goods, or what they were made of or are in.")
    site: Site | None = told("Where; null: it is of no one place.")
    text: str = told("A sentence that a person can act on.")
    row: Private[Reason]

    @resolved("The events that show it.")
    def events(self, first: First = 20) -> list[ID]:
        """Their ids."""
        return ids(self.row.events[: page_size(first)])


@strawberry.type(description="Whether a market may take goods on a day. Where anything is doubtful it is to hold them.")
class MarketAccess:
    """The answer."""

    ledger: Ledger = told("The ledger it is of.")
    system: str = told("The product system.")
    version: int = told("The version of its profile that acts on the day.")
    market: SystemLabel = told("The market.")
    basis: str = told("Why it demands what it does.")
    basis_status: str = told("How sure that is: verified, verified_local, draft, memory or proposed.")
    day: str = told("The day, ISO 8601; what happened later is not counted.")
    verdict: Verdict = told("Admit where all is met, of what is not told here too.")
    hidden: Band | None = told("About how many reasons are not shown to who asks; null where all are.")
    of: Private[ShownReasons]

    @resolved("The goods.")
    def item(self) -> Item:
        """As they are known."""
        return self.of.items([self.of.answer.item])[self.of.answer.item]

    @resolved("Each reason, those that are not met first.")
    def reasons(self, first: First = 50, after: After = None) -> Connection[AccessReason]:
        """A page of reasons."""
        rows = list(enumerate(self.of.answer.reasons))
        return connect(self.of.listing(), rows, _number, self.of.reasons, first, after)


class ShownReasons:
    """The reasons of an answer and how they are shown; what a page needs is looked up at once."""

    def __init__(self, asking: Asking, answer: Answer) -> None:
        self._asking = asking
        self.answer = answer
        self._at = answer.ledger.position

    def listing(self) -> Listing:
        """The list of reasons."""
        answer = self.answer
        told_by = (answer.ledger.hash, answer.item, answer.system, answer.market.id, answer.day, *self._asking.whose)
        return Listing(self._at, *told_by, "market access")

    def items(self, keys: list[str]) -> dict[str, Item]:
        """Items as they are known."""
        directory, kinds = self._asking.directory(self._at, items=keys), self._asking.kinds(keys)
        return {key: Item.of(directory.item(key, kinds[key])) for key in keys}

    def reasons(self, rows: list[tuple[int, Reason]]) -> list[AccessReason]:
        """A page of reasons."""
        items = self.items(sorted({row.item for _, row in rows}))
        sites = sorted({row.site for _, row in rows if row.site is not None})
        directory = self._asking.directory(self._at, sites=sites)
        return [
            AccessReason(
                kind=row.kind,
                demand=row.demand,
                met=row.met,
                item=items[row.item],
                site=None if row.site is None else Site.of(directory.site(row.site)),
                text=row.text,
                row=row,
            )
            for _, row in rows
        ]


@strawberry.type
class AccessQuery:
    """Its question."""

    @resolved("Whether a market may take goods: admit or hold, with each reason.")
    def market_access(
        self,
        info: Info,
        id: Annotated[ID, strawberry.argument(description="The goods, by their code in any spelling.")],  # noqa: A002
        system: Annotated[str, strawberry.argument(description="Their product system.")],
        market: Annotated[str, strawberry.argument(description="A market of the system, by its id.")],
        on: Annotated[
            str | None, strawberry.argument(description="The day, ISO 8601; null: today, in UTC. Not for enterprises.")
        ] = None,
    ) -> MarketAccess:
        """The verdict."""
        return access_of(asking(info), id, system, market, on, position_asked(info))


def access_of(asking: Asking, code: str, system: str, market: str, day: str | None, at: int | None) -> MarketAccess:
    """The answer, as who asks sees it."""
    goods = goods_found(code, system, profiles(), asking.seen.lookup)
    if asking.redacting is not None:
        asking.redacting.check_access(goods.key, day)
    whole = _at_sites_told(access(_Whole(asking, at), goods, market, day), asking)
    redacting = asking.redacting
    shown = ShownAccess(whole, whole.verdict, None) if redacting is None else redacting.access(whole)
    gate = whole.market
    return MarketAccess(
        ledger=Ledger.of(whole.ledger),
        system=whole.system,
        version=whole.version,
        market=SystemLabel.of(Label(gate.id, gate.label_zh, gate.label_en)),
        basis=gate.basis,
        basis_status=gate.status,
        day=whole.day,
        verdict=shown.verdict,
        hidden=shown.hidden,
        of=ShownReasons(asking, shown.answer),
    )


def _at_sites_told(whole: Answer, asking: Asking) -> Answer:
    """With its reasons at the sites that may be told."""
    reasons = (
        one if one.site is None else replace(one, site=asking.site_told(one.item, one.site)) for one in whole.reasons
    )
    return replace(whole, reasons=tuple(reasons))


def _number(row: tuple[int, object]) -> Key:
    return (row[0],)
