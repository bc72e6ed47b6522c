"""EPC URNs of keys: the length of a company prefix is learnt from events that spell a key of the company as URN."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from engine.capture import capture
from engine.index import open_index
from engine.questions.names import Spellings
from engine.questions.view import View
from graph_schema.event import Event
from tests.questions.telling import item, made
from tests.worlds.engine_tracer import BY_ANYONE
from tests.worlds.memory_store import MemoryStore

LOTS = {name: f"urn:epc:class:lgtin:0614141.100001.{name}" for name in "ABCDE"}


def spelled(day: int, name: str, *, as_urn: bool) -> Event:
    """A lot is made; the event tells it as EPC URN or as Digital Link."""
    return msgspec.structs.replace(made(day, "P", **{name: 1}), body=(LOTS[name] if as_urn else item(name)).encode())


@contextmanager
def spellings(*events: Event) -> Iterator[Spellings]:
    """What is known of URNs over a ledger of some events."""
    store = MemoryStore()
    capture(store, events, BY_ANYONE)
    with store.snapshot() as snapshot:
        index = open_index(None, snapshot)
        yield Spellings(View(index, len(events)), snapshot)


def test_a_key_of_a_company_tells_the_urns_of_all_its_keys() -> None:
    """One event that spells one of them as URN is enough, also for those that were not asked for."""
    with spellings(spelled(1, "A", as_urn=True), spelled(2, "B", as_urn=False)) as known:
        known.learn("item", [item("A")])
        assert {known.urn(item(name)) for name in LOTS} == set(LOTS.values())


def test_where_one_key_tells_nothing_the_next_of_the_company_is_asked() -> None:
    """Of three of them an event is read; what the fourth would tell is not known, however often it is asked for."""
    digital = [spelled(day, name, as_urn=False) for day, name in enumerate("ABCE", start=1)]
    with spellings(*digital[:2], spelled(5, "D", as_urn=True)) as known:
        known.learn("item", [item(name) for name in "ABD"])
        assert known.urn(item("A")) == LOTS["A"]
    with spellings(*digital[:3], spelled(5, "D", as_urn=True)) as known:
        for _ in range(2):
            known.learn("item", [item(name) for name in "ABCD"])
        assert known.urn(item("D")) is None


def test_what_is_no_key_of_gs1_has_a_urn_only_where_it_is_one() -> None:
    """A URI of one's own has none; an EPC URN that stands for no key of GS1 is its own."""
    with spellings(spelled(1, "A", as_urn=True)) as known:
        known.learn("item", ["https://example.org/lot/1", "urn:epc:id:adi:W81X9C.1.2"])
        assert known.urn("https://example.org/lot/1") is None
        assert known.urn("urn:epc:id:adi:W81X9C.1.2") == "urn:epc:id:adi:W81X9C.1.2"
