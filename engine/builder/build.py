"""The pure function from the events of a closed set to its part of the flow graph (design §3, rule 16).

In: a `Scene`. Out: a `Part` an owner, whole: a store replaces exactly what differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.builder.closed_set import Scene, is_individual
from engine.builder.consignment import with_consignments
from engine.builder.derive import (
    Kin,
    Offer,
    Seeker,
    Taking,
    derive_part,
    offers_of,
    offers_of_instance,
    seekers_of_instance,
    takings_of,
    unaccounted_of,
)
from engine.builder.line import Instance, Moment, build_line
from engine.builder.lot import Lot, gather_lot
from engine.builder.order import arrange
from engine.builder.process import build_process
from engine.builder.records import Record, records_of
from engine.builder.riding import with_rides
from engine.builder.void import void_departures, without_void_shipments
from graph_schema.flow_graph import Gap, Part

ROUNDS = 24
"""Rounds within which lines that depend on each other must come to rest; beyond them it is a gap."""


def build_parts(scene: Scene) -> list[Part]:
    """The parts of all owners of a scene, in order of owner."""
    builder = _Builder(scene)
    parts = [builder.part(owner) for owner in scene.owners]
    parts.extend(build_process(name, scene.standings.get(name, [])) for name in scene.processes)
    return parts


class _Builder:
    """Lines and lots of a scene, each built once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.instances: dict[str, Instance] = {}
        self.lots: dict[str, tuple[Lot, tuple[Gap, ...]]] = {}
        self.above: dict[str, frozenset[str]] = {}
        self.void: dict[str, set[str]] = {}
        self.told: dict[str, list[Record]] = {}

    def part(self, owner: str) -> Part:
        """All rows of one owner."""
        if self._is_individual(owner):
            return self._instance(owner).part
        lot, gaps = self._lot(owner)
        return derive_part(lot, self._kin(owner), gaps, _contacts(self._journeys(owner)))

    def _is_individual(self, item: str) -> bool:
        return is_individual(item, self.scene.standings.get(item, []))

    # -- lines and lots --------------------------------------------------------------------------------------

    def _instance(self, item: str) -> Instance:
        """An instance's line, after those of all that it was ever in, outermost first."""
        around = sorted(self._above(item) - {item}, key=lambda container: (len(self._above(container)), container))
        for each in (*around, item):
            if each not in self.instances:
                self._solve(self._cycle_of(each))
        return self.instances[item]

    def _cycle_of(self, item: str) -> list[str]:
        """The item, and whatever was in it at one time and around it at another."""
        return sorted({item} | {other for other in self._above(item) if item in self._above(other)})

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
        gaps = {item: (Gap("cyclic_containment", item, None, (), "recorded inside itself"),) for item in cycle}
        self.instances.update({item: self._line(item, found, gaps[item]) for item in cycle})

    def _in_each_other(self, cycle: list[str]) -> bool:
        return len(cycle) > 1 or cycle[0] in self._above(cycle[0])

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
            known = gather_lot(item, records, self._journeys(item)), tuple(gaps)
            self.lots[item] = known
        return known

    def _own_records(self, item: str) -> tuple[list[Record], list[Gap]]:
        around = [self._void_departures(container) for container in self._above(item) - {item}]
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
                record
                for standing in self.scene.standings.get(item, [])
                for record in records_of(standing.event, item, sure=standing.sure)
            ]
        return known

    def _wider_of_line(self, item: str) -> str:
        """Its lot, where one is known, else its class."""
        wider = self.scene.wider.get(item, ())
        lots = [key for key in wider if self.scene.wider.get(key)]
        return (lots or list(wider) or [""])[0]

    # -- containers ------------------------------------------------------------------------------------------

    def _containers(self, item: str) -> list[str]:
        """What an item was ever in or on, in order of key."""
        return sorted({record.container for record in self._told(item) if record.container is not None})

    def _above(self, item: str) -> frozenset[str]:
        """All containers around an item, at any time and however many steps up."""
        known = self.above.get(item)
        if known is None:
            found: set[str] = set()
            waiting = self._containers(item)
            while waiting:
                container = waiting.pop()
                if container not in found:
                    found.add(container)
                    waiting.extend(self._containers(container))
            known = self.above[item] = frozenset(found)
        return known

    def _journeys(self, item: str) -> dict[str, tuple[Moment, ...]]:
        """The journeys of what an item was in or on."""
        return {container: self._instance(container).journey for container in self._containers(item)}

    # -- kin -------------------------------------------------------------------------------------------------

    def _kin(self, item: str) -> Kin:
        """What narrower items hold and what wider ones do, where events name them (rule 11)."""
        narrower: list[Offer] = []
        seekers: list[Seeker] = []
        takings: list[Taking] = []
        for other in self._named(self._climb(item, self.scene.narrower)):
            if self._is_individual(other):
                part = self._instance(other).part
                narrower.extend(offers_of_instance(part.vertices))
                seekers.extend(seekers_of_instance(part))
            else:
                lot = self._lot(other)[0]
                narrower.extend(offers_of(lot))
                takings.extend(unaccounted_of(lot))
        wider: list[Offer] = []
        unit = self._lot(item)[0].uom
        for other in self._named(self._climb(item, self.scene.wider)):
            if not self._is_individual(other):
                lot = self._lot(other)[0]
                wider.extend(offers_of(lot))
                takings.extend(takings_of(lot, unit))
        takings.extend(Taking(seeker.site, seeker.taker.time, None) for seeker in seekers)
        return Kin(tuple(dict.fromkeys(narrower)), tuple(wider), tuple(takings), tuple(dict.fromkeys(seekers)))

    def _named(self, items: set[str]) -> list[str]:
        return sorted(item for item in items if self.scene.standings.get(item))

    @staticmethod
    def _climb(item: str, steps: dict[str, tuple[str, ...]]) -> set[str]:
        found: set[str] = set()
        waiting = list(steps.get(item, ()))
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting.extend(steps.get(other, ()))
        return found


def _contacts(journeys: Mapping[str, Sequence[Moment]]) -> dict[tuple[str, str], bytes]:
    """By event and parent: the parent's holding that a contact opened (rule 13)."""
    return {
        (moment.event.id, container): moment.touched
        for container, journey in journeys.items()
        for moment in journey
        if moment.touched is not None
    }
