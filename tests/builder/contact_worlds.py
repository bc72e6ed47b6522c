"""Small worlds of goods and hoses, with what is truly on what. In: a number. Out: events, and what each thing reached.

Goods are made, shipped in part, and used in part, in stocks that are taken as mixed; hoses are soiled, run through and
cleaned. What is on a thing is kept beside, as a set of names: the truth that no rule of the builder has a part in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from graph_schema.event import Event
from tests.builder.touching import scrubbed, touched
from tests.questions.telling import made, received, shipped, used

SITES = ("A", "B")
HOSES = ("7", "8")
LONGEST = 14
"""Things that happen after the first goods are made."""
_MUCH, _LESS, _SOME = 1_000.0, 50.0, 1.0
"""So much is made, and so little shipped from there, and used, that some is always left."""


@dataclass
class ContactWorld:
    """What happened, and what is on what."""

    rng: Random
    events: list[Event] = field(default_factory=list)
    on: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """By thing and site: what is in it or on it. A hose stays at one site."""
    reached: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By name: everything that it ever was on, itself with it."""
    homes: set[tuple[str, str]] = field(default_factory=set)
    """Goods and where they were made."""
    now: int = 1

    @property
    def stocks(self) -> list[tuple[str, str]]:
        """Goods and where they are."""
        return sorted(place for place in self.on if place[0] not in HOSES)

    def pass_on(self, source: set[str], thing: str, site: str) -> None:
        """What is on one thing comes onto another."""
        self.on[thing, site] |= source
        for name in self.on[thing, site]:
            self.reached[name].add(thing)

    def make(self, lot: str, site: str) -> None:
        """New goods."""
        self.events.append(made(self.now, site, **{lot: _MUCH}))
        self.homes.add((lot, site))
        self.pass_on({lot}, lot, site)

    def ship(self) -> None:
        """Some of a stock goes to the other site."""
        lot, site = self.rng.choice([stock for stock in self.stocks if stock in self.homes])
        other = SITES[1 - SITES.index(site)]
        document = f"D{self.now}"
        self.events.append(shipped(self.now, site, other, document, **{lot: _LESS}))
        self.events.append(received(self.now + 0.5, other, document, **{lot: _LESS}))
        self.pass_on(self.on[lot, site], lot, other)

    def use(self) -> None:
        """Some of a stock becomes new goods."""
        lot, site = self.rng.choice(self.stocks)
        new = f"M{self.now}"
        self.events.append(used(self.now, site, {lot: _SOME}, {new: _MUCH}))
        self.homes.add((new, site))
        self.pass_on({new} | self.on[lot, site], new, site)

    def touch(self) -> None:
        """Goods and a hose touch, one way or both."""
        lot, site = self.rng.choice(self.stocks)
        hose, how = f"{HOSES[SITES.index(site)]}", self.rng.choice(("soil", "run", "run", "rinse"))
        self.events.append(touched(how, self.now, site, lot, hose))
        self.pass_on({hose}, hose, site)
        goods, before = set(self.on[lot, site]), set(self.on[hose, site])
        if how in ("soil", "rinse"):
            self.pass_on(goods, hose, site)
        if how in ("run", "rinse"):
            self.pass_on(before, lot, site)

    def clean(self) -> None:
        """What is on a hose is off; that it is the hose itself, no cleaning changes."""
        site = self.rng.choice(SITES)
        hose = HOSES[SITES.index(site)]
        if (hose, site) in self.on:
            self.events.append(scrubbed(self.now, site, hose))
            self.on[hose, site] = {hose}

    def live(self) -> ContactWorld:
        """Let things happen."""
        for lot in ("X", "Y", "Z"):
            self.make(lot, self.rng.choice(SITES))
        deeds: list[Callable[[], None]] = [self.ship, self.use, self.touch, self.touch, self.touch, self.clean]
        for day in range(2, 2 + self.rng.randrange(3, LONGEST)):
            self.now = day
            self.rng.choice(deeds)()
        return self


def contact_world(seed: int) -> ContactWorld:
    """The world of a number."""
    return ContactWorld(Random(seed)).live()
