"""Consignments that TransactionEvents give (design rule 9). In: one item's records and events. Out: the records.

A TransactionEvent (EPCIS 2.0 §7.4.4) ties goods to a despatch advice or a bill of lading; alone it moves nothing. What
it names counts as the consignment of a departure or an arrival that names none itself, where it can be that one alone:
the only one at the place that the event names, in the quantity that it names. So it adds what is certain, and takes
away nothing that may be (ADR 15). Where it can be of several, each is of it perhaps. A DELETE unties: what was tied to
a consignment and untied again is of it perhaps, whenever that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import msgspec

from engine.builder.corrections import Standing
from engine.builder.records import Act, Record, consignments_of, total
from engine.builder.sites import named_site
from graph_schema.event import Action, EventType
from graph_schema.units import comparable, convert


class Tie(msgspec.Struct, frozen=True):
    """That a TransactionEvent ties goods to a consignment."""

    consignment: str
    sources: frozenset[str]
    """Sites that the goods may have left, as the event names them: its place, its source."""
    targets: frozenset[str]
    """Sites that they may have come to: its place, its destination."""
    to: str | None
    source: str | None
    quantity: Decimal | None
    uom: str | None
    sure: bool


def with_consignments(item: str, records: Sequence[Record], standings: Iterable[Standing]) -> list[Record]:
    """The records with the consignments that TransactionEvents give them."""
    ties = _ties(item, standings)
    if not ties:
        return list(records)
    told = _given(records, ties, Act.DEPART, _may_leave)
    return _given(told, ties, Act.ARRIVE, _may_come)


def _ties(item: str, standings: Iterable[Standing]) -> list[Tie]:
    found: list[Tie] = []
    untied: set[str] = set()
    for standing in standings:
        event = standing.event
        if event.type is not EventType.TRANSACTION:
            continue
        consignments = consignments_of(event)
        if event.action is Action.DELETE:
            untied |= consignments
            continue
        quantity, uom = total([what for what in event.whats if what.item == item])
        here = event.biz_location or event.read_point
        source, to = named_site(event.sources), named_site(event.destinations)
        sources, targets = _said(here, source), _said(here, to)
        found.extend(Tie(c, sources, targets, to, source, quantity, uom, standing.sure) for c in sorted(consignments))
    return [msgspec.structs.replace(tie, sure=tie.sure and tie.consignment not in untied) for tie in found]


def _said(*sites: str | None) -> frozenset[str]:
    return frozenset(site for site in sites if site is not None)


def _given(
    records: Sequence[Record], ties: Sequence[Tie], act: Act, may_be: Callable[[Tie, Record], bool]
) -> list[Record]:
    """Give to the departures, or the arrivals, what the ties say."""
    named = [record for record in records if record.act is act and record.consignments]
    silent = [record for record in records if record.act is act and not record.consignments]
    surely: dict[int, set[str]] = {}
    perhaps: dict[int, set[str]] = {}
    for tie in ties:
        if any(tie.consignment in record.consignments and may_be(tie, record) for record in named):
            continue
        fitting = [record for record in silent if may_be(tie, record)]
        exact = [record for record in fitting if _exactly(tie, record, act)]
        elsewhere = any(tie.consignment in record.consignments for record in named)
        sure = tie.sure and len(exact) == 1 and exact[0].sure and not elsewhere
        for record in exact if sure else fitting:
            (surely if sure else perhaps).setdefault(id(record), set()).add(tie.consignment)
    return [_told(record, surely.get(id(record), set()), perhaps.get(id(record), set())) for record in records]


def _told(record: Record, surely: set[str], perhaps: set[str]) -> Record:
    """Several consignments that may be meant are each of them only perhaps."""
    if not surely and not perhaps:
        return record
    if len(surely) != 1:
        surely, perhaps = set(), surely | perhaps
    return msgspec.structs.replace(record, given=frozenset(surely), perhaps=frozenset(perhaps - surely))


def _may_leave(tie: Tie, record: Record) -> bool:
    return _agree(tie.sources, record.place) and (None in (tie.to, record.to) or tie.to == record.to)


def _may_come(tie: Tie, record: Record) -> bool:
    return _agree(tie.targets, record.place) and (None in (tie.source, record.source) or tie.source == record.source)


def _agree(sites: frozenset[str], place: str | None) -> bool:
    return not sites or place is None or place in sites


def _exactly(tie: Tie, record: Record, act: Act) -> bool:
    """Whether place and quantity are said by both, and are the same."""
    if record.place not in (tie.sources if act is Act.DEPART else tie.targets):
        return False
    if tie.quantity is None or record.quantity is None or not comparable(tie.uom, record.uom):
        return False
    return convert(tie.quantity, tie.uom, record.uom) == record.quantity
