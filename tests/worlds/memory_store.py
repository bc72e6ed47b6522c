"""A store in memory, whole and plain, so that thousands of small worlds are quick.

In: what the ports say. Out: likewise. It takes one capture: of the graph it keeps the newest state alone, and
it has no transactions to undo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from engine.ledger import GENESIS, Attestation, Capture, Head, Key, LedgerEntry, attested, chain, known_by
from engine.stores.ports import (
    FlowRow,
    GraphPort,
    Holder,
    KinPort,
    LedgerPort,
    LineRow,
    LookupPort,
    Master,
    MasterPort,
    Naming,
    Offer,
    Origin,
    Snapshot,
    VertexRow,
    WiderAt,
)
from graph_schema.event import Event
from graph_schema.flow_graph import Gap, Line, Part
from graph_schema.interval import Interval


class MemoryLedger:
    """The ledger as a list."""

    def __init__(self) -> None:
        self.all: list[LedgerEntry] = []
        self.keys: set[Key] = set()

    def append(
        self, events: Sequence[Event], capture: Capture, attestations: Sequence[Attestation] = ()
    ) -> list[LedgerEntry]:
        """Append those that are new."""
        first = len(self.all)
        for told in attested(events, attestations):
            keys = known_by(*told)
            if self.keys.isdisjoint(keys):
                self.keys.add(keys[0])
                self.all.extend(entry for entry, _ in chain(self.head(), [told], capture))
        return self.all[first:]

    def head(self) -> Head:
        """Where the ledger stands."""
        last = self.all[-1] if self.all else None
        return Head(last.seq, last.hash, last.capture.accepted) if last else Head(0, GENESIS, None)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        """Entries with `after < seq <= until`."""
        return iter(self.all[max(after, 0) : until])

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        """Every entry with one of these event ids."""
        return [entry for entry in self.all if entry.event.id in event_ids]

    def repeated(self, event_ids: Collection[str]) -> set[str]:
        """Event ids that more than one entry has."""
        times = Counter(entry.event.id for entry in self.all)
        return {event_id for event_id in event_ids if times[event_id] > 1}

    def position_at(self, accepted: int) -> int:
        """The last position accepted at or before a time."""
        return max((e.seq for e in self.all if e.capture.accepted <= accepted), default=0)

    def verify(self) -> Head:
        """Nothing can have changed."""
        return self.head()


class MemoryLookup:
    """Look-ups by search."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self.ledger = ledger
        self.namings: dict[tuple[str, str], Naming] = {}

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """Every entry whose event names one of these."""
        wanted = set(items)
        return [e for e in self.ledger.all if not wanted.isdisjoint(_names(e.event))]

    def add_namings(self, namings: Iterable[Naming]) -> None:
        """Keep what is of what."""
        for naming in namings:
            self.namings.setdefault((naming.narrower, naming.wider), naming)

    def narrower(self, items: Collection[str]) -> list[Naming]:
        """One step down."""
        return sorted((n for n in self.namings.values() if n.wider in items), key=_order)

    def wider(self, items: Collection[str]) -> list[Naming]:
        """One step up."""
        return sorted((n for n in self.namings.values() if n.narrower in items), key=_order)

    def items_like(self, prefix: str, limit: int) -> list[str]:
        """Keys that begin with a text."""
        known = {w.item for e in self.ledger.all for w in e.event.whats}
        return sorted(item for item in known if item.startswith(prefix))[:limit]

    def items_after(self, key: str, limit: int) -> list[str]:
        """Keys that come after a text."""
        known = {w.item for e in self.ledger.all for w in e.event.whats}
        return sorted(item for item in known if item > key)[:limit]


class MemoryMasters:
    """Master data as a list."""

    def __init__(self) -> None:
        self.kept: list[Master] = []

    def put(self, masters: Iterable[tuple[str, str, bytes]], seq: int) -> None:
        """Keep master data."""
        self.kept.extend(Master(seq, *told) for told in masters)

    def of(self, keys: Collection[str] | None = None, at: int | None = None) -> dict[str, dict[str, object]]:
        """Master data as known at a position."""
        return {
            told.key: {**msgspec.json.decode(told.attributes, type=dict[str, object]), "kind": told.kind}
            for told in self.kept
            if (keys is None or told.key in keys) and (at is None or told.seq <= at)
        }

    def changes(self, after: int = 0) -> Iterator[Master]:
        """All that was put after a position."""
        return iter(sorted((told for told in self.kept if told.seq > after), key=lambda told: (told.seq, told.key)))


class MemoryGraph:
    """Rows as the last replacement left them: all opened by it, none closed."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self.seq = 0

    def replace(self, parts: Iterable[Part], seq: int) -> None:
        """Each part takes the place of its owner's former one."""
        self.parts.update({part.owner: part for part in parts})
        self.seq = seq

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        """Every vertex."""
        assert after < self.seq
        rows = {v: None for part in self.parts.values() for v in part.vertices}
        return (VertexRow(v, self.seq, None) for v in rows)

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        """Every flow."""
        assert after < self.seq
        rows = {f: None for part in self.parts.values() for f in part.flows}
        return (FlowRow(f, self.seq, None) for f in rows)

    def lines(self, items: Collection[str], at: int | None = None) -> dict[str, Line]:  # noqa: ARG002 - one state
        """The lines of these instances."""
        lines = (self.parts[item].line for item in items if item in self.parts)
        return {line.item: line for line in lines if line is not None}

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        """Every line."""
        assert after < self.seq
        return (LineRow(p.line, self.seq, None) for p in self.parts.values() if p.line is not None)

    def gaps(self, at: int | None = None, items: Collection[str] | None = None) -> list[Gap]:  # noqa: ARG002 - one state
        """Every gap of these items."""
        found = {g for part in self.parts.values() for g in part.gaps if items is None or g.item in items}
        return sorted(found, key=lambda g: (g.item, g.kind, g.event_ids))

    def clear(self, seq: int) -> None:
        """Forget every row."""
        self.parts, self.seq = {}, seq


class MemoryKin:
    """What each item told last."""

    def __init__(self) -> None:
        self.told: dict[str, Holder] = {}

    def tell(self, holders: Iterable[Holder]) -> None:
        """Each takes the place of what it told before."""
        self.told.update({holder.owner: holder for holder in holders})

    def clear(self) -> None:
        """Forget all."""
        self.told.clear()

    def since(self, places: Collection[WiderAt], *, untold: bool = False) -> dict[WiderAt, int]:
        """The earliest offers."""
        offers = {wider: self.offers(wider) for wider in {wider for wider, _ in places}}
        found: dict[WiderAt, int] = {}
        for wider, site in places:
            here = [o for o in offers[wider] if o.site == site and (o.origin is not Origin.TOLD or not untold)]
            if here:
                found[wider, site] = min(offer.time.earliest for offer in here)
        return found

    def offers(self, wider: str) -> list[Offer]:
        """All offers."""
        return list({offer: None for holder in self._of(wider) for offer in holder.offers})

    def sought(self, wider: str, sites: Collection[str] | None = None) -> list[Offer]:
        """Offers whose origin is sought."""
        offers = [offer for offer in self.offers(wider) if offer.origin is Origin.SOUGHT]
        return [offer for offer in offers if sites is None or offer.site in sites]

    def holders(self, wider: str, site: str, times: Interval) -> set[str]:
        """Who began to offer there then, or has some left."""
        return {
            holder.owner
            for holder in self._of(wider)
            if site in holder.left
            or any(o.site in (site, None) and times.earliest <= o.time.earliest <= times.latest for o in holder.offers)
        }

    def recorded(self, wider: str, since: int) -> set[str]:
        """Who had records since."""
        return {holder.owner for holder in self._of(wider) if holder.last >= since}

    def _of(self, wider: str) -> Iterator[Holder]:
        return (holder for holder in self.told.values() if wider in holder.wider)


class MemorySnapshot:
    """The five ports that a builder and a walk read."""

    ledger: LedgerPort
    lookup: LookupPort
    masters: MasterPort
    graph: GraphPort
    kin: KinPort
    edition = 0

    def __init__(self) -> None:
        self.memory = MemoryLedger()
        self.ledger = self.memory
        self.lookup = MemoryLookup(self.memory)
        self.masters = MemoryMasters()
        self.graph = MemoryGraph()
        self.kin = MemoryKin()


class MemoryStore:
    """A store that forgets when it is let go."""

    def __init__(self) -> None:
        self.state: Snapshot = MemorySnapshot()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The state."""
        yield self.state

    @contextmanager
    def transaction(self) -> Iterator[Snapshot]:
        """The state, to write."""
        yield self.state

    def close(self) -> None:
        """Nothing is open."""


def _names(event: Event) -> Iterator[str]:
    yield from (w.item for w in event.whats)
    if event.transformation_id is not None:
        yield event.transformation_id


def _order(naming: Naming) -> tuple[str, str]:
    return naming.narrower, naming.wider
