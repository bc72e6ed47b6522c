"""Traces of the schema. In: a `Trace` of the engine. Out: GraphQL types, told when asked."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Annotated

import strawberry
from strawberry import ID, Private

from api.graphql.asking import Asking
from api.graphql.connections import After, Connection, First, connect
from api.graphql.cursors import Key, Listing, page_size
from api.graphql.events import Event, events_of
from api.graphql.flows import Flow, shown_flows
from api.graphql.things import Exclusion, Gap, Item, Ledger, Site, ids
from api.graphql.told import resolved, told
from api.graphql.words import Band, Certainty, Direction, ItemKind
from api.rights.traced import ShownTrace
from engine import answer as a
from engine.answer import Reached
from engine.questions.directory import Directory


@strawberry.type(description="How many are certain, and how many only possible.")
class Counts:
    """Counts by certainty."""

    certain: int = told("Recorded flows alone reach them.")
    possible: int = told("Some reading of the records reaches them, not every.")

    @classmethod
    def of(cls, reached: Reached) -> Counts:
        """Of the columns of an answer."""
        return cls(certain=reached.certain_count, possible=len(reached) - reached.certain_count)


@strawberry.type(description="How much a trace reached.")
class TraceSummary:
    """Counts of a trace."""

    items: Counts = told("Items.")
    sites: Counts = told("Sites.")
    events: int = told("Events that prove its flows.")
    flows: int = told("Flows followed.")
    depth: int = told("Levels from the nearest seed to what is farthest.")


@strawberry.input(description="Which items: those that all that is given holds of.")
class ItemFilter:
    """A filter."""

    certainty: Certainty | None = told("So sure.", default=None)
    kind: ItemKind | None = told("Of this kind.", default=None)
    contains: str | None = told("Whose id contains this text, upper or lower case.", default=None)

    def lets_through(self, item: a.TracedItem) -> bool:
        """Whether an item is one of them."""
        return (
            self.certainty in (None, item.certainty)
            and self.kind in (None, item.kind)
            and (self.contains is None or self.contains.casefold() in item.id.casefold())
        )


@strawberry.input(description="Which sites: those that all that is given holds of.")
class SiteFilter:
    """A filter."""

    certainty: Certainty | None = told("So sure.", default=None)
    contains: str | None = told("Whose name or id contains this text, upper or lower case.", default=None)
    in_transit: bool | None = told("Which nothing but a shipment on its way reaches, or not.", default=None)

    def lets_through(self, key: str, name: str | None, certainty: Certainty, in_transit: bool) -> bool:
        """Whether a site is one of them."""
        text = f"{name or ''} {key}".casefold()
        return (
            self.certainty in (None, certainty)
            and self.in_transit in (None, in_transit)
            and (self.contains is None or self.contains.casefold() in text)
        )


ItemsWanted = Annotated[ItemFilter | None, strawberry.argument(name="filter", description="Which of them.")]
SitesWanted = Annotated[SiteFilter | None, strawberry.argument(name="filter", description="Which of them.")]


@strawberry.type(description="An item that a walk enters: how surely, how far, from which seeds.")
class TracedItem:
    """A traced item."""

    item: Item = told("The item.")
    certainty: Certainty = told("How surely.")
    depth: int = told("Levels from the nearest seed.")
    seeds: list[int] = told("Positions in the request of the seeds that reach it.")
    row: Private[a.TracedItem]

    @resolved("Ids of the events of a shortest chain from a seed.")
    def evidence(self, first: First = 20) -> list[ID]:
        """As the engine finds it."""
        return ids(self.row.evidence[: page_size(first)])


@strawberry.type(description="A site at which goods of the answer were, or to which they were sent.")
class TracedSite:
    """A traced site."""

    site: Site = told("The site.")
    certainty: Certainty = told("How surely.")
    depth: int = told("Levels from the nearest seed.")
    seeds: list[int] = told("Positions in the request of the seeds that reach it.")
    in_transit: bool = told("True where nothing but a shipment on its way there reaches it.")
    row: Private[a.TracedSite]
    of: Private[Shown]
    beside: Private[tuple[str, ...]]
    """The sites of its page, which are asked for the same."""

    @resolved("The items of the answer that were there.")
    def items(self, first: First = 20, after: After = None) -> Connection[TracedItem]:
        """In the order of the answer."""
        rows = self.of.items_at.get(self.row.id, [])
        known = self.of.known_at(self.beside, page_size(first)) if after is None else None

        def shown(page: list[a.TracedItem]) -> list[TracedItem]:
            return self.of.items(page, known)

        return connect(self.of.listing("site items", self.row.id), rows, key_of, shown, first, after)

    @resolved("Ids of the events of a shortest chain from a seed.")
    def evidence(self, first: First = 20) -> list[ID]:
        """As the engine finds it."""
        return ids(self.row.evidence[: page_size(first)])


@strawberry.type(description="About how many rows are not shown to who asks; the walk went on through them.")
class Hidden:
    """What rights hide of a trace."""

    items: Band = told("Items.")
    sites: Band = told("Sites.")


@strawberry.type(description="Where it went, where it came from.")
class Trace:
    """A trace."""

    of: Private[Shown]

    @resolved("The ledger it is of.")
    def ledger(self) -> Ledger:
        """Its position and hash."""
        return Ledger.of(self.of.answer.ledger)

    @resolved("Which way.")
    def direction(self) -> Direction:
        """As asked."""
        return self.of.answer.direction

    @resolved("False where a bound cut the walk: there may be more.")
    def complete(self) -> bool:
        """As walked."""
        return self.of.answer.complete

    @resolved("Whether something is reached only through a flow that goes back in time.")
    def backward_in_time(self) -> bool:
        """As walked."""
        return self.of.answer.backward_in_time

    @resolved("Key data elements of which the site alone may be told in it, as in `Event.withheld`; ask under a case.")
    def withheld(self) -> list[str]:
        """Of dangerous goods (ADR 0033)."""
        answer = self.of.answer
        return self.of.asking.withheld({row.id for row in answer.items}, {row.id for row in answer.sites})

    @resolved("How surely goods were at a place that no record names; null: they were not.")
    def unknown_place(self) -> Certainty | None:
        """As walked."""
        return self.of.answer.unknown_place

    @resolved("Counts.")
    def summary(self) -> TraceSummary:
        """Of items, sites, events, flows."""
        answer = self.of.answer
        items, sites = answer.items_reached, answer.sites_reached
        depth = int(max(items.depth.max(initial=0), sites.depth.max(initial=0)))
        return TraceSummary(
            items=Counts.of(items),
            sites=Counts.of(sites),
            events=len(answer.events),
            flows=len(answer.flows),
            depth=depth,
        )

    @resolved("What is not shown to who asks; null where all is.")
    def hidden(self) -> Hidden | None:
        """In bands."""
        hidden = self.of.hidden
        return None if hidden is None else Hidden(items=hidden.items, sites=hidden.sites)

    @resolved("Items in order of depth, then id.")
    def items(
        self,
        wanted: ItemsWanted = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[TracedItem]:
        """A page of items."""
        rows = [item for item in self.of.answer.items if wanted is None or wanted.lets_through(item)]
        return connect(self.of.listing("items", wanted), rows, key_of, self.of.items, first, after)

    @resolved("Sites in order of depth, then id.")
    def sites(
        self,
        wanted: SitesWanted = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[TracedSite]:
        """A page of sites."""
        rows = [
            site
            for site in self.of.answer.sites
            if wanted is None or wanted.lets_through(site.id, site.name, site.certainty, site.in_transit)
        ]
        return connect(self.of.listing("sites", wanted), rows, key_of, self.of.sites, first, after)

    @resolved("Flows followed, in order of the walk.")
    def flows(self, first: First = 50, after: After = None) -> Connection[Flow]:
        """A page of flows."""
        numbered = list(enumerate(self.of.answer.flows))
        return connect(
            self.of.listing("flows"), numbered, _number, lambda page: self.of.flows([f for _, f in page]), first, after
        )

    @resolved("The events that prove the flows, those that who asks may open.")
    def events(self, first: First = 50, after: After = None) -> Connection[Event]:
        """A page of events."""
        numbered = list(enumerate(self.of.asking.openable(self.of.answer.events)))
        at = self.of.position

        def shown(page: list[tuple[int, str]]) -> list[Event]:
            found = events_of(self.of.asking, [event for _, event in page], at)
            return [found[event] for _, event in page]

        return connect(self.of.listing("events"), numbered, _number, shown, first, after)

    @resolved("Where nothing flows in any more (back), or where the answer starts (forward), as sites.")
    def origins(self, first: First = 50, after: After = None) -> Connection[TracedSite]:
        """A page of sites."""
        there = {origin.site for origin in self.of.answer.origins}
        rows = [site for site in self.of.answer.sites if site.id in there]
        return connect(self.of.listing("origins"), rows, key_of, self.of.sites, first, after)

    @resolved("What the records do not tell.")
    def gaps(self, first: First = 50, after: After = None) -> Connection[Gap]:
        """A page of gaps."""
        numbered = list(enumerate(self.of.answer.gaps))
        return connect(
            self.of.listing("gaps"), numbered, _number, lambda page: [Gap.of(gap) for _, gap in page], first, after
        )

    @resolved("What the records themselves rule out.")
    def excluded(self, first: First = 50, after: After = None) -> Connection[Exclusion]:
        """A page of exclusions."""
        numbered = list(enumerate(self.of.answer.excluded))
        return connect(
            self.of.listing("excluded"),
            numbered,
            _number,
            lambda page: [Exclusion.of(e) for _, e in page],
            first,
            after,
        )


class Shown:
    """A trace and how its rows are shown; what a page needs is looked up at once."""

    def __init__(self, asking: Asking, shown: ShownTrace, parameters: object) -> None:
        self.asking = asking
        self.answer = shown.trace
        self.hidden = shown.hidden
        self.position = shown.trace.ledger.position
        self._parameters = parameters
        self._known_at: dict[tuple[tuple[str, ...], int], Directory] = {}

    def listing(self, *names: object) -> Listing:
        """One of its lists; `names` tell it from the others."""
        told = (self.answer.ledger.hash, self._parameters, *self.asking.whose)
        return Listing(self.position, *told, *map(str, names))

    @cached_property
    def items_at(self) -> dict[str, list[a.TracedItem]]:
        """Per site the items that were there, in the order of the answer."""
        at: dict[str, list[str]] = defaultdict(list)
        for item, site, _ in self.answer.held:
            at[item].append(site)
        found: dict[str, list[a.TracedItem]] = defaultdict(list)
        for row in self.answer.items:
            for site in at[row.id]:
                found[site].append(row)
        return found

    def known_at(self, sites: tuple[str, ...], most: int) -> Directory:
        """What is known of the first items of several sites, so many at each."""
        if (sites, most) not in self._known_at:
            items = {row.id for site in sites for row in self.items_at.get(site, [])[:most]}
            self._known_at[sites, most] = self.asking.directory(self.position, items=sorted(items))
        return self._known_at[sites, most]

    def items(self, rows: list[a.TracedItem], known: Directory | None = None) -> list[TracedItem]:
        """A page of items; `known` tells of them where they were looked up already."""
        directory = known or self.asking.directory(self.position, items=[row.id for row in rows])
        return [
            TracedItem(
                item=Item.of(directory.item(row.id, row.kind)),
                certainty=row.certainty,
                depth=row.depth,
                seeds=list(row.seeds),
                row=row,
            )
            for row in rows
        ]

    def sites(self, rows: list[a.TracedSite]) -> list[TracedSite]:
        """A page of sites."""
        beside = tuple(row.id for row in rows)
        directory = self.asking.directory(self.position, sites=beside)
        return [
            TracedSite(
                site=Site.of(directory.site(row.id)),
                certainty=row.certainty,
                depth=row.depth,
                seeds=list(row.seeds),
                in_transit=row.in_transit,
                row=row,
                of=self,
                beside=beside,
            )
            for row in rows
        ]

    def flows(self, rows: list[a.TracedFlow]) -> list[Flow]:
        """A page of flows."""
        return shown_flows(self.asking, rows, self.position)


def key_of(row: a.TracedItem | a.TracedSite) -> Key:
    """What an answer's rows are in order of."""
    return (row.depth, row.id)


def _number(row: tuple[int, object]) -> Key:
    return (row[0],)
