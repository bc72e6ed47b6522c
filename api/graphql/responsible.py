"""Who is responsible for a found item, in GraphQL. In: a `Responsibility` of the engine. Out: GraphQL types.

It is read off a trace, a scope and events as who asks sees them, so that it tells no more than these (ADR 22).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import strawberry
from strawberry import ID, Private

from api.graphql.asking import Asking
from api.graphql.connections import After, Connection, First, connect
from api.graphql.cursors import Key, Listing, page_size
from api.graphql.recorded import SystemLabel
from api.graphql.things import Gap, Item, Ledger, QuantityRange, Site, TimeRange, ids, ranges
from api.graphql.told import resolved, told
from api.graphql.traced import Hidden
from api.graphql.words import Certainty
from api.responsible import event_labels, responsible, role_labels
from engine import responsibility as r
from engine.answer import AnswerGap, RecallScope, Trace
from engine.question import Question
from engine.stores.ports import Snapshot
from graph_schema.profiles import profiles

SystemName = Annotated[
    str | None,
    strawberry.argument(description="The product system in whose words it is told; null: that whose code it is."),
]


class Answering:
    """What answers one reader, and what is hidden of each trace, in the order of the traces."""

    def __init__(self, asking: Asking, at: int | None) -> None:
        self._asking = asking
        self._at = at
        self.hidden: list[Hidden | None] = []

    @property
    def snapshot(self) -> Snapshot:
        """The state that they see."""
        return self._asking.evidence

    def trace(self, question: Question) -> Trace:
        """As they see it."""
        shown = self._asking.trace(question, self._at)
        hidden = shown.hidden
        self.hidden.append(None if hidden is None else Hidden(items=hidden.items, sites=hidden.sites))
        return shown.trace

    def recall_scope(self, question: Question) -> RecallScope:
        """As they see it."""
        return self._asking.recall_scope(question, self._at).scope


@strawberry.type(description="An event that a subject's site recorded of the item.")
class SubjectRecord:
    """A record."""

    event: ID = told("The event's id.")
    time: TimeRange | None = told("When.")
    biz_step: str | None = told("Its business step.")
    disposition: str | None = told("Its disposition.")
    tracked: list[SystemLabel] = told("The tracking events of the product system that it may be, the best first.")
    recorder: str | None = told("Who recorded it, where the event says so.")


@strawberry.type(description="From where the item came to a subject.")
class Coming:
    """Where from."""

    site: Site | None = told("From there; null: a place that no record names.")
    certainty: Certainty = told("How surely.")
    departed: TimeRange | None = told("When it left there.")
    events: list[ID] = told("The events that prove it.")


@strawberry.type(description="A site that had the item, what it recorded of it, and what is left there by the records.")
class ResponsibleSubject:
    """A subject."""

    site: Site | None = told("Where; null: a place that no record names.")
    certainty: Certainty = told("How surely it had the item.")
    roles: list[SystemLabel] = told("What it acts as by what it recorded, in the words of the product system.")
    made_it: bool = told("Whether the item began there.")
    since: TimeRange | None = told("Its first record; null: no event of its own.")
    until: TimeRange | None = told("Its last.")
    stock_known: bool = told("False where what is left there is not shown to who asks.")
    held: list[QuantityRange] = told("Still there by the records.")
    sold: list[QuantityRange] = told("Sold or dispensed there.")
    used: list[QuantityRange] = told("Went into something else there.")
    destroyed: list[QuantityRange] = told("Destroyed there, or lost.")
    counted: QuantityRange | None = told("What it counted last, after all that moved the item there.")
    holds: Certainty | None = told("Whether it has some yet; null: surely not.")
    last: bool = told(
        "Whether it is a last recorded holder: it has some yet, or, where nobody has, the item's way ended there. "
        "Of the lot of something found elsewhere, those whose count is all that they should have are none."
    )
    row: Private[r.Subject]
    of: Private[ShownAccount]

    @resolved("What went into it there.")
    def made_of(self, first: First = 20) -> list[ID]:
        """Items."""
        return ids(self.row.made_of[: page_size(first)])

    @resolved("Where it came from.")
    def came_from(self, first: First = 20) -> list[Coming]:
        """Sites."""
        return self.of.comings(self.row.came_from[: page_size(first)])

    @resolved("What it recorded of the item, in order of time.")
    def records(self, first: First = 20) -> list[SubjectRecord]:
        """Events."""
        return [self.of.record(record) for record in self.row.records[: page_size(first)]]


@strawberry.type(description="The subjects of one item, and where its records break off.")
class ResponsibilityAccount:
    """An account."""

    of: Private[ShownAccount]

    @resolved("The item.")
    def item(self) -> Item:
        """As it is known."""
        return self.of.item()

    @resolved("False where a bound cut the walk: there may be more.")
    def complete(self) -> bool:
        """As walked."""
        return self.of.account.complete

    @resolved("What is not shown to who asks of the back trace it is read off; null where all is.")
    def hidden(self) -> Hidden | None:
        """In bands."""
        return self.of.hidden

    @resolved("Who had it, in the order in which they had it.")
    def subjects(self, first: First = 50, after: After = None) -> Connection[ResponsibleSubject]:
        """A page of subjects."""
        rows = list(enumerate(self.of.account.subjects))
        return connect(self.of.listing("subjects"), rows, _number, self.of.subjects, first, after)

    @resolved("Where the records break off or do not join.")
    def breaks(self, first: First = 50, after: After = None) -> Connection[Gap]:
        """A page of breaks."""
        rows = list(enumerate(self.of.account.breaks))
        return connect(self.of.listing("breaks"), rows, _number, _gaps, first, after)


@strawberry.type(description="Who is responsible for an item: the chain of subjects, and the last recorded holder.")
class Responsibility:
    """The answer."""

    ledger: Ledger = told("The ledger it is of.")
    system: str | None = told("The product system in whose words it is told.")
    accounts: list[ResponsibilityAccount] = told(
        "Of the item; where its own records do not tell where it came from, of the lots that it is of as well."
    )


class ShownAccount:
    """An account and how its rows are shown; what a page needs is looked up at once."""

    def __init__(self, asking: Asking, answer: r.Responsibility, number: int, hidden: Hidden | None) -> None:
        self._asking = asking
        self._answer = answer
        self._at = answer.ledger.position
        self.account = answer.accounts[number]
        self.hidden = hidden
        self._profile = None if answer.system is None else profiles().versions(answer.system)[-1]

    def listing(self, name: str) -> Listing:
        """One of its lists."""
        told_by = (self._answer.ledger.hash, self.account.item, self._answer.system, *self._asking.whose)
        return Listing(self._at, *map(str, told_by), f"responsibility {name}")

    def item(self) -> Item:
        """The item it is of."""
        key = self.account.item
        return Item.of(self._asking.directory(self._at, items=[key]).item(key, self._asking.kinds([key])[key]))

    def subjects(self, rows: list[tuple[int, r.Subject]]) -> list[ResponsibleSubject]:
        """A page of subjects."""
        sites = self._sites(row.site for _, row in rows)
        return [self._subject(row, sites.get(row.site)) for _, row in rows]

    def comings(self, rows: Iterable[r.Coming]) -> list[Coming]:
        """Where an item came from."""
        rows = list(rows)
        sites = self._sites(row.site for row in rows)
        return [
            Coming(
                site=sites.get(row.site),
                certainty=row.certainty,
                departed=TimeRange.of(row.departed),
                events=ids(row.events),
            )
            for row in rows
        ]

    def record(self, record: r.Record) -> SubjectRecord:
        """A record, its tracking events in words."""
        return SubjectRecord(
            event=ID(record.event),
            time=TimeRange.of(record.time),
            biz_step=record.biz_step,
            disposition=record.disposition,
            tracked=[SystemLabel.of(label) for label in event_labels(self._profile, record.tracked)],
            recorder=record.recorder,
        )

    def _subject(self, row: r.Subject, site: Site | None) -> ResponsibleSubject:
        counted = row.counted
        amount = None if counted is None else QuantityRange(low=counted.amount, high=counted.amount, uom=counted.uom)
        return ResponsibleSubject(
            site=site,
            certainty=row.certainty,
            roles=[SystemLabel.of(label) for label in role_labels(self._profile, row.roles)],
            made_it=row.made_it,
            since=None if row.since is None else TimeRange.of(row.since),
            until=None if row.until is None else TimeRange.of(row.until),
            stock_known=row.stock_known,
            held=ranges(row.held),
            sold=ranges(row.sold),
            used=ranges(row.used),
            destroyed=ranges(row.destroyed),
            counted=amount,
            holds=row.holds,
            last=row.last,
            row=row,
            of=self,
        )

    def _sites(self, keys: Iterable[str | None]) -> dict[str | None, Site]:
        named = sorted({key for key in keys if key is not None})
        directory = self._asking.directory(self._at, sites=named)
        return {key: Site.of(directory.site(key)) for key in named}


def responsibility_of(asking: Asking, code: str, system: str | None, at: int | None) -> Responsibility:
    """The answer at a position, as who asks sees it."""
    answering = Answering(asking, at)
    answer = responsible(answering, code, system, profiles())
    shown = [ShownAccount(asking, answer, number, answering.hidden[number]) for number in range(len(answer.accounts))]
    return Responsibility(
        ledger=Ledger.of(answer.ledger), system=answer.system, accounts=[ResponsibilityAccount(of=one) for one in shown]
    )


def _gaps(rows: list[tuple[int, AnswerGap]]) -> list[Gap]:
    return [Gap.of(gap) for _, gap in rows]


def _number(row: tuple[int, object]) -> Key:
    return (row[0],)
