"""A draw in GraphQL."""

from __future__ import annotations

from tests.api.graphql.conftest import Asked

DRAW = """query($system: String!, $position: BigInt, $first: Int! = 10) {
  inspectionDraw(system: $system, seed: "041117", kind: SUBJECTS, position: $position, first: $first) {
    id system version kind seed position hash weightsStatus signals { signal tickets }
    candidates tickets digest events unnamed
    drawn { rank id tickets ticket number signals } } }"""


def test_a_draw_is_told_with_what_repeats_it(asked: Asked) -> None:
    """At the position it was of it is the same, weights are marked as proposed."""
    told = asked.data(DRAW, system="infant_formula")["inspectionDraw"]
    again = asked.data(DRAW, system="infant_formula", position=told["position"])["inspectionDraw"]
    assert again == told
    assert (told["weightsStatus"], told["kind"]) == ("proposed", "SUBJECTS")
    assert {"signal": "FAILED", "tickets": 8} in told["signals"]


def test_what_cannot_be_drawn_is_refused(asked: Asked) -> None:
    """A system that is not there, more than may be drawn, a position beyond the ledger."""
    for wrong in ({"system": "potions"}, {"system": "dairy", "first": 1_001}, {"system": "dairy", "position": 10**9}):
        assert asked.code(DRAW, **wrong) == "INVALID_INPUT"
