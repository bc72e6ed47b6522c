"""The physical ledger of a simulated world: what the goods themselves do.

In: movements as they happen. Out: bodies of goods and the transfers between them. A *body* is goods that are
one well-mixed stock from when it stops being empty until it is empty again: the loose goods of one lot at a
site, of one lot in a container, of one lot of one consignment on the way, the content of a process; or one
individual (an instance, a container) for as long as it stays. What leaves a body carries of all that is in it
then. Times are whole minutes since the world began; amounts are of the item's own unit (an individual is 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

ONE = Decimal(1)
NOTHING = Decimal(0)
COLUMNS = ("made", "received", "returned", "used", "sold", "destroyed", "forwarded", "in_transit", "held")


@dataclass(slots=True)
class Body:
    """Goods in one place that are one mixed stock, or one individual while it stays."""

    number: int
    item: str
    """Key of the lot or individual; '' for the content of a process."""
    site: str | None
    """Key of the site; None on the way."""
    containers: tuple[str, ...]
    """The containers it is in, innermost first."""
    since: int
    amount: Decimal = NOTHING
    until: int | None = None
    """When it ran empty or left; None while it is there."""
    bound_for: str | None = None
    """On the way: the site it was sent to."""
    records: list[int] = field(default_factory=list)
    """Numbers of the records that tell of goods coming into it, being in it or leaving it."""
    shelf: dict[str, Body] | None = field(default=None, repr=False)
    """Where a lot's body is found while it is not empty."""


class Transfer(NamedTuple):
    """Goods going from one body into another at a time."""

    moment: int
    source: int
    target: int


class DeedError(Exception):
    """Goods cannot do this: they are not there, or not so many."""


class Stocks:
    """All bodies and transfers of a world, where each is found, and the tally of each item at each site."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.transfers: list[Transfer] = []
        self.loose: dict[str, dict[str, Body]] = defaultdict(dict)
        """Site or trip → lot → its loose stock there."""
        self.inside: dict[str, dict[str, Body]] = defaultdict(dict)
        """Container → lot → its stock in there."""
        self.individuals: dict[str, Body] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        """Container → the individuals in it."""
        self.parent: dict[str, str] = {}
        self.travelling: dict[str, str] = {}
        """Individual → the trip it is on."""
        self.vessels: dict[str, Body] = {}
        """Process → its content."""
        self.sealed: set[str] = set()
        """Containers that have moved with a load and were not empty since."""
        self.tally: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.visited: dict[str, set[str]] = defaultdict(set)
        """Item → sites where it has been."""

    # Reading

    def within(self, item: str) -> Iterator[Body]:
        """The body of an individual and those of everything in it, at any depth."""
        yield self.individuals[item]
        yield from self.inside[item].values()
        for child in self.children[item]:
            yield from self.within(child)

    def is_empty(self, container: str) -> bool:
        """True where nothing is in the container."""
        return not self.inside[container] and not self.children[container]

    def stock(self) -> dict[tuple[str, str], dict[str, Decimal]]:
        """Of each item at each site: the columns of `COLUMNS` that are not zero, at the end of the world."""
        rows = {key: defaultdict(Decimal, columns) for key, columns in self.tally.items()}
        for body in self.bodies:
            site = body.site or body.bound_for
            if body.until is None and body.item and site:
                column = "held" if body.site else "in_transit"
                rows.setdefault((body.item, site), defaultdict(Decimal))[column] += body.amount
        nonzero = {key: {c: v for c, v in row.items() if v} for key, row in rows.items()}
        return {key: row for key, row in nonzero.items() if row}

    def witness(self, body: Body, record: int) -> None:
        """A record tells that goods are in a body."""
        if record not in body.records[-1:]:
            body.records.append(record)

    # Bodies

    def _make(self, item: str, amount: Decimal, site: str, moment: int, record: int) -> Body:
        body = self._stock(item, site, moment)
        self._fill(body, amount, record)
        self.tally[item, site]["made"] += amount
        return body

    def _make_one(self, item: str, site: str, moment: int, record: int) -> Body:
        body = self._enter(item, site, moment)
        self.witness(body, record)
        self.tally[item, site]["made"] += ONE
        return body

    def _enter(self, item: str, site: str, moment: int) -> Body:
        body = self._open(item, site, (), moment)
        body.amount = ONE
        self.individuals[item] = body
        return body

    def _vessel(self, process: str, site: str, moment: int) -> Body:
        """The content of a process; it holds all that went in until the world ends."""
        if process not in self.vessels:
            self.vessels[process] = self._open("", site, (), moment)
        return self.vessels[process]

    def _standing(self, item: str, site: str | None = None) -> Body:
        """An individual that is at a site (at this one) and in nothing."""
        body = self.individuals.get(item)
        if body is None or body.site is None or body.containers or site not in (None, body.site):
            raise DeedError(item)
        return body

    def _shelved(self, shelf: str, item: str) -> Body:
        body = self.loose[shelf].get(item)
        if body is None:
            raise DeedError(item)
        return body

    def _unseal(self, container: str) -> None:
        if self.is_empty(container):
            self.sealed.discard(container)

    def _open(
        self,
        item: str,
        site: str | None,
        containers: tuple[str, ...],
        moment: int,
        shelf: dict[str, Body] | None = None,
    ) -> Body:
        body = Body(len(self.bodies), item, site, containers, moment, shelf=shelf)
        self.bodies.append(body)
        if shelf is not None:
            shelf[item] = body
        if site:
            self.visited[item].add(site)
        return body

    def _stock(self, item: str, site: str, moment: int) -> Body:
        shelf = self.loose[site]
        return shelf.get(item) or self._open(item, site, (), moment, shelf)

    def _content(self, item: str, carrier: Body, moment: int) -> Body:
        shelf = self.inside[carrier.item]
        chain = (carrier.item, *carrier.containers)
        return shelf.get(item) or self._open(item, carrier.site, chain, moment, shelf)

    def _fill(self, body: Body, amount: Decimal, record: int) -> None:
        body.amount += amount
        self.witness(body, record)

    def _pour(self, source: Body, target: Body, amount: Decimal, moment: int, record: int) -> None:
        self.transfers.append(Transfer(moment, source.number, target.number))
        self._fill(target, amount, record)
        self._drain(source, amount, moment, record)

    def _drain(self, body: Body, amount: Decimal, moment: int, record: int) -> None:
        if amount > body.amount:
            raise DeedError(body.item)
        self.witness(body, record)
        body.amount -= amount
        if not body.amount:
            body.until = moment
            if body.shelf is not None and body.shelf.get(body.item) is body:
                del body.shelf[body.item]

    def _shift(self, item: str, site: str | None, to: str | None, moment: int, record: int) -> None:
        """An individual and all in it are at another place, or in another container, from now on."""
        carrier = self.individuals.get(self.parent.get(item, ""))
        chain = (carrier.item, *carrier.containers) if carrier else ()
        self.individuals[item] = self._replace(self.individuals[item], site, chain, to, moment, record)
        for body in list(self.inside[item].values()):
            self._replace(body, site, (item, *chain), to, moment, record)
        for child in self.children[item]:
            self._shift(child, site, to, moment, record)

    def _replace(
        self, body: Body, site: str | None, chain: tuple[str, ...], to: str | None, moment: int, record: int
    ) -> Body:
        target = self._open(body.item, site, chain, moment, body.shelf)
        target.bound_for = to
        self._pour(body, target, body.amount, moment, record)
        return target
