"""What an enterprise sees of the ledger: its own events, one step up, one down. In: who, entries. Out: `Sight`.

Being named by oneself gives no sight: a step is seen by the side that the *other* side named. So what others captured
is seen where it was at a site of one's own, or names one as where from or where to; and of what one named oneself, that
alone which the others told one of or packed into what they told of, which one made, or which nobody had named before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from api.principals import Principal
from api.rights.clearance import Clearance
from api.rights.concerned import partners_of, places_of, with_sites
from api.rights.pseudonyms import Pseudonyms
from engine.event_order import PAGE, EventField, EventKey, EventSpan, Fact, facts_of, key_of
from engine.ledger import Attestation, LedgerEntry
from engine.questions.directory import widening
from engine.stores.ports import Snapshot
from graph_schema.event import Action, Event, EventType, Role
from graph_schema.identifiers import site_of_place


class Side(IntEnum):
    """Why an entry is seen."""

    CAPTURED = 0
    """Who sees it captured it."""
    HERE = 1
    """Another captured it, at a site of theirs who see it."""
    NAMED = 2
    """Another captured it, elsewhere, and named them."""


class SeenEntry(NamedTuple):
    """An entry that is seen."""

    seq: int
    side: Side


class Mentions:
    """The entries that mention each of some keys, by sequence number."""

    def __init__(self) -> None:
        self._entries: dict[str, list[int]] = {}
        self._sorted: list[str] = []

    def note(self, keys: Iterable[str], seq: int) -> None:
        """They are mentioned in an entry; entries come in order."""
        for key in keys:
            self._entries.setdefault(key, []).append(seq)

    def first(self, key: str, at: int) -> int | None:
        """Where a key was mentioned first, up to a position."""
        entries = self._entries.get(key)
        return entries[0] if entries and entries[0] <= at else None

    def of(self, key: str, at: int) -> list[int]:
        """Where a key is mentioned, up to a position."""
        return [seq for seq in self._entries.get(key, ()) if seq <= at]

    def keys(self, beginning: str, at: int) -> Iterator[str]:
        """The keys mentioned up to a position, in order, from a text on."""
        if len(self._sorted) != len(self._entries):
            self._sorted = sorted(self._entries)
        known = self._sorted
        rest = map(known.__getitem__, range(bisect_left(known, beginning), len(known)))
        return (key for key in rest if self.first(key, at) is not None)


class SeenLedger:
    """The entries that one principal sees, by what they are found by.

    It only grows, and never in the midst of what is there: others read it meanwhile.
    """

    def __init__(
        self, principal: Principal, sites: frozenset[str], pseudonyms: Pseudonyms, clearance: Clearance
    ) -> None:
        self.principal = principal
        self._clearance = clearance
        """How they are shown events: what they are found by, and where others were, is what is shown."""
        self.sites = sites
        """Its own, and those of its parties."""
        self._pseudonyms = pseudonyms
        self.real: dict[str, str] = {}
        """By each id under which an event is shown, the event's own."""
        self.position = 0
        self.entries: dict[str, list[SeenEntry]] = defaultdict(list)
        """By event id."""
        self.named, self.told, self.held, self.made = Mentions(), Mentions(), Mentions(), Mentions()
        """Items: all; those that others told of; that were at one's own sites; that were made there."""
        self.told_at = Mentions()
        """Items by site, where others told of them there."""
        self.partners = Mentions()
        """Sites and parties of those who named one."""
        self.products = Mentions()
        """What the items named are of, as their codes tell."""
        self.seqs: list[int] = []
        self._keys: dict[Fact | None, list[EventKey]] = {}

    def concerned(self) -> set[str]:
        """The names of sites and parties whose entries are seen."""
        return {*self.sites, *self.principal.parties}

    def add(self, entries: Iterable[LedgerEntry], position: int) -> None:
        """See more entries; with these it is of a position."""
        fresh: dict[Fact | None, list[EventKey]] = defaultdict(list)
        for entry in sorted(entries, key=lambda one: one.seq):
            shown = self._clearance.cleared(entry)
            self._note(shown, self._side(entry))
            for fact in (None, *facts_of(shown.event)):
                fresh[fact].append(key_of(entry))
        for fact, keys in fresh.items():
            self._keys[fact] = sorted([*self._keys.get(fact, ()), *keys])
        self.position = position

    def _side(self, entry: LedgerEntry) -> Side:
        if entry.capture.author == self.principal.name:
            return Side.CAPTURED
        return Side.HERE if any(map(self.is_own, places_of(entry.event))) else Side.NAMED

    def is_own(self, place: str) -> bool:
        """Whether a place is one of their sites, or lies in one."""
        return place in self.sites or site_of_place(place) in self.sites

    def _note(self, entry: LedgerEntry, side: Side) -> None:
        event, seq = entry.event, entry.seq
        self.entries[event.id].append(SeenEntry(seq, side))
        self.real[self.shown_id(event.id, [side])] = event.id
        items = {what.item for what in event.whats}
        places = places_of(event)
        self.seqs.append(seq)
        self.named.note(items if event.transformation_id is None else items | {event.transformation_id}, seq)
        self.products.note({wider for item in items for wider in widening(item)}, seq)
        if side is Side.NAMED and entry.attestation is not Attestation.STRANGER:
            self.told.note(items, seq)
            self.told_at.note({_at(item, place) for item in items for place in with_sites(places)}, seq)
            self.partners.note(with_sites(places | partners_of(event)), seq)
        elif side is not Side.NAMED and places and all(map(self.is_own, places)):
            self.held.note(items, seq)
            self.made.note(items_made(event), seq)

    def shown_id(self, event_id: str, sides: Collection[Side]) -> str:
        """Of an event that its reader captured its own id; of another's a pseudonym."""
        return event_id if Side.CAPTURED in sides else self._pseudonyms.event(self.principal.name, event_id)

    def keys(self, span: EventSpan, fact: Fact | None, after: EventKey) -> Sequence[EventKey]:
        """Some keys of a fact behind one, in the order of a span (`engine.event_order.Fetch`)."""
        known = self._keys.get(fact, [])
        if span.descending:
            behind: Iterator[EventKey] = map(known.__getitem__, range(bisect_left(known, after) - 1, -1, -1))
        else:
            behind = map(known.__getitem__, range(bisect_right(known, after), len(known)))
        within = (key for key in behind if span.since <= key.time < span.until and key.seq <= span.upto)
        return list(islice(within, PAGE))

    def values(self, field: EventField, after: str, limit: int, at: int) -> list[str]:
        """Values of a field after a text, in order."""
        known = list(self._keys.items())
        said = (fact.value for fact, keys in known if fact and fact.field is field and _any(keys, at))
        return sorted(value for value in said if value > after)[:limit]


class Sight:
    """What a principal sees as of a position, in one committed state."""

    def __init__(self, seen: SeenLedger, snapshot: Snapshot, at: int) -> None:
        self.seen = seen
        self.at = at
        self._snapshot = snapshot

    @property
    def reader(self) -> str:
        """Who sees."""
        return self.seen.principal.name

    def is_own(self, site: str | None) -> bool:
        """Whether a site is one of theirs, or lies in one."""
        return site is not None and self.seen.is_own(site)

    def sides(self, event_id: str) -> list[Side]:
        """Why entries of an event are seen; none where it is hidden."""
        return [one.side for one in self.seen.entries.get(event_id, ()) if one.seq <= self.at]

    def shown(self, event_ids: Collection[str]) -> set[str]:
        """Those of some events that are seen whole: an id that hidden entries have too is of these."""
        found = {event for event in event_ids if self.sides(event)}
        for entry in self._snapshot.ledger.entries_of(sorted(self._snapshot.ledger.repeated(found))):
            if entry.seq <= self.at and not self.sees(entry):
                found.discard(entry.event.id)
        return found

    def sees(self, entry: LedgerEntry) -> bool:
        """Whether an entry is seen."""
        return any(one.seq == entry.seq for one in self.seen.entries.get(entry.event.id, ()))

    def told_of(self, items: Iterable[str], site: str) -> bool:
        """Whether the other side, at its site, named them with any of some items."""
        return any(self.seen.told_at.first(_at(item, site), self.at) is not None for item in items)

    def names_them(self, event_id: str) -> bool:
        """Whether the other side named them in an event."""
        return Side.NAMED in self.sides(event_id)

    def knows_partner(self, key: str) -> bool:
        """Whether a site or party is their own, or of those who named them."""
        return (
            self.is_own(key) or key in self.seen.principal.parties or self.seen.partners.first(key, self.at) is not None
        )

    def mentions(self, item: str) -> bool:
        """Whether an entry that is seen names an item: it is nothing new to them that there is one."""
        return self.seen.named.first(item, self.at) is not None

    def knows_product(self, key: str) -> bool:
        """Whether an item that they see named is of it, or is it."""
        return self.seen.products.first(key, self.at) is not None

    def items_had(self, items: Iterable[str]) -> set[str]:
        """Those of some items that they had, by more than their own word."""
        told, doubtful = set(), set()
        for item in items:
            if self.seen.told.first(item, self.at) is not None:
                told.add(item)
            elif self.seen.held.first(item, self.at) is not None:
                doubtful.add(item)
        return told | {item for item in doubtful if self._is_first_to_name(item) or self._came_in_what_was_told(item)}

    def had_in_event(self, event_id: str) -> bool:
        """Whether an event was at their sites or names them, and they had all that it names."""
        entries = self._snapshot.ledger.entries_of([event_id])
        return bool(entries) and all(map(self._tells_of_theirs, entries)) and self._had_all(entries)

    def had_in_process(self, transformation_id: str) -> bool:
        """The same for the events of one process."""
        if not self.mentions(transformation_id):
            return False
        entries = self._snapshot.lookup.entries_naming([transformation_id])
        return all(map(self._tells_of_theirs, entries)) and self._had_all(entries)

    def _tells_of_theirs(self, entry: LedgerEntry) -> bool:
        named = self.names_them(entry.event.id)
        return self.sees(entry) and (named or all(map(self.seen.is_own, places_of(entry.event))))

    def _had_all(self, entries: Iterable[LedgerEntry]) -> bool:
        items = {what.item for entry in entries for what in entry.event.whats}
        return self.items_had(items) == items

    def _is_first_to_name(self, item: str) -> bool:
        """Whether no hidden entry named an item before, or they made it and no hidden entry makes it."""
        entries = [entry for entry in self._snapshot.lookup.entries_naming([item]) if entry.seq <= self.at]
        hidden = [entry for entry in entries if not self.sees(entry)]
        first = self.seen.held.first(item, self.at) or 0
        if all(first < entry.seq for entry in hidden):
            return True
        makes = self.seen.made.first(item, self.at) is not None
        return makes and not any(item in items_made(entry.event) for entry in hidden)

    def _came_in_what_was_told(self, item: str) -> bool:
        """Whether others put an item into a container, at whatever depth, that they told of."""
        reached, waiting = {item}, [item]
        while waiting:
            around = {box for box in self._packed_into(waiting) if box not in reached}
            if any(self.seen.told.first(box, self.at) is not None for box in around):
                return True
            reached |= around
            waiting = sorted(around)
        return False

    def _packed_into(self, items: Collection[str]) -> Iterator[str]:
        """What others' events say that some items were in."""
        for entry in self._snapshot.lookup.entries_naming(items):
            whats = entry.event.whats
            children = {what.item for what in whats if what.role is Role.CHILD}
            if entry.seq <= self.at and entry.capture.author != self.reader and children & set(items):
                yield from (what.item for what in whats if what.role is Role.PARENT)


def items_made(event: Event) -> set[str]:
    """What an event commissions, or makes as outputs of a transformation."""
    if event.type is EventType.TRANSFORMATION:
        return {what.item for what in event.whats if what.role is Role.OUTPUT}
    if event.action is Action.ADD and event.type is EventType.OBJECT:
        return {what.item for what in event.whats}
    return set()


def _at(item: str, site: str) -> str:
    return f"{item} {site}"


def _any(keys: Sequence[EventKey], at: int) -> bool:
    return any(key.seq <= at for key in keys)
