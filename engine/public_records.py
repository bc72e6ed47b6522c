"""What the ledger tells the public, held apart. In: the ledger, followed. Out: marked records by thing; codes.

Held is what senders marked as tracking events of a product system, and which codes are on which thing. So a thing that
is not for the public is looked for in the same place as one that there is not, and both take the same time (ADR 0027).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock

from engine.builder.corrections import standings
from engine.clones import Clone, clones_of
from engine.ledger import Attestation, LedgerEntry
from engine.stores.ports import Snapshot
from graph_schema.event import Event
from graph_schema.identifiers import lot_of_class, wider_key
from graph_schema.profiles import Profiles
from graph_schema.profiles.aliases import told_codes
from graph_schema.profiles.public import Marks, Record, roles_of

NEWEST = 3
"""Records of one tracking event of one thing that are held: the newest, and what stands where it was an error."""
_SAYS = (b'cte"', b'codes"')
"""What the body of an event has that is marked, or that tells codes."""

Told = tuple[int, int]
"""The time of an event at the earliest, and its sequence number."""


@dataclass(slots=True)
class _Held:
    """What is held of a thing."""

    meant: frozenset[str] = frozenset()
    """The systems that its records may be of."""
    public: frozenset[str] = frozenset()
    """The systems in which a record shows that it comes to the public."""
    records: dict[str, list[Told]] = field(default_factory=dict)
    """By tracking event."""

    def note(self, mark: str, told: Told, systems: frozenset[str], public: frozenset[str]) -> None:
        """A record that contradicts those before it is of another system, and narrows nothing."""
        self.meant = self.meant & systems or self.meant or systems
        self.public |= public
        _note(self.records, mark, told)


class PublicRecords:
    """Marked records, as far as the ledger was followed; one for all requests of a process."""

    def __init__(self, profiles: Profiles) -> None:
        self._marks = Marks(profiles)
        self._held: dict[str, _Held] = {}
        self._public: dict[str, _Held] = {}
        """Of the things held those that are for the public: where a code is looked for."""
        self._things: dict[str, dict[str, list[Told]]] = {}
        """By code and the thing that it is on."""
        self._codes: dict[str, dict[str, None]] = {}
        self._lots: dict[str, str] = {}
        """By single thing the lot that it is of."""
        self._position = 0
        self._lock = Lock()

    def follow(self, snapshot: Snapshot) -> None:
        """Bring it up to a state, at least."""
        with self._lock:
            head = snapshot.ledger.head().position
            if head > self._position:
                for entry in snapshot.ledger.entries(self._position, head):
                    if entry.attestation is not Attestation.STRANGER and any(s in entry.event.body for s in _SAYS):
                        self._learn(entry)
                self._position = head

    def _learn(self, entry: LedgerEntry) -> None:
        event, told = entry.event, (entry.event.time.earliest, entry.seq)
        if marks := self._marks.of(event):
            systems = frozenset(mark.system for mark in marks)
            for what in event.whats:
                roles = frozenset({what.role})
                public = frozenset(mark.system for mark in marks if self._marks.shows_public(mark, roles))
                held = self._held.setdefault(what.item, _Held())
                held.note(marks[0].tracked.id, told, systems, public)
                if held.meant & held.public:
                    self._public[what.item] = held
                else:
                    self._public.pop(what.item, None)
                lot = what.lot or _lot_told(event, what.item)
                if lot is not None:
                    self._lots[what.item] = lot
        for thing, code in told_codes(event):
            _note(self._things.setdefault(code, {}), thing, told)
            self._codes.setdefault(thing, {})[code] = None

    def records(self, keys: Collection[str], systems: Collection[str], snapshot: Snapshot) -> list[Record]:
        """The records of the thing of these keys that stand, in order of time.

        None of one that is not for the public, nor of other systems than these.
        """
        with self._lock:
            held = [one for key in keys if (one := self._public.get(key)) and one.meant & one.public & {*systems}]
            meant = frozenset.intersection(*(one.meant for one in held)) & {*systems} if held else frozenset[str]()
            told = [one for some in held for records in some.records.values() for one in records]
        return [record for event in _standing(told, snapshot) if (record := self._record(event, keys, meant)).marks]

    def _record(self, event: Event, keys: Collection[str], meant: frozenset[str]) -> Record:
        marks = tuple(mark for mark in self._marks.of(event) if mark.system in meant)
        return Record(event, roles_of(event, keys), marks)

    def things(self, code: str, snapshot: Snapshot) -> list[str]:
        """The things that a code is on, two of them where it is on more; none where that is not for the public."""
        with self._lock:
            found = list(self._things.get(code, {}))
            if len(found) == 1 and found[0] not in self._public:
                return []
        return list(islice((thing for thing in found if self._is_on(code, thing, snapshot)), 2))

    def is_used_twice(self, thing: str, records: Collection[Record], snapshot: Snapshot) -> bool:
        """Whether marked records of a single thing that stand tell two uses of it that no one object can have.

        Whatever takes it off, or brings it back, counts, marked or not: nobody is told of it.
        """
        head = snapshot.ledger.head().position
        if len(records) < 2 or not snapshot.graph.lines([thing], head):
            return False
        systems = {mark.system for record in records for mark in record.marks}
        return any(self._is_marked(clone, systems, snapshot) for clone in clones_of(snapshot, thing, head))

    def _is_marked(self, clone: Clone, systems: Collection[str], snapshot: Snapshot) -> bool:
        """Whether both records of a clone count in every reading and are marked, of one of these systems."""
        if not (clone.first.record.sure and clone.second.record.sure):
            return False
        whole = (entry.event for entry in snapshot.ledger.entries_of(clone.events))
        return all(any(mark.system in systems for mark in self._marks.of(event)) for event in whole)

    def codes(self, thing: str, snapshot: Snapshot) -> list[str]:
        """The codes that are on a thing."""
        with self._lock:
            found = list(self._codes.get(thing, ()))
        return [code for code in found if self._is_on(code, thing, snapshot)]

    def _is_on(self, code: str, thing: str, snapshot: Snapshot) -> bool:
        with self._lock:
            told = list(self._things[code][thing])
        return bool(_standing(told, snapshot))

    def lot(self, thing: str) -> str | None:
        """The lot that a single thing is of."""
        with self._lock:
            return self._lots.get(thing)


def _note(known: dict[str, list[Told]], name: str, told: Told) -> None:
    known[name] = sorted([*known.get(name, ()), told])[-NEWEST:]


def _lot_told(event: Event, item: str) -> str | None:
    return None if event.lot_number is None else lot_of_class(wider_key(item) or "", event.lot_number)


def _standing(told: Iterable[Told], snapshot: Snapshot) -> list[Event]:
    """The events of records that are not declared errors, as of a state, in order of time (rule 14)."""
    head = snapshot.ledger.head().position
    seqs = sorted({seq for _, seq in told if seq <= head})
    if not seqs:
        return []
    ids = sorted({entry.event.id for entry in snapshot.events.at(seqs)})
    entries = [one for one in snapshot.ledger.entries_of(ids) if one.attestation is not Attestation.STRANGER]
    known, _ = standings(entries, lambda event_id: bool(snapshot.ledger.entries_of([event_id])))
    return [standing.event for standing in known]
