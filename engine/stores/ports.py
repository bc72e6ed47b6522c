"""The ports a store fills (design §5), one a noun, none above seven methods.

In: entries, parts, keys. Out: entries, rows, positions. A store gives one `Transaction` at a time for
writing, which carries all ports and commits whole or not at all, and a `Snapshot` for reading, which sees one
committed state however long it is open. Nothing is deleted: a part's former rows are closed with `to_seq`
(rule 17).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import IntEnum
from typing import Protocol

import msgspec

from engine.event_order import EventField, EventSpan
from engine.job import Job
from engine.ledger import Attestation, Capture, Head, LedgerEntry
from engine.named_query import NamedQuery
from engine.subscription import Subscription
from graph_schema.event import Event
from graph_schema.flow_graph import Flow, FlowKind, Gap, Grade, Line, Part, Vertex
from graph_schema.interval import Interval


class LedgerPort(Protocol):
    """The append-only list of accepted events."""

    def append(
        self, events: Sequence[Event], capture: Capture, attestations: Sequence[Attestation] = ()
    ) -> list[LedgerEntry]:
        """Append those whose key (rule 14) is new, in order; return their entries. Twice the same is once.

        `attestations` are one an event, or none where all are free. What a stranger tells is the same as what another
        told before; what another tells after a stranger is new.
        """

    def head(self) -> Head:
        """Where the ledger stands."""

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        """Entries with `after < seq <= until`, whole (with bodies), in order, streamed."""

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        """Every entry with one of these event ids, whole, in order."""

    def repeated(self, event_ids: Collection[str]) -> set[str]:
        """Those of these event ids that more than one entry has."""

    def position_at(self, accepted: int) -> int:
        """The last position accepted at or before a time (microseconds since 1970 UTC); 0: none."""

    def verify(self) -> Head:
        """Check the whole chain and its bodies; `StoreDamaged` names the first entry that does not agree."""


class Naming(msgspec.Struct, frozen=True, array_like=True):
    """That a narrower item is of a wider one (rule 11), and which entry says so."""

    narrower: str
    wider: str
    seq: int


class LookupPort(Protocol):
    """What finds the events of a closed set of items, and what answers ask about things."""

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """Every entry whose event names one of these items, in order, without bodies.

        An event names its items in any role, and its `transformation_id`.
        """

    def add_namings(self, namings: Iterable[Naming]) -> None:
        """Keep that these items are of wider ones; the same pair twice is kept once, with its first entry."""

    def narrower(self, items: Collection[str]) -> list[Naming]:
        """What is of these items, one step down, in order of key."""

    def wider(self, items: Collection[str]) -> list[Naming]:
        """What these items are of, one step up, in order of key."""

    def items_like(self, prefix: str, limit: int) -> list[str]:
        """Keys of items that the ledger's events name and that begin with a text, in order."""

    def items_after(self, key: str, limit: int) -> list[str]:
        """Keys of items that the ledger's events name and that come after a text, in order."""


class Master(msgspec.Struct, frozen=True):
    """Master data of one thing, as put at a position."""

    seq: int
    key: str
    kind: str
    attributes: bytes
    """JSON."""


class MasterPort(Protocol):
    """Master data: what parties, sites and products are called, and where they are."""

    def put(self, masters: Iterable[tuple[str, str, bytes]], seq: int) -> None:
        """Keep master data: key, kind, attributes as JSON.

        The newest wins, the former stay readable by position.
        """

    def of(self, keys: Collection[str] | None = None, at: int | None = None) -> dict[str, dict[str, object]]:
        """Master data by key as known at a position: the attributes, and `kind` under the name `kind`."""

    def changes(self, after: int = 0) -> Iterator[Master]:
        """All that was put after a position, in order of position and key."""


class Origin(IntEnum):
    """What is told of where a holding's goods came from."""

    TOLD = 0
    UNTOLD = 1
    """Seen where no arrival is recorded: they may be goods that only a wider name was recorded for."""
    SOUGHT = 2
    """Likewise, and it is the wider item's part that tells so."""


class Offer(msgspec.Struct, frozen=True, array_like=True):
    """A holding whose goods an event may mean that names only a wider item (rule 11)."""

    vertex: bytes
    site: str | None
    """At, or on the way to it; None: an unknown place, so every site."""
    time: Interval
    """Since when."""
    event_id: str
    origin: Origin = Origin.TOLD


class Holder(msgspec.Struct, frozen=True):
    """What one item offers to those it is of, and how long what is told of these may still bear on it."""

    owner: str
    wider: tuple[str, ...]
    """All that it is of, however many steps up."""
    offers: tuple[Offer, ...]
    last: int
    """The latest time that its records tell of."""
    left: frozenset[str]
    """Sites where some of it is surely left: whatever is taken there at any later time may be of it."""


WiderAt = tuple[str, str | None]
"""A wider item, and a site (None: an unknown place)."""


class KinPort(Protocol):
    """What narrower items hold that events may mean which name only a wider one (rule 11).

    Derived, as the flow graph is: the newest state alone, of each item as it was told last.
    """

    def tell(self, holders: Iterable[Holder]) -> None:
        """What each of these holds takes the place of what it held before."""

    def clear(self) -> None:
        """Forget all, before a rebuild."""

    def since(self, places: Collection[WiderAt], *, untold: bool = False) -> dict[WiderAt, int]:
        """The earliest time of any offer to each, where there is one; of those untold only, if asked."""

    def offers(self, wider: str) -> list[Offer]:
        """All offers there are, each once."""

    def sought(self, wider: str, sites: Collection[str] | None = None) -> list[Offer]:
        """The offers whose origin is sought, each once: at these sites, or at all."""

    def holders(self, wider: str, site: str, times: Interval) -> set[str]:
        """Who surely has some left at a site, or has an offer there or at an unknown place that began within a time."""

    def recorded(self, wider: str, since: int) -> set[str]:
        """Who offered anything anywhere and had records from a time on."""


class VertexRow(msgspec.Struct, frozen=True, array_like=True):
    """A vertex with the positions between which it is true: `from_seq <= position < to_seq` (None: still)."""

    vertex: Vertex
    from_seq: int
    to_seq: int | None


class FlowRow(msgspec.Struct, frozen=True, array_like=True):
    """A flow with the positions between which it is true."""

    flow: Flow
    from_seq: int
    to_seq: int | None


class LineRow(msgspec.Struct, frozen=True, array_like=True):
    """A line with the positions between which it is true."""

    line: Line
    from_seq: int
    to_seq: int | None


class GapRow(msgspec.Struct, frozen=True, array_like=True):
    """A gap with the positions between which it is true."""

    gap: Gap
    from_seq: int
    to_seq: int | None


class GraphPort(Protocol):
    """The flow graph, derived from the ledger: rows with sequence intervals."""

    def replace(self, parts: Iterable[Part], seq: int) -> None:
        """Each part takes the place of its owner's former one.

        Rows that stay as they were are untouched; rows that no owner has any more get `to_seq = seq`; new
        ones get `from_seq = seq`. Rows may be shared by owners; a part's line is its owner's.

        `seq` is never less than before. Intervals are as long as they can be: a row taken and dropped at one
        position was never there, and one dropped and taken again at one position was never away. (Taken again in
        a later transaction it may have two intervals that touch.)
        """

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        """Vertices opened or closed after a position, streamed; all where it is 0.

        In order of from_seq and, within one, of arrival (at the earliest) and id: an index lies in memory as it is
        read here, and what a walk reads together is to lie together.
        """

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        """Flows opened or closed after a position, likewise; within one from_seq, of departure and `row_digest`."""

    def lines(self, items: Collection[str], at: int | None = None) -> dict[str, Line]:
        """The lines of these instances as of a position; those without one are absent."""

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        """Lines opened or closed after a position, streamed, in order of from_seq and item."""

    def gaps(self, at: int | None = None, items: Collection[str] | None = None) -> list[Gap]:
        """Gaps as of a position, of all items or of these, in order of item, kind and events."""

    def clear(self, seq: int) -> None:
        """Close every row at `seq`, before a rebuild: what this transaction writes is a new edition of the graph."""


class Ground(msgspec.Struct, frozen=True):
    """What a walk in a store may follow, at which position."""

    back: bool
    """Against the flows, not along them."""
    position: int
    edition: int
    grades: tuple[Grade, ...]
    kinds: tuple[FlowKind, ...]
    """The layers."""
    since: int
    until: int
    """Flows that surely departed before or after are not followed, but for CARRY_OVER (microseconds since 1970)."""


class WalkPort(Protocol):
    """Walks in the store's own language, where it has one. `LimitExceeded` where a walk takes longer than it may."""

    def reached(self, starts: Collection[bytes], ground: Ground) -> set[bytes]:
        """Every vertex that a walk from any of these enters; a start itself only where a flow leads to it."""

    def steps(self, near: Collection[bytes], ground: Ground) -> set[tuple[bytes, bytes]]:
        """One step from each of these: (where it leaves, where it leads), each pair once."""


class EventPort(Protocol):
    """Events by when they happened and what they say, without reading all there are."""

    def in_order(self, span: EventSpan) -> Iterator[LedgerEntry]:
        """The entries of a span, whole, in order of time and sequence number, streamed."""

    def at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        """The entries at these sequence numbers, whole, in any order; those beyond the state are absent."""

    def values(self, field: EventField, after: str, limit: int) -> list[str]:
        """Values of a field that some event says and that come after a text, in order, each once."""

    def accepted_since(self, accepted: int) -> int | None:
        """The first sequence number that was accepted at or after a time; None: none was."""


class JobPort(Protocol):
    """Capture jobs, each as it was put last. They tell of the ledger and are no part of it: of no position."""

    def put(self, job: Job) -> None:
        """Keep a job; it takes the place of what was kept of it before."""

    def get(self, job_id: str) -> Job | None:
        """A job by its id."""

    def newest(self, limit: int, before: Job | None = None) -> list[Job]:
        """Jobs in order of when they were created and of id, the newest first; those before one, if given."""

    def unfinished(self) -> list[Job]:
        """Those that have not ended, in the same order."""


class QueryPort(Protocol):
    """Queries that are kept under a name, which is given once. They are no part of the ledger: of no position."""

    def add(self, query: NamedQuery) -> bool:
        """Keep a query; False where there is one of this name."""

    def get(self, name: str) -> NamedQuery | None:
        """A query by its name."""

    def after(self, name: str, limit: int) -> list[NamedQuery]:
        """Queries whose names come after one, in order."""

    def remove(self, name: str) -> bool:
        """Forget a query; False where there is none of this name."""


class SubscriptionPort(Protocol):
    """Subscriptions to named queries, each as it was put last. They are no part of the ledger: of no position."""

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription; it takes the place of what was kept of it before."""

    def get(self, subscription_id: str) -> Subscription | None:
        """A subscription by its id."""

    def after(self, owner: str, query: str, last: tuple[int, str], limit: int) -> list[Subscription]:
        """An owner's to a query, in order of when they were created and of id, behind such a pair."""

    def count(self, owner: str) -> int:
        """How many an owner has, to whatever query."""

    def due(self, at: int) -> list[Subscription]:
        """Those that are due at a time and that nobody holds then, in order of when they were due and of id."""

    def remove(self, subscription_id: str) -> bool:
        """Forget a subscription; False where there is none of this id."""

    def remove_all(self, query: str) -> None:
        """Forget all to a query, whoever made them."""


class Snapshot(Protocol):
    """A committed state, the same however long it is read."""

    @property
    def edition(self) -> int:
        """How often the graph was cleared to be derived anew: rows known from another edition are to be read again."""

    ledger: LedgerPort
    lookup: LookupPort
    masters: MasterPort
    graph: GraphPort
    kin: KinPort
    events: EventPort
    jobs: JobPort
    queries: QueryPort
    subscriptions: SubscriptionPort


class Store(Protocol):
    """A place where the whole state lies."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Read one committed state."""

    def transaction(self) -> AbstractContextManager[Snapshot]:
        """Write: commits on leaving, undoes everything on an error. One at a time: waits, or `StoreBusy`."""

    def close(self) -> None:
        """Let go of files and connections."""
