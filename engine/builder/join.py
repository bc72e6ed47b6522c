"""Which departures an arrival of a lot comes from (design rules 6 and 9). In: arrivals, departures. Out: `Joined`.

(a) Departures from other sites that name the same consignment: those not certainly later, `recorded`; only if none of
these surely counts, the later ones, `inconsistent`. They are met by quantity in order of time, and one met in full
joins no more.
(b) Else the one departure that TransactionEvents show to be of its consignment; else the one open departure that names
this site and no other consignment, from the site that the arrival names, in the same quantity: `recorded`, met. (c)
Else, and beside (b), whatever it may have been: that is for the pools.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from engine.builder.lot import Arrival, Leaving
from graph_schema.flow_graph import Flow, FlowKind, Grade, Stay

_NOTHING = Decimal(0)


class Joined(msgspec.Struct, frozen=True):
    """What is known of the movements between departures and arrivals."""

    flows: tuple[Flow, ...]
    doubtful: tuple[Arrival, ...]
    """Arrivals that may have come from elsewhere than their flows say (9c)."""
    met: frozenset[bytes]
    """Departures (ids of what is on the way) that arrived in full."""
    touched: frozenset[bytes]
    """Departures that arrived in part."""


def join_arrivals(arrivals: Sequence[Arrival], leavings: Sequence[Leaving], uom: str | None) -> Joined:
    """Join each arrival that rule 9 speaks of, in order of time."""
    departures = [leaving for leaving in leavings if leaving.target.stay is Stay.ON_THE_WAY]
    departures.sort(key=lambda d: (d.time, d.record.event.id))
    waybill = _Waybill(departures, uom)
    flows: list[Flow] = []
    doubtful: list[Arrival] = []
    for arrival in sorted(arrivals, key=lambda a: (a.time.latest, a.time.earliest, a.event.id)):
        if not arrival.joins:
            continue
        joined, sure = waybill.join(arrival)
        flows.extend(joined)
        if not sure:
            doubtful.append(arrival)
    met = frozenset(d.target.id for d in departures if waybill.is_met(d))
    touched = frozenset(waybill.share) - met
    return Joined(tuple(flows), tuple(doubtful), met, touched)


class _Waybill:
    """How much of each departure has arrived, and with which arrivals."""

    def __init__(self, departures: Sequence[Leaving], uom: str | None) -> None:
        self.departures = departures
        self.uom = uom
        self.by_consignment: dict[str, list[Leaving]] = {}
        for departure in departures:
            for consignment in departure.record.consignments:
                self.by_consignment.setdefault(consignment, []).append(departure)
        self.share: dict[bytes, list[tuple[Arrival, Decimal]]] = {}

    def join(self, arrival: Arrival) -> tuple[list[Flow], bool]:
        """The flows into an arrival, and whether they are all it can have come from."""
        same = self._same_consignment(arrival)
        if same:
            earlier = [d for d in same if not arrival.time.surely_before(d.time)]
            later = [] if any(d.record.sure for d in earlier) else [d for d in same if d not in earlier]
            sure = _all_sure(arrival, earlier or same) and not self._perhaps_more(arrival)
            flows = [*self._take(arrival, earlier, Grade.RECORDED), *self._take(arrival, later, Grade.INCONSISTENT)]
            return flows, sure and _accounts_for(flows, arrival)
        only = self._tied(arrival) or self._only_fit(arrival)
        if only is not None:
            return self._take(arrival, [only], Grade.RECORDED), False
        return [], False

    def _same_consignment(self, arrival: Arrival) -> list[Leaving]:
        consignments = arrival.record.consignments if arrival.record is not None else frozenset()
        found = {d.target.id: d for c in sorted(consignments) for d in self.by_consignment.get(c, ())}
        return [
            d
            for d in sorted(found.values(), key=lambda d: (d.time, d.record.event.id))
            if (d.site is None or d.site != arrival.site) and not self._met_before(d, arrival)
        ]

    def _perhaps_more(self, arrival: Arrival) -> bool:
        """Whether a TransactionEvent may give the arrival's consignment to a departure that names none."""
        consignments = arrival.record.consignments if arrival.record is not None else frozenset()
        return any(departure.record.perhaps & consignments for departure in self.departures)

    def _tied(self, arrival: Arrival) -> Leaving | None:
        """The one departure that TransactionEvents show to be of the same consignment."""
        record = arrival.record
        if record is None or arrival.site is None:
            return None
        consignments = record.consignments or record.given
        fits = [
            d
            for d in self.departures
            if consignments & (d.record.consignments or d.record.given)
            and d.site not in (None, arrival.site)
            and d.record.to in (None, arrival.site)
            and record.source in (None, d.site)
            and d.time.maybe_before(arrival.time)
            and not self._met_before(d, arrival)
        ]
        return fits[0] if len(fits) == 1 else None

    def _only_fit(self, arrival: Arrival) -> Leaving | None:
        record = arrival.record
        if record is None or record.source is None or arrival.site is None or arrival.amount is None:
            return None
        fits = [
            d
            for d in self.departures
            if d.record.to == arrival.site
            and d.site == record.source
            and d.amount == arrival.amount
            and not d.record.consignments - record.consignments
            and d.time.maybe_before(arrival.time)
            and not self._met_before(d, arrival)
        ]
        return fits[0] if len(fits) == 1 else None

    def _met_before(self, departure: Leaving, arrival: Arrival) -> bool:
        """Whether arrivals surely before this one took all of a departure."""
        if departure.amount is None:
            return False
        shares = self.share.get(departure.target.id, ())
        return sum((q for a, q in shares if a.time.surely_before(arrival.time)), _NOTHING) >= departure.amount

    def is_met(self, departure: Leaving) -> bool:
        """Whether all of a departure has arrived."""
        shares = self.share.get(departure.target.id)
        return shares is not None and departure.amount is not None and sum(q for _, q in shares) >= departure.amount

    def _take(self, arrival: Arrival, departures: Sequence[Leaving], grade: Grade) -> list[Flow]:
        left = arrival.amount
        flows: list[Flow] = []
        for departure in departures:
            sure = arrival.sure and departure.record.sure
            took = self._open_amount(departure)
            share = None if left is None or took is None else min(left, took)
            shares = self.share.setdefault(departure.target.id, [])
            if sure and share is not None and left is not None:
                shares.append((arrival, share))
                left -= share
            flows.append(
                Flow(
                    departure.target.id,
                    arrival.vertex.id,
                    FlowKind.MOVE,
                    grade if sure else max(grade, Grade.INFERRED),
                    (arrival.event.id,),
                    departure.time,
                    arrival.time,
                    share,
                    self.uom if share is not None else None,
                )
            )
        return flows

    def _open_amount(self, departure: Leaving) -> Decimal | None:
        if departure.amount is None:
            return None
        taken = sum((q for _, q in self.share.get(departure.target.id, ())), _NOTHING)
        return max(departure.amount - taken, _NOTHING)


def _accounts_for(flows: Sequence[Flow], arrival: Arrival) -> bool:
    """Whether the departures can have brought all of an arrival; what they did not, left without a record."""
    if arrival.amount is None or any(flow.quantity is None for flow in flows):
        return True
    return sum((flow.quantity or _NOTHING for flow in flows), _NOTHING) >= arrival.amount


def _all_sure(arrival: Arrival, departures: Sequence[Leaving]) -> bool:
    return arrival.sure and all(departure.record.sure for departure in departures)
