"""The simulated world keeps its own books, and they balance."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from api.generate.goods import Goods
from api.generate.truth import Seed, reach_back, reach_forward
from api.generate.world import MEDIUM, SMALL, World, simulate

SEEDS = range(60)


def _worlds() -> list[World]:
    return [simulate(seed, SMALL, complete=seed % 2 == 0) for seed in SEEDS]


def test_the_same_seed_is_the_same_world() -> None:
    """A seed and a size give one world, to the letter."""
    assert simulate(7).events == simulate(7).events
    assert simulate(7).events != simulate(8).events


def test_a_small_world_has_at_most_sixty_events() -> None:
    """No small world has more than sixty records."""
    assert max(len(w.records) for w in _worlds()) <= SMALL.events


def test_a_medium_world_has_about_two_thousand_events() -> None:
    """A medium world has nearly as many records as its size says, and never more."""
    assert 0.95 * MEDIUM.events <= len(simulate(1, MEDIUM).records) <= MEDIUM.events


def test_nothing_is_lost_and_nothing_comes_from_nowhere() -> None:
    """Of each item, what was made is what was used, sold, destroyed, is held or is on the way."""
    for world in _worlds():
        total: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for (item, _), row in world.stock().items():
            for column, amount in row.items():
                total[item][column] += amount
        for item, row in total.items():
            if row["made"]:
                out = _sum(row, "used", "sold", "destroyed", "held", "in_transit")
                assert out == row["made"], (world.seed, item, dict(row))


def test_each_site_balances() -> None:
    """At each site, what was made there and came is what left, ended, was used or is held."""
    for world in _worlds():
        for (item, site), row in world.stock().items():
            if "/8003/" in item or "/00/" in item:
                continue  # a container comes from outside the world when it is first used
            came = _sum(row, "made", "received", "returned")
            went = _sum(row, "used", "sold", "destroyed", "forwarded", "held")
            assert came == went, (world.seed, item, site, row)


def _sum(row: dict[str, Decimal], *columns: str) -> Decimal:
    return sum((row.get(column, Decimal(0)) for column in columns), Decimal(0))


def test_what_has_no_unit_is_counted_in_pieces() -> None:
    """No event tells a part of a piece, so that generated events load without a warning of it; some tell pieces."""
    told = [
        entry
        for seed in range(40)
        for event in simulate(seed).events
        for name, entries in event.items()
        if name.lower().endswith("quantitylist")
        for entry in entries
        if "quantity" in entry and "uom" not in entry
    ]
    assert len(told) > 100
    assert [entry for entry in told if entry["quantity"] != int(entry["quantity"])] == []


def test_times_of_what_happens_are_distinct() -> None:
    """No two things that happened have the same minute."""
    for world in _worlds():
        moments = [r.moment for r in world.records if r.kind not in {"mistake", "declare"}]
        assert len(set(moments)) == len(moments)


def test_forward_and_back_agree() -> None:
    """An item is reached from another exactly if that is found going back from it."""
    for world in _worlds()[:20]:
        forward = {x: world.forward(Seed(x)).items for x in world.items}
        back = {x: world.back(Seed(x)).items for x in world.items}
        for x in world.items:
            for y in world.items:
                if "/00/" not in x + y:
                    assert (y in forward[x]) == (x in back[y]), (world.seed, x, y)


def _goods() -> Goods:
    """10 of X made at A and packed; 10 more of B come to A; the pack leaves for C; then some are used."""
    goods = Goods()
    goods.make("X", Decimal(10), "A", 1, 0)
    goods.bring("P", "A", 2, 1)
    goods.pack("X", Decimal(10), "P", 2, 1)
    goods.make("X", Decimal(10), "B", 3, 2)
    goods.depart("X", Decimal(10), "B", "t1", "A", 4, 3)
    goods.arrive("X", Decimal(10), "t1", "A", "received", 5, 4)
    goods.depart_one("P", "A", "t2", "C", 6, 5)
    goods.arrive_one("P", "t2", "C", "received", 7, 6)
    goods.use("X", Decimal(4), "A", "run", 8, 7)
    goods.draw("Y", Decimal(4), "A", "run", 8, 7)
    return goods


@pytest.mark.parametrize(
    ("seed", "items", "sites"),
    [
        (Seed("X", "B"), {"X", "Y"}, {"A", "B"}),
        (Seed("X", "A", until=3), {"X"}, {"A", "C"}),
        (Seed("X", "A", since=5), {"X", "Y"}, {"A", "C"}),
        (Seed("X", "A", since=7), {"X", "Y"}, {"A"}),
        (Seed("X"), {"X", "Y"}, {"A", "B", "C"}),
        (Seed(site="A", until=3), {"X", "P"}, {"A", "C"}),
        (Seed("X", "C", since=1, until=6), set(), set()),
    ],
)
def test_truth_of_a_drawn_world(seed: Seed, items: set[str], sites: set[str]) -> None:
    """Packed goods do not mix with what comes later, and a window cuts as it says."""
    reached = reach_forward(_goods(), {}, seed)
    assert (set(reached.items), set(reached.sites)) == (items, sites)


def test_truth_back_of_a_drawn_world() -> None:
    """Y came from the goods of B alone, since those of A were packed when it was made."""
    reached = reach_back(_goods(), {}, Seed("Y"))
    assert reached.pairs == {("Y", "A"), ("X", "A"), ("X", "B")}
