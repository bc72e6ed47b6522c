"""What can be done with the goods of a world.

In: deeds, one by one. Out: stocks, and the deeds to be done again. Every deed is kept, so that a world can be
told again without some of its records: `again`. A deed that cannot be, since the goods are not there or not
so many, raises `DeedError` and may leave the goods half done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from api.generate.physical import ONE, DeedError, Stocks, Transfer

P = ParamSpec("P")


class Deed(NamedTuple):
    """One thing done with goods: a method of `Goods` and its arguments, the last the record's number."""

    name: str
    arguments: tuple[str | int | Decimal, ...]


def _deed(method: Callable[Concatenate[Goods, P], None]) -> Callable[Concatenate[Goods, P], None]:
    """Keep what is done, so that it can be done again without some of it."""

    @wraps(method)
    def told(goods: Goods, /, *arguments: P.args, **_: P.kwargs) -> None:
        goods.deeds.append(Deed(method.__name__, arguments))  # type: ignore[arg-type]
        method(goods, *arguments)  # type: ignore[call-arg]

    return told


class Goods(Stocks):
    """The goods of a world, by what is done with them."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds: list[Deed] = []

    # Making and using

    @_deed
    def make(self, item: str, amount: Decimal, site: str, moment: int, record: int) -> None:
        """Goods of a lot come into being at a site."""
        self._make(item, amount, site, moment, record)

    @_deed
    def make_one(self, item: str, site: str, moment: int, record: int) -> None:
        """An individual comes into being at a site."""
        self._make_one(item, site, moment, record)

    @_deed
    def bring(self, container: str, site: str, moment: int, record: int) -> None:
        """A container is at hand at a site: it stands there, or comes from outside the world."""
        if container not in self.individuals:
            self._enter(container, site, moment)
        self.witness(self._standing(container, site), record)

    @_deed
    def use(self, item: str, amount: Decimal, site: str, process: str, moment: int, record: int) -> None:
        """Loose goods of a lot go into a process."""
        self.tally[item, site]["used"] += amount
        self._pour(self._shelved(site, item), self._vessel(process, site, moment), amount, moment, record)

    @_deed
    def use_one(self, item: str, site: str, process: str, moment: int, record: int) -> None:
        """An individual goes into a process."""
        body = self._standing(item, site)
        self.tally[item, site]["used"] += ONE
        del self.individuals[item]
        self._pour(body, self._vessel(process, site, moment), ONE, moment, record)

    @_deed
    def draw(self, item: str, amount: Decimal, site: str, process: str, moment: int, record: int) -> None:
        """A lot comes out of a process."""
        vessel = self._vessel(process, site, moment)
        self.transfers.append(Transfer(moment, vessel.number, self._make(item, amount, site, moment, record).number))

    @_deed
    def draw_one(self, item: str, site: str, process: str, moment: int, record: int) -> None:
        """An individual comes out of a process."""
        vessel = self._vessel(process, site, moment)
        self.transfers.append(Transfer(moment, vessel.number, self._make_one(item, site, moment, record).number))

    # Packing

    @_deed
    def pack(self, item: str, amount: Decimal, container: str, moment: int, record: int) -> None:
        """Loose goods of a lot go into a container that stands at the same site."""
        carrier = self._standing(container)
        source = self._shelved(str(carrier.site), item)
        self._pour(source, self._content(item, carrier, moment), amount, moment, record)

    @_deed
    def pack_one(self, item: str, container: str, moment: int, record: int) -> None:
        """An individual, with all that is in it, goes into (or onto) a container at the same site."""
        site = self._standing(container).site
        self._standing(item, site)
        self.parent[item] = container
        self.children[container].append(item)
        self._shift(item, site, None, moment, record)

    @_deed
    def unpack(self, item: str, amount: Decimal, container: str, moment: int, record: int) -> None:
        """Goods of a lot come out of a container and join the loose stock at its site."""
        site = str(self._standing(container).site)
        source = self.inside[container].get(item)
        if source is None:
            raise DeedError(item)
        self._pour(source, self._stock(item, site, moment), amount, moment, record)
        self._unseal(container)

    @_deed
    def unpack_one(self, item: str, container: str, moment: int, record: int) -> None:
        """An individual, with all that is in it, comes out of its container."""
        site = self._standing(container).site
        if self.parent.get(item) != container:
            raise DeedError(item)
        del self.parent[item]
        self.children[container].remove(item)
        self._shift(item, site, None, moment, record)
        self._unseal(container)

    @_deed
    def opened(self, container: str, record: int) -> None:
        """A container is open and empty."""
        self.witness(self._standing(container), record)
        if not self.is_empty(container):
            raise DeedError(container)

    # Moving

    @_deed
    def depart(self, item: str, amount: Decimal, site: str, trip: str, to: str, moment: int, record: int) -> None:
        """Loose goods of a lot set out on a trip; those of one trip are mixed on the way."""
        self.tally[item, site]["forwarded"] += amount
        body = self.loose[trip].get(item) or self._open(item, None, (), moment, self.loose[trip])
        body.bound_for = to
        self._pour(self._shelved(site, item), body, amount, moment, record)

    @_deed
    def arrive(self, item: str, amount: Decimal, trip: str, site: str, column: str, moment: int, record: int) -> None:
        """Goods of a lot come to a site from a trip; `column` is `received` or `returned`."""
        self.tally[item, site][column] += amount
        self._pour(self._shelved(trip, item), self._stock(item, site, moment), amount, moment, record)

    @_deed
    def depart_one(self, item: str, site: str, trip: str, to: str, moment: int, record: int) -> None:
        """An individual sets out with all that is in it."""
        self._standing(item, site)
        for body in self.within(item):
            self.tally[body.item, site]["forwarded"] += body.amount
            if not self.is_empty(body.item):
                self.sealed.add(body.item)
        self._shift(item, None, to, moment, record)
        self.travelling[item] = trip

    @_deed
    def arrive_one(self, item: str, trip: str, site: str, column: str, moment: int, record: int) -> None:
        """An individual comes to a site with all that is in it."""
        if self.travelling.pop(item, None) != trip:
            raise DeedError(item)
        for body in self.within(item):
            self.tally[body.item, site][column] += body.amount
        self._shift(item, site, None, moment, record)

    # Ending

    @_deed
    def end(self, item: str, amount: Decimal, site: str, column: str, moment: int, record: int) -> None:
        """Loose goods of a lot leave the chain; `column` is `sold` or `destroyed`."""
        self.tally[item, site][column] += amount
        self._drain(self._shelved(site, item), amount, moment, record)

    @_deed
    def end_one(self, item: str, site: str, column: str, moment: int, record: int) -> None:
        """An individual leaves the chain with all that is in it."""
        self._standing(item, site)
        for body in list(self.within(item)):
            self.tally[body.item, str(body.site)][column] += body.amount
            self._drain(body, body.amount, moment, record)
            self.individuals.pop(body.item, None)

    # Looking

    @_deed
    def see(self, item: str, site: str, record: int) -> None:
        """Loose goods of a lot, or an individual with all that is in it, are seen at a site."""
        if item not in self.individuals:
            self.witness(self._shelved(site, item), record)
            return
        self._standing(item, site)
        for body in self.within(item):
            self.witness(body, record)

    @_deed
    def hold(self, container: str, item: str, amount: Decimal, record: int) -> None:
        """So much of a lot, or an individual, is seen to be in a container."""
        body = self.inside[container].get(item) or self.individuals.get(item)
        if body is None or body.amount != amount or body.containers[:1] != (container,):
            raise DeedError(item)
        self.witness(body, record)


def again(deeds: Collection[Deed], records: Collection[int]) -> Goods:
    """The goods after the deeds of these records alone; `DeedError` where one cannot be without the others."""
    goods = Goods()
    for deed in deeds:
        if deed.arguments[-1] in records:
            getattr(goods, deed.name)(*deed.arguments)
    return goods
