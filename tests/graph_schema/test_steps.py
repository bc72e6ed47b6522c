"""Every standard business step and disposition has a line of its own, and does what it should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.event import Action, EventType
from graph_schema.steps import TABLE, Effect, Ending, Step, step_of
from graph_schema.vocabulary import Kind, words_of

ACTIONS = (Action.OBSERVE, Action.ADD, Action.DELETE)
GROUPINGS = (EventType.AGGREGATION, EventType.ASSOCIATION)

ARRIVES = Step(Effect.ARRIVES)
BROUGHT_BACK = Step(Effect.ARRIVES, returned=True)
DEPARTS = Step(Effect.DEPARTS)
STAYS = Step(Effect.STAYS)
MAKES = Step(Effect.MAKES)
UNDOES = Step(Effect.UNDOES)
NOTHING = Step(Effect.NOTHING)
SOLD = Step(Effect.ENDS, Ending.SOLD)
DISPENSED = Step(Effect.ENDS, Ending.DISPENSED)
PARTLY = Step(Effect.ENDS, Ending.DISPENSED, partly=True)
DESTROYED = Step(Effect.ENDS, Ending.DESTROYED)
CONSUMED = Step(Effect.ENDS, Ending.CONSUMED)
DECOMMISSIONED = Step(Effect.ENDS, Ending.DECOMMISSIONED)
LOST = Step(Effect.ENDS, Ending.LOST)
REMOVED = Step(Effect.ENDS, Ending.REMOVED)

THERE = (STAYS, MAKES, REMOVED)
USED = (STAYS, MAKES, CONSUMED)

# An ObjectEvent without a disposition: what OBSERVE, ADD and DELETE do, by step; said here beside the table.
OF_THINGS: dict[str, tuple[Step, Step, Step]] = {
    "accepting": (ARRIVES,) * 3,
    "arriving": (ARRIVES,) * 3,
    "assembling": USED,
    "collecting": THERE,
    "commissioning": THERE,
    "consigning": (DEPARTS,) * 3,
    "creating_class_instance": THERE,
    "cycle_counting": THERE,
    "decommissioning": (DECOMMISSIONED,) * 3,
    "departing": (DEPARTS,) * 3,
    "destroying": (DESTROYED,) * 3,
    "disassembling": USED,
    "dispensing": (DISPENSED,) * 3,
    "encoding": (NOTHING,) * 3,
    "entering_exiting": THERE,
    "holding": THERE,
    "inspecting": THERE,
    "installing": USED,
    "killing": THERE,
    "loading": THERE,
    "other": USED,
    "packing": THERE,
    "picking": THERE,
    "receiving": (ARRIVES,) * 3,
    "removing": THERE,
    "repackaging": THERE,
    "repairing": THERE,
    "replacing": THERE,
    "reserving": (NOTHING,) * 3,
    "retail_selling": (SOLD,) * 3,
    "sampling": USED,
    "sensor_reporting": THERE,
    "shipping": (DEPARTS,) * 3,
    "staging_outbound": THERE,
    "stock_taking": THERE,
    "stocking": THERE,
    "storing": THERE,
    "transporting": THERE,
    "unloading": THERE,
    "unpacking": THERE,
    "void_shipping": (UNDOES,) * 3,
}

# What a disposition makes of goods that an OBSERVE finds, that arrive, are sold, and that a DELETE removes.
PLAIN = (STAYS, ARRIVES, SOLD, REMOVED)
OF_DISPOSITIONS: dict[str, tuple[Step, Step, Step, Step]] = {
    "active": PLAIN,
    "available": PLAIN,
    "completeness_inferred": PLAIN,
    "completeness_verified": PLAIN,
    "conformant": PLAIN,
    "container_closed": PLAIN,
    "container_open": PLAIN,
    "damaged": PLAIN,
    "destroyed": (DESTROYED, ARRIVES, SOLD, DESTROYED),
    "dispensed": (DISPENSED, ARRIVES, SOLD, DISPENSED),
    "disposed": (STAYS, BROUGHT_BACK, SOLD, REMOVED),
    "encoded": PLAIN,
    "expired": PLAIN,
    "in_progress": PLAIN,
    "in_transit": PLAIN,
    "inactive": (STAYS, ARRIVES, SOLD, DECOMMISSIONED),
    "mismatch_class": PLAIN,
    "mismatch_instance": PLAIN,
    "mismatch_quantity": PLAIN,
    "needs_replacement": PLAIN,
    "no_pedigree_match": PLAIN,
    "non_conformant": PLAIN,
    "non_sellable_other": PLAIN,
    "partially_dispensed": (PARTLY, ARRIVES, SOLD, REMOVED),
    "recalled": PLAIN,
    "reserved": PLAIN,
    "retail_sold": (SOLD, ARRIVES, SOLD, SOLD),
    "returned": (STAYS, BROUGHT_BACK, BROUGHT_BACK, REMOVED),
    "sellable_accessible": PLAIN,
    "sellable_not_accessible": PLAIN,
    "stolen": (LOST, ARRIVES, SOLD, LOST),
    "unavailable": PLAIN,
    "unknown": PLAIN,
}

words = st.one_of(st.none(), st.just("urn:example:step"))
steps = st.one_of(words, st.sampled_from(sorted(words_of(Kind.BIZ_STEP))))
dispositions = st.one_of(words, st.sampled_from(sorted(words_of(Kind.DISPOSITION))))


def test_every_step_has_a_line_of_its_own() -> None:
    """The table names every standard business step, `none`, and nothing else."""
    assert set(TABLE.business_steps) == words_of(Kind.BIZ_STEP) | {"none"}
    assert set(OF_THINGS) == words_of(Kind.BIZ_STEP)


def test_every_disposition_has_a_line_of_its_own() -> None:
    """The table names every standard disposition, `none`, and nothing else."""
    assert set(TABLE.dispositions) == words_of(Kind.DISPOSITION) | {"none"}
    assert set(OF_DISPOSITIONS) == words_of(Kind.DISPOSITION)


def test_every_event_type_has_a_line_of_its_own() -> None:
    """The table says for each event type which column it reads, or its only outcome, never both."""
    assert set(TABLE.event_types) == set(EventType)
    assert all((row.column is None) != (row.outcome is None) for row in TABLE.event_types.values())


def test_every_outcome_named_is_defined() -> None:
    """The outcomes that the lines lead to are exactly those that the table defines."""
    named = {o for row in TABLE.business_steps.values() for o in (*row.object, *row.group)}
    named |= {o for changes in TABLE.dispositions.values() for o in changes.values()}
    named |= {row.outcome for row in TABLE.event_types.values() if row.outcome}
    assert named == set(TABLE.outcomes)
    assert {o for changes in TABLE.dispositions.values() for o in changes} <= named


def test_an_ending_is_named_where_goods_end() -> None:
    """Each outcome names an ending exactly where its effect is ENDS."""
    assert all((step.ending is not None) == (step.effect is Effect.ENDS) for step in TABLE.outcomes.values())


@pytest.mark.parametrize("biz_step", OF_THINGS)
def test_things(biz_step: str) -> None:
    """An ObjectEvent does under each step what the standard's definition of the step says."""
    assert tuple(step_of(EventType.OBJECT, a, biz_step, None) for a in ACTIONS) == OF_THINGS[biz_step]


@pytest.mark.parametrize("event_type", GROUPINGS)
@pytest.mark.parametrize("biz_step", OF_THINGS)
def test_groupings_observed(event_type: EventType, biz_step: str) -> None:
    """A grouping that is observed moves and ends as its things would, and is never nothing."""
    wanted = OF_THINGS[biz_step][0]
    found = step_of(event_type, Action.OBSERVE, biz_step, None)
    assert found == (STAYS if wanted == NOTHING else wanted)


@pytest.mark.parametrize("event_type", GROUPINGS)
@pytest.mark.parametrize("action", [Action.ADD, Action.DELETE])
@given(biz_step=steps, disposition=dispositions)
def test_regrouping_ends_and_makes_nothing(
    event_type: EventType, action: Action, biz_step: str | None, disposition: str | None
) -> None:
    """Packing and unpacking may move things, and neither begin nor end them."""
    found = step_of(event_type, action, biz_step, disposition)
    assert found.effect in {Effect.STAYS, Effect.ARRIVES, Effect.DEPARTS, Effect.UNDOES}


@pytest.mark.parametrize("disposition", OF_DISPOSITIONS)
def test_dispositions(disposition: str) -> None:
    """Where the step leaves it open, the disposition decides: what stays may end, what arrives come back."""
    seen = step_of(EventType.OBJECT, Action.OBSERVE, "holding", disposition)
    received = step_of(EventType.OBJECT, Action.OBSERVE, "receiving", disposition)
    sold = step_of(EventType.OBJECT, Action.OBSERVE, "retail_selling", disposition)
    deleted = step_of(EventType.OBJECT, Action.DELETE, "holding", disposition)
    assert (seen, received, sold, deleted) == OF_DISPOSITIONS[disposition]


@given(biz_step=steps, disposition=dispositions, action=st.sampled_from([None, *ACTIONS]))
def test_transactions_and_transformations(biz_step: str | None, disposition: str | None, action: Action | None) -> None:
    """A TransactionEvent moves nothing and a TransformationEvent makes, whatever else they say."""
    assert step_of(EventType.TRANSACTION, action, biz_step, disposition) == NOTHING
    assert step_of(EventType.TRANSFORMATION, action, biz_step, disposition) == MAKES


@given(
    event_type=st.sampled_from(EventType),
    action=st.sampled_from([None, *ACTIONS]),
    biz_step=steps,
    disposition=dispositions,
)
def test_a_uri_counts_as_none(
    event_type: EventType, action: Action | None, biz_step: str | None, disposition: str | None
) -> None:
    """A URI of the sender's own does what none does, and an absent action what OBSERVE does."""
    uri = "https://example.com/voc/x"
    found = step_of(event_type, action, biz_step, disposition)
    assert step_of(event_type, action, biz_step, None) == step_of(event_type, action, biz_step, uri)
    assert step_of(event_type, action, None, disposition) == step_of(event_type, action, uri, disposition)
    if action is None:
        assert found == step_of(event_type, Action.OBSERVE, biz_step, disposition)


@pytest.mark.parametrize("biz_step", ["shipping", "departing", "consigning"])
@given(disposition=dispositions, action=st.sampled_from(ACTIONS))
def test_no_disposition_stops_a_departure(biz_step: str, disposition: str | None, action: Action) -> None:
    """What is shipped departs, whatever state it is in: sold, returned or stolen goods too go somewhere."""
    assert step_of(EventType.OBJECT, action, biz_step, disposition) == DEPARTS


@given(disposition=dispositions, action=st.sampled_from(ACTIONS))
def test_no_disposition_stops_an_arrival(disposition: str | None, action: Action) -> None:
    """What is received arrives, whatever state it is in."""
    assert step_of(EventType.OBJECT, action, "receiving", disposition).effect is Effect.ARRIVES
