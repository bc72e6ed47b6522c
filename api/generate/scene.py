"""The state of a simulated world while it runs: clock, sites, codes, goods and the records written so far.

In: a random generator and a size. Out: for the happenings (`making`, `packing`, `moving`, `ending`,
`recording`), what there is to act on, and `write`, which turns what they did into a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TypeVar

from api.generate import codes, record
from api.generate.codes import Code
from api.generate.goods import Goods
from api.generate.record import Json, Part, Record

T = TypeVar("T")

OFFSETS = ("+00:00", "+08:00", "-05:00", "+02:00")
PIECES_FROM = 100
"""Products from this number on are serialised pieces, those below are bulk goods in lots."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is."""

    events: int
    """At most about so many."""
    tiers: tuple[int, ...]
    """How many sites there are, from first producers to last sellers; one tier: all do everything."""
    products: int
    units: int
    """How many containers are in use before they are used again."""
    pace: int
    """At most so many minutes between two happenings."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site and the zone its clock shows."""

    code: Code
    tier: int
    offset: str
    party: Code

    @property
    def key(self) -> str:
        """Its canonical key."""
        return self.code.key


@dataclass(slots=True)
class Trip:
    """Goods sent together under one despatch advice."""

    id: str
    despatch: str
    order: str | None
    source: Site
    to: Site
    returns: bool
    lots: dict[str, Decimal] = field(default_factory=dict)
    """Lot → amount still on the way."""
    individuals: list[str] = field(default_factory=list)
    begun: bool = False
    """True once some of it has arrived."""
    whole: bool = False
    """True where it must arrive at once, since it left by several records."""


@dataclass(frozen=True, slots=True)
class Phantom:
    """A shipment that is recorded and did not leave; its void shipping is still to be recorded."""

    site: Site
    trip: str
    fields: Json
    number: int
    kept: frozenset[tuple[str, str]]


@dataclass(slots=True)
class Process:
    """A running process whose records share a transformationID."""

    id: str
    site: Site
    records: int = 0


class Scene:
    """A world while it runs. `complete`: all is recorded in full, and nothing is open or misleading."""

    def __init__(self, rng: Random, size: Size, *, complete: bool, prefix: str = "", start: int = 0) -> None:
        self.rng = rng
        self.size = size
        self.complete = complete
        self.prefix = prefix
        self.clock = start
        self.goods = Goods()
        self.records: list[Record] = []
        self.codes: dict[str, Code] = {}
        self.wider: dict[str, tuple[str, ...]] = {}
        self.neutral: set[str] = set()
        """Wider items that records may name for narrower goods: neither owed by an answer nor wrong in it."""
        self.unit_of: dict[str, str | None] = {}
        """Lot → unit of measure; None: pieces."""
        self.lots: dict[int, list[Code]] = {p: [] for p in range(1, size.products + 1)}
        self.containers: dict[str, None] = {}
        self.trips: list[Trip] = []
        self.phantoms: list[Phantom] = []
        self.kept: set[tuple[str, str]] = set()
        """(site, item) of goods whose shipment did not leave: nothing is done with them until that is recorded."""
        self.processes: list[Process] = []
        self.names = 0
        self.style = rng.choice(("urn", "link", "mixed"))
        self.sites = self._lay_out()

    def _lay_out(self) -> list[Site]:
        tiers = [tier for tier, count in enumerate(self.size.tiers) for _ in range(count)]
        return [
            Site(self._known(codes.site(n)), tier, OFFSETS[n % len(OFFSETS)], self._known(codes.party(n)))
            for n, tier in enumerate(tiers, start=1)
        ]

    def _known(self, code: Code) -> Code:
        self.codes[code.key] = code
        return code

    # Names

    def fresh(self, letter: str) -> str:
        """A name not used before in this world."""
        self.names += 1
        return f"{self.prefix}{letter}{self.names}"

    def identifier(self) -> str:
        """A random UUID URN."""
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"

    def new_lot(self, product: int) -> Code:
        """A lot of a product that there was not before."""
        code = self._known(codes.lot(product, self.fresh("L")))
        kind = self._known(codes.product_class(product))
        self.wider[code.key] = (kind.key,)
        self.neutral.add(kind.key)
        self.unit_of[code.key] = ("KGM", "LTR", None)[product % 3]
        self.lots.setdefault(product, []).append(code)
        return code

    def new_pieces(self, product: int, count: int, lot: Code | None) -> list[Code]:
        """Serialised pieces of a product, of a lot that their record's ILMD names or of none known."""
        kind = self._known(codes.product_class(product))
        pieces = [self._known(codes.instance(product, self.fresh("S"))) for _ in range(count)]
        self.neutral.add(kind.key)
        for piece in pieces:
            self.wider[piece.key] = (lot.key, kind.key) if lot else (kind.key,)
        return pieces

    def new_container(self) -> Code:
        """A pallet or case; now and then a tanker, which is a returnable asset."""
        number = len(self.containers) + 1
        stem = int(self.prefix.strip("E") or 0) * 1000 % 10**9
        asset = self.rng.random() < 0.15
        code = codes.returnable_asset(7, self.fresh("T")) if asset else codes.logistic_unit(stem + number)
        self.containers[code.key] = None
        return self._known(code)

    def say(self, key: str) -> str:
        """A thing's code as the sender spells it this time."""
        code = self.codes[key]
        if self.style == "mixed":
            return code.spelled(self.rng)
        return code.urn if self.style == "urn" else code.key

    # What there is

    def pick(self, things: Sequence[T]) -> T:
        """One of several, each as likely."""
        return things[self.rng.randrange(len(things))]

    def chance(self, likely: float) -> bool:
        """True as often as said."""
        return self.rng.random() < likely

    def some(self, things: Sequence[T], most: int) -> list[T]:
        """At least one and at most so many of several."""
        return self.rng.sample(list(things), self.rng.randint(1, min(most, len(things))))

    def portion(self, amount: Decimal) -> Decimal:
        """All of an amount, or some of it in steps of a half."""
        if amount <= record.STEP or self.chance(0.45):
            return amount
        return self.rng.randint(1, int(amount / record.STEP) - 1) * record.STEP

    def loose_lots(self, site: Site) -> list[str]:
        """Lots of which loose goods are at a site."""
        return [lot for lot in self.goods.loose[site.key] if (site.key, lot) not in self.kept]

    def loose_individuals(self, site: Site, *, containers: bool) -> list[str]:
        """Pieces (and containers, where asked) that are at a site and in nothing."""
        goods = self.goods
        return [
            item
            for item, body in goods.individuals.items()
            if body.site == site.key
            and not body.containers
            and (site.key, item) not in self.kept
            and (containers or not self.is_container(item))
        ]

    def has_goods(self, site: Site) -> bool:
        """True where loose goods, pieces or containers are at a site."""
        bodies = self.goods.individuals.values()
        return bool(self.goods.loose[site.key]) or any(b.site == site.key and not b.containers for b in bodies)

    def is_container(self, item: str) -> bool:
        """True where an individual is there to be packed."""
        return item in self.containers

    def is_bare(self, item: str) -> bool:
        """True where nothing is in or on an individual."""
        return self.goods.is_empty(item)

    def apart(self, lots: Iterable[str], individuals: Iterable[str]) -> list[str]:
        """Those lots of which nothing is in these individuals, so that one record may name both."""
        inside = {body.item for item in individuals for body in self.goods.within(item)}
        return [lot for lot in lots if lot not in inside]

    def tier_sites(self, *tiers: int) -> list[Site]:
        """The sites of these tiers (negative: from the end); all sites where there is but one tier."""
        last = len(self.size.tiers)
        wanted = {t % last for t in tiers}
        return [s for s in self.sites if last == 1 or s.tier in wanted]

    # Writing

    def tick(self) -> int:
        """Time goes on; the minute it is now."""
        self.clock += self.rng.randint(1, self.size.pace)
        return self.clock

    def write(
        self,
        kind: str,
        site: Site,
        fields: Json,
        *,
        trip: str | None = None,
        part: Part | None = None,
        leaves: bool = False,
        declares: int | None = None,
    ) -> int:
        """Write a record of what happens at a site now; its number."""
        event: Json = {
            "eventID": self.identifier(),
            "eventTime": record.time_of(self.clock, site.offset),
            "eventTimeZoneOffset": site.offset,
            **fields,
            **self._where(site, leaves=leaves),
        }
        number = len(self.records)
        self.records.append(Record(number, event, self.clock, kind, trip, part, declares))
        return number

    def _where(self, site: Site, *, leaves: bool) -> Json:
        """Read point, business location or both; a read point may be a door of the site."""
        door = self.chance(0.15)
        spot = codes.place(site.code, self.pick(("dock1", "gate2"))) if door else site.code
        point = record.location(spot.urn if self.style != "link" else spot.key)
        area = record.location(self.say(site.key))
        form = self.rng.random()
        if leaves or form < 0.4:
            return {"readPoint": point}
        return {"bizLocation": area} if form < 0.6 else {"readPoint": point, "bizLocation": area}

    def lot_element(self, lot: str, amount: Decimal) -> Json:
        """A lot and its amount as a quantityElement."""
        return record.quantity(self.say(lot), amount, self.unit_of[lot])

    def said(self, items: Iterable[str]) -> list[str]:
        """Codes of several things as the sender spells them."""
        return [self.say(item) for item in items]


def without_empty(fields: Json) -> Json:
    """A record's fields without its empty lists."""
    return {name: value for name, value in fields.items() if value != []}
