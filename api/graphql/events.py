"""Events of the schema. In: ledger entries. Out: GraphQL types, and pages of those that a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any

import strawberry
from strawberry import ID

from api.graphql.asking import Asking
from api.graphql.connections import Connection, connection
from api.graphql.cursors import Listing, page_size
from api.graphql.scalars import BigInt
from api.graphql.things import TimeRange, ids, moment_of
from api.graphql.told import told
from api.graphql.words import Action, BizStep, Disposition, EventType, Role
from api.rights.clearance import ShownEntry
from engine.ledger import LedgerEntry
from engine.seeds import parse_key, parse_site
from graph_schema.event import Event as AcceptedEvent
from graph_schema.event import Reference
from graph_schema.identifiers import site_of_place
from graph_schema.interval import Interval as Moment

SCANNED = 20_000
"""Entries that one page looks at, at most."""


@strawberry.type(description="One item of an event.")
class What:
    """What an event names."""

    item: ID = told("The item.")
    role: Role = told("What it is in the event.")
    quantity: Decimal | None = told("How much, where the event says it.")
    uom: str | None = told("The unit, a code of UN/ECE Recommendation 20; null beside a quantity: pieces.")


@strawberry.type(description="A business transaction, source or destination of an event.")
class EventReference:
    """A typed reference."""

    type: str | None = told("A word of CBV 2.0 or a URI.")
    id: ID = told("What it refers to.")

    @classmethod
    def of(cls, reference: Reference) -> EventReference:
        """As the event has it."""
        return cls(type=reference.type, id=ID(reference.id))


@strawberry.type(description="That an event was declared an error (EPCIS 2.0 §7.4.1.3).")
class ErrorDeclaration:
    """An error declaration."""

    declared: TimeRange | None = told("When it was declared.")
    reason: str | None = told("did_not_occur, incorrect_data, or a URI.")
    corrective_events: list[ID] = told("The events that correct it.")


@strawberry.type(description="What happened: what, when, where, why (EPCIS 2.0).")
class Event:
    """An event as accepted last."""

    id: ID = told("The sender's event id, else the CBV 2.0 hash id.")
    seq: BigInt = told("Its sequence number in the ledger.")
    type: EventType = told("Its type.")
    time: TimeRange | None = told("When it happened.")
    zone: str = told("The offset from UTC where it happened, as written.")
    action: Action | None = told("What it says of its goods.")
    biz_step: str | None = told("The business step: a bare word of CBV 2.0, or a URI.")
    cbv_biz_step: Enum | None = told("The same where it is a word of CBV 2.0.", graphql_type=BizStep | None)
    disposition: str | None = told("The disposition: a bare word of CBV 2.0, or a URI.")
    cbv_disposition: Enum | None = told("The same where it is a word of CBV 2.0.", graphql_type=Disposition | None)
    read_point: ID | None = told("Where it was seen.")
    biz_location: ID | None = told("Where its goods were afterwards.")
    whats: list[What] = told("The items it names, in the order written.")
    transactions: list[EventReference] = told("Business transactions: orders, despatch advices, invoices.")
    sources: list[EventReference] = told("Where from, by owner, possessor or location.")
    destinations: list[EventReference] = told("Where to.")
    transformation_id: ID | None = told("What joins the events of one process.")
    error: ErrorDeclaration | None = told("That it was declared an error.")
    author: str = told("Who captured it.")
    accepted: Moment | None = told("When it was accepted.")
    body: str = told("The event as it came, JSON; without what is withheld.")
    withheld: list[str] = told("Key data elements that its system restricts: left out, or told by the site alone.")

    @classmethod
    def of(cls, entry: LedgerEntry) -> Event:
        """As an entry keeps it."""
        event = entry.event
        return cls(
            id=ID(event.id),
            seq=BigInt(entry.seq),
            type=event.type,
            time=TimeRange.of(event.time),
            zone=event.zone,
            action=event.action,
            biz_step=event.biz_step,
            cbv_biz_step=_word(BizStep, event.biz_step),
            disposition=event.disposition,
            cbv_disposition=_word(Disposition, event.disposition),
            read_point=_id(event.read_point),
            biz_location=_id(event.biz_location),
            whats=[What(item=ID(w.item), role=w.role, quantity=w.quantity, uom=w.uom) for w in event.whats],
            transactions=list(map(EventReference.of, event.transactions)),
            sources=list(map(EventReference.of, event.sources)),
            destinations=list(map(EventReference.of, event.destinations)),
            transformation_id=_id(event.transformation_id),
            error=_error(event),
            author=entry.capture.author,
            accepted=moment_of(entry.capture.accepted),
            body=event.body.decode("utf-8", "replace"),
            withheld=list(entry.withheld) if isinstance(entry, ShownEntry) else [],
        )


def _word(words: Any, text: str | None) -> Any:
    """The member of an enum that a text is; None for a URI of one's own."""
    return words[text.upper()] if text is not None and text.upper() in words.__members__ else None


def _id(key: str | None) -> ID | None:
    return None if key is None else ID(key)


def _error(event: AcceptedEvent) -> ErrorDeclaration | None:
    error = event.error
    if error is None:
        return None
    return ErrorDeclaration(
        declared=TimeRange.of(error.declared), reason=error.reason, corrective_events=ids(error.corrective_ids)
    )


@strawberry.input(description="Which events: those that all that is given holds of.")
class EventFilter:
    """A filter."""

    item: ID | None = told("That name this item, in any role.", default=None)
    role: Role | None = told("In this role.", default=None)
    site: ID | None = told("That read or left goods at this site.", default=None)
    type: EventType | None = told("Of this type.", default=None)
    action: Action | None = told("With this action.", default=None)
    biz_step: Enum | None = told("Of this business step.", default=None, graphql_type=BizStep | None)
    disposition: Enum | None = told("With this disposition.", default=None, graphql_type=Disposition | None)
    since: Moment | None = told("That happened then or later.", default=None)
    until: Moment | None = told("That happened then or earlier.", default=None)
    author: str | None = told("Captured by them.", default=None)

    def lets_through(self, entry: LedgerEntry) -> bool:
        """Whether an entry's event is one of them."""
        event = entry.event
        return (
            self._names(event)
            and (self.type is None or event.type is self.type)
            and (self.action is None or event.action is self.action)
            and (self.biz_step is None or event.biz_step == self.biz_step.value)
            and (self.disposition is None or event.disposition == self.disposition.value)
            and (self.since is None or event.time.latest >= self.since.earliest)
            and (self.until is None or event.time.earliest <= self.until.latest)
            and (self.author is None or entry.capture.author == self.author)
        )

    def _names(self, event: AcceptedEvent) -> bool:
        if self.site is not None and parse_site(self.site) not in _places(event):
            return False
        if self.item is None:
            return self.role is None or any(w.role == self.role for w in event.whats)
        key = parse_key(self.item)
        return any(w.item == key and self.role in (None, w.role) for w in event.whats)


def _places(event: AcceptedEvent) -> set[str]:
    named = [place for place in (event.read_point, event.biz_location) if place is not None]
    return {*named, *map(site_of_place, named)}


def event_page(
    asking: Asking, wanted: EventFilter | None, at: int, first: int | None, after: str | None
) -> Connection[Event]:
    """A page of events in the order of the ledger. It looks at a bounded number; where that ends it, more follow."""
    count = page_size(first)
    given = wanted or EventFilter()
    listing = Listing(at, "events", _told(given), *asking.whose)
    key = listing.key_after(after)
    begin = int(key[0] or 0) if key else 0
    looked, more = begin, False
    found: list[LedgerEntry] = []
    for entry in islice(_entries(asking, given, begin, at), SCANNED):
        if len(found) == count and given.lets_through(entry):
            more = True
            break
        looked = entry.seq
        if given.lets_through(entry):
            found.append(entry)
    else:
        more = looked < at and given.item is None
    cursors = [listing.cursor((entry.seq,)) for entry in found]
    page = connection([Event.of(entry) for entry in found], cursors, begin > 0, more, None)
    if more and not (found and found[-1].seq == looked):
        page.page_info.end_cursor = listing.cursor((looked,))
    return page


def _entries(asking: Asking, wanted: EventFilter, after: int, at: int) -> Iterator[LedgerEntry]:
    ledger = asking.seen.ledger
    if wanted.item is None:
        return ledger.entries(after, at)
    named = asking.seen.lookup.entries_naming([parse_key(wanted.item)])
    return _whole(asking, [entry for entry in named if after < entry.seq <= at])


def _whole(asking: Asking, bare: Iterable[LedgerEntry]) -> Iterator[LedgerEntry]:
    """The same entries with their bodies."""
    wanted = {entry.seq: entry.event.id for entry in bare}
    entries = asking.seen.ledger.entries_of(sorted(set(wanted.values())))
    return (entry for entry in entries if entry.seq in wanted)


def events_of(asking: Asking, event_ids: Iterable[str], at: int) -> dict[str, Event]:
    """Events by id, as accepted last up to a position."""
    entries = asking.seen.ledger.entries_of(sorted(set(event_ids)))
    return {entry.event.id: Event.of(entry) for entry in entries if entry.seq <= at}


def _told(wanted: EventFilter) -> dict[str, str]:
    """A filter as what tells it from others."""
    return {name: str(value) for name, value in vars(wanted).items() if value is not None}
