"""Where the goods of a story are as it is told. In: its records, in order. Out: who has what, what is in a vehicle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from api.demo.story import ON_THE_WAY, Amount, Amounts, Record
from graph_schema.event import EventType
from graph_schema.profiles import TrackingEvent


class Whereabouts:
    """Who has how much of what, after the records so far."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, Amount]] = defaultdict(lambda: defaultdict(int))
        self._vehicles: dict[str, str] = {}

    def place(self, name: str, by: str) -> str:
        """Where a record about goods is read: with who records it, else with the first who has them."""
        held = [place for place, amount in self._held.get(name, {}).items() if amount > 0]
        return by if by in held or not held else held[0]

    def vehicles(self, goods: Iterable[str]) -> dict[str, str]:
        """What of some goods is in a vehicle, and in which."""
        return {name: self._vehicles[name] for name in goods if name in self._vehicles}

    def follow(self, record: Record, tracked: TrackingEvent) -> None:
        """Goods move, leave the chain, become others; what is parted for a vehicle is in it until it arrives."""
        here = record.source or record.by
        self._add(record.use, record.by, -1)
        self._add(record.takes, record.by, -1)
        self._add(record.makes, record.by, 1)
        if record.to is not None:
            self._add(record.move, here, -1)
            self._add(record.move, record.to, 1)
            if not record.to.startswith(ON_THE_WAY):
                self._vehicles = {name: one for name, one in self._vehicles.items() if name not in record.move}
        if tracked.type is EventType.AGGREGATION and record.makes:
            self._vehicles |= dict.fromkeys(record.makes, record.link[0][0])

    def _add(self, goods: Amounts, place: str, sign: int) -> None:
        for name, amount in goods.items():
            self._held[name][place] += sign * amount
