"""TransactionEvents give their items their transactions; alone they move nothing (rule 9, ADR 15)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from graph_schema.event import Action, Event, EventType
from tests.questions.telling import Told, asking, made, received, shipped, told

MADE = [made(1, "A", X=10), made(1, "B", X=10)]
LEFT = [shipped(2, "A", X=4), shipped(2, "B", X=6)]


def tied(when: float, at: str | None, doc: str, amount: float | None, action: Action = Action.ADD) -> Event:
    """Paper: lot X, or so much of it, belongs to a despatch advice."""
    return told("tied", when, at, {"X": amount}, doc=doc, kind=EventType.TRANSACTION, action=action)


def sites_back(folder: Path, events: list[Event]) -> Told:
    """Where the goods at C came from."""
    folder.mkdir(exist_ok=True)
    with asking(folder, events) as ask:
        found = ask.back("X", at="C")
    return Told(found.certain & {"A", "B"}, found.possible & {"A", "B"})


def test_a_transaction_event_alone_moves_nothing(tmp_path: Path) -> None:
    """It opens no holding, not even at its own site."""
    with asking(tmp_path, [made(1, "A", X=10), tied(2, "Q", "D1", 10)]) as ask:
        assert ask.forward("X") == Told({"X", "A"}, set())


@pytest.mark.parametrize("when", [1.5, 2.5, 9])
def test_a_departure_is_of_the_consignment_of_its_goods(tmp_path: Path, when: float) -> None:
    """Only one departure can be meant: it surely went into the receipt that names the document; others still may."""
    events = [*MADE, *LEFT, received(3, "C", "D1", X=4)]
    assert sites_back(tmp_path / "without", events) == Told(set(), {"A", "B"})
    assert sites_back(tmp_path / "with", [*events, tied(when, "A", "D1", 4)]) == Told({"A"}, {"B"})


def test_an_arrival_is_of_the_consignment_of_its_goods(tmp_path: Path) -> None:
    """The receiver ties the goods: the receipt surely came from the departure that names the document."""
    events = [*MADE, shipped(2, "A", doc="D1", X=4), shipped(2, "B", X=6), received(3, "C", X=4)]
    assert sites_back(tmp_path / "without", events) == Told(set(), {"A", "B"})
    assert sites_back(tmp_path / "with", [*events, tied(4, "C", "D1", 4)]) == Told({"A"}, {"B"})


def test_both_ends_may_be_tied(tmp_path: Path) -> None:
    """Neither names the document, and both are tied to it."""
    events = [*MADE, *LEFT, received(3, "C", X=4), tied(2, "A", "D1", 4), tied(3, "C", "D1", 4)]
    assert sites_back(tmp_path, events) == Told({"A"}, {"B"})


@pytest.mark.parametrize(
    "paper",
    [
        [tied(2, None, "D1", 4)],
        [tied(2, "A", "D1", None)],
        [tied(2, "A", "D1", 3)],
        [tied(2, "A", "D1", 4), tied(2.5, "A", "D1", 4, Action.DELETE)],
        [tied(2, "A", "D1", 4), tied(2, "A", "D2", 4)],
        [tied(2, "A", "D1", 4), shipped(2.5, "A", X=4)],
    ],
    ids=["no place", "no quantity", "another quantity", "untied", "two documents", "two departures"],
)
def test_what_may_mean_another_makes_nothing_certain(tmp_path: Path, paper: list[Event]) -> None:
    """Where it is open which movement is meant, everything stays possible."""
    events = [*MADE, *LEFT, received(3, "C", "D1", X=4), *paper]
    assert sites_back(tmp_path, events) == Told(set(), {"A", "B"})


def test_a_document_that_a_departure_names_is_explained(tmp_path: Path) -> None:
    """Paper about a departure that names its document adds nothing, and doubts nothing."""
    events = [*MADE, shipped(2, "A", doc="D1", X=4), shipped(2.5, "A", X=4), received(3, "C", "D1", X=4)]
    without = sites_back(tmp_path / "without", events)
    assert without == Told({"A"}, set())
    assert sites_back(tmp_path / "with", [*events, tied(2, "A", "D1", 4)]) == without


def test_goods_of_one_consignment_from_two_sites(tmp_path: Path) -> None:
    """B's departure may be of the document that A's names: the receipt may have come from there too.

    So it may where more came than A is known to have sent.
    """
    sent = [*MADE, shipped(2, "A", doc="D1", X=4), shipped(2, "B", "Z", X=6)]
    whole, more = [*sent, received(3, "C", "D1", X=4)], [*sent, received(3, "C", "D1", X=10)]
    assert sites_back(tmp_path / "whole", whole) == Told({"A"}, set())
    assert sites_back(tmp_path / "more", more) == Told({"A"}, {"B"})
    assert sites_back(tmp_path / "tied", [*whole, tied(2, "B", "D1", 6)]) == Told({"A"}, {"B"})


def test_an_order_is_no_consignment(tmp_path: Path) -> None:
    """A purchase order ties goods to no movement."""
    order = tied(2, "A", "D1", 4)
    order = msgspec.structs.replace(order, transactions=(msgspec.structs.replace(order.transactions[0], type="po"),))
    events = [*MADE, *LEFT, received(3, "C", "D1", X=4), order]
    assert sites_back(tmp_path, events) == Told(set(), {"A", "B"})
