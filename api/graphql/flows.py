"""Flows and paths of the schema. In: a `TracedFlow` or `PathResult` of the engine. Out: GraphQL types."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry
from strawberry import ID, Private

from api.graphql.asking import Asking
from api.graphql.connections import First
from api.graphql.cursors import page_size
from api.graphql.things import Item, Ledger, QuantityRange, Site, TimeRange, ids, ranges
from api.graphql.told import resolved, told
from api.graphql.words import Certainty, FlowKind, Grade
from engine import answer as a
from engine.answer import Quantities
from engine.questions.times import told_times


@strawberry.type(description="Goods going from one place to the next.")
class Flow:
    """A flow."""

    from_: Site | None = told("Where from; null: a place that no record names.", name="from")
    to: Site | None = told("Where to; null: a place that no record names.")
    kind: FlowKind = told("Why they go.")
    grade: Grade = told("How well the records prove it.")
    departed: TimeRange | None = told("When they left.")
    arrived: TimeRange | None = told("When they came.")
    quantity: list[QuantityRange] = told("How much, where it is recorded.")
    events: list[ID] = told("The events that prove it.")
    via: ID | None = told("The container they moved in; null: loose.")
    shown: Private[list[Item]]

    @resolved("What goes.")
    def items(self, first: First = 20) -> list[Item]:
        """The first of them."""
        return self.shown[: page_size(first)]


@strawberry.type(description="The shortest chain of flows between two things.")
class PathResult:
    """A path."""

    ledger: Ledger = told("The ledger it is of.")
    complete: bool = told("False where a bound cut the walk.")
    certainty: Certainty | None = told("How surely; null where there is none.")
    flows: list[Flow] | None = told("In order; null with complete true: there is none.")


def shown_flows(asking: Asking, rows: Iterable[a.TracedFlow], at: int) -> list[Flow]:
    """Flows, with the names of their ends and goods."""
    flows = list(rows)
    items = sorted({item for flow in flows for item in flow.items})
    sites = sorted({site for flow in flows for site in (flow.source, flow.target) if site is not None})
    directory, kinds = asking.directory(at, items, sites), asking.kinds(items)
    times = told_times(asking.evidence, {event for flow in flows for event in flow.events})
    shown = {item: Item.of(directory.item(item, kinds[item])) for item in items}
    places = {site: Site.of(directory.site(site)) for site in sites}
    return [
        Flow(
            from_=None if flow.source is None else places[flow.source],
            to=None if flow.target is None else places[flow.target],
            kind=flow.kind,
            grade=flow.grade,
            departed=TimeRange.of(flow.departed, times.text(flow.departed, flow.events)),
            arrived=TimeRange.of(flow.arrived, times.text(flow.arrived, flow.events)),
            quantity=ranges(_amount(flow)),
            events=ids(flow.events),
            via=None if flow.via is None else ID(flow.via),
            shown=[shown[item] for item in flow.items],
        )
        for flow in flows
    ]


def shown_path(asking: Asking, answer: a.PathResult) -> PathResult:
    """A path with names."""
    flows = None if answer.flows is None else shown_flows(asking, answer.flows, answer.ledger.position)
    return PathResult(
        ledger=Ledger.of(answer.ledger), complete=answer.complete, certainty=answer.certainty, flows=flows
    )


def _amount(flow: a.TracedFlow) -> Quantities:
    return () if flow.quantity is None else (a.QuantityRange(flow.quantity, flow.quantity, flow.uom),)
