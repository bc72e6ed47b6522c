"""The pure function from the events of a closed set to its part of the flow graph (design §3, rule 16).

In: a `Scene`. Out: a `Part` an owner, whole: a store replaces exactly what differs.
"""

from __future__ import annotations

from engine.builder.closed_set import Scene, is_individual
from engine.builder.derive import (
    NO_KIN,
    Kin,
    Offer,
    Seeker,
    derive_part,
    offers_of,
    offers_of_instance,
    seekers_of_instance,
)
from engine.builder.line import Instance, build_line
from engine.builder.lot import Lot, gather_lot
from engine.builder.order import arrange
from engine.builder.process import build_process
from engine.builder.records import Record, records_of
from engine.builder.riding import with_rides
from engine.builder.void import without_void_shipments
from graph_schema.flow_graph import Gap, Part


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
        self.instances: dict[tuple[str, bool], Instance] = {}
        self.lots: dict[str, tuple[Lot, tuple[Gap, ...]]] = {}
        self.above: dict[str, frozenset[str]] = {}

    def part(self, owner: str) -> Part:
        """All rows of one owner."""
        if self._is_individual(owner):
            return self._instance(owner).part
        lot, gaps = self._lot(owner)
        return derive_part(lot, self._kin(owner), gaps, self._contacts(owner))

    def _is_individual(self, item: str) -> bool:
        return is_individual(item, self.scene.standings.get(item, []))

    # -- lines and lots --------------------------------------------------------------------------------------

    def _instance(self, item: str, *, riding: bool = True) -> Instance:
        """An instance's line; `riding` False leaves out what its containers did."""
        known = self.instances.get((item, riding))
        if known is not None:
            return known
        self._build_containers(item)
        records, gaps = self._own_records(item)
        told = with_rides(records, self._journeys(item)) if riding else records
        wider = self._wider_of_line(item)
        if item in self._above(item):
            gaps.append(Gap("cyclic_containment", item, None, (), "it is recorded inside itself; not followed there"))
        contacts = self._contacts(item) if riding else {}
        instance = build_line(item, wider, arrange(told), contacts, gaps)
        self.instances[item, riding] = instance
        return instance

    def _build_containers(self, item: str) -> None:
        """Build what the item was in, outermost first, so that nesting never recurses more than a step."""
        waiting = [item]
        order: list[str] = []
        seen = {item}
        while waiting:
            for container in self._containers(waiting.pop()):
                if container not in seen:
                    seen.add(container)
                    order.append(container)
                    waiting.append(container)
        for container in sorted(order, key=lambda c: (len(self._above(c)), c)):
            if (container, True) not in self.instances and item not in self._above(container):
                self._instance(container, riding=not self._is_in_itself(container))

    def _is_in_itself(self, item: str) -> bool:
        return item in self._above(item)

    def _lot(self, item: str) -> tuple[Lot, tuple[Gap, ...]]:
        known = self.lots.get(item)
        if known is None:
            self._build_containers(item)
            records, gaps = self._own_records(item)
            known = gather_lot(item, records, self._journeys(item)), tuple(gaps)
            self.lots[item] = known
        return known

    def _own_records(self, item: str) -> tuple[list[Record], list[Gap]]:
        records: list[Record] = []
        for standing in self.scene.standings.get(item, []):
            records.extend(records_of(standing.event, item, sure=standing.sure))
        kept, gaps = without_void_shipments(item, records)
        return kept, [*self.scene.gaps.get(item, []), *gaps]

    def _wider_of_line(self, item: str) -> str:
        """Its lot, where one is known, else its class."""
        wider = self.scene.wider.get(item, ())
        lots = [key for key in wider if self.scene.wider.get(key)]
        return (lots or list(wider) or [""])[0]

    # -- containers ------------------------------------------------------------------------------------------

    def _containers(self, item: str) -> list[str]:
        """What an item was ever in or on, in order of key."""
        return sorted(
            {
                record.container
                for standing in self.scene.standings.get(item, [])
                for record in records_of(standing.event, item)
                if record.container is not None
            }
        )

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

    def _journey_of(self, container: str, item: str) -> Instance:
        """A container's line; without its own rides where it was in turn inside the item."""
        cyclic = item in self._above(container) or self._is_in_itself(container)
        return self._instance(container, riding=not cyclic)

    def _journeys(self, item: str) -> dict[str, tuple]:  # type: ignore[type-arg]
        return {
            container: self._journey_of(container, item).journey
            for container in self._containers(item)
            if container in self.scene.standings
        }

    def _contacts(self, item: str) -> dict[tuple[str, str], bytes]:
        """By event and parent: the parent's holding that a contact opened (rule 13)."""
        return {
            (moment.event.id, container): moment.touched
            for container in self._containers(item)
            if container in self.scene.standings and container != item
            for moment in self._journey_of(container, item).journey
            if moment.touched is not None
        }

    # -- kin -------------------------------------------------------------------------------------------------

    def _kin(self, item: str) -> Kin:
        """What narrower items hold and what wider ones do, where events name them (rule 11)."""
        narrower: list[Offer] = []
        seekers: list[Seeker] = []
        for other in sorted(self._climb(item, self.scene.narrower)):
            if not self.scene.standings.get(other):
                continue
            if self._is_individual(other):
                part = self._instance(other).part
                narrower.extend(offers_of_instance(part.vertices))
                seekers.extend(seekers_of_instance(part))
            else:
                narrower.extend(offers_of(self._lot(other)[0]))
        wider: list[Offer] = []
        for other in sorted(self._climb(item, self.scene.wider)):
            if self.scene.standings.get(other) and not self._is_individual(other):
                wider.extend(offers_of(self._lot(other)[0]))
        if not narrower and not wider and not seekers:
            return NO_KIN
        return Kin(tuple(dict.fromkeys(narrower)), tuple(wider), tuple(dict.fromkeys(seekers)))

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
