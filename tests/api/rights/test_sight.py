"""What an enterprise sees of single entries."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from api.principals import Principal, Role
from api.rights.clearance import Clearance
from api.rights.pseudonyms import Pseudonyms
from api.rights.sight import SeenLedger, Side
from engine.event_order import FAR_OFF, LONG_AGO, EventKey, EventSpan
from engine.ledger import Attestation, LedgerEntry
from graph_schema.event import Reference
from graph_schema.interval import Interval
from graph_schema.profiles.restricted import restrictions
from tests.stores.examples import CAPTURE, event

SITE = "https://id.gs1.org/414/9521321000010"
PLACE, OTHER = f"{SITE}/254/1", f"{SITE}/254/2"
FIRST, LAST = EventKey(LONG_AGO, LONG_AGO), EventKey(FAR_OFF, FAR_OFF)
ELSEWHERE = "https://id.gs1.org/414/9521321000027"


def seeing(*sites: str) -> SeenLedger:
    """What somebody bound to sites sees, of nothing yet."""
    principal = Principal(name="mill", role=Role.ENTERPRISE, sites=sites)
    own = frozenset(sites)
    return SeenLedger(principal, own, Pseudonyms(b"secret"), Clearance(principal, own, None, restrictions()))


def entry(seq: int, author: str = "other", attestation: Attestation = Attestation.FREE, **said: Any) -> LedgerEntry:
    """An entry."""
    capture = msgspec.structs.replace(CAPTURE, author=author)
    told = msgspec.structs.replace(event(seq), **said)
    return LedgerEntry(seq, told, capture, b"", attestation)


@pytest.mark.parametrize(("bound", "own"), [(SITE, {SITE, PLACE, OTHER}), (PLACE, {PLACE})])
def test_whoever_has_a_site_has_its_places_and_not_the_other_way(bound: str, own: set[str]) -> None:
    """A part of a site that is let to somebody shows them nothing of the rest."""
    seen = seeing(bound)
    assert {key for key in (SITE, PLACE, OTHER, ELSEWHERE) if seen.is_own(key)} == own


def test_an_entry_is_seen_for_a_reason() -> None:
    """Captured by who sees it, at a site of theirs, or since it names them."""
    seen = seeing(SITE)
    sent = (Reference("location", PLACE),)
    seen.add(
        [
            entry(1, "mill", read_point=ELSEWHERE),
            entry(2, read_point=PLACE),
            entry(3, read_point=ELSEWHERE, destinations=sent),
        ],
        3,
    )
    assert [one.side for told in seen.entries.values() for one in told] == [Side.CAPTURED, Side.HERE, Side.NAMED]


def test_a_stranger_to_a_site_tells_nothing_of_it() -> None:
    """Two that agree could else give each other sight: who is not bound to a site names nobody on its behalf."""
    sent = (Reference("location", SITE),)
    for attestation, told in ((Attestation.BOUND, True), (Attestation.FREE, True), (Attestation.STRANGER, False)):
        seen = seeing(SITE)
        named = entry(1, attestation=attestation, read_point=ELSEWHERE, destinations=sent)
        seen.add([named], 1)
        item = named.event.whats[0].item
        assert (seen.told.first(item, 1) is not None) is told
        assert (seen.partners.first(ELSEWHERE, 1) is not None) is told


def test_what_is_seen_later_is_of_no_earlier_position() -> None:
    """A page that was read at a position is read again as it was, whatever was captured meanwhile."""
    seen = seeing(SITE)
    seen.add([entry(seq, "mill", time=Interval(-seq, -seq)) for seq in (1, 2)], 2)
    before = seen.keys(EventSpan(2), None, FIRST)
    seen.add([entry(3, "mill", time=Interval(-9, -9))], 3)
    assert seen.keys(EventSpan(2), None, FIRST) == before
    assert [key.seq for key in seen.keys(EventSpan(3), None, FIRST)] == [3, 2, 1]
    assert [key.seq for key in seen.keys(EventSpan(3, descending=True), None, LAST)] == [1, 2, 3]
