"""The recall scope of the schema. In: a `RecallScope` of the engine. Out: GraphQL types (contract)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

import strawberry
from strawberry import ID, Info, Private

from api.graphql.asking import asking
from api.graphql.connections import After, Connection, First, connect
from api.graphql.cursors import Key, Listing, page_size
from api.graphql.things import Contact, Exclusion, Gap, Item, Ledger, QuantityRange, Site, TimeRange, ids, ranges
from api.graphql.told import resolved, told
from api.graphql.traced import Counts, SitesWanted
from api.graphql.words import Band, Certainty
from api.rights.recalled import ShownScope
from engine import answer as a

Row = TypeVar("Row")
Shown = TypeVar("Shown")


class Recalled:
    """A scope as it is shown, and to whom."""

    def __init__(self, shown: ShownScope, whose: tuple[str, ...]) -> None:
        self.scope = shown.scope
        self.hidden = shown.hidden
        self._whose = whose

    def listing(self, *names: str) -> Listing:
        """One of its lists; `names` tell it from the others."""
        return Listing(self.scope.ledger.position, self.scope.hash, *self._whose, *names)


@strawberry.type(description="About how many rows of a scope are not shown to who asks; it counts them all the same.")
class HiddenInScope:
    """What rights hide of a scope."""

    outlets: Band = told("Sites to call.")
    lots: Band = told("Items affected.")


@strawberry.interface(description="The columns of stock; each has one range a unit, `high` null: not known.")
class StockColumns:
    """Columns of stock."""

    made: list[QuantityRange] = told("Made or commissioned here.")
    received: list[QuantityRange] = told("Came from elsewhere.")
    returned: list[QuantityRange] = told("Came back from where it had been sent.")
    used: list[QuantityRange] = told("Went into something else.")
    sold: list[QuantityRange] = told("Sold or dispensed.")
    destroyed: list[QuantityRange] = told("Destroyed, or lost.")
    forwarded: list[QuantityRange] = told("Sent on, and received there.")
    in_transit: list[QuantityRange] = told("Sent on, and not surely received.")
    held: list[QuantityRange] = told("Still here by the records.")
    unaccounted: list[QuantityRange] = told("Of which no record tells what became of it.")


@strawberry.type(description="Of each column of stock, at most how much can have come from the seeds.")
class AffectedBounds(StockColumns):
    """Affected at most: the engine's own columns, which have these names."""

    @classmethod
    def is_type_of(cls, value: object, _: Info) -> bool:
        """Whether a value is shown as this."""
        return isinstance(value, a.StockColumns)


def _columns(stock: a.StockColumns) -> dict[str, list[QuantityRange]]:
    return {name: ranges(getattr(stock, name)) for name in a.StockColumns.__struct_fields__}


@strawberry.type(description="One item at one outlet: what was there, and how much of it can be affected.")
class AffectedStock(StockColumns):
    """Affected stock."""

    item: Item = told("The item.")
    certainty: Certainty = told("How surely it is affected there.")
    affected_at_most: AffectedBounds = told("Of each column, what can have come from the seeds.")

    @classmethod
    def of(cls, row: a.AffectedStock) -> AffectedStock:
        """As the engine has it."""
        bounds = cast("AffectedBounds", row.affected_at_most)
        item = Item.of(row.item)
        return cls(item=item, certainty=row.certainty, affected_at_most=bounds, **_columns(row.stock))


@strawberry.type(description="A site to call, with what is affected there and why.")
class AffectedOutlet:
    """An outlet."""

    site: Site = told("The site.")
    certainty: Certainty = told("How surely.")
    tier: int = told("Custody changes from the nearest seed.")
    in_transit: bool = told("True where nothing but a shipment on its way there reaches it.")
    row: Private[a.AffectedOutlet]
    of: Private[Recalled]

    @resolved("What is affected there, in order of item.")
    def stock(self, first: First = 20, after: After = None) -> Connection[AffectedStock]:
        """A page of stock."""
        rows = sorted(self.row.stock, key=lambda row: row.item.id)
        listing = self.of.listing("stock", self.row.site.id)
        return connect(listing, rows, lambda row: (row.item.id,), _all(AffectedStock.of), first, after)

    @resolved("Ids of the events of the shortest chain from a seed.")
    def evidence(self, first: First = 20) -> list[ID]:
        """As the engine finds it."""
        return ids(self.row.evidence[: page_size(first)])

    @resolved("Whom to call.")
    def contacts(self, first: First = 5) -> list[Contact]:
        """From master data."""
        return list(map(Contact.of, self.row.contacts[: page_size(first)]))


@strawberry.type(description="One item over all outlets: sums of the columns of stock.")
class AffectedLot(StockColumns):
    """An affected item."""

    item: Item = told("The item.")
    certainty: Certainty = told("How surely.")
    depth: int = told("Levels from the nearest seed.")
    outlets: int = told("At how many outlets it is.")

    @classmethod
    def of(cls, lot: a.AffectedLot) -> AffectedLot:
        """As the engine has it."""
        return cls(
            item=Item.of(lot.item),
            certainty=lot.certainty,
            depth=lot.depth,
            outlets=lot.outlets,
            **_columns(lot.stock),
        )


@strawberry.type(description="Affected goods on the way: not surely arrived.")
class Shipment:
    """A shipment."""

    item: Item = told("What is on the way.")
    from_: Site | None = told("Where from; null: not recorded.", name="from")
    to: Site | None = told("Where to; null: not recorded.")
    certainty: Certainty = told("How surely it is affected.")
    departed: TimeRange | None = told("When it left.")
    quantity: list[QuantityRange] = told("How much.")
    events: list[ID] = told("The events that say so.")

    @classmethod
    def of(cls, shipment: a.Shipment) -> Shipment:
        """As the engine has it."""
        source, destination = shipment.source, shipment.destination
        return cls(
            item=Item.of(shipment.item),
            from_=None if source is None else Site.of(source),
            to=None if destination is None else Site.of(destination),
            certainty=shipment.certainty,
            departed=TimeRange.of(shipment.departed, shipment.departed_text),
            quantity=ranges(shipment.quantity),
            events=ids(shipment.events),
        )


@strawberry.type(description="A scope in numbers.")
class RecallSummary:
    """A summary."""

    outlets: Counts = told("Sites to call.")
    items: Counts = told("Items affected.")
    in_transit: int = told("Shipments not surely arrived.")
    held: list[QuantityRange] = told("Still somewhere in the chain: what can be stopped.")
    gaps: int = told("What the records do not tell.")


@strawberry.type(description="What must be recalled, from whom.")
class RecallScope:
    """A recall scope."""

    of: Private[Recalled]

    @resolved("The ledger it is of.")
    def ledger(self) -> Ledger:
        """Its position and hash."""
        return Ledger.of(self.of.scope.ledger)

    @resolved("Of position, chain, parameters, profiles and builder version: the same question is the same hash.")
    def hash(self) -> str:
        """In hexadecimal."""
        return self.of.scope.hash

    @resolved("False where a bound cut the walk: there may be more.")
    def complete(self) -> bool:
        """As walked."""
        return self.of.scope.complete

    @resolved("Whether something is reached only through a flow that goes back in time.")
    def backward_in_time(self) -> bool:
        """As walked."""
        return self.of.scope.backward_in_time

    @resolved("Key data elements of which the site alone may be told in it, as in `Event.withheld`; ask under a case.")
    def withheld(self, info: Info) -> list[str]:
        """Of dangerous goods (ADR 0033)."""
        answer = self.of.scope
        return asking(info).withheld({lot.item.id for lot in answer.lots}, {row.site.id for row in answer.outlets})

    @resolved("Counts, and what can still be stopped.")
    def summary(self) -> RecallSummary:
        """In numbers."""
        told_ = self.of.scope.summary
        return RecallSummary(
            outlets=Counts(certain=told_.outlets_certain, possible=told_.outlets_possible),
            items=Counts(certain=told_.items_certain, possible=told_.items_possible),
            in_transit=told_.in_transit,
            held=ranges(told_.held),
            gaps=told_.gaps,
        )

    @resolved("What is not shown to who asks; null where all is.")
    def hidden(self) -> HiddenInScope | None:
        """In bands."""
        hidden = self.of.hidden
        return None if hidden is None else HiddenInScope(outlets=hidden.outlets, lots=hidden.lots)

    @resolved("Sites to call, in order of tier, then id.")
    def outlets(
        self, wanted: SitesWanted = None, first: First = 100, after: After = None
    ) -> Connection[AffectedOutlet]:
        """A page of outlets."""
        rows = [
            row
            for row in self.of.scope.outlets
            if wanted is None or wanted.lets_through(row.site.id, row.site.name, row.certainty, row.in_transit)
        ]

        def shown(page: list[a.AffectedOutlet]) -> list[AffectedOutlet]:
            return [
                AffectedOutlet(
                    site=Site.of(row.site),
                    certainty=row.certainty,
                    tier=row.tier,
                    in_transit=row.in_transit,
                    row=row,
                    of=self.of,
                )
                for row in page
            ]

        listing = self.of.listing("outlets", str(wanted))
        return connect(listing, rows, lambda row: (row.tier, row.site.id), shown, first, after)

    @resolved("Items affected, over all outlets.")
    def lots(self, first: First = 100, after: After = None) -> Connection[AffectedLot]:
        """A page of items."""
        listing = self.of.listing("lots")
        return connect(
            listing, self.of.scope.lots, lambda row: (row.depth, row.item.id), _all(AffectedLot.of), first, after
        )

    @resolved("Goods on the way: not surely arrived.")
    def in_transit(self, first: First = 100, after: After = None) -> Connection[Shipment]:
        """A page of shipments."""
        return _numbered(self.of, "inTransit", self.of.scope.in_transit, Shipment.of, first, after)

    @resolved("What is not in the scope, and why.")
    def excluded(self, first: First = 100, after: After = None) -> Connection[Exclusion]:
        """A page of exclusions."""
        return _numbered(self.of, "excluded", self.of.scope.excluded, Exclusion.of, first, after)

    @resolved("What the records do not tell, which makes the scope a lower bound or a doubt.")
    def gaps(self, first: First = 100, after: After = None) -> Connection[Gap]:
        """A page of gaps."""
        return _numbered(self.of, "gaps", self.of.scope.gaps, Gap.of, first, after)


def _all(show: Callable[[Row], Shown]) -> Callable[[list[Row]], list[Shown]]:
    return lambda page: list(map(show, page))


def _numbered(
    scope: Recalled,
    name: str,
    rows: Sequence[Row],
    show: Callable[[Row], Shown],
    first: int | None,
    after: str | None,
) -> Connection[Shown]:
    """A page of rows that have no key but their place."""
    return connect(
        scope.listing(name),
        list(enumerate(rows)),
        _number,
        lambda page: [show(row) for _, row in page],
        first,
        after,
    )


def _number(row: tuple[int, object]) -> Key:
    return (row[0],)
