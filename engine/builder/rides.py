"""What an instance is in, and was (design rule 5). In: packings and takings out, as they are told. Out: its `Ride`s."""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile

import msgspec

from graph_schema.flow_graph import Ride
from graph_schema.interval import BEGINNING, END, Interval

PERHAPS = Interval(BEGINNING, END)
"""When a ride ended that perhaps never began where it is told."""


class Rides:
    """The containers of one instance, one after another."""

    def __init__(self) -> None:
        self.told: list[Ride] = []
        self.inside: str | None = None
        """What it is in."""
        self.in_doubt = False
        """Whether it was named where its container only perhaps was, or may be in another."""
        self._maybe_inside: set[str] = set()
        """Containers that a record which may not count put it in, while it was in another."""

    def containers(self) -> list[str]:
        """All that it may be in."""
        return [*([self.inside] if self.inside is not None else []), *sorted(self._maybe_inside)]

    def may_be_in(self, container: str | None) -> bool:
        """Whether a container may carry it."""
        return container is not None and (container == self.inside or container in self._maybe_inside)

    def begin(self, container: str | None, holding: bytes, time: Interval) -> None:
        """It goes into a container, and so out of any other."""
        self.end(time)
        self.inside = container
        if container is not None:
            self.told.append(Ride(container, holding, time, None))

    def begin_among(self, container: str | None, holdings: Collection[bytes], time: Interval) -> None:
        """It goes into a container, nobody says where: perhaps in each of these holdings."""
        self.end(time)
        self.inside = container
        if container is not None:
            self.told.extend(Ride(container, holding, time, PERHAPS) for holding in holdings)

    def perhaps_begin(self, container: str | None, holding: bytes, time: Interval) -> None:
        """It may be in this container from now on, or in the other still."""
        if container is not None:
            self._maybe_inside.add(container)
            self.in_doubt = True
            self.told.append(Ride(container, holding, time, PERHAPS))

    def end(self, time: Interval) -> None:
        """It is in nothing from now on."""
        for container in {self.inside, *self._maybe_inside}:
            for at in self._latest(container):
                self.told[at] = _ended(self.told[at], time)
        self.inside, self.in_doubt = None, False
        self._maybe_inside.clear()

    def leave(self, container: str | None, time: Interval) -> None:
        """It is out of this container, and in another still if it may have been in that."""
        if self.inside == container:
            self.inside = None
        self._maybe_inside.discard(container or "")
        self.in_doubt = self.in_doubt and bool(self.containers())
        for at in self._latest(container):
            self.told[at] = _ended(self.told[at], time)

    def stay_in(self, containers: Collection[str], time: Interval) -> None:
        """It is in none but these from now on, if it was; in which of them is as open as before."""
        for container in self.containers():
            if container not in containers:
                self.leave(container, time)
        if self.inside is None and self._maybe_inside:
            self.inside = min(self._maybe_inside)
            self._maybe_inside.discard(self.inside)
            self.in_doubt = True

    def doubt(self, container: str | None, since: int) -> None:
        """It may have come out of a container, without a record, at any time since."""
        at = self._last(container)
        if at is not None and self.told[at].unpacked is None:
            self.told[at] = msgspec.structs.replace(self.told[at], unpacked=Interval(since, END))

    def doubt_since(self, arrival: int) -> None:
        """It may have come out of what it is in since it was packed there, or came with it to where it is."""
        at = self._last(self.inside)
        if at is not None:
            self.doubt(self.inside, max(self.told[at].packed.earliest, arrival))

    def spread(self, holdings: Collection[bytes], packed: Collection[Interval], first: int) -> None:
        """The rides from one on that began at these times, nobody says where: perhaps in each of these holdings too."""
        rides, self.told[first:] = self.told[first:], []
        for ride in rides:
            if ride.packed not in packed:
                self.told.append(ride)
                continue
            out = Interval(BEGINNING, END if ride.unpacked is None else ride.unpacked.latest)
            places = dict.fromkeys([ride.holding, *holdings])
            self.told.extend(Ride(ride.container, holding, ride.packed, out) for holding in places)

    def _latest(self, container: str | None) -> list[int]:
        """Its rides in a container since it was last put into that: several where it is open from which place."""
        last = self._last(container)
        if last is None:
            return []
        packed = self.told[last].packed
        # They were told one after another.
        together = takewhile(lambda at: self.told[at].packed == packed, range(last, -1, -1))
        return [at for at in together if self.told[at].container == container]

    def _last(self, container: str | None) -> int | None:
        """Its last ride in a container."""
        found = (at for at in reversed(range(len(self.told))) if self.told[at].container == container)
        return next(found, None)


def _ended(ride: Ride, time: Interval) -> Ride:
    if ride.unpacked is None:
        return msgspec.structs.replace(ride, unpacked=time)
    if ride.unpacked.latest == END:
        out = Interval(min(ride.unpacked.earliest, time.earliest), time.latest)
        return msgspec.structs.replace(ride, unpacked=out)
    return ride
