"""What is recorded of the goods of a trace. In: a snapshot, items, events, a day. Out: records, and kinds of goods.

A record of a lot or a class is one of all that is of it. What happened after the day asked for is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from engine.builder.corrections import Standing, standings
from engine.questions.directory import widening
from engine.stores.ports import Snapshot
from graph_schema.event import Event, Role
from graph_schema.interval import BEGINNING
from graph_schema.master_data import text
from graph_schema.profiles import ActingSystem, Recognised
from graph_schema.profiles.public import kinds_in
from graph_schema.profiles.recognition import NAMED, day_of

INSPECTING = "inspecting"
FAILED = "non_conformant"
"""The business step of a test, and the disposition of one that failed (CBV 2.0 §7.1, §7.2)."""


class Recorded(msgspec.Struct, frozen=True):
    """An event, and what the product system has it as."""

    event: Event
    sure: bool
    """Whether it counts in every reading of the records (design rule 14)."""
    recognised: tuple[Recognised, ...]
    told: frozenset[str]
    """The dispositions that it gives, for a time or for good."""
    kept: frozenset[str]
    unset: frozenset[str]
    """Those of them that it gives for good, and those that it takes away (EPCIS 2.0 §7.3.5.3)."""

    @property
    def names(self) -> frozenset[str]:
        """The tracking events that it may be; of one that is none what its sender calls it, else its business step."""
        found = frozenset(one.event.id for one in self.recognised)
        return found or frozenset({text(self.event.extensions, NAMED) or self.event.biz_step or ""})

    @property
    def failed(self) -> bool:
        """Whether it tells of a test that failed."""
        tested = self.event.biz_step == INSPECTING and self.event.disposition == FAILED
        return tested or any(one.failed for one in self.recognised)

    def proves(self, name: str, proofs: frozenset[str]) -> bool:
        """Whether it surely is a record of a tracking event, with a good result and the papers that it should name."""
        found = (one for one in self.recognised if one.event.id == name)
        return self.sure and not self.failed and any(not proofs & {*one.missing} for one in found)


class Records:
    """The records of items, and some events more, each read once."""

    def __init__(
        self, snapshot: Snapshot, system: ActingSystem, items: Iterable[str], events: Iterable[str], day: str, at: int
    ) -> None:
        self._snapshot = snapshot
        self._system = system
        self._day, self._at = day, at
        self._wider = self._widened(list(items))
        recorded = self._read({key for keys in self._wider.values() for key in keys}, set(events))
        self._by_id = {one.event.id: one for one in recorded}
        self._of: dict[str, list[Recorded]] = defaultdict(list)
        self._used: dict[str, set[str]] = defaultdict(set)
        for one in recorded:
            self._used[_run(one.event)] |= {what.item for what in one.event.items(Role.INPUT)}
            for item in {what.item for what in one.event.whats}:
                self._of[item].append(one)

    def event(self, event_id: str) -> Recorded | None:
        """What an event records; None where it does not count on the day. Of a conflict one side, which is not sure."""
        return self._by_id.get(event_id)

    def of(self, item: str) -> list[Recorded]:
        """What is recorded of an item, and of what it is of, in order of time."""
        found = {_told_by(one): one for key in self.keys(item) for one in self._of.get(key, ())}
        return sorted(found.values(), key=lambda one: (one.event.time, *_told_by(one)))

    def sources(self, item: str) -> frozenset[str]:
        """What went into the transformations that made an item, or what it is of."""
        made = (event for key in self.keys(item) for event in self._making(key))
        return frozenset(source for event in made for source in self._used[_run(event)])

    def made_of_nothing(self, item: str) -> tuple[str, ...]:
        """The transformations that made an item, and into which nothing went as far as is recorded."""
        return tuple(event.id for event in self._making(item) if not self._used[_run(event)])

    def _making(self, item: str) -> Iterator[Event]:
        events = (one.event for one in self._of.get(item, ()))
        return (event for event in events if any(what.item == item for what in event.items(Role.OUTPUT)))

    def keys(self, item: str) -> tuple[str, ...]:
        """An item and what it is of."""
        return self._wider.get(item, (item,))

    def kinds(self, item: str) -> frozenset[str]:
        """The kinds of goods that an item may be, as all its records agree; none where they tell nothing."""
        kinds: frozenset[str] | None = None
        for one in self._of.get(item, ()):
            roles = {what.role for what in one.event.whats if what.item == item}
            told = frozenset(kind for each in one.recognised for kind in kinds_in(each.event, roles))
            if told:
                kinds = told if kinds is None else (kinds & told or kinds)
        return kinds or frozenset()

    def _widened(self, items: list[str]) -> dict[str, tuple[str, ...]]:
        """By item what it is of, as records and its code tell."""
        wider: dict[str, dict[str, None]] = {item: dict.fromkeys(widening(item)) for item in items}
        waiting = {item: [item] for item in items}
        while waiting:
            asked = sorted({key for keys in waiting.values() for key in keys})
            told: dict[str, list[str]] = defaultdict(list)
            for naming in self._snapshot.lookup.wider(asked):
                if naming.seq <= self._at:
                    told[naming.narrower] += widening(naming.wider)
            fresh = {item: [key for one in keys for key in told[one]] for item, keys in waiting.items()}
            waiting = {item: new for item, keys in fresh.items() if (new := [k for k in keys if k not in wider[item]])}
            for item, keys in waiting.items():
                wider[item].update(dict.fromkeys(keys))
        return {item: tuple(keys) for item, keys in wider.items()}

    def _read(self, keys: set[str], events: set[str]) -> list[Recorded]:
        """Each event that names one of some keys, or has one of some ids."""
        named = {e.event.id for e in self._snapshot.lookup.entries_naming(sorted(keys)) if e.seq <= self._at}
        entries = [e for e in self._snapshot.ledger.entries_of(sorted(named | events)) if e.seq <= self._at]
        counted, _ = standings(entries, lambda event_id: bool(self._snapshot.ledger.entries_of([event_id])))
        return [self._record(one) for one in self._until(counted)]

    def _until(self, counted: Iterable[Standing]) -> Iterator[Standing]:
        """Those that may have been by the day asked for."""
        return (one for one in counted if _begins_open(one.event) or day_of(one.event) <= self._day)

    def _record(self, standing: Standing) -> Recorded:
        """One that may have been at any time before may have been after: it proves nothing."""
        event = standing.event
        kept, taken = (event.dispositions(change) for change in ("set", "unset"))
        own = frozenset[str]() if event.disposition is None else frozenset({event.disposition})
        sure = standing.sure and not _begins_open(event)
        return Recorded(event, sure, self._system.recognise(event), own | kept, kept, taken)


def _told_by(recorded: Recorded) -> tuple[str, bytes]:
    """Which event it is: one id with two bodies is two (design rule 14)."""
    return recorded.event.id, recorded.event.body_hash


def _run(event: Event) -> str:
    """What tells a transformation: events of one `transformationID` are one (design rule 12)."""
    return event.transformation_id or event.id


def _begins_open(event: Event) -> bool:
    return event.time.earliest <= BEGINNING
