"""What new events make the builder build anew (design rule 16). In: new entries, the look-ups. Out: a `Scene`.

The closed set holds what the new events name, what was ever in or on it, the wider and narrower items that may share
its goods, and the processes it went through. The scene holds all that the builder must know to tell these, and no more:
the events of the set, of the containers around it, and of its kin.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from engine.builder.corrections import Standing, standings
from engine.builder.kin import only_taken
from engine.builder.records import Record, records_of
from engine.builder.sites import Sites, place_namings
from engine.builder.touchings import EventKey, Touchings, touch_namings
from engine.ledger import LedgerEntry
from engine.stores.ports import KinPort, LedgerPort, LookupPort, MasterPort, Naming, Snapshot
from graph_schema.event import Event, Role
from graph_schema.flow_graph import Gap
from graph_schema.identifiers import Kind, kind_of_key, lot_of_class, site_of_place, wider_key
from graph_schema.interval import BEGINNING, Interval
from graph_schema.profiles import Systems, Touching

CORRECTIVE_PREFIX = "corrective:"
"""Marks, among namings, that a declared event waits for a corrective one."""


class Scene(msgspec.Struct, frozen=True):
    """The owners to build, and everything that bears on them."""

    owners: tuple[str, ...]
    processes: tuple[str, ...]
    """transformationIDs to build."""
    standings: dict[str, list[Standing]]
    """By item or transformationID: the events that name it and count."""
    gaps: dict[str, list[Gap]]
    """By item: gaps that corrections leave."""
    wider: dict[str, tuple[str, ...]]
    touchings: dict[EventKey, Touching]
    """By event: what profiles declare of it (rule 13)."""


def namings_of(entries: Sequence[LedgerEntry], masters: MasterPort, systems: Systems) -> list[Naming]:
    """Which item is of which wider one (rule 11), and which declared event waits for which corrective (rule 14).

    And which GLN extensions are places, and which sites (design §2), and what events touched (rule 13).
    """
    told: dict[tuple[str, str], Naming] = {}
    for entry in entries:
        for narrower, wider in _namings(entry.event):
            told.setdefault((narrower, wider), Naming(narrower, wider, entry.seq))
    return [*told.values(), *place_namings(entries, masters), *touch_namings(entries, systems)]


def _namings(event: Event) -> Iterable[tuple[str, str]]:
    for what in event.whats:
        kind = kind_of_key(what.item)
        lot = what.lot if kind is Kind.instance else None
        wider = wider_key(what.item)
        if lot is None and wider is not None and event.lot_number and what.role in (Role.NAMED, Role.OUTPUT):
            lot = lot_of_class(wider, event.lot_number) if kind is Kind.instance else None
        if lot is not None and lot != what.item:
            yield what.item, lot
            if wider is not None:
                yield lot, wider
        elif wider is not None:
            yield what.item, wider
    if event.error is not None:
        for corrective in event.error.corrective_ids:
            yield CORRECTIVE_PREFIX + corrective, event.id


_WIDTH = {Kind.class_: 2, Kind.lot: 1}


def width_of(item: str) -> int:
    """How many steps wider than an instance a thing is: what is of it is less wide."""
    return _WIDTH.get(kind_of_key(item), 0)


def is_individual(item: str, events: Sequence[Standing]) -> bool:
    """Whether an item is in one place: an instance or logistic unit, and of one's own URIs those never counted."""
    kind = kind_of_key(item)
    if kind in (Kind.instance, Kind.logistic_unit):
        return True
    if kind in (Kind.lot, Kind.class_):
        return False
    whats = [what for standing in events for what in standing.event.whats if what.item == item]
    return all(what.quantity is None and what.uom is None for what in whats)


class _Reader:
    """The events and namings around a set of items, each read once."""

    def __init__(self, ledger: LedgerPort, lookup: LookupPort, systems: Systems) -> None:
        self.ledger = ledger
        self.lookup = lookup
        self.sites = Sites(lookup)
        self.touchings = Touchings(lookup, systems)
        self.entries: dict[str, list[LedgerEntry]] = {}
        self.wider: dict[str, tuple[str, ...]] = {}
        self.narrower: dict[str, tuple[str, ...]] = {}

    def read(self, items: Collection[str]) -> None:
        """Make sure that the entries naming these items are at hand."""
        missing = [item for item in dict.fromkeys(items) if item not in self.entries]
        if not missing:
            return
        for item in missing:
            self.entries[item] = []
        wanted = set(missing)
        for entry in self._naming(missing):
            for name in self.names(entry.event) & wanted:
                self.entries[name].append(entry)

    def _naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """Every entry that names one of these items, or whose profile says that it touched one, in order."""
        touching = self.entries_of(self.touchings.events_of(items)) if items else []
        naming = self.sites.tell(self.lookup.entries_naming(items))
        if not touching:
            return naming
        # Those that touched come whole: what they declare is read from their bodies.
        found = {entry.seq: entry for entry in (*naming, *touching)}
        return [found[seq] for seq in sorted(found)]

    def names(self, event: Event) -> set[str]:
        """What an event is of: the items it names, those it touched, its transformation."""
        names = {what.item for what in event.whats}
        if event.transformation_id is not None:
            names.add(event.transformation_id)
        return names | self.items_touched(event)

    def items_touched(self, event: Event) -> frozenset[str]:
        """What profiles say that an event touched."""
        touching = self.touchings.of(event)
        return frozenset() if touching is None else touching.items

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        """Every entry with one of these event ids."""
        return self.sites.tell(self.ledger.entries_of(sorted(event_ids)))

    def containers_of(self, items: Iterable[str]) -> set[str]:
        """What these items were ever in or on."""
        return {
            what.item
            for item in items
            for entry in self.entries[item]
            if any(w.item == item and w.role is Role.CHILD for w in entry.event.whats)
            for what in entry.event.items(Role.PARENT)
        }

    def contents_of(self, items: Iterable[str]) -> set[str]:
        """What was ever in or on these items."""
        return {
            what.item
            for item in items
            for entry in self.entries[item]
            if any(w.item == item and w.role is Role.PARENT for w in entry.event.whats)
            for what in entry.event.items(Role.CHILD)
        }

    def wider_of(self, items: Collection[str]) -> set[str]:
        """All wider items, however many steps up."""
        return self._climb(items, self.wider, self.lookup.wider, lambda naming: (naming.narrower, naming.wider))

    def narrower_of(self, items: Collection[str]) -> set[str]:
        """All narrower items, however many steps down."""
        return self._climb(items, self.narrower, self.lookup.narrower, lambda naming: (naming.wider, naming.narrower))

    @staticmethod
    def _climb(
        items: Collection[str],
        known: dict[str, tuple[str, ...]],
        ask: Callable[[Collection[str]], list[Naming]],
        ends: Callable[[Naming], tuple[str, str]],
    ) -> set[str]:
        found: set[str] = set()
        frontier = set(items)
        while frontier:
            missing = sorted(item for item in frontier if item not in known)
            told: dict[str, list[str]] = {item: [] for item in missing}
            for naming in ask(missing) if missing else []:
                start, end = ends(naming)
                told[start].append(end)
            known.update({item: tuple(sorted(others)) for item, others in told.items()})
            reached = {other for item in frontier for other in known[item]}
            frontier = reached - found
            found |= reached
        return found


def scene_of(new: Sequence[LedgerEntry], snapshot: Snapshot, systems: Systems, sites: Collection[str] = ()) -> Scene:
    """The closed set of new entries, and all that bears on it.

    `sites`: GLN extensions that were places within a site until the new entries came.
    """
    reader = _Reader(snapshot.ledger, snapshot.lookup, systems)
    told = [*new, *_same_ids(new, reader), *_at_places(sites, reader, snapshot)]
    processes = {entry.event.transformation_id for entry in told}
    owners = _close(reader, _changed(reader, told), told, snapshot.kin)
    return _scene(reader, owners, {name for name in processes if name is not None})


def scene_of_items(items: Collection[str], snapshot: Snapshot, systems: Systems) -> Scene:
    """All that bears on these items, for a rebuild of just them and the processes they went through."""
    reader = _Reader(snapshot.ledger, snapshot.lookup, systems)
    reader.read(items)
    named = {e.event.transformation_id for item in items for e in reader.entries[item]}
    return _scene(reader, set(items), {name for name in named if name is not None})


def _same_ids(new: Sequence[LedgerEntry], reader: _Reader) -> list[LedgerEntry]:
    """Entries whose standing the new ones may change: of the same id, or waiting for one of these as a corrective."""
    ids = {entry.event.id for entry in new}
    waiting = reader.lookup.wider([CORRECTIVE_PREFIX + event_id for event_id in sorted(ids)])
    return reader.entries_of(ids | {naming.wider for naming in waiting})


def _at_places(extensions: Collection[str], reader: _Reader, snapshot: Snapshot) -> list[LedgerEntry]:
    """All entries of goods that were at the sites of which these extensions were places until now."""
    sites = {site_of_place(key) for key in extensions}
    if not sites:
        return []
    there = (row.vertex for row in snapshot.graph.vertices() if row.to_seq is None and row.vertex.site in sites)
    ids = {vertex.event_id for vertex in there if vertex.event_id is not None}
    items = {item for entry in reader.entries_of(ids) for item in reader.names(entry.event)}
    reader.read(items)
    return [entry for item in sorted(items) for entry in reader.entries[item]]


def _changed(reader: _Reader, told: Sequence[LedgerEntry]) -> set[str]:
    """Items whose own history the entries change: what they name, and what was ever in or on it, to a fixpoint."""
    changed: set[str] = set()
    frontier = {what.item for entry in told for what in entry.event.whats}
    frontier = frontier.union(*(reader.items_touched(entry.event) for entry in told))
    while frontier:
        changed |= frontier
        reader.read(frontier)
        frontier = reader.contents_of(frontier) - changed
    return changed


def _close(reader: _Reader, changed: set[str], told: Sequence[LedgerEntry], kin: KinPort) -> set[str]:
    """With the changed items, their kin whose rows depend on them (rule 11)."""
    wider = reader.wider_of(changed)
    reader.read(wider)
    closed = changed | {item for item in wider if reader.entries[item]}
    new = {entry.seq for entry in told}
    named = sorted(item for item in changed if width_of(item) and reader.entries[item])
    moved = {item for item in named if not all(_is_taken(reader, entry.event, item) for entry in reader.entries[item])}
    for item in named:
        if item not in moved:
            closed |= _concerned(reader, item, new, kin)
    # Where goods may have moved under the wider name: all.
    narrower = reader.narrower_of(moved)
    reader.read(narrower)
    return closed | {item for item in narrower if reader.entries[item]}


def _is_taken(reader: _Reader, event: Event, item: str) -> bool:
    return only_taken(event, item) and item not in reader.items_touched(event)


def _concerned(reader: _Reader, item: str, new: set[int], kin: KinPort) -> set[str]:
    """Narrower items whose rows depend on what new entries tell of a wider one, under which goods only ever left.

    Those that came to the site since the leaving before, that surely have some left there, or that were recorded
    anywhere from that instant on.
    """
    entries = reader.entries[item]
    leavings = [record for entry in entries if entry.seq in new for record in records_of(entry.event, item)]
    lasting = _lasting([entry for entry in entries if entry.seq not in new], item)
    found: set[str] = set()
    for record in leavings:
        came = Interval(_leaving_before(record, lasting), record.time.latest)
        found |= kin.holders(item, record.place or "", came) | kin.recorded(item, record.time.earliest)
    return found


def _leaving_before(record: Record, lasting: Sequence[Record]) -> int:
    """When the last leaving from the same site before this one began."""
    earlier = [r.time for r in lasting if r.place == record.place and r.time.latest < record.time.latest]
    last = max((time.latest for time in earlier), default=BEGINNING)
    return min((time.earliest for time in earlier if time.latest == last), default=BEGINNING)


def _lasting(entries: Sequence[LedgerEntry], item: str) -> list[Record]:
    """What entries tell of an item that no declaration may take back."""
    declared = {entry.event.id for entry in entries if entry.event.error is not None}
    return [r for entry in entries if entry.event.id not in declared for r in records_of(entry.event, item)]


def _scene(reader: _Reader, owners: set[str], processes: set[str]) -> Scene:
    reader.read(owners)
    reader.read(processes)
    _read_around(reader, owners)
    by_item = {item: entries for item, entries in reader.entries.items() if entries}
    standing: dict[str, list[Standing]] = {}
    gaps: dict[str, list[Gap]] = {}
    whole = _with_all_of_ids(reader, by_item)
    known = _known_ids(reader, whole)
    for item, entries in whole.items():
        told, missing = standings(entries, known)
        standing[item] = [s for s in told if item in reader.names(s.event)]
        gaps[item] = [msgspec.structs.replace(gap, item=item) for gap in missing]
    return Scene(
        tuple(sorted(owner for owner in owners if owner in reader.entries)),
        tuple(sorted(processes)),
        standing,
        gaps,
        dict(reader.wider),
        reader.touchings.known,
    )


def _read_around(reader: _Reader, owners: set[str]) -> None:
    """Read what the owners are of, and the containers of both, in turn."""
    wider = reader.wider_of(owners)
    reader.read(wider)
    around = owners | wider
    while around:
        containers = reader.containers_of(around)
        around = {item for item in containers if item not in reader.entries}
        reader.read(around)
        # A container's own lot or class names its line.
        reader.wider_of(containers)


def _with_all_of_ids(reader: _Reader, by_item: dict[str, list[LedgerEntry]]) -> dict[str, list[LedgerEntry]]:
    """The entries of each item, and every other of the same event id, whatever items that one names."""
    ids = {entry.event.id for entries in by_item.values() for entry in entries}
    same: dict[str, list[LedgerEntry]] = {}
    for entry in reader.entries_of(reader.ledger.repeated(ids)):
        same.setdefault(entry.event.id, []).append(entry)
    whole = {}
    for item, entries in by_item.items():
        found = {other.seq: other for entry in entries for other in same.get(entry.event.id, (entry,))}
        whole[item] = [found[seq] for seq in sorted(found)]
    return whole


def _known_ids(reader: _Reader, by_item: dict[str, list[LedgerEntry]]) -> Callable[[str], bool]:
    """Whether the ledger has a corrective that some declaration names."""
    wanted = {
        event_id
        for entries in by_item.values()
        for entry in entries
        if entry.event.error is not None
        for event_id in entry.event.error.corrective_ids
    }
    known = {entry.event.id for entry in reader.entries_of(wanted)} if wanted else set()
    return known.__contains__
