"""What the questions answer (design §6): the values that `trace`, `path` and `recall_scope` return.

Ids are canonical keys, `urn` the EPC URN where one is known, times intervals in microseconds since 1970 UTC,
quantities `Decimal` with a UN/ECE Rec 20 unit (None: pieces). `engine.answer_json.as_json` gives each its
documented JSON. What is costly to write down, evidence and flows, is worked out when it is first asked for.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import msgspec

from graph_schema.flow_graph import FlowKind, Grade
from graph_schema.interval import Interval


class Certainty(StrEnum):
    """Certain: recorded flows alone reach it. Possible: some reading of the records reaches it."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Direction(StrEnum):
    """Where goods went, where they came from, or both as one answer."""

    FORWARD = "forward"
    BACK = "back"
    BOTH = "both"


class ItemKind(StrEnum):
    """What an item's key names."""

    LOT = "lot"
    INSTANCE = "instance"
    LOGISTIC_UNIT = "logistic_unit"
    CLASS = "class"


class LedgerState(msgspec.Struct, frozen=True):
    """The ledger position an answer is of, the chain hash there, and when its last entry was accepted."""

    position: int
    hash: str
    events: int
    accepted_until: int | None


class Witness(Protocol):
    """Where and how the walk found a thing."""

    def urn(self, key: str) -> str | None:
        """The EPC URN of a key, where one is known."""

    def evidence(self) -> tuple[str, ...]:
        """Ids of the events of a shortest chain from a seed."""


class TracedItem(msgspec.Struct, frozen=True):
    """An item the walk enters: how surely, how many levels from the nearest seed, from which seeds."""

    id: str
    kind: ItemKind
    certainty: Certainty
    depth: int
    seeds: tuple[int, ...]
    """Positions in the question of the seeds that reach it."""
    witness: Witness

    @property
    def urn(self) -> str | None:
        """The EPC URN, where one is known."""
        return self.witness.urn(self.id)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the events of a shortest chain from a seed."""
        return self.witness.evidence()


class TracedSite(msgspec.Struct, frozen=True):
    """A site at which goods of the answer were, or, where `in_transit` alone, which they were sent to."""

    id: str
    name: str | None
    certainty: Certainty
    depth: int
    seeds: tuple[int, ...]
    in_transit: bool
    """True where nothing but a shipment on its way there reaches it."""
    witness: Witness

    @property
    def urn(self) -> str | None:
        """The EPC URN, where one is known."""
        return self.witness.urn(self.id)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the events of a shortest chain from a seed."""
        return self.witness.evidence()


class TracedLoad(msgspec.Struct, frozen=True):
    """One load of a container asked for: which seed of the question, when it was in, and what it reaches."""

    seed: int
    container: str
    packed: Interval
    unpacked: Interval | None
    """None where no record takes it out."""
    items: tuple[str, ...]
    sites: tuple[str, ...]


class TracedFlow(msgspec.Struct, frozen=True):
    """A flow of the answer, between the sites of its ends (None: a place no record names)."""

    source: str | None
    target: str | None
    items: tuple[str, ...]
    kind: FlowKind
    grade: Grade
    departed: Interval
    arrived: Interval
    quantity: Decimal | None
    uom: str | None
    events: tuple[str, ...]


class Origin(msgspec.Struct, frozen=True):
    """Where nothing flows in any more (back), or where the answer started (forward)."""

    item: str
    site: str | None
    certainty: Certainty
    events: tuple[str, ...]


class AnswerGap(msgspec.Struct, frozen=True):
    """What the records do not tell, which makes the answer a lower bound or a doubt."""

    kind: str
    item: str
    site: str | None
    events: tuple[str, ...]
    text: str


class Exclusion(msgspec.Struct, frozen=True):
    """What is not in the scope, and why: a word of docs/answers.md and a sentence."""

    item: str | None
    site: str | None
    reason: str
    text: str
    events: tuple[str, ...]


class Account(Protocol):
    """What a walk reached, told part by part when it is asked for."""

    def items(self) -> tuple[TracedItem, ...]:
        """Items in order of depth, then key."""

    def sites(self) -> tuple[TracedSite, ...]:
        """Sites in order of depth, then key."""

    def held(self) -> frozenset[tuple[str, str, Certainty]]:
        """(item, site, certainty): where each item was."""

    def flows(self) -> tuple[TracedFlow, ...]:
        """Flows followed, in order of the walk."""

    def events(self) -> tuple[str, ...]:
        """Ids of the events that prove them."""

    def origins(self) -> tuple[Origin, ...]:
        """Where the answer begins, or can be followed back no further."""

    def loads(self) -> tuple[TracedLoad, ...]:
        """Loads of containers asked for, told apart."""

    def excluded(self) -> tuple[Exclusion, ...]:
        """What the records rule out."""

    def gaps(self) -> tuple[AnswerGap, ...]:
        """What the records do not tell."""

    def unknown_place(self) -> Certainty | None:
        """How surely goods were at a place that no record names."""

    def backward_in_time(self) -> bool:
        """Whether a flow that goes back in time is needed."""


class Trace(msgspec.Struct, frozen=True, dict=True):
    """The answer to a trace. The walk is done; each part is told, once, when it is first asked for.

    Ask while the snapshot that the question was put to is open.
    """

    direction: Direction
    ledger: LedgerState
    complete: bool
    """False where a bound cut the walk: there may be more."""
    account: Account

    @cached_property
    def items(self) -> tuple[TracedItem, ...]:
        """Items in order of depth, then key."""
        return self.account.items()

    @cached_property
    def sites(self) -> tuple[TracedSite, ...]:
        """Sites in order of depth, then key."""
        return self.account.sites()

    @cached_property
    def held(self) -> frozenset[tuple[str, str, Certainty]]:
        """(item, site, certainty): where each item of the answer was."""
        return self.account.held()

    @cached_property
    def flows(self) -> tuple[TracedFlow, ...]:
        """Flows followed, in order of the walk."""
        return self.account.flows()

    @cached_property
    def events(self) -> tuple[str, ...]:
        """Ids of the events that prove the flows, and that opened what the seeds start at."""
        return self.account.events()

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """Where nothing flows in any more (back), or where the answer starts (forward)."""
        return self.account.origins()

    @cached_property
    def loads(self) -> tuple[TracedLoad, ...]:
        """The loads of containers asked for, told apart."""
        return self.account.loads()

    @cached_property
    def excluded(self) -> tuple[Exclusion, ...]:
        """What the records themselves rule out, and why."""
        return self.account.excluded()

    @cached_property
    def gaps(self) -> tuple[AnswerGap, ...]:
        """What the records do not tell, which makes the answer a lower bound or a doubt."""
        return self.account.gaps()

    @cached_property
    def unknown_place(self) -> Certainty | None:
        """How surely goods of the answer were at a place that no record names; None where they were not."""
        return self.account.unknown_place()

    @cached_property
    def backward_in_time(self) -> bool:
        """Whether something in the answer is reached only through a flow that goes back in time."""
        return self.account.backward_in_time()


class PathResult(msgspec.Struct, frozen=True):
    """The shortest chain of flows between two things; `flows` None and `complete` true: there is none."""

    ledger: LedgerState
    complete: bool
    flows: tuple[TracedFlow, ...] | None
    certainty: Certainty | None


class QuantityRange(msgspec.Struct, frozen=True):
    """At least `low`, at most `high` (None: not known) of a unit (None: pieces)."""

    low: Decimal
    high: Decimal | None
    uom: str | None


Quantities = tuple[QuantityRange, ...]
"""One range a unit; units of one dimension are one range in the unit seen first."""


class StockColumns(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of stock of one item at one outlet; `engine.stock` states the identities between them."""

    made: Quantities = ()
    received: Quantities = ()
    returned: Quantities = ()
    used: Quantities = ()
    sold: Quantities = ()
    destroyed: Quantities = ()
    forwarded: Quantities = ()
    in_transit: Quantities = ()
    held: Quantities = ()
    unaccounted: Quantities = ()


class Item(msgspec.Struct, frozen=True):
    """An item as an answer shows it."""

    id: str
    urn: str | None
    kind: ItemKind
    gtin: str | None
    lot: str | None
    serial: str | None
    product: str | None
    """The product's name in master data."""


class Address(msgspec.Struct, frozen=True):
    """A postal address of master data (CBV 2.0 §10)."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Contact(msgspec.Struct, frozen=True):
    """Whom to call at an outlet, from master data."""

    name: str | None
    role: str | None
    phone: str | None
    email: str | None


class Site(msgspec.Struct, frozen=True):
    """A site as an answer shows it, with what master data says of it."""

    id: str
    urn: str | None
    gln: str | None
    name: str | None
    roles: tuple[str, ...]
    party: str | None
    address: Address | None
    latitude: float | None
    longitude: float | None


class AffectedStock(msgspec.Struct, frozen=True):
    """One item at one outlet: what was there, and of each column how much can have come from the seeds."""

    item: Item
    certainty: Certainty
    stock: StockColumns
    affected_at_most: StockColumns


class AffectedOutlet(msgspec.Struct, frozen=True):
    """A site to call, with the stock affected there and why."""

    site: Site
    certainty: Certainty
    tier: int
    """Changes of site from the nearest seed."""
    stock: tuple[AffectedStock, ...]
    evidence: tuple[str, ...]
    contacts: tuple[Contact, ...]
    in_transit: bool
    """True where nothing but a shipment on its way there reaches it."""


class AffectedLot(msgspec.Struct, frozen=True):
    """One item over all outlets: the sums of what was made, is held, is on the way, and left the chain."""

    item: Item
    certainty: Certainty
    depth: int
    outlets: int
    stock: StockColumns


class Shipment(msgspec.Struct, frozen=True):
    """Affected goods on the way: not surely arrived. A `source` or `destination` of None: not recorded."""

    item: Item
    source: Site | None
    destination: Site | None
    certainty: Certainty
    departed: Interval
    quantity: Quantities
    events: tuple[str, ...]


class RecallSummary(msgspec.Struct, frozen=True):
    """Counts of the scope by certainty, and sums of what can still be stopped."""

    outlets_certain: int
    outlets_possible: int
    items_certain: int
    items_possible: int
    in_transit: int
    held: Quantities
    gaps: int


class RecallScope(msgspec.Struct, frozen=True):
    """What must be recalled, from whom. The same question on the same ledger is the same scope and `hash`."""

    ledger: LedgerState
    hash: str
    complete: bool
    summary: RecallSummary
    outlets: tuple[AffectedOutlet, ...]
    lots: tuple[AffectedLot, ...]
    in_transit: tuple[Shipment, ...]
    excluded: tuple[Exclusion, ...]
    gaps: tuple[AnswerGap, ...]
    parameters: dict[str, object]
    """The question after defaults, as its hash covers it."""
    digests: dict[str, str]
    """Builder version and SHA-256 of the vocabularies and steps it was derived with."""
    backward_in_time: bool
