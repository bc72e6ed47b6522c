"""How an event is attested that somebody captures, and whose master data are taken (design rule 14, ADR 21)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from engine.attestation import NOTHING, UNBOUND, Author, Binding, attest, may_be_told
from engine.ledger import Attestation
from graph_schema.event import Event, Reference
from tests.questions.telling import received, shipped, site
from tests.worlds.memory_store import MemoryMasters

FREE, BOUND, STRANGER = Attestation
GLN = "https://id.gs1.org/414/0614141000012"
DOCK = GLN + "/254/dock1"
MILL, RIVAL = "https://id.gs1.org/417/0614141000029", "https://id.gs1.org/417/0614141000036"


def bound_to(*sites: str, parties: tuple[str, ...] = ()) -> Binding:
    """A binding."""
    return Binding(frozenset(sites), frozenset(parties))


def by(own: Binding, others: Binding = NOTHING) -> Author:
    """Somebody who is bound so, beside others; no authority."""
    return Author(own, others, authority=False)


def masters(**attributes: Any) -> MemoryMasters:
    """What master data say of the GLN."""
    kept = MemoryMasters()
    kept.put([(GLN, "site", msgspec.json.encode(attributes))], 0)
    return kept


def at(read_point: str | None = None, biz_location: str | None = None) -> Event:
    """An event at these places."""
    return msgspec.structs.replace(received(1, None, X=1), read_point=read_point, biz_location=biz_location)


def how(event: Event, author: Author, known: MemoryMasters | None = None) -> Attestation:
    """How it is attested."""
    (told,) = attest([event], author, known or MemoryMasters())
    return told


def test_without_users_all_is_free() -> None:
    """Nobody is bound to anything."""
    assert how(at(GLN, DOCK), UNBOUND) is FREE


@pytest.mark.parametrize(
    ("own", "others", "told"),
    [
        (bound_to(), bound_to(), FREE),
        (bound_to(), bound_to(site("C")), FREE),
        (bound_to(), bound_to(site("A")), STRANGER),
        (bound_to(site("C")), bound_to(site("A")), STRANGER),
        (bound_to(site("A")), bound_to(), BOUND),
        (bound_to(site("A")), bound_to(site("A")), BOUND),
        (bound_to(site("A")), bound_to(site("A"), site("B")), STRANGER),
        (bound_to(site("A"), site("B")), bound_to(site("A"), site("B")), BOUND),
    ],
)
def test_an_author_must_be_bound_to_each_site_that_somebody_is_bound_to(
    own: Binding, others: Binding, told: Attestation
) -> None:
    """An event read at A, and at B afterwards."""
    assert how(at(site("A"), site("B")), by(own, others)) is told


def test_a_place_is_bound_as_its_site_is() -> None:
    """A GLN extension belongs to its GLN; who is bound to the extension alone is not bound to the GLN."""
    for place in (GLN, DOCK):
        assert how(at(place), by(bound_to(), bound_to(GLN))) is STRANGER
        assert how(at(place), by(bound_to(GLN))) is BOUND
    assert how(at(DOCK), by(bound_to(DOCK), bound_to(GLN))) is BOUND
    assert how(at(GLN), by(bound_to(DOCK), bound_to(GLN))) is STRANGER
    assert how(at(GLN), by(bound_to(), bound_to(DOCK))) is FREE


@pytest.mark.parametrize("word", ["possessing_party", "owning_party", "party", "urn:epcglobal:cbv:mda#owning_party"])
def test_a_site_is_bound_as_the_party_that_has_it(word: str) -> None:
    """As master data name it, in any spelling, also for a place within the site."""
    known = masters(**{word: "urn:epc:id:pgln:0614141.00002"})
    for place in (GLN, DOCK):
        assert how(at(place), by(bound_to(parties=(MILL,))), known) is BOUND
        assert how(at(place), by(bound_to(parties=(RIVAL,)), bound_to(parties=(MILL,))), known) is STRANGER
        assert how(at(place), by(bound_to(parties=(RIVAL,))), known) is FREE


def test_who_only_provides_master_data_has_no_site() -> None:
    """Master data of informationProvider name neither owner nor holder."""
    assert how(at(GLN), by(bound_to(parties=(MILL,))), masters(informationProvider=MILL)) is FREE


def test_an_event_that_says_no_place_is_where_its_step_puts_it() -> None:
    """A departure at its source, an arrival at its destination; else nowhere, where nobody is bound."""
    rival = by(bound_to(), bound_to(site("A")))
    here = (Reference("location", site("A")),)
    leaving = msgspec.structs.replace(shipped(1, None, X=1), sources=here)
    coming = msgspec.structs.replace(received(1, None, X=1), destinations=here)
    assert [how(event, rival) for event in (leaving, coming, at())] == [STRANGER, STRANGER, FREE]
    assert how(shipped(1, None, "A", X=1), rival) is FREE


NAMES = {"name": "Mill 1"}
CLAIM = {"name": "Mill 1", "owning_party": RIVAL}


@pytest.mark.parametrize(
    ("author", "attributes", "may"),
    [
        (by(bound_to(), bound_to(GLN)), NAMES, False),
        (by(bound_to(GLN)), CLAIM, True),
        (by(bound_to(parties=(RIVAL,))), NAMES, True),
        (by(bound_to(parties=(RIVAL,))), CLAIM, False),
        (Author(bound_to(), bound_to(GLN), authority=True), CLAIM, True),
        (UNBOUND, CLAIM, True),
    ],
)
def test_whose_a_site_is_nobody_says_of_a_site_that_is_not_theirs(
    author: Author, attributes: dict[str, str], may: bool
) -> None:
    """Of a site of others nothing at all is taken, else they could lose it; of a free one all but whose it is."""
    rows = [(GLN, "site", msgspec.json.encode(attributes)), (MILL, "party", b'{"name":"Mill"}')]
    assert may_be_told(rows, author, MemoryMasters()) == [may, True]


def test_whoever_has_a_site_by_master_data_may_hand_it_on() -> None:
    """And nobody else may take it."""
    rows = [(GLN, "site", msgspec.json.encode(CLAIM))]
    known = masters(owning_party=MILL)
    assert may_be_told(rows, by(bound_to(parties=(MILL,))), known) == [True]
    assert may_be_told(rows, by(bound_to(parties=(RIVAL,)), bound_to(parties=(MILL,))), known) == [False]
