"""A recall scope as an enterprise sees it. In: the whole scope, the trace of its question as shown. Out: the same.

Theirs are the outlets at their sites, with stock; of others' those that a step which they see leads to, with whom to
call and without what is there.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import msgspec

from api.rights.bands import Band, band_of
from api.rights.flows import Reader
from api.rights.traced import Redaction, ShownTrace
from engine.answer import AffectedLot, AffectedOutlet, AffectedStock, RecallScope, Shipment, Site, TracedSite
from engine.questions.view import View
from engine.recall import summary_of
from engine.stock import total


class HiddenInScope(NamedTuple):
    """About how many rows of a scope are not shown."""

    outlets: Band
    lots: Band


class ShownScope(NamedTuple):
    """A scope as it is shown."""

    scope: RecallScope
    hidden: HiddenInScope | None
    """None: nothing is."""


class ScopeRedaction:
    """One scope."""

    def __init__(self, whole: RecallScope, traced: Redaction, shown: ShownTrace, reader: Reader, view: View) -> None:
        self._whole = whole
        self._traced = traced
        self._sites = {site.id: site for site in shown.trace.sites}
        self._items = {item.id: item for item in shown.trace.items}
        self._reader = reader
        self._view = view

    def shown(self) -> ShownScope:
        """The scope as it is shown."""
        whole = self._whole
        outlets, shipments, gaps = self._outlets(), self._shipments(), self._traced.told_of(whole.gaps)
        lots = self._lots(outlets)
        scope = msgspec.structs.replace(
            whole,
            outlets=outlets,
            lots=lots,
            in_transit=shipments,
            excluded=self._traced.told_of(whole.excluded),
            gaps=gaps,
            summary=summary_of(self._view, outlets, lots, len(shipments), len(gaps)),
        )
        hidden = HiddenInScope(band_of(len(whole.outlets) - len(outlets)), band_of(len(whole.lots) - len(lots)))
        return ShownScope(scope, hidden)

    def _outlets(self) -> tuple[AffectedOutlet, ...]:
        hidden = (outlet.tier for outlet in self._whole.outlets if outlet.site.id not in self._sites)
        most = min(hidden, default=1 << 30) + 1
        rows = [
            self._outlet(outlet, site, min(outlet.tier, most))
            for outlet in self._whole.outlets
            if (site := self._sites.get(outlet.site.id)) is not None
        ]
        return tuple(sorted(rows, key=lambda outlet: (outlet.tier, outlet.site.id)))

    def _outlet(self, outlet: AffectedOutlet, site: TracedSite, tier: int) -> AffectedOutlet:
        own = self._reader.sight.is_own(site.id)
        return msgspec.structs.replace(
            outlet,
            certainty=site.certainty,
            tier=tier,
            stock=tuple(row for row in outlet.stock if own and row.item.id in self._items),
            evidence=self._reader.chain(outlet.evidence),
        )

    def _lots(self, outlets: tuple[AffectedOutlet, ...]) -> tuple[AffectedLot, ...]:
        """Their items, with the sums over their own outlets."""
        rows: dict[str, list[AffectedStock]] = defaultdict(list)
        for outlet in outlets:
            for row in outlet.stock:
                rows[row.item.id].append(row)
        lots = [self._lot(lot, rows[lot.item.id]) for lot in self._whole.lots if lot.item.id in self._items]
        return tuple(sorted(lots, key=lambda lot: (lot.depth, lot.item.id)))

    def _lot(self, lot: AffectedLot, rows: list[AffectedStock]) -> AffectedLot:
        return msgspec.structs.replace(
            lot, depth=self._items[lot.item.id].depth, outlets=len(rows), stock=total(row.stock for row in rows)
        )

    def _shipments(self) -> tuple[Shipment, ...]:
        """Those of their items that events tell which they see whole."""
        theirs = [one for one in self._whole.in_transit if one.item.id in self._items and self._is_at_theirs(one)]
        seen = self._reader.sight.shown({event for one in theirs for event in one.events})
        return tuple(self._shipment(one) for one in theirs if set(one.events) <= seen)

    def _is_at_theirs(self, shipment: Shipment) -> bool:
        ends = (shipment.source, shipment.destination)
        return any(end is not None and self._reader.sight.is_own(end.id) for end in ends)

    def _shipment(self, shipment: Shipment) -> Shipment:
        return msgspec.structs.replace(
            shipment,
            source=self._end(shipment.source),
            destination=self._end(shipment.destination),
            events=tuple(map(self._reader.ids.shown, shipment.events)),
        )

    def _end(self, site: Site | None) -> Site | None:
        """An end: of one that is hidden no more than a pseudonym."""
        if site is None or site.id in self._sites:
            return site
        return Site(self._reader.hidden(site.id), None, None, None, (), None, None, None, None)
