"""Only an inconsistent flow, or one in a running process, goes back in time (design §7), in random worlds."""

from __future__ import annotations

import numpy as np
import pytest

from api.generate.scene import Size
from api.generate.world import MEDIUM, SMALL
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from tests.worlds.engine_tracer import engine
from tests.worlds.reading import read_events
from tests.worlds.trial import TRIALS, records_of

BLOCK = 50
ONCE_BROKEN = (2_003, 2_006, 2_053, 2_065)
"""A load's places, in an order that a day left open, led back to ones that were surely before."""


def backward_flows(name: str, seed: int, size: Size = SMALL) -> list[str]:
    """Flows that arrive surely before they left, and may not."""
    cases = TRIALS[name].cases(TRIALS[name].world(seed, size), 1)
    index = engine(read_events(record.event for case in cases for record in records_of(case))).index
    edges = index.edges
    backward = (edges["arrived_latest"] < edges["departed_earliest"]) & (edges["grade"] != Grade.INCONSISTENT)
    backward &= ~np.isin(edges["kind"], [*CONTACT_KINDS, FlowKind.SHARE])
    return [f"{name} {seed}: {index.flow(edge)}" for edge in np.flatnonzero(backward).tolist()]


@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize("first", range(0, 200, BLOCK))
def test_only_what_is_inconsistent_goes_back_in_time(name: str, first: int) -> None:
    """What left surely after it arrived did not go that way in any reading."""
    assert not [flow for seed in range(first, first + BLOCK) for flow in backward_flows(name, seed)]


@pytest.mark.parametrize("seed", ONCE_BROKEN)
def test_a_load_whose_order_is_open_goes_back_to_nothing_surely_before(seed: int) -> None:
    """Two records a day apart stay in order, also where a third, of that day, may be before or after either."""
    assert not backward_flows("thinned", seed)


@pytest.mark.parametrize("seed", [10_001, 10_003])
def test_nor_in_worlds_of_two_thousand_events(seed: int) -> None:
    """Where goods have mixed for long it holds too."""
    assert not backward_flows("thinned", seed, MEDIUM)
