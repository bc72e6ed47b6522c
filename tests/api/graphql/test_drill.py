"""A drill in GraphQL."""

from __future__ import annotations

from api.graphql.cost import MOST_COST
from tests.api.graphql.conftest import Asked

DRILL = """query($system: String!, $position: BigInt, $first: Int! = 100) {
  drill(system: $system, seed: "041117", first: $first, position: $position) {
    system version seed position hash draw candidates digest
    measures { ...measures } parts(by: DEPARTMENT) { ...measures }
    samples { rank id licence { id } traced shortfalls { kind item site events text }
      effects { uom located affected rate } } } }
fragment measures on DrillPart {
  by key samples success { id numerator denominator rate target met } seconds { p95 target met }
  effects { quantity { uom located affected rate } unknown target met } }"""
AGAIN = (
    """query($position: BigInt) { drill(system: "infant_formula", seed: "041117", position: $position) { digest } }"""
)


def test_a_drill_is_told_with_what_repeats_it(asked: Asked) -> None:
    """Measures of the whole and of parts, and the list behind; at its position it has the same digest."""
    told = asked.data(DRILL, system="infant_formula")["drill"]
    samples = told["samples"]
    assert told["candidates"] == len(samples) > 0
    assert told["measures"]["samples"] == len(samples) == sum(part["samples"] for part in told["parts"])
    assert told["measures"]["success"]["numerator"] == sum(one["traced"] for one in samples)
    assert told["measures"]["seconds"]["p95"] >= 0
    assert all(one["traced"] is not bool(one["shortfalls"]) for one in samples)
    ten = asked.data(AGAIN)["drill"]["digest"]
    assert asked.data(AGAIN, position=told["position"])["drill"]["digest"] == ten
    assert asked.data(DRILL, system="infant_formula", first=10)["drill"]["digest"] == ten


def test_the_lots_are_those_of_the_inspection_draw(asked: Asked) -> None:
    """The same seed, the same lots in the same order."""
    both = asked.data(
        '{ drill(system: "infant_formula", seed: "1", first: 5) { draw samples { id } } '
        'inspectionDraw(system: "infant_formula", seed: "1", first: 5) { id drawn { id } } }'
    )
    assert both["drill"]["draw"] == both["inspectionDraw"]["id"]
    assert both["drill"]["samples"] == both["inspectionDraw"]["drawn"]


def test_what_cannot_be_drilled_is_refused(asked: Asked) -> None:
    """A system that is not there, more than may be traced, a position beyond the ledger."""
    for wrong in ({"system": "potions"}, {"system": "dairy", "first": 101}, {"system": "dairy", "position": 10**9}):
        assert asked.code(DRILL, **wrong) == "INVALID_INPUT"


def test_there_is_one_drill_a_query(asked: Asked) -> None:
    """Each traces up to a hundred lots: two cost more than a query may."""
    one = 'drill(system: "dairy", seed: "1") { digest }'
    assert asked.data(f"{{ {one} }}")
    assert asked.code(f"{{ {one} again: {one} }}") == "LIMIT_EXCEEDED"
    assert MOST_COST == 1_000_000
