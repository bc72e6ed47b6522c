"""What a recall would locate is what arithmetic apart from the engine gives, each unit of goods counted once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from api.demo.naming import name_of, site
from api.demo.recording import Json
from engine.answer import Direction
from engine.drill import Effect, Sample, drilled
from engine.drill.effect import added
from engine.drill.measures import percentile
from engine.question import ItemSeed, Question
from engine.trace import trace
from graph_schema.units import exact_sums
from tests.drill.drilling import STORY, by_arithmetic, drill_from, drilled_of, sample_of
from tests.systems.test_stories import NAMES, opened, told

LOT = "urn:epc:class:lgtin:6901234.056789."
Bound = tuple[int, int | None]


def bounds_of(sample: Sample) -> list[tuple[Decimal, Decimal | None]]:
    """Located and affected, a pair a unit."""
    return [(one.located, one.affected) for one in sample.effects or ()]


@pytest.mark.parametrize("name", NAMES)
def test_a_recall_locates_what_a_story_has_somewhere(name: str, tmp_path: Path) -> None:
    """Of every lot and what became of it: at hand, on the way and destroyed, of all that there is, to the unit."""
    with opened(name, tmp_path) as (telling, index, snapshot):
        for sample in drilled_of(index, snapshot, system=name).samples:
            reached = trace(index, snapshot, Question((ItemSeed(sample.key),), Direction.FORWARD)).items
            assert bounds_of(sample) == by_arithmetic(telling, {name_of(one.id) for one in reached}), sample.key


def test_what_was_sold_is_not_located(tmp_path: Path) -> None:
    """Of 1,450 cans 150 were sold: 1,300 are located, wherever they went, and each is counted once."""
    with opened(STORY, tmp_path) as (_, index, snapshot):
        found = drilled_of(index, snapshot)
    assert bounds_of(sample_of(found, "CAN-B")) == [(1300, 1450)]
    assert bounds_of(sample_of(found, "BL-2")) == [(1300, 1450)]


def goods(lot: str, amount: float, uom: str | None = "KGM") -> list[Json]:
    """So much of a lot."""
    return [{"epcClass": LOT + lot, "quantity": amount} | ({} if uom is None else {"uom": uom})]


def event(number: int, step: str, place: str, **more: object) -> Json:
    """A record of what happened at a place."""
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"x": "https://example.org/x#"}],
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTime": f"2026-03-{number:02}T08:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "bizStep": step,
        "readPoint": {"id": site(place)},
        "x:recorder": site(place),
    } | more


def made(number: int, place: str, lot: str, amount: float, uom: str | None = "KGM", **used: Json) -> Json:
    """A lot is made and packed, of another or of nothing: a tracking event, so that it is a candidate."""
    of = {"inputQuantityList": used["of"]} if "of" in used else {"transformationID": f"urn:uuid:begun-{lot}"}
    words = {"type": "TransformationEvent", "outputQuantityList": goods(lot, amount, uom), "x:cte": "other_food.fill"}
    told_of = event(number, "creating_class_instance", place, **words) | of
    del told_of["action"]
    return told_of | {"disposition": "active"}


def moved(number: int, step: str, place: str, lot: str, amount: float, **more: object) -> Json:
    """Some of it leaves, comes or ends."""
    return event(number, step, place, quantityList=goods(lot, amount), **more)


def ship(number: int, lot: str, amount: float, to: str | None = "shop") -> Json:
    """A shipment from the plant."""
    named = {} if to is None else {"destinationList": [{"type": "location", "destination": site(to)}]}
    papers = [{"type": "desadv", "bizTransaction": f"urn:example:despatch:{number}"}]
    return moved(number, "shipping", "plant", lot, amount, bizTransactionList=papers, **named)


def receive(number: int, lot: str, amount: float, of: int) -> Json:
    """It comes to the shop."""
    papers = [{"type": "desadv", "bizTransaction": f"urn:example:despatch:{of}"}]
    return moved(number, "receiving", "shop", lot, amount, bizTransactionList=papers)


def ended(number: int, step: str, place: str, lot: str, amount: float) -> Json:
    """Some of it leaves the chain."""
    return moved(number, step, place, lot, amount, action="DELETE" if step == "destroying" else "OBSERVE")


@pytest.mark.parametrize(
    ("events", "bound"),
    [
        ([], (100, 100)),
        ([ship(2, "A", 40), receive(3, "A", 40, 2)], (100, 100)),
        ([ship(2, "A", 40)], (100, 100)),
        ([ship(2, "A", 40, None)], (60, 100)),
        ([ship(2, "A", 40), receive(3, "A", 40, 2), ended(4, "retail_selling", "shop", "A", 30)], (70, 100)),
        ([ended(2, "destroying", "plant", "A", 30)], (100, 100)),
        ([ended(2, "retail_selling", "plant", "A", 130)], (0, 130)),
        ([made(2, "plant", "B", 90, of=goods("A", 100))], (90, 90)),
        ([made(2, "plant", "B", 90, of=goods("A", 60))], (130, 130)),
    ],
    ids=[
        "at hand", "received elsewhere", "under way", "under way to nobody knows where", "sold", "destroyed",
        "more sold than there was", "all became other goods", "some became other goods",
    ],
)  # fmt: skip
def test_each_kilogram_is_counted_once(events: list[Json], bound: Bound, tmp_path: Path) -> None:
    """Of 100 kg: what was forwarded is received at the next, what was used became other goods of the scope."""
    found = drill_from([made(1, "plant", "A", 100), *events], tmp_path, system="other_food")
    assert bounds_of(sample_of(found, "A")) == [bound]


def test_what_was_used_and_became_nothing_is_not_located(tmp_path: Path) -> None:
    """Ingredients went in, and no record says what came out: they are affected, and nobody knows where."""
    into = event(2, "creating_class_instance", "plant", type="TransformationEvent", transformationID="urn:uuid:run")
    del into["action"]
    used = into | {"inputQuantityList": goods("A", 30)}
    came_out = into | {"eventTime": "2026-03-03T08:00:00+08:00", "outputQuantityList": goods("B", 20)}
    lost = drill_from([made(1, "plant", "A", 100), used], tmp_path / "lost", system="other_food")
    assert bounds_of(sample_of(lost, "A")) == [(70, 100)]
    whole = drill_from([made(1, "plant", "A", 100), used, came_out], tmp_path / "whole", system="other_food")
    assert bounds_of(sample_of(whole, "A")) == [(90, 90)]


def test_units_of_measure_are_never_summed(tmp_path: Path) -> None:
    """Kilograms and pieces are told apart; grams are kilograms."""
    events = [
        made(1, "plant", "A", 100),
        made(2, "plant", "B", 500, None, of=goods("A", 10)),
        made(3, "plant", "C", 4_000, "GRM", of=goods("A", 5)),
    ]
    found = drill_from(events, tmp_path, system="other_food")
    told_of = {one.uom: (one.located, one.affected) for one in sample_of(found, "A").effects or ()}
    assert told_of == {"KGM": (89, 89), None: (500, 500)}
    measures = {one.effect.uom: one.effect.affected for one in drilled(found).effects}
    assert measures == {"KGM": 89 + 4, None: 500 + 500}


def test_an_amount_that_nobody_told_makes_the_rate_unknown(tmp_path: Path) -> None:
    """The sum says of how many lots, and guesses nothing."""
    unsaid = made(1, "plant", "A", 100)
    unsaid["outputQuantityList"] = [{"epcClass": f"{LOT}A"}]
    found = drill_from([unsaid, made(2, "plant", "B", 50, None)], tmp_path, system="other_food")
    assert bounds_of(sample_of(found, "A")) == [(0, None)]
    (measure,) = drilled(found).effects
    assert (measure.effect.affected, measure.effect.rate, measure.unknown, measure.met) == (None, None, 1, None)


def test_a_sale_without_a_receipt_leaves_the_rate_unknown(tmp_path: Path) -> None:
    """How much came to the shop nobody recorded, and some of it was sold."""
    events = [
        one for one in told(STORY).events if (one["bizStep"], one["readPoint"]["id"]) != ("receiving", site("store-Y"))
    ]
    assert bounds_of(sample_of(drill_from(events, tmp_path), "CAN-B")) == [(0, None)]


def test_a_departure_without_a_record_is_a_lower_bound(tmp_path: Path) -> None:
    """That 40 kg came to the shop and none left the plant: 140 may be affected, of which 60 surely never left."""
    events = [made(1, "plant", "A", 100), moved(2, "receiving", "shop", "A", 40)]
    assert bounds_of(sample_of(drill_from(events, tmp_path, system="other_food"), "A")) == [(60, 140)]


def test_a_pallet_is_not_counted_beside_what_is_on_it(tmp_path: Path) -> None:
    """A hundred kilograms on a pallet are a hundred kilograms."""
    packed = event(
        2, "packing", "plant", type="AggregationEvent", action="ADD", parentID="urn:epc:id:sscc:6901234.0000000017",
        childQuantityList=goods("A", 100),
    )  # fmt: skip
    found = drill_from([made(1, "plant", "A", 100), packed], tmp_path, system="other_food")
    assert bounds_of(sample_of(found, "A")) == [(100, 100)]


def test_sums_are_exact() -> None:
    """Not a gram is lost or won in a hundred thousand tonnes."""
    big, small = Decimal(123456789012345678901234567890), Decimal("0.000001")
    with exact_sums():
        assert added([Effect("KGM", big, big), Effect("KGM", small, None)]) == (Effect("KGM", big + small, None),)


@pytest.mark.parametrize(
    ("seconds", "most"), [([], None), ([3], 3), ([*range(1, 20)], 19), ([*range(1, 21)], 19), ([*range(1, 101)], 95)]
)
def test_ninety_five_of_a_hundred_take_no_longer(seconds: list[float], most: float | None) -> None:
    """By nearest rank: of fewer than twenty the longest."""
    assert percentile(reversed(seconds)) == most
