"""Shipments that were declared void (design rule 6). In: one item's records. Out: the records without them, and gaps.

A `void_shipping` takes back the departure that it can mean: from the same place and to the same destination (where both
say one), of the same consignment (where both name one), in the same quantity (where both say one), not certainly later.
Where several fit, and no consignment tells which, each of them stays possible. So does one of which it says more or
less than the departure does: the record of the one it means may be lost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from engine.builder.lot import amount_in
from engine.builder.records import Act, Record
from graph_schema.flow_graph import Gap

VOID = "void_shipping"
"""The kind of gap that excludes a void shipment's destination."""


def without_void_shipments(
    item: str, records: Sequence[Record], void_around: Collection[str] = ()
) -> tuple[list[Record], list[Gap]]:
    """Records as if void departures had never been, and a gap each that says which place is excluded and why.

    `void_around`: events that are void departures of what the item was in; one that names the item too is void for it.
    """
    records = [
        msgspec.structs.replace(r, act=Act.STAY) if r.act is Act.DEPART and r.event.id in void_around else r
        for r in records
    ]
    kept = [record for record in records if record.act is not Act.VOID]
    gaps: list[Gap] = []
    for void in sorted((r for r in records if r.act is Act.VOID), key=lambda r: (r.time, r.event.id)):
        meant = _departures_of(void, kept)
        kept.append(msgspec.structs.replace(void, act=Act.STAY))
        if not meant:
            gaps.append(Gap("void_without_shipment", item, void.place, (void.event.id,), "no departure fits"))
        elif len(meant) == 1 and void.sure and _says_the_same(meant[0], void):
            kept.remove(meant[0])
            told = "the shipment was declared void"
            gaps.append(Gap(VOID, item, meant[0].to, (meant[0].event.id, void.event.id), told))
        else:
            kept = [msgspec.structs.replace(r, sure=False) if r in meant else r for r in kept]
    return kept, gaps


def void_departures(gaps: Sequence[Gap]) -> set[str]:
    """The events that are void departures, as the gaps tell."""
    return {gap.event_ids[0] for gap in gaps if gap.kind == VOID}


def _departures_of(void: Record, records: list[Record]) -> list[Record]:
    """The departures that the void can mean: those of its consignment, else all that fit."""
    fitting = [r for r in records if r.act is Act.DEPART and r.time.maybe_before(void.time) and _fits(r, void)]
    return [r for r in fitting if r.consignments & void.consignments] or fitting


def _fits(departure: Record, void: Record) -> bool:
    amount = None if departure.quantity is None else amount_in(void.uom, departure)
    told = ((departure.place, void.place), (departure.to, void.to), (amount, void.quantity))
    ours, theirs = departure.consignments, void.consignments
    return all(None in pair or pair[0] == pair[1] for pair in told) and (not ours or not theirs or bool(ours & theirs))


def _says_the_same(departure: Record, void: Record) -> bool:
    """Whether a void names the consignment of a departure that it fits, or place and destination as that does."""
    ours, theirs = departure.consignments, void.consignments
    return bool(ours & theirs) or (ours, departure.place, departure.to) == (theirs, void.place, void.to)
