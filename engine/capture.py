"""Capture: events into the ledger, and the flow graph brought up to them, in one transaction (design §1).

In: a store, events, who captured them. Out: `Captured`. Nothing is half done: the entries, their namings and the
parts of the closed set are committed together, and the same events twice are the same entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from engine.builder.build import CYCLIC, build_parts
from engine.builder.closed_set import Scene, namings_of, scene_of, scene_of_items, width_of
from engine.builder.sites import PLACE, SITE, addressed, newly_sites
from engine.builder.touchings import touch_namings
from engine.ledger import Attestation, Capture
from engine.stores.ports import Naming, Snapshot, Store
from graph_schema.event import Event
from graph_schema.flow_graph import Gap
from graph_schema.profiles import Systems, profiles, touching_of
from graph_schema.units import exact_sums

REBUILD_BATCH = 2_000
"""Owners built at once in a rebuild."""

Masters = Iterable[tuple[str, str, bytes]]
"""Master data: key, kind, attributes as JSON."""


class Captured(msgspec.Struct, frozen=True):
    """What became of captured events, and where the ledger stands."""

    accepted: int
    duplicates: int
    position: int
    cycles: tuple[Gap, ...] = ()
    """What is recorded inside itself, and was not before."""


def capture(
    store: Store,
    events: Sequence[Event],
    by: Capture,
    masters: Masters = (),
    attestations: Sequence[Attestation] = (),
    systems: Systems = profiles,
) -> Captured:
    """Append events and bring the flow graph up to them; whole, or not at all.

    `attestations` are one an event (`engine.attestation`), or none where all are free. `systems` gives the profiles
    that declare contact; they are read only where an event says of which it is.
    """
    with store.transaction() as transaction:
        return capture_within(transaction, events, by, masters, attestations, systems)


@exact_sums()
def capture_within(
    transaction: Snapshot,
    events: Sequence[Event],
    by: Capture,
    masters: Masters = (),
    attestations: Sequence[Attestation] = (),
    systems: Systems = profiles,
) -> Captured:
    """The same within a transaction that the caller commits."""
    entries = transaction.ledger.append(events, by, attestations)
    position = transaction.ledger.head().position
    transaction.masters.put(masters, position)
    namings = namings_of(entries, transaction.masters, systems)
    sites = newly_sites(namings, transaction.lookup)
    transaction.lookup.add_namings(namings)
    cycles: tuple[Gap, ...] = ()
    if entries:
        cycles = _build(scene_of(entries, transaction, systems, sites=sites), transaction, position)
    if cycles:
        known = transaction.graph.gaps(position - len(entries), [gap.item for gap in cycles])
        cycles = tuple(gap for gap in cycles if gap not in known)
    return Captured(len(entries), len(events) - len(entries), position, cycles)


@exact_sums()
def rebuild(store: Store, systems: Systems = profiles) -> int:
    """Derive the whole flow graph anew from the ledger; rows that come out as they were stay untouched.

    Returns how many owners were built. Owes nothing to closed sets: every item is built from all that bears on it.
    """
    built = 0
    with store.transaction() as transaction:
        position = transaction.ledger.head().position
        places = [naming.narrower for naming in transaction.lookup.narrower([PLACE])]
        transaction.lookup.add_namings(Naming(key, SITE, position) for key in addressed(places, transaction.masters))
        transaction.lookup.add_namings(touch_namings(transaction.ledger.entries(), systems))
        transaction.graph.clear(position)
        transaction.kin.clear()
        # What is narrower comes before what is wider: that is built from what these offer.
        for items in _batches(iter(sorted(_items(transaction, systems), key=width_of))):
            _build(scene_of_items(items, transaction, systems), transaction, position)
            built += len(items)
    return built


def _build(scene: Scene, transaction: Snapshot, position: int) -> tuple[Gap, ...]:
    """Bring the rows of a scene's owners up to a position; what of them is recorded inside itself."""
    found: list[Gap] = []
    for built in build_parts(scene, transaction.kin):
        transaction.graph.replace(built.parts, position)
        transaction.kin.tell(built.holders)
        found.extend(gap for part in built.parts for gap in part.gaps if gap.kind == CYCLIC)
    return tuple(found)


def _items(transaction: Snapshot, systems: Systems) -> Iterator[str]:
    """Every item that an event names or touched, once, in order of first mention."""
    seen: set[str] = set()
    for entry in transaction.ledger.entries():
        touching = touching_of(entry.event, systems)
        items = [what.item for what in entry.event.whats] + ([] if touching is None else sorted(touching.items))
        for item in items:
            if item not in seen:
                seen.add(item)
                yield item


def _batches(items: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(items, REBUILD_BATCH)):
        yield batch
