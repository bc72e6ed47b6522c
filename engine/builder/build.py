"""The pure function from the events of a closed set to its part of the flow graph (design §3, rule 16).

In: a `Scene`, and what items narrower than its owners offer. Out: a `Part` an owner, whole: a store replaces exactly
what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from engine.builder.closed_set import Scene, is_individual, width_of
from engine.builder.consignment import with_consignments
from engine.builder.corrections import Standing
from engine.builder.derive import derive_part
from engine.builder.journey import Moment
from engine.builder.kin import (
    Above,
    Below,
    Kin,
    Since,
    Wider,
    holder_of_instance,
    holder_of_lot,
    offers_of_instance,
    since_of,
    wider_of,
)
from engine.builder.line import Instance, build_line
from engine.builder.lot import Lot, gather_lot
from engine.builder.lot_contact import with_contacts
from engine.builder.order import arrange
from engine.builder.process import build_process
from engine.builder.records import Act, Record, records_of
from engine.builder.riding import with_rides
from engine.builder.touchings import event_key
from engine.builder.void import void_departures, without_void_shipments
from engine.stores.ports import Holder, KinPort
from graph_schema.flow_graph import Gap, Part

CYCLIC = "cyclic_containment"
"""The kind of gap of what is recorded inside itself."""
ROUNDS = 24
"""Rounds within which lines that depend on each other must come to rest; beyond them it is a gap."""


class Built(msgspec.Struct, frozen=True):
    """The parts of some owners, and what these offer to those they are of."""

    parts: tuple[Part, ...]
    holders: tuple[Holder, ...]


def build_parts(scene: Scene, kin: KinPort) -> Iterator[Built]:
    """All owners of a scene, narrower before wider: what is yielded is told to `kin` before the next is asked for."""
    builder = _Builder(scene, kin)
    for _, owners in groupby(sorted(scene.owners, key=width_of), key=width_of):
        yield builder.build(list(owners))
    yield Built(tuple(build_process(name, scene.standings.get(name, [])) for name in scene.processes), ())


class _Builder:
    """Lines and lots of a scene, each built once."""

    def __init__(self, scene: Scene, kin: KinPort) -> None:
        self.scene = scene
        self.kin = kin
        self.instances: dict[str, Instance] = {}
        self.lots: dict[str, tuple[Lot, tuple[Gap, ...]]] = {}
        self.around_of: dict[str, frozenset[str]] = {}
        self.known: dict[str, Wider] = {}
        self.void: dict[str, set[str]] = {}
        self.told: dict[str, list[Record]] = {}

    def build(self, owners: Sequence[str]) -> Built:
        """Owners of which none is of another."""
        counted = {owner for owner in owners if not self._is_individual(owner)}
        since = since_of([self._lot(owner)[0] for owner in sorted(counted)], self.kin)
        built = [self._counted(owner, since) if owner in counted else self._individual(owner) for owner in owners]
        return Built(tuple(part for part, _ in built), tuple(holder for _, holder in built))

    def _individual(self, item: str) -> tuple[Part, Holder]:
        """An instance, with what flows from its line to those who take under its wider names."""
        part = self._instance(item).part
        flows = self._above(item).flows(offers_of_instance(part))
        whole = msgspec.structs.replace(part, flows=(*part.flows, *flows))
        return whole, holder_of_instance(part, self._wider(item))

    def _counted(self, item: str, since: Since) -> tuple[Part, Holder]:
        """A lot or a class."""
        lot, gaps = self._lot(item)
        kin = Kin(self._above(item, lot.uom), Below(item, self.kin, since))
        part = derive_part(lot, kin, gaps, _contacts(self._journeys(item)))
        return part, holder_of_lot(lot, part, self._wider(item))

    def _is_individual(self, item: str) -> bool:
        return is_individual(item, self.scene.standings.get(item, []))

    # -- lines and lots --------------------------------------------------------------------------------------

    def _instance(self, item: str) -> Instance:
        """An instance's line, after those of all that it was ever in, outermost first."""
        around = sorted(self._around(item) - {item}, key=lambda container: (len(self._around(container)), container))
        for each in (*around, item):
            if each not in self.instances:
                self._solve(self._cycle_of(each))
        return self.instances[item]

    def _cycle_of(self, item: str) -> list[str]:
        """The item, and whatever was in it at one time and around it at another."""
        return sorted({item} | {other for other in self._around(item) if item in self._around(other)})

    def _solve(self, cycle: list[str]) -> None:
        """Build lines that depend on each other: round by round, from lines that ride on none of them.

        What was in each other at different times comes to rest, since nothing is in itself at any one time.
        """
        found = {item: self._line(item, {}, ()) for item in cycle} if self._in_each_other(cycle) else {}
        for _ in range(ROUNDS):
            told = {item: self._line(item, found, ()) for item in cycle}
            if told == found or not found:
                self.instances.update(told)
                return
            found = told
        self.instances.update({item: self._line(item, found, [self._inside_itself(item, cycle)]) for item in cycle})

    def _inside_itself(self, item: str, cycle: list[str]) -> Gap:
        """What is told of an item of a cycle that does not come to rest: by which events, and where it went in."""
        put = {one: [r for r in self._told(one) if r.container in cycle and r.act is not Act.UNPACK] for one in cycle}
        ids = sorted({record.event.id for records in put.values() for record in records})
        places = {record.place for record in put[item]}
        return Gap(CYCLIC, item, places.pop() if len(places) == 1 else None, tuple(ids), "recorded inside itself")

    def _in_each_other(self, cycle: list[str]) -> bool:
        return len(cycle) > 1 or cycle[0] in self._around(cycle[0])

    def _line(self, item: str, cycle: dict[str, Instance], more: Sequence[Gap]) -> Instance:
        """One line, from the lines of its containers: those of its cycle as far as they are known."""
        records, gaps = self._own_records(item)
        known = {c: cycle.get(c) or self.instances.get(c) for c in self._containers(item)}
        journeys = {c: instance.journey for c, instance in known.items() if instance is not None}
        groups = arrange(with_rides(records, journeys))
        return build_line(item, self._wider_of_line(item), groups, _contacts(journeys), [*gaps, *more])

    def _lot(self, item: str) -> tuple[Lot, tuple[Gap, ...]]:
        known = self.lots.get(item)
        if known is None:
            records, gaps = self._own_records(item)
            records = with_consignments(item, records, self.scene.standings.get(item, []))
            moving = [record for record in records if not record.touches]
            lot = gather_lot(item, moving, self._journeys(item))
            known = with_contacts(lot, [record for record in records if record.touches]), tuple(gaps)
            self.lots[item] = known
        return known

    def _own_records(self, item: str) -> tuple[list[Record], list[Gap]]:
        around = [self._void_departures(container) for container in self._around(item) - {item}]
        kept, gaps = without_void_shipments(item, self._told(item), set().union(*around))
        return kept, [*self.scene.gaps.get(item, []), *gaps]

    def _void_departures(self, item: str) -> set[str]:
        """The departures of a container that were declared void."""
        known = self.void.get(item)
        if known is None:
            known = self.void[item] = void_departures(without_void_shipments(item, self._told(item))[1])
        return known

    def _told(self, item: str) -> list[Record]:
        """All that the events say of an item."""
        known = self.told.get(item)
        if known is None:
            known = self.told[item] = [
                record for standing in self.scene.standings.get(item, []) for record in self._records_of(standing, item)
            ]
        return known

    def _records_of(self, standing: Standing, item: str) -> list[Record]:
        touching = self.scene.touchings.get(event_key(standing.event))
        return records_of(standing.event, item, sure=standing.sure, touching=touching)

    def _wider_of_line(self, item: str) -> str:
        """Its lot, where one is known, else its class."""
        wider = self.scene.wider.get(item, ())
        lots = [key for key in wider if self.scene.wider.get(key)]
        return (lots or list(wider) or [""])[0]

    # -- containers ------------------------------------------------------------------------------------------

    def _containers(self, item: str) -> list[str]:
        """What an item was ever in or on, in order of key."""
        return sorted({record.container for record in self._told(item) if record.container is not None})

    def _around(self, item: str) -> frozenset[str]:
        """All containers around an item, at any time and however many steps up."""
        known = self.around_of.get(item)
        if known is None:
            found: set[str] = set()
            waiting = self._containers(item)
            while waiting:
                container = waiting.pop()
                if container not in found:
                    found.add(container)
                    waiting.extend(self._containers(container))
            known = self.around_of[item] = frozenset(found)
        return known

    def _journeys(self, item: str) -> dict[str, tuple[Moment, ...]]:
        """The journeys of what an item was in or on."""
        return {container: self._instance(container).journey for container in self._containers(item)}

    # -- kin -------------------------------------------------------------------------------------------------

    def _above(self, item: str, unit: str | None = None) -> Above:
        """What wider items hold, take and ask for, where events name them (rule 11)."""
        wider = self._named(self._wider(item))
        return Above([self._known_of(other) for other in wider if not self._is_individual(other)], unit)

    def _known_of(self, item: str) -> Wider:
        known = self.known.get(item)
        if known is None:
            known = self.known[item] = wider_of(self._lot(item)[0])
        return known

    def _named(self, items: set[str]) -> list[str]:
        return sorted(item for item in items if self.scene.standings.get(item))

    def _wider(self, item: str) -> set[str]:
        """All that an item is of, however many steps up."""
        found: set[str] = set()
        waiting = list(self.scene.wider.get(item, ()))
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting.extend(self.scene.wider.get(other, ()))
        return found


def _contacts(journeys: Mapping[str, Sequence[Moment]]) -> dict[tuple[str, str], bytes]:
    """By event and parent: the parent's holding that a contact opened (rule 13)."""
    return {
        (moment.event.id, container): moment.touched
        for container, journey in journeys.items()
        for moment in journey
        if moment.touched is not None
    }
