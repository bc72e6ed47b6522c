"""Who may say what of which site (design rule 14): small worlds of bound authors, strangers, free sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations

import msgspec
import pytest

from engine.capture import capture, rebuild
from engine.index import open_index
from engine.ledger import Attestation, Capture
from graph_schema.event import ErrorDeclaration, Event
from graph_schema.interval import Interval
from tests.builder.graphs import Rows, stored
from tests.questions.telling import Asking, Told, day, made, received, shipped
from tests.worlds.memory_store import MemoryStore

FREE, BOUND, STRANGER = Attestation
OF_CORRECTIONS = ("unattested", "declaration", "conflict", "corrective")
MADE, SHIPPED, RECEIVED = made(1, "A", X=1), shipped(2, "A", "B", X=1), received(3, "B", X=1)


@dataclass(frozen=True, slots=True)
class Captured:
    """An event as somebody captured it."""

    event: Event
    author: str = "mill"
    how: Attestation = BOUND


def declared(event: Event, reason: str = "did_not_occur") -> Event:
    """The event again, declared an error."""
    return msgspec.structs.replace(event, error=ErrorDeclaration(Interval(day(20), day(20)), reason))


def other_body(event: Event) -> Event:
    """The same id with another body."""
    return msgspec.structs.replace(event, body_hash=b"another")


def captured(*told: Captured) -> MemoryStore:
    """A store into which these came one after another."""
    store = MemoryStore()
    for one in told:
        capture(store, [one.event], Capture(one.author, "job", "told", 0), attestations=[one.how])
    return store


def forward(*told: Captured) -> Told:
    """Where lot X went."""
    with captured(*told).snapshot() as snapshot:
        return Asking(open_index(None, snapshot), snapshot).forward("X")


def gaps(*told: Captured) -> set[tuple[str, tuple[str, ...]]]:
    """What is found about who told what, and of which events."""
    with captured(*told).snapshot() as snapshot:
        return {(gap.kind, gap.event_ids) for gap in snapshot.graph.gaps() if gap.kind in OF_CORRECTIONS}


def bound(events: Iterable[Event]) -> list[Captured]:
    """Captured by whoever is bound to their sites."""
    return [Captured(event) for event in events]


@pytest.mark.parametrize("how", [FREE, BOUND])
def test_an_event_at_a_site_that_is_free_or_ones_own_is_certain(how: Attestation) -> None:
    """It counts in every reading, and nothing is found."""
    told = [Captured(event, "mill", how) for event in (MADE, SHIPPED, RECEIVED)]
    assert (forward(*told).certain, gaps(*told)) == ({"X", "A", "B"}, set())


def test_a_strangers_event_is_possible() -> None:
    """What it alone tells is reached, and not certain; that it is unattested is found, with who captured it."""
    told = [*bound([MADE, SHIPPED]), Captured(RECEIVED, "rival", STRANGER)]
    answer = forward(*told)
    assert (answer.certain, answer.possible) == ({"X", "A"}, {"B"})
    assert gaps(*told) == {("unattested", (RECEIVED.id,))}
    with captured(*told).snapshot() as snapshot:
        (found,) = [gap for gap in snapshot.graph.gaps() if gap.kind == "unattested"]
    assert "rival" in found.text


def test_whoever_is_bound_attests_what_a_stranger_told_before() -> None:
    """The same event, captured again by the owner of the site, is certain; the other way round too."""
    owner, stranger = Captured(RECEIVED, "shop"), Captured(RECEIVED, "rival", STRANGER)
    for both in permutations((owner, stranger)):
        told = [*bound([MADE, SHIPPED]), *both]
        assert (forward(*told).certain, gaps(*told)) == ({"X", "A", "B"}, set())


def test_a_declaration_by_a_stranger_is_a_finding() -> None:
    """The event stays as it was."""
    for how in (STRANGER, FREE):
        told = [*bound([MADE, SHIPPED, RECEIVED]), Captured(declared(RECEIVED), "rival", how)]
        assert forward(*told).certain == {"X", "A", "B"}
        assert gaps(*told) == {("declaration", (RECEIVED.id,))}


def test_a_declaration_by_whoever_is_bound_acts() -> None:
    """Also on what another captured there, a stranger among them."""
    for how in Attestation:
        told = [*bound([MADE]), Captured(RECEIVED, "rival", how), Captured(declared(RECEIVED), "shop")]
        answer = forward(*told)
        assert "B" not in answer.certain | answer.possible


def test_a_declaration_by_who_captured_the_event_acts() -> None:
    """A stranger takes its own event back; at a free site whoever told it does."""
    for how in Attestation:
        told = [*bound([MADE]), Captured(RECEIVED, "rival", how), Captured(declared(RECEIVED), "rival", how)]
        answer = forward(*told)
        assert "B" not in answer.certain | answer.possible


def test_a_stranger_takes_back_no_more_than_its_own_word() -> None:
    """Who tells what the owner told, before or after it, cannot take that away by a declaration."""
    owner, stranger = Captured(RECEIVED, "shop"), Captured(RECEIVED, "rival", STRANGER)
    for order in permutations((owner, stranger, Captured(declared(RECEIVED), "rival", STRANGER))):
        assert forward(*bound([MADE, SHIPPED]), *order).certain == {"X", "A", "B"}


def test_a_strangers_other_contents_are_a_conflict() -> None:
    """Under the owner's id: both are possible until a person decides."""
    told = [*bound([MADE, SHIPPED, RECEIVED]), Captured(other_body(RECEIVED), "rival", STRANGER)]
    answer = forward(*told)
    assert (answer.certain, answer.possible) == ({"X", "A"}, {"B"})
    assert {kind for kind, _ in gaps(*told)} == {"conflict", "unattested"}


TOLD = [
    *bound([MADE, SHIPPED]),
    Captured(RECEIVED, "shop"),
    Captured(RECEIVED, "rival", STRANGER),
    Captured(declared(RECEIVED, "incorrect_data"), "rival", STRANGER),
]


def test_the_graph_is_the_same_in_whatever_order_they_told_it() -> None:
    """And as a rebuild has it."""
    graphs: list[Rows] = []
    for order in permutations(TOLD):
        store = captured(*order)
        with store.snapshot() as snapshot:
            graphs.append(stored(snapshot))
    rebuild(store)
    with store.snapshot() as snapshot:
        graphs.append(stored(snapshot))
    assert graphs == [graphs[0]] * len(graphs)
