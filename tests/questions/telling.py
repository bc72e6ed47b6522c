"""Events in a few words, and an index over them. Times are days of January 2026; sites and lots are single words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from engine.answer import Certainty, Direction, RecallScope, Trace
from engine.capture import capture
from engine.index import FlowIndex, open_index
from engine.ledger import Capture
from engine.question import ItemSeed, Options, Question, Seed, Window
from engine.recall import recall_scope
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.event import Action, Event, EventType, Reference, Role, What
from graph_schema.identifiers import canonical_key
from graph_schema.interval import Interval, micros_of
from graph_schema.profiles import Systems, profiles

START = datetime(2026, 1, 1, tzinfo=UTC)
KILO = "KGM"


def day(number: float) -> int:
    """The moment a number of days into January 2026."""
    return micros_of(START + timedelta(days=number - 1))


def between(first: float | None = None, last: float | None = None) -> Window:
    """A window of days."""
    return Window(None if first is None else day(first), None if last is None else day(last))


def item(name: str) -> str:
    """The key of a lot X, of a piece 7, of a pallet P1, of their class."""
    if name == "class":
        return CLASS
    if name.isdigit():
        return canonical_key(f"urn:epc:id:sgtin:0614141.100005.{name}")
    if name[0] == "P" and name[1:].isdigit():
        return canonical_key(f"urn:epc:id:sscc:0614141.100000000{name[1:]}")
    return canonical_key(f"urn:epc:class:lgtin:0614141.100001.{name}")


CLASS = "https://id.gs1.org/01/10614141000019"
"""The class of every lot."""


def site(name: str) -> str:
    """The key of a site."""
    return f"https://example.org/site/{name}"


def told(
    what: str,
    when: float,
    at: str | None,
    whats: dict[str, float | None],
    *,
    to: str | None = None,
    doc: str | None = None,
    step: str | None = None,
    action: Action = Action.OBSERVE,
    kind: EventType = EventType.OBJECT,
    roles: dict[str, Role] | None = None,
    event_id: str | None = None,
    disposition: str | None = None,
    transformation_id: str | None = None,
) -> Event:
    """An event: what it is called, when, where, and of which things how much."""
    named = tuple(
        What(item(name), (roles or {}).get(name, Role.NAMED), _decimal(amount), None if amount is None else KILO)
        for name, amount in whats.items()
    )
    words = f"{what} {when} {at} {sorted(whats)} {to}"
    event = Event(
        id=event_id or f"urn:uuid:{hashlib.sha256(words.encode()).hexdigest()[:32]}",
        type=kind,
        time=Interval(day(when), day(when)),
        action=None if kind is EventType.TRANSFORMATION else action,
        biz_step=step,
        disposition=disposition,
        read_point=None if at is None else site(at),
        destinations=() if to is None else (Reference("location", site(to)),),
        transactions=() if doc is None else (Reference("desadv", f"urn:doc:{doc}"),),
        whats=named,
        transformation_id=transformation_id,
    )
    return msgspec.structs.replace(event, body_hash=hashlib.sha256(msgspec.json.encode(event)).digest(), body=b"{}")


def _decimal(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def made(when: float, at: str | None, **whats: float | None) -> Event:
    """Goods come into being."""
    return told("made", when, at, whats, step="commissioning", action=Action.ADD)


def shipped(when: float, at: str | None, to: str | None = None, doc: str | None = None, **whats: float | None) -> Event:
    """Goods set out."""
    return told("shipped", when, at, whats, to=to, doc=doc, step="shipping")


def received(when: float, at: str | None, doc: str | None = None, **whats: float | None) -> Event:
    """Goods come."""
    return told("received", when, at, whats, doc=doc, step="receiving")


def some_time_on(number: float, event: Event) -> Event:
    """The same event, of which only the day is known."""
    return msgspec.structs.replace(event, time=Interval(day(number), day(number + 1) - 1))


def some_time(event: Event, first: float, last: float) -> Event:
    """The same event, of which only is known between which moments it was."""
    return msgspec.structs.replace(event, time=Interval(day(first), day(last)))


def coming_from(name: str, arrival: Event) -> Event:
    """The same arrival, which names the site that it came from."""
    return msgspec.structs.replace(arrival, sources=(Reference("location", site(name)),))


def used(when: float, at: str | None, inputs: dict[str, float | None], outputs: dict[str, float | None]) -> Event:
    """Goods become other goods."""
    roles = dict.fromkeys(inputs, Role.INPUT) | dict.fromkeys(outputs, Role.OUTPUT)
    return told("used", when, at, inputs | outputs, kind=EventType.TRANSFORMATION, roles=roles)


def sold(when: float, at: str, **whats: float | None) -> Event:
    """Goods leave the chain."""
    return told("sold", when, at, whats, step="retail_selling", action=Action.DELETE, disposition="retail_sold")


def packed(when: float, at: str | None, pallet: str, **whats: float | None) -> Event:
    """Goods go into a container."""
    return _grouped("packed", when, at, pallet, whats, Action.ADD)


def unpacked(when: float, at: str | None, pallet: str, **whats: float | None) -> Event:
    """Goods come out of a container."""
    return _grouped("unpacked", when, at, pallet, whats, Action.DELETE)


def emptied(when: float, at: str | None, pallet: str) -> Event:
    """A container is emptied of all."""
    roles = {pallet: Role.PARENT}
    return told(
        "emptied", when, at, {pallet: None}, step="unpacking", action=Action.DELETE, kind=EventType.AGGREGATION,
        roles=roles,
    )  # fmt: skip


def _grouped(
    what: str, when: float, at: str | None, pallet: str, whats: dict[str, float | None], action: Action
) -> Event:
    roles = dict.fromkeys(whats, Role.CHILD) | {pallet: Role.PARENT}
    step = "packing" if action is Action.ADD else "unpacking"
    named = {pallet: None, **whats}
    return told(what, when, at, named, step=step, action=action, kind=EventType.AGGREGATION, roles=roles)


@dataclass(frozen=True, slots=True)
class Asking:
    """An index and a snapshot to ask."""

    index: FlowIndex
    snapshot: Snapshot

    def trace(self, *seeds: Seed, direction: Direction = Direction.FORWARD, options: Options | None = None) -> Trace:
        """A trace of some seeds."""
        return trace(self.index, self.snapshot, Question(seeds, direction, options or Options()))

    def forward(self, name: str, at: str | None = None, window: Window | None = None) -> Told:
        """Where an item went."""
        return self._ask(name, at, window, Direction.FORWARD)

    def back(self, name: str, at: str | None = None, window: Window | None = None) -> Told:
        """Where an item came from."""
        return self._ask(name, at, window, Direction.BACK)

    def _ask(self, name: str, at: str | None, window: Window | None, direction: Direction) -> Told:
        seed = ItemSeed(item(name), None if at is None else site(at), window or Window())
        return tell(self.trace(seed, direction=direction))

    def recall(self, *seeds: Seed, options: Options | None = None) -> RecallScope:
        """A recall scope of some seeds."""
        return recall_scope(self.index, self.snapshot, Question(seeds, Direction.FORWARD, options or Options()))


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the words of this module: `certain` and `possible` (without the certain), items and sites."""

    certain: set[str]
    possible: set[str]


def tell(answer: Trace) -> Told:
    """The items and sites of an answer."""
    names = {item(f"P{n}"): f"P{n}" for n in range(1, 10)} | {CLASS: "class"}
    things = [
        (names.get(thing.id, thing.id.rpartition("/")[2]), thing.certainty) for thing in (*answer.items, *answer.sites)
    ]
    return Told(
        {name for name, certainty in things if certainty is Certainty.CERTAIN},
        {name for name, certainty in things if certainty is Certainty.POSSIBLE},
    )


CHAIN = [
    made(1, "A", X=10),
    shipped(2, "A", "B", "D1", X=6),
    received(3, "B", "D1", X=6),
    used(4, "B", {"X": 6}, {"Y": 6}),
    shipped(5, "B", "C", "D2", Y=6),
    received(6, "C", "D2", Y=6),
]
"""Goods that are made, shipped, received and used."""


@contextmanager
def asking(
    folder: Path,
    *captures: Iterable[Event],
    masters: Iterable[tuple[str, str, bytes]] = (),
    systems: Systems = profiles,
) -> Iterator[Asking]:
    """Capture events, each of several lots a day later than the one before, and be ready to ask."""
    store = open_store(str(folder / "suyuan.db"))
    for number, events in enumerate(captures, start=1):
        by = Capture("", f"job {number}", "told", day(100 + number))
        capture(store, list(events), by, masters, systems=systems)
    with store.snapshot() as snapshot:
        yield Asking(open_index(None, snapshot), snapshot)
    store.close()
