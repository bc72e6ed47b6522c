"""Recall scopes: outlets, amounts, shipments, exclusions, and the hash that makes an answer the same."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.answer import AffectedStock, Certainty, Party, Product, RecallScope
from engine.question import ItemSeed, KillStepRule, LeaveOutRule, MixRule, Options, SiteSeed
from engine.questions.masters import told_site
from graph_schema.event import Action, Event
from tests.questions.telling import (
    CLASS,
    asking,
    between,
    day,
    item,
    made,
    packed,
    received,
    shipped,
    site,
    sold,
    told,
    unpacked,
    used,
)

# The edible part of a story told in numbers: what goes where, and what is left there.
STORY = [
    made(1, "station", TK=10000),
    shipped(2, "station", "dairy", "D1", TK=10000),
    received(2.1, "dairy", "D1", TK=10000),
    used(3, "dairy", {"TK": 10000}, {"BP": 1250}),
    used(4, "dairy", {"BP": 200}, {"CAN": 1000}),
    shipped(5, "dairy", "hub", "D2", CAN=600),
    received(6, "hub", "D2", CAN=600),
    shipped(7, "hub", "shop", "D3", CAN=400),
    received(8, "shop", "D3", CAN=400),
    sold(9, "shop", CAN=150),
    shipped(10, "hub", "store", "D4", CAN=50),
]
MASTERS = [
    (
        site("shop"),
        "site",
        msgspec.json.encode(
            {
                "name": "Beibei",
                "city": "Jinan",
                "countryCode": "CN",
                "latitude": "36.6",
                "owning_party": "https://example.org/party/B",
                "https://gs1.org/voc/contactPoint": {"name": "Chen", "telephone": "+86 1", "email": "c@b.example"},
            }
        ),
    ),
    ("https://example.org/party/B", "party", b'{"name": "Beibei Ltd"}'),
    ("https://id.gs1.org/01/10614141000019", "product", b'{"descriptionShort": "Formula"}'),
]


def _row(scope: RecallScope, name: str, at: str) -> AffectedStock:
    (outlet,) = [o for o in scope.outlets if o.site.id == site(at)]
    (row,) = [r for r in outlet.stock if r.item.id == item(name)]
    return row


def _amounts(row: AffectedStock) -> dict[str, tuple[int, int | None]]:
    """The columns that are not zero, as whole numbers."""
    amounts = {}
    for column in row.stock.__struct_fields__:
        (q,) = getattr(row.stock, column)
        if q.high != 0:
            amounts[column] = (int(q.low), None if q.high is None else int(q.high))
    return amounts


def test_every_outlet_has_what_came_what_went_and_what_is_held(tmp_path: Path) -> None:
    """The columns are the amounts of each item at each outlet, exact where records are complete."""
    with asking(tmp_path, STORY[:-1]) as ask:
        scope = ask.recall(ItemSeed(item("TK")))
    assert _amounts(_row(scope, "TK", "station")) == {"made": (10000, 10000), "forwarded": (10000, 10000)}
    assert _amounts(_row(scope, "TK", "dairy")) == {"received": (10000, 10000), "used": (10000, 10000)}
    assert _amounts(_row(scope, "BP", "dairy")) == {"made": (1250, 1250), "used": (200, 200), "held": (1050, 1050)}
    assert _amounts(_row(scope, "CAN", "shop")) == {"received": (400, 400), "sold": (150, 150), "held": (250, 250)}
    assert {o.site.id: o.tier for o in scope.outlets} == {
        site("station"): 0, site("dairy"): 1, site("hub"): 2, site("shop"): 3,
    }  # fmt: skip
    assert (scope.summary.outlets_certain, scope.summary.items_certain) == (4, 3)


def test_goods_on_the_way_make_their_outlet_possible(tmp_path: Path) -> None:
    """A shipment without receipt is listed, with its amount; its outlet is possible, and nothing of it is sure."""
    with asking(tmp_path, STORY) as ask:
        scope = ask.recall(ItemSeed(item("TK")))
    (shipment,) = scope.in_transit
    assert shipment.source is not None
    assert shipment.destination is not None
    assert (shipment.source.id, shipment.destination.id) == (site("hub"), site("store"))
    assert [(q.low, q.high) for q in shipment.quantity] == [(50, 50)]
    (outlet,) = [o for o in scope.outlets if o.site.id == site("store")]
    assert (outlet.certainty, outlet.in_transit, outlet.tier) == (Certainty.POSSIBLE, True, 3)
    amounts = _amounts(_row(scope, "CAN", "store"))
    assert amounts == {"received": (0, 50), "in_transit": (0, 50), "held": (0, 50), "unaccounted": (0, 50)}
    assert _amounts(_row(scope, "CAN", "hub"))["held"] == (150, 150)


def test_a_pallet_is_no_piece_beside_what_is_on_it(tmp_path: Path) -> None:
    """What is held counts the goods on a pallet, in any depth, and a pallet only where nothing tells of them."""
    goods = [
        made(1, "A", X=10),
        packed(2, "A", "P1", X=10),
        packed(3, "A", "P2", P1=None),
        shipped(4, "A", "B", P2=None),
        received(5, "B", P2=None),
        made(5, "B", P3=None),
    ]
    with asking(tmp_path, goods) as ask:
        told_of = [ask.recall(ItemSeed(item(seed))).summary.held for seed in ("X", "P2", "P3")]
        among = ask.recall(SiteSeed(site("B"))).summary.held
    assert [[(q.low, q.uom) for q in held] for held in told_of] == [[(10, "KGM")], [(10, "KGM")], [(1, None)]]
    assert {q.uom: q.low for q in among} == {"KGM": 10, None: 1}


def test_the_question_is_repeated_in_the_names_of_the_contract(tmp_path: Path) -> None:
    """Every option under its name in JSON, times readable, so that a scope tells what it is of."""
    options = Options(max_depth=9, as_known_at=day(200), rules=(KillStepRule("killing"),))
    with asking(tmp_path, STORY) as ask:
        told_of = ask.recall(ItemSeed(item("TK"), window=between(1, 2)), options=options).parameters
    assert told_of == {
        "seeds": [
            {
                "type": "item",
                "item": item("TK"),
                "at": None,
                "window": {"since": "2026-01-01T00:00:00+00:00", "until": "2026-01-02T00:00:00+00:00"},
            }
        ],
        "direction": "forward",
        "options": {
            "certainty": "possible",
            "window": {"since": None, "until": None},
            "maxDepth": 9,
            "asKnownAt": "2026-07-19T00:00:00+00:00",
            "contact": "by-profile",
            "rules": [{"type": "killStep", "bizStep": "killing", "at": None, "product": None}],
        },
    }


def test_sums_lose_no_digit(tmp_path: Path) -> None:
    """Of a mountain and a kilogram, less the mountain, the kilogram is left: in the amounts, and for what follows."""
    events = [
        made(1, "A", X=1e30),
        made(2, "A", X=1),
        shipped(3, "A", "B", "D1", X=1e30),
        received(4, "B", "D1", X=1e30),
        shipped(5, "A", "C", "D2", X=1),
        received(6, "C", "D2", X=1),
    ]
    with asking(tmp_path, events[:-2]) as ask:
        (held,) = _row(ask.recall(ItemSeed(item("X"))), "X", "A").stock.held
    assert (held.low, held.high) == (1, 1)
    (tmp_path / "more").mkdir()
    with asking(tmp_path / "more", events) as ask:
        begun = ItemSeed(item("X"), site("A"), between(None, 1))
        assert site("C") in {o.site.id for o in ask.recall(begun).outlets if o.certainty is Certainty.CERTAIN}


def test_no_more_is_affected_than_came_affected(tmp_path: Path) -> None:
    """Of a stock of clean and affected goods, at most what came affected can have been sold or be held."""
    events = [
        made(1, "A", X=10),
        made(1, "B", X=90),
        shipped(2, "A", "C", "D1", X=10),
        received(3, "C", "D1", X=10),
        shipped(2, "B", "C", "D2", X=90),
        received(4, "C", "D2", X=90),
        sold(5, "C", X=50),
    ]
    with asking(tmp_path, events) as ask:
        row = _row(ask.recall(ItemSeed(item("X"), site("A"))), "X", "C")
    assert _amounts(row) == {"received": (100, 100), "sold": (50, 50), "held": (50, 50)}
    bounds = {name: getattr(row.affected_at_most, name)[0].high for name in ("received", "sold", "held")}
    assert bounds == {"received": 10, "sold": 10, "held": 10}


def test_goods_in_containers_leave_and_come_with_them(tmp_path: Path) -> None:
    """Packing and unpacking move nothing; a container forwards and brings what is in it."""
    events = [
        made(1, "A", X=10),
        packed(2, "A", "P1", X=6),
        shipped(3, "A", "B", "D1", P1=None),
        received(4, "B", "D1", P1=None),
        unpacked(5, "B", "P1", X=4),
        sold(6, "B", X=1),
    ]
    with asking(tmp_path, events) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert _amounts(_row(scope, "X", "A")) == {"made": (10, 10), "forwarded": (6, 6), "held": (4, 4)}
    assert _amounts(_row(scope, "X", "B")) == {"received": (6, 6), "sold": (1, 1), "held": (5, 5)}


def test_an_instance_is_one_piece(tmp_path: Path) -> None:
    """An instance is counted as one piece at each site its line enters, leaves or ends in."""
    one = {"1": None}
    events = [
        made(1, "A", X=5),
        used(2, "A", {"X": 5}, {"1": None, "2": None}),
        shipped(3, "A", "B", "D1", **one),
        received(4, "B", "D1", **one),
        sold(5, "B", **one),
    ]
    with asking(tmp_path, events) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert _amounts(_row(scope, "1", "A")) == {"made": (1, 1), "forwarded": (1, 1)}
    assert _amounts(_row(scope, "1", "B")) == {"received": (1, 1), "sold": (1, 1)}
    assert _amounts(_row(scope, "2", "A")) == {"made": (1, 1), "held": (1, 1)}
    assert [q.uom for q in _row(scope, "2", "A").stock.held] == [None]


def test_amounts_that_are_not_said_are_open(tmp_path: Path) -> None:
    """Where an amount is lost, its column runs from nothing to not known."""
    with asking(tmp_path, [made(1, "A", X=None), shipped(2, "A", "B", "D1", X=4), received(3, "B", "D1", X=4)]) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert _amounts(_row(scope, "X", "A"))["made"] == (0, None)
    assert _amounts(_row(scope, "X", "B")) == {"received": (4, 4), "held": (4, 4)}


@pytest.mark.parametrize("told", ["NaN", "inf", "1e400", "181", "north", "", None, ["-181"]])
def test_what_is_no_angle_is_no_place_on_the_globe(told: object) -> None:
    """A latitude that no place has is left out of an answer; one that a place can have is kept."""
    assert told_site("k", None, None, {"latitude": told, "longitude": "-180"}, None).latitude is None
    assert told_site("k", None, None, {"latitude": told, "longitude": "-180"}, None).longitude == -180


def test_master_data_tell_whom_to_call(tmp_path: Path) -> None:
    """An outlet has its name, address, party and contacts, an item its product's name."""
    with asking(tmp_path, STORY, masters=MASTERS) as ask:
        scope = ask.recall(ItemSeed(item("TK")))
    (outlet,) = [o for o in scope.outlets if o.site.id == site("shop")]
    assert (outlet.site.name, outlet.site.latitude) == ("Beibei", 36.6)
    assert outlet.site.party == Party("https://example.org/party/B", "Beibei Ltd")
    assert outlet.site.address is not None
    assert (outlet.site.address.city, outlet.site.address.country) == ("Jinan", "CN")
    assert [(c.name, c.phone, c.email) for c in outlet.contacts] == [("Chen", "+86 1", "c@b.example")]
    assert _row(scope, "CAN", "shop").item.product == Product(CLASS, "Formula")
    assert outlet.evidence[-1] == STORY[8].id


def test_a_voided_shipment_excludes_its_destination(tmp_path: Path) -> None:
    """A place that only a void shipment names is excluded, with that reason and its events."""
    void = told("void", 3, "A", {"X": 5}, to="B", doc="D1", step="void_shipping")
    events = [made(1, "A", X=5), shipped(2, "A", "B", "D1", X=5), void]
    with asking(tmp_path, events) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert {o.site.id for o in scope.outlets} == {site("A")}
    (exclusion,) = scope.excluded
    assert (exclusion.reason, exclusion.site) == ("void_shipping", site("B"))
    assert set(exclusion.events) == {events[1].id, void.id}


def test_the_bounds_of_the_question_say_what_they_exclude(tmp_path: Path) -> None:
    """What a window, a clean break or a site left out keeps from the scope is listed with that reason."""
    with asking(tmp_path, STORY) as ask:
        narrow = ask.recall(ItemSeed(item("CAN"), site("hub"), between(9)))
        assert ("window", site("shop")) in {(e.reason, e.site) for e in narrow.excluded}
        left_out = Options(rules=(LeaveOutRule((site("shop"),)),))
        without = ask.recall(ItemSeed(item("CAN"), site("hub")), options=left_out)
        assert {(e.reason, e.site) for e in without.excluded} == {("left_out", site("shop"))}
        rule = MixRule(site("dairy"), between(1, 3.5))
        mixed = ask.recall(ItemSeed(item("TK")), options=Options(rules=(rule,)))
        assert mixed.excluded == ()


def test_the_same_question_on_the_same_ledger_is_the_same_scope(tmp_path: Path) -> None:
    """The hash covers ledger, question and derivation: same hash same scope, any change another hash."""
    with asking(tmp_path, STORY[:5], STORY[5:]) as ask:
        seed = ItemSeed(item("TK"))
        first, again = ask.recall(seed), ask.recall(seed)
        assert (first.hash, first.outlets, first.lots) == (again.hash, again.outlets, again.lots)
        others = [
            ask.recall(seed, options=Options(max_depth=99)),
            ask.recall(seed, options=Options(as_known_at=day(101))),
            ask.recall(ItemSeed(item("BP"))),
        ]
        assert len({first.hash, *(other.hash for other in others)}) == 4
        assert set(first.digests) == {"builder", "profiles", "vocabularies", "steps", "units"}


def test_of_a_load_so_much_is_affected_as_was_packed(tmp_path: Path) -> None:
    """A seed that begins in a container, where its goods did not come but were packed: they are held, affected."""
    events = [made(1, "A", X=10), packed(2, "A", "P1", X=4), unpacked(3, "A", "P1", X=4), sold(4, "A", X=5)]
    with asking(tmp_path, events) as ask:
        row = _row(ask.recall(ItemSeed(item("P1"))), "X", "A")
    bounds = {name: getattr(row.affected_at_most, name)[0].high for name in ("made", "sold", "held")}
    assert bounds == {"made": 0, "sold": 4, "held": 4}


def test_of_a_stock_in_a_window_all_that_was_there_is_affected(tmp_path: Path) -> None:
    """What came before the window in another delivery and is there still is affected too."""
    events = [made(1, "A", X=10), shipped(2, "A", "B", "D1", X=6), received(3, "B", "D1", X=6)]
    events += [shipped(4, "A", "B", "D2", X=1), received(5, "B", "D2", X=1)]
    with asking(tmp_path, events) as ask:
        row = _row(ask.recall(ItemSeed(item("X"), site("B"), between(6))), "X", "B")
    assert row.affected_at_most.held[0].high == row.affected_at_most.received[0].high == 7


def test_goods_sold_under_their_class_at_an_unknown_place_may_be_of_the_lot(tmp_path: Path) -> None:
    """A sale that names the class alone and no place may have been of any lot of it: what is held is in doubt."""
    sale = told("sold", 2, None, {"class": 5}, step="retail_selling", disposition="retail_sold")
    with asking(tmp_path, [made(1, "A", X=5), sale]) as ask:
        amounts = _amounts(_row(ask.recall(ItemSeed(item("X"))), "X", "A"))
    assert (amounts["sold"], amounts["held"]) == ((0, 5), (0, 5))


def test_a_piece_sent_somewhere_and_seen_elsewhere_may_have_been_there(tmp_path: Path) -> None:
    """Where a way goes on from a site without a receipt there, the piece may have come there and left again."""
    one = {"1": None}
    events = [made(1, "A", **one), shipped(2, "A", "B", **one), shipped(4, None, "C", **one), received(5, "C", **one)]
    with asking(tmp_path, events) as ask:
        amounts = _amounts(_row(ask.recall(ItemSeed(item("1"))), "1", "B"))
    assert amounts == {"received": (0, 1), "forwarded": (0, 1), "held": (0, 1), "unaccounted": (0, 1)}


def test_what_no_record_places_is_in_the_row_of_the_site_asked_about(tmp_path: Path) -> None:
    """Goods at an unknown place may have been at the site that the seed names: the row tells how much."""
    with asking(tmp_path, [made(1, "A", Y=1), made(1, None, X=5)]) as ask:
        amounts = _amounts(_row(ask.recall(ItemSeed(item("X"), site("A"))), "X", "A"))
    assert amounts["made"] == amounts["held"] == (0, 5)


def test_amounts_of_one_lot_in_several_units_are_one_amount(tmp_path: Path) -> None:
    """Kilograms packed of a lot made in grams are so many grams in the container, on arrival, and where they end."""
    events = [
        _in_grams(made(1, "A", X=9000)),
        packed(2, "A", "P1", X=4),
        shipped(3, "A", "B", "D1", P1=None),
        received(4, "B", "D1", P1=None),
        shipped(3, "A", "C", "D2", X=2),
        _in_grams(received(4, "C", "D2", X=2000)),
        shipped(5, "A", "D", "D3", X=1),
        _in_grams(told("void", 6, "A", {"X": 1000}, to="D", doc="D3", step="void_shipping")),
        told("gone", 7, "B", {"P1": None}, step="destroying", action=Action.DELETE, disposition="destroyed"),
    ]
    with asking(tmp_path, events) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert _amounts(_row(scope, "X", "A")) == {"made": (9000, 9000), "forwarded": (6000, 6000), "held": (3000, 3000)}
    assert _amounts(_row(scope, "X", "B")) == {"received": (4000, 4000), "destroyed": (4000, 4000)}
    assert _amounts(_row(scope, "X", "C")) == {"received": (2000, 2000), "held": (2000, 2000)}


def _in_grams(event: Event) -> Event:
    return msgspec.structs.replace(event, whats=tuple(msgspec.structs.replace(w, uom="GRM") for w in event.whats))


def test_every_row_of_an_item_is_in_its_units(tmp_path: Path) -> None:
    """Where no amount is said at a site, its row is open in the unit that the item's records say elsewhere."""
    with asking(tmp_path, [made(1, "A", X=None), shipped(2, "A", "B", "D1", X=4), received(3, "B", "D1", X=4)]) as ask:
        scope = ask.recall(ItemSeed(item("X")))
    assert {q.uom for o in scope.outlets for row in o.stock for q in row.stock.made} == {"KGM"}
    assert [(q.low, q.high, q.uom) for q in scope.lots[0].stock.made] == [(0, None, "KGM")]
