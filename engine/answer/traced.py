"""What a trace and a path answer. What is costly to write down is worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from engine.answer.words import AnswerGap, Certainty, Direction, Exclusion, ItemKind, LedgerState, ToldTimes
from graph_schema.flow_graph import FlowKind, Grade
from graph_schema.interval import Interval


class Witness(Protocol):
    """Where and how the walk found things."""

    def urn(self, key: str) -> str | None:
        """The EPC URN of a key, where one is known."""

    def evidence(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """Ids of the events of a shortest chain from a seed to the thing of each row."""


class Reached(msgspec.Struct, frozen=True, eq=False):
    """What is in an answer, as columns of one length, in no order that means anything."""

    codes: npt.NDArray[np.int64]
    """Its number in the index; from the number of those on, of what only the question names."""
    certain: npt.NDArray[np.bool_]
    depth: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def certain_count(self) -> int:
        """How many are certain."""
        return int(np.count_nonzero(self.certain))


class TracedItem(msgspec.Struct, frozen=True):
    """An item the walk enters: how surely, how many levels from the nearest seed, from which seeds."""

    id: str
    kind: ItemKind
    certainty: Certainty
    depth: int
    seeds: tuple[int, ...]
    """Positions in the question of the seeds that reach it."""
    row: int
    """Under which the witness keeps it."""
    witness: Witness

    @property
    def urn(self) -> str | None:
        """The EPC URN, where one is known."""
        return self.witness.urn(self.id)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the events of a shortest chain from a seed."""
        return self.witness.evidence([self.row])[0]


class TracedSite(msgspec.Struct, frozen=True):
    """A site at which goods of the answer were, or, where `in_transit` alone, which they were sent to."""

    id: str
    name: str | None
    certainty: Certainty
    depth: int
    seeds: tuple[int, ...]
    in_transit: bool
    """True where nothing but a shipment on its way there reaches it."""
    row: int
    """Under which the witness keeps it."""
    witness: Witness

    @property
    def urn(self) -> str | None:
        """The EPC URN, where one is known."""
        return self.witness.urn(self.id)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the events of a shortest chain from a seed."""
        return self.witness.evidence([self.row])[0]


class TracedLoad(msgspec.Struct, frozen=True):
    """One load of a container asked for: which seed of the question, when it was in, and what it reaches."""

    seed: int
    container: str
    packed: Interval
    unpacked: Interval | None
    """None where no record takes it out."""
    items: tuple[str, ...]
    sites: tuple[str, ...]


class Touch(msgspec.Struct, frozen=True):
    """Who touches whom in a contact (rule 13), as far as one flow of it tells."""

    givers: tuple[str, ...]
    """Empty where the flow leads from a junction."""
    takers: tuple[str, ...]
    """Empty where it leads into one."""
    junction: int | None
    """The same number for all flows into and out of one junction; None: straight from one to the other."""


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
    via: str | None
    """The container they moved in, were put into or came out of; None: loose."""
    touch: Touch | None = None
    """Of a contact alone."""


class Origin(msgspec.Struct, frozen=True):
    """Where nothing flows in any more (back), or where the answer started (forward)."""

    item: str
    site: str | None
    certainty: Certainty
    events: tuple[str, ...]


class Account(Protocol):
    """What a walk reached, told part by part when it is asked for."""

    def items(self) -> tuple[TracedItem, ...]:
        """Items in order of depth, then key."""

    def sites(self) -> tuple[TracedSite, ...]:
        """Sites in order of depth, then key."""

    def held(self) -> frozenset[tuple[str, str, Certainty]]:
        """(item, site, certainty): where each item was."""

    def flows(self) -> Sequence[TracedFlow]:
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
    items_reached: Reached
    """The items as columns: the set is there before any of it is told."""
    sites_reached: Reached
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
    def flows(self) -> Sequence[TracedFlow]:
        """Flows followed, in order of the walk; their number is known before they are told."""
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
    times: ToldTimes = ToldTimes()
    """How the events of the flows told their times."""
