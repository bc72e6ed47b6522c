"""The stories of the product systems, told as EPCIS events, give the answers that their file expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from api.demo import stories as shipped
from api.demo.naming import name_of, site
from api.demo.stories import stories
from api.demo.story import ON_THE_WAY, Expected, Story
from api.demo.telling import Told
from engine.answer import Certainty, Direction, RecallScope, StockColumns
from engine.capture import capture
from engine.index import ARRAYS, FlowIndex, Walker, open_index
from engine.ledger import Capture
from engine.question import ContactMode, ItemSeed, Options, Question
from engine.recall import recall_scope
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.event import Event
from graph_schema.identifiers import canonical_key
from graph_schema.profiles import profiles, recognise
from tests.systems.arithmetic import (
    BECAME,
    LOST,
    USED,
    at_hand,
    ended_by_a_move,
    gone_with_the_goods,
    stock_by_arithmetic,
)
from tests.worlds.reading import read_events

Asking = tuple[Told, FlowIndex, Snapshot]
"""A story, and what is asked about it."""
COLUMNS = (("held",), ("used", "sold", "destroyed"), ("unaccounted",))
NAMES = [*stories()]
FAILED = {
    "agri_edible": 13,
    "infant_formula": 14,
    "meat_products": 13,
    "edible_oil": 4,
    "pesticide": 10,
    "fertilizer": 10,
    "auto_part": 11,
    "dairy": 16,
    "baijiu": 15,
    "meat_vegetable": 15,
    "vet_drug": 12,
    "feed": 12,
    "seed": 14,
}
"""By story, the record of a check that its note says was not passed."""


@cache
def told(name: str) -> Told:
    """A story, told."""
    return shipped.told(stories()[name])


@cache
def events_of(name: str) -> list[Event]:
    """Its events, as the loader reads them."""
    return read_events(told(name).events)


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Asking]:
    """A story in a store, to be asked."""
    store = open_store(str(folder / "suyuan.db"))
    capture(store, events_of(name), Capture("", "story", name, 0))
    with store.snapshot() as snapshot:
        yield told(name), open_index(None, snapshot), snapshot
    store.close()


@pytest.fixture(params=NAMES, scope="module")
def asking(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Each story in a store."""
    with opened(request.param, tmp_path_factory.mktemp(request.param)) as story:
        yield story


@pytest.mark.parametrize("name", NAMES)
def test_the_stock_of_a_story_is_what_arithmetic_gives(name: str) -> None:
    """What its file expects is what came less what went, counted apart from the engine."""
    stock = stock_by_arithmetic(told(name))
    for item, places in told(name).story.expected_stock.items():
        assert at_hand(stock[item]) == places, item


def test_the_engine_gives_the_expected_stock(asking: Asking) -> None:
    """Each place holds what the story says, to the unit; what was used is gone; what is on the way is so."""
    judge_stock(*asking)


def test_the_engine_follows_the_goods_alone(asking: Asking) -> None:
    """Forward and back reach, certainly, what the goods became or came from, and nothing else."""
    judge_goods(*asking)


def judge_stock(telling: Told, index: FlowIndex, snapshot: Snapshot) -> None:
    """The stock of every item that a story asks for is as expected."""
    stock = stock_by_arithmetic(telling)
    for item, places in telling.story.expected_stock.items():
        seed = ItemSeed(key_of(telling, item))
        scope = recall_scope(index, snapshot, Question((seed,), Direction.FORWARD))
        gone = places.get(USED, 0) + stock[item].get(BECAME, 0)
        assert stock_of(scope, telling, item) == places | ({USED: gone} if gone else {}), item


def judge_goods(telling: Told, index: FlowIndex, snapshot: Snapshot) -> None:
    """What is reached from the seeds of a story that are goods is what they became or came from."""
    made = {name for record in telling.story.records for name in record.makes}
    for expected in telling.story.expected:
        known = [seed for seed in expected.seeds if seed in made]
        if known:
            found = reached(index, snapshot, telling, known, expected.direction, contact=ContactMode.NONE)
            assert found == gone_with_the_goods(telling.story, known, back=is_back(expected)), expected


def judge_sets(telling: Told, index: FlowIndex, snapshot: Snapshot, walker: Walker) -> None:
    """All that a story expects of a walk, by goods and by contact, is what is certainly reached."""
    for expected in telling.story.expected:
        found = reached(index, snapshot, telling, expected.seeds, expected.direction, walker=walker)
        assert found == set(expected.answer), expected


def is_back(expected: Expected) -> bool:
    """Whether an expected set is asked back."""
    return expected.direction is Direction.BACK


def needs_contact(story: Story, expected: Expected) -> bool:
    """Whether more is expected than the goods alone reach."""
    return set(expected.answer) != gone_with_the_goods(story, expected.seeds, back=is_back(expected))


def answers(*, by_contact: bool) -> list[Any]:
    """The sets that are expected: those that need contact of goods with what is no part of them, or the others."""
    return [
        pytest.param(name, expected, id=f"{name} {' '.join(expected.seeds)}")
        for name, story in stories().items()
        for expected in story.expected
        if needs_contact(story, expected) is by_contact
    ]


@pytest.mark.parametrize(("name", "expected"), answers(by_contact=False))
def test_the_engine_gives_the_expected_sets(name: str, expected: Expected, tmp_path: Path) -> None:
    """Forward and back reach what the story says and nothing else, all of it certain."""
    with opened(name, tmp_path) as (telling, index, snapshot):
        found = reached(index, snapshot, telling, expected.seeds, expected.direction)
        assert found == set(expected.answer)


@pytest.mark.parametrize(("name", "expected"), answers(by_contact=True))
def test_the_engine_gives_the_expected_sets_by_contact(name: str, expected: Expected, tmp_path: Path) -> None:
    """Plots, tankers, lifts, cars and heats of steel carry a hazard as their profile declares."""
    with opened(name, tmp_path) as (telling, index, snapshot):
        found = reached(index, snapshot, telling, expected.seeds, expected.direction)
        assert found == set(expected.answer)


@pytest.mark.parametrize("name", NAMES)
def test_every_event_of_a_story_is_recognised(name: str) -> None:
    """Each record of a story is the tracking event that the story says."""
    (profile,) = profiles().versions(name)
    wanted = {tracked for record in told(name).story.records for tracked in record.tracked_events()}
    found = {one.event.id for event in events_of(name) for one in recognise(event, profile, profiles().common)}
    assert wanted <= found


@pytest.mark.parametrize("name", NAMES)
def test_a_check_that_a_story_says_failed_is_recorded_so(name: str) -> None:
    """And no other: what found carbofuran does not say that all is well."""
    (profile,) = profiles().versions(name)
    found = {
        int(written["eventTime"][11:13])  # the number of its record
        for written, event in zip(told(name).events, events_of(name), strict=True)
        if any(one.failed for one in recognise(event, profile, profiles().common))
    }
    assert found == ({FAILED[name]} if name in FAILED else set())


def test_two_lifts_are_joined_by_no_place_and_by_nothing_unnamed(tmp_path: Path) -> None:
    """Each was put into a place of its own, which the record of its installation has as the whole."""
    with opened("elevator", tmp_path) as (telling, index, snapshot):
        found = trace(
            index, snapshot, Question((ItemSeed(key_of(telling, "L-1")),), options=Options(contact=ContactMode.ALL))
        )
    names = {name_of(item.id) for item in found.items}
    assert "L-2" not in names
    installed = [event for event in told("elevator").events if event["x:cte"] == "elevator.install"]
    assert [(event["parentID"], event["childEPCs"]) for event in installed] == [
        (site(f"tower-{place}"), [telling.item(lift)]) for place, lift in (("A", "L-1"), ("B", "L-2"))
    ]


def reached(
    index: FlowIndex,
    snapshot: Snapshot,
    telling: Told,
    names: Sequence[str],
    direction: Direction,
    *,
    contact: ContactMode = ContactMode.BY_PROFILE,
    walker: Walker = ARRAYS,
) -> set[str]:
    """The items that an answer certainly reaches, the seeds aside."""
    question = Question(
        tuple(ItemSeed(key_of(telling, name)) for name in names),
        direction,
        Options(contact=contact),
    )
    found = trace(index, snapshot, question, walker).items
    assert {item.certainty for item in found} <= {Certainty.CERTAIN}
    return {name_of(item.id) for item in found} - set(names)


def key_of(telling: Told, name: str) -> str:
    """The key of an item of a story."""
    return canonical_key(telling.item(name))


def stock_of(scope: RecallScope, telling: Told, item: str) -> dict[str, Decimal]:
    """What is where of an item: held, gone from the chain, on the way."""
    found: dict[str, Decimal] = {}
    used = lost = Decimal()
    ended_here = ended_by_a_move(telling)
    for outlet in scope.outlets:
        place = outlet.site.id.removeprefix(site(""))
        # Where goods are only on their way to, they may have come; the shipment tells how much.
        for row in [] if outlet.in_transit else outlet.stock:
            if name_of(row.item.id) == item:
                held, gone, missing = (_exactly(row.stock, columns) for columns in COLUMNS)
                ended = (item, place) in ended_here
                used += Decimal() if ended else gone
                lost += missing
                found |= {place: gone if ended else held}
    for shipment in scope.in_transit:
        if name_of(shipment.item.id) == item and shipment.destination is not None:
            (amount,) = shipment.quantity
            found[ON_THE_WAY + shipment.destination.id.removeprefix(site(""))] = amount.low
    return {place: amount for place, amount in (found | {USED: used, LOST: lost}).items() if amount}


def _exactly(stock: StockColumns, columns: tuple[str, ...]) -> Decimal:
    """The sum of some columns, each of which must be one number."""
    amounts = [amount for column in columns for amount in getattr(stock, column)]
    assert all(amount.low == amount.high for amount in amounts), amounts
    return sum((amount.low for amount in amounts), Decimal())
