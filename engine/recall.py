"""What must be recalled, from whom (design §6). In: index, snapshot, question. Out: `RecallScope`.

Outlets are the sites of a forward trace, each with the items that were there: how much of each in all, and at most how
much of it can have come from the seeds. The same question on the same ledger is the same scope, told by its hash.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

import msgspec

from engine.answer import (
    AffectedLot,
    AffectedOutlet,
    AffectedStock,
    Certainty,
    Direction,
    Exclusion,
    ItemKind,
    LedgerState,
    RecallScope,
    RecallSummary,
    StockColumns,
    Trace,
    TracedItem,
    TracedSite,
)
from engine.index import ARRAYS, NONE, FlowIndex, Walker
from engine.question import Question, parameters_of
from engine.questions.amounts import Amounts
from engine.questions.digests import digests
from engine.questions.directory import Directory
from engine.questions.exclusions import REASONS, wider_questions
from engine.questions.findings import Told
from engine.questions.loads import containers_of
from engine.questions.position import position_asked
from engine.questions.rules import reach_under_rules
from engine.questions.shipments import shipments_of
from engine.questions.telling import Telling
from engine.questions.tiers import tiers
from engine.questions.touched import Touched
from engine.questions.view import View
from engine.stock import affected_of, amount_of, columns_of, sum_of, total, units_of
from engine.stores.ports import Snapshot
from engine.trace import trace
from graph_schema.units import exact_sums

Pairs = dict[str, list[tuple[str, Certainty]]]
"""Per site the items that were there, and how surely."""


@exact_sums()
def recall_scope(
    index: FlowIndex, snapshot: Snapshot, question: Question, walker: Walker = ARRAYS, at: int | None = None
) -> RecallScope:
    """The scope of a recall of the seeds, at a ledger position if one is given; raises `UnknownSeed`.

    A scope is always of a forward trace.
    """
    asked = msgspec.structs.replace(question, direction=Direction.FORWARD)
    view = View(index, position_asked(index, snapshot, asked.options, at), walker)
    told = Told(reach_under_rules(view, snapshot, asked, Direction.FORWARD))
    return _Scope(view, snapshot, asked, told).scope()


class _Scope:
    def __init__(self, view: View, snapshot: Snapshot, question: Question, told: Told) -> None:
        self.view = view
        self.snapshot = snapshot
        self.question = question
        self.told = told
        telling = Telling(view, snapshot, question, [told])
        self.trace: Trace = telling.trace()
        self.items = {item.id: item for item in self.trace.items}
        self.amounts = Amounts(view, list(self.items))
        self.units = {item: units_of(movements) for item, movements in self.amounts.movements.items()}
        self.touched = Touched(told.reach)
        self.stocks: dict[Hashable, tuple[StockColumns, StockColumns]] = {}
        """The same amounts are the same stock, which many outlets have."""
        sites = [site.id for site in self.trace.sites]
        self.codes = dict(zip(sites, view.index.sites.codes(sites).tolist(), strict=True))
        self.evidence = self._evidence()
        self.directory = Directory(snapshot, telling.spellings, view.at, self.items, sites)

    def scope(self) -> RecallScope:
        """The whole scope."""
        outlets = self._outlets()
        lots = self._lots(outlets)
        shipments = shipments_of(self.told, self.amounts, self.items, self.directory, self.snapshot)
        return RecallScope(
            ledger=self.trace.ledger,
            hash=_hash(self.trace.ledger, self.question),
            complete=self.trace.complete,
            summary=summary_of(self.view, outlets, lots, len(shipments), len(self.trace.gaps)),
            outlets=outlets,
            lots=lots,
            in_transit=shipments,
            excluded=(*self.trace.excluded, *self._excluded()),
            gaps=self.trace.gaps,
            parameters=parameters_of(self.question),
            digests=digests(),
            backward_in_time=self.trace.backward_in_time,
        )

    def _evidence(self) -> dict[str, tuple[str, ...]]:
        """Why each site is in the answer, looked up at once."""
        sites = self.trace.sites
        chains = sites[0].witness.evidence([site.row for site in sites]) if sites else []
        return {site.id: events for site, events in zip(sites, chains, strict=True)}

    def _outlets(self) -> tuple[AffectedOutlet, ...]:
        at: Pairs = defaultdict(list)
        for item, site, certainty in sorted(self.trace.held):
            at[site].append((item, certainty))
        tier = tiers(self.told.reach)
        outlets = [self._outlet(site, at[site.id], tier) for site in self.trace.sites]
        return tuple(sorted(outlets, key=lambda outlet: (outlet.tier, outlet.site.id)))

    def _outlet(self, site: TracedSite, held: list[tuple[str, Certainty]], tier: dict[int, int]) -> AffectedOutlet:
        code = self.codes[site.id]
        stock = (self._stock(self.items[item], code, certainty) for item, certainty in held if item in self.items)
        return AffectedOutlet(
            site=self.directory.site(site.id),
            certainty=site.certainty,
            tier=tier.get(code, 0),
            stock=tuple(row for row in stock if row is not None),
            evidence=self.evidence[site.id],
            contacts=self.directory.contacts(site.id),
            in_transit=site.in_transit,
        )

    def _stock(self, item: TracedItem, site: int, certainty: Certainty) -> AffectedStock | None:
        """The row of an item at a site; none where the seed names a wider item than the records there."""
        movements = self.amounts.at(item.id, site)
        if not movements:
            return None
        begun, units, certain = self.touched.begun(item.id, site), self.units[item.id], certainty is Certainty.CERTAIN
        told = tuple(map(amount_of, movements)), tuple(map(self.touched, movements)), tuple(map(amount_of, begun))
        key = (told, tuple(units), certain)
        if key not in self.stocks:
            columns = columns_of(movements, units, certain=certain)
            self.stocks[key] = columns, affected_of(movements, columns, self.touched, begun)
        return AffectedStock(self.directory.item(item.id, item.kind), certainty, *self.stocks[key])

    def _lots(self, outlets: tuple[AffectedOutlet, ...]) -> tuple[AffectedLot, ...]:
        rows: dict[str, list[AffectedStock]] = defaultdict(list)
        for outlet in outlets:
            for row in outlet.stock:
                rows[row.item.id].append(row)
        return tuple(
            AffectedLot(
                self.directory.item(item.id, item.kind),
                item.certainty,
                item.depth,
                len(rows[item.id]),
                total(row.stock for row in rows[item.id]),
            )
            for item in self.trace.items
        )

    def _excluded(self) -> list[Exclusion]:
        """What the question's own bounds keep out; each thing once, by the first bound that does."""
        here = {(item, site) for item, site, _ in self.trace.held}
        found: dict[tuple[str, str], Exclusion] = {}
        for reason, wider in wider_questions(self.question):
            around = trace(self.view.index, self.snapshot, wider, self.view.walker, self.view.at)
            for item, site, _ in sorted(around.held):
                if (item, site) not in here and (item, site) not in found:
                    found[item, site] = Exclusion(item, site, reason, REASONS[reason], ())
        return list(found.values())


def summary_of(
    view: View, outlets: Sequence[AffectedOutlet], lots: Sequence[AffectedLot], under_way: int, gaps: int
) -> RecallSummary:
    """A scope in numbers."""
    surely = sum(outlet.certainty is Certainty.CERTAIN for outlet in outlets)
    certain = sum(lot.certainty is Certainty.CERTAIN for lot in lots)
    return RecallSummary(
        outlets_certain=surely,
        outlets_possible=len(outlets) - surely,
        items_certain=certain,
        items_possible=len(lots) - certain,
        in_transit=under_way,
        held=sum_of(lot.stock.held for lot in counted(view, lots)),
        gaps=gaps,
    )


def counted(view: View, lots: Sequence[AffectedLot]) -> Iterator[AffectedLot]:
    """What a sum over items counts: of a logistic unit whose content is among them, the content alone."""
    items = view.index.items
    codes = items.codes([lot.item.id for lot in lots])
    boxes = set(items.names(containers_of(view, codes[codes != NONE])))
    return (lot for lot in lots if lot.item.kind is not ItemKind.LOGISTIC_UNIT or lot.item.id not in boxes)


def _hash(ledger: LedgerState, question: Question) -> str:
    """SHA-256 over the ledger's position and chain hash, the question after defaults, and what it was derived with."""
    told = {"position": ledger.position, "chain": ledger.hash, "question": question, "by": digests()}
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
