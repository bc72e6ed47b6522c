"""The subjects of an item. In: a back trace of it, its recall scope, its records by site. Out: an `Account`.

A subject is a site that had the item. That goods came from another is told by the flows of the trace; what is left, by
the columns of the scope; what was done, by the events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from engine.answer import AnswerGap, Certainty, ItemKind, Quantities, RecallScope, StockColumns, Trace, TracedFlow
from engine.clones import Clone
from engine.joins import unjoined
from engine.responsibility.answer import Account, Coming, Count, Subject
from engine.responsibility.records import Recorded
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from graph_schema.identifiers import site_of_place
from graph_schema.interval import END, Interval
from graph_schema.units import comparable, convert

Site = str | None
_SINGLE = (ItemKind.INSTANCE, ItemKind.LOGISTIC_UNIT)
_ENDINGS = ("sold", "used", "destroyed")


class Gathered(msgspec.Struct, frozen=True):
    """What is known of one item."""

    item: str
    trace: Trace
    scope: RecallScope
    flows: tuple[TracedFlow, ...]
    """Those of the trace that carry the item, contact apart."""
    uses: Mapping[str, tuple[str, ...]]
    """By event, what went into a transformation there."""
    records: Mapping[Site, Sequence[Recorded]]
    stock: Mapping[Site, StockColumns]
    """The item's columns of stock, where they are told."""
    clones: tuple[Clone, ...] = ()
    """What tells that the code of a single thing may be on two objects."""


def stock_of(item: str, scope: RecallScope) -> dict[Site, StockColumns]:
    """The columns of stock of an item by site."""
    rows = ((outlet.site.id, row) for outlet in scope.outlets for row in outlet.stock)
    return {site: row.stock for site, row in rows if row.item.id == item}


def flows_of(item: str, trace: Trace) -> tuple[tuple[TracedFlow, ...], dict[str, tuple[str, ...]]]:
    """The flows that carry an item, and what went into the transformations that made it."""
    carried: list[TracedFlow] = []
    uses: dict[str, set[str]] = defaultdict(set)
    for flow in trace.flows:
        if flow.kind is FlowKind.USE:
            for event in flow.events:
                uses[event].update(flow.items)
        elif item in flow.items and flow.kind not in CONTACT_KINDS:
            carried.append(flow)
    made = {event for flow in carried if flow.kind is FlowKind.MAKE for event in flow.events}
    return tuple(carried), {event: tuple(sorted(items)) for event, items in uses.items() if event in made}


def is_single(item: str, scope: RecallScope) -> bool:
    """Whether an item is one thing, by its scope."""
    return any(lot.item.id == item and lot.item.kind in _SINGLE for lot in scope.lots)


def account_of(gathered: Gathered, *, found_elsewhere: bool) -> Account:
    """The subjects in the order in which they had the item; `found_elsewhere`: what is asked for is one of it."""
    subjects = sorted(map(_Telling(gathered).subject, _sites(gathered)), key=_time)
    single = is_single(gathered.item, gathered.scope)
    subjects = _with_last(subjects, found_elsewhere=found_elsewhere, single=single)
    return Account(gathered.item, tuple(subjects), tuple(_breaks(gathered)), gathered.trace.complete)


def _sites(gathered: Gathered) -> list[Site]:
    """Where the item was: by the flows, the events and the scope."""
    ends = (end for flow in gathered.flows for end in (flow.source, flow.target))
    return list(dict.fromkeys([*ends, *gathered.records, *gathered.stock]))


class _Telling:
    """Tells of the subjects of one item."""

    def __init__(self, gathered: Gathered) -> None:
        self._of = gathered
        self._comings: dict[Site, list[TracedFlow]] = defaultdict(list)
        self._made: dict[Site, list[TracedFlow]] = defaultdict(list)
        self._left: set[Site] = set()
        self._held: dict[Site, Certainty] = {}
        for item, site, sure in gathered.trace.held:
            if item == gathered.item and self._held.get(site) is not Certainty.CERTAIN:
                self._held[site] = sure
        for flow in gathered.flows:
            if flow.kind is FlowKind.MAKE:
                self._made[flow.target].append(flow)
            elif flow.source != flow.target:
                self._comings[flow.target].append(flow)
                self._left.add(flow.source)

    def subject(self, site: Site) -> Subject:
        """One site."""
        records = self._of.records.get(site, ())
        made = self._made[site]
        stock = self._of.stock.get(site)
        columns = StockColumns() if stock is None else stock
        counted = _count(self._of, records)
        return Subject(
            site=site,
            certainty=self._certainty(site, records),
            roles=_roles(records),
            made_it=bool(made) or any(_commissions(one, self._of.item) for one in records),
            made_of=tuple(dict.fromkeys(i for flow in made for e in flow.events for i in self._of.uses.get(e, ()))),
            came_from=tuple(_comings(self._comings[site])),
            since=records[0].event.time if records else None,
            until=records[-1].event.time if records else None,
            records=tuple(one.told() for one in records),
            stock_known=stock is not None,
            held=_some(columns.held),
            sold=_some(columns.sold),
            used=_some(columns.used),
            destroyed=_some(columns.destroyed),
            counted=counted,
            holds=self._holds(site) if stock is None else _holds(columns.held),
        )

    def _certainty(self, site: Site, records: Sequence[Recorded]) -> Certainty:
        """As the trace has it; an event that puts the item there is one too."""
        return self._held.get(site, Certainty.CERTAIN if records else Certainty.POSSIBLE)

    def _holds(self, site: Site) -> Certainty | None:
        """Where the stock is not told: it may have some yet, unless what is seen of it left."""
        return None if site in self._left else Certainty.POSSIBLE


def _roles(records: Sequence[Recorded]) -> tuple[str, ...]:
    """The roles that may record all that a site recorded; where no role may, each that may record some of it."""
    told = [dict.fromkeys(role for each in one.tracked for role in each.event.by) for one in records if one.tracked]
    some = dict.fromkeys(role for roles in told for role in roles)
    return tuple(role for role in some if all(role in roles for roles in told)) or tuple(some)


def _comings(flows: Iterable[TracedFlow]) -> Iterator[Coming]:
    """One for each site that it came from, the surest."""
    by_site: dict[Site, list[TracedFlow]] = defaultdict(list)
    for flow in flows:
        by_site[flow.source].append(flow)
    for site, some in by_site.items():
        best = min(some, key=lambda flow: (flow.grade, flow.departed))
        sure = Certainty.CERTAIN if best.grade is Grade.RECORDED else Certainty.POSSIBLE
        yield Coming(site, sure, best.departed, tuple(dict.fromkeys(event for flow in some for event in flow.events)))


def _commissions(recorded: Recorded, item: str) -> bool:
    """Whether an event says that the item begins to be there."""
    event = recorded.event
    return event.biz_step == "commissioning" and any(what.item == item for what in event.whats)


def _some(amounts: Quantities) -> Quantities:
    """Without those that are surely nothing."""
    return tuple(amount for amount in amounts if amount.high != 0)


def _holds(held: Quantities) -> Certainty | None:
    if any(amount.low > 0 for amount in held):
        return Certainty.CERTAIN
    return Certainty.POSSIBLE if _some(held) else None


def _count(gathered: Gathered, records: Sequence[Recorded]) -> Count | None:
    """The last count, where no event after it moved the item: nothing that the flows of the answer rest on."""
    moving = {event for flow in gathered.flows for event in flow.events}
    for one in reversed(records):
        counted = one.count_of(gathered.item)
        if counted is not None:
            return counted
        if one.event.id in moving:
            return None
    return None


def _explains(subject: Subject) -> bool:
    """Whether what a subject counted is all that it should have."""
    counted = subject.counted
    if counted is None or len(subject.held) != 1:
        return False
    (held,) = subject.held
    if held.low != held.high or not comparable(held.uom, counted.uom):
        return False
    return convert(counted.amount, counted.uom, held.uom) == held.low


def _with_last(subjects: list[Subject], *, found_elsewhere: bool, single: bool) -> list[Subject]:
    """Mark the last recorded holders."""
    holders = [subject for subject in subjects if subject.holds is not None]
    ended = [subject for subject in subjects if any(getattr(subject, name) for name in _ENDINGS)]
    unexplained = [subject for subject in holders if not _explains(subject)] if found_elsewhere else holders
    last = unexplained or holders or ended
    if single:
        last = [one for one in holders if one.holds is Certainty.CERTAIN] or _surely(ended) or last
    sites = {subject.site for subject in last}
    return [msgspec.structs.replace(one, last=True) if one.site in sites else one for one in subjects]


def _surely(ended: list[Subject]) -> list[Subject]:
    """Those where a thing, which is in one place, surely ended."""
    return [one for one in ended if any(amount.low > 0 for name in _ENDINGS for amount in getattr(one, name))]


def _time(subject: Subject) -> tuple[int, str]:
    """By its first record, else by when the goods left for it; what is told of no time comes last."""
    times = [coming.departed for coming in subject.came_from] if subject.since is None else [subject.since]
    known = [time for time in times if time != Interval()]
    return (min((time.earliest for time in known), default=END), subject.site or "")


def _breaks(gathered: Gathered) -> Iterator[AnswerGap]:
    """Gaps of the item, handovers that no records join, and goods on the way."""
    item = gathered.item
    found = [gap for gap in (*gathered.trace.gaps, *gathered.scope.gaps) if gap.item == item]
    gaps = {(gap.kind, gap.site, gap.events): gap for gap in found}
    yield from gaps.values()
    yield from _unjoined(gathered)
    for clone in gathered.clones:
        place = clone.second.record.event.biz_location or clone.second.record.event.read_point
        site = None if place is None else site_of_place(place)
        yield AnswerGap("clone", item, site, clone.events, clone.text)
    told = {gap.site for gap in gaps.values() if gap.kind == "no_receipt"}
    for shipment in gathered.scope.in_transit:
        to = None if shipment.destination is None else shipment.destination.id
        if shipment.item.id == item and to not in told:
            yield AnswerGap("no_receipt", item, to, shipment.events, "was sent there, and no record tells that it came")
    for site, stock in gathered.stock.items():
        if any(amount.low > 0 for amount in stock.unaccounted):
            yield AnswerGap("unaccounted", item, site, (), "had more than the records tell the whereabouts of")


def _unjoined(gathered: Gathered) -> Iterator[AnswerGap]:
    """Sites that the item came to by inference alone: no record there joins one elsewhere."""
    for (item, site), events in unjoined(gathered.flows).items():
        if item == gathered.item:
            text = "may have come from elsewhere; no record of a shipment joins one of its receipt"
            yield AnswerGap("unjoined", item, site, events, text)
