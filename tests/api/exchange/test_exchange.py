"""Packages of events: packed, checked, taken, taken again; what was changed on the way is refused whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import msgspec
import pytest

from api.exchange import package as packages
from api.exchange import packing
from api.exchange.manifest import NAME, Receipt, digest_of
from api.exchange.taking import AUTHOR, standing
from api.loading import Loading
from engine.copying import graph_digest
from engine.ledger import Attestation, Capture
from engine.stores.ports import Store
from graph_schema.errors import InvalidInput, SuyuanError
from graph_schema.flow_graph import Flow
from tests.api.exchange.conftest import ASKED, Platforms
from tests.api.outbreak_words import events
from tests.stores.examples import event

Changed = Callable[[str, bytes], Iterable[tuple[str, bytes]]]
MORE = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"x": "https://example.org/x#"}],
    "type": "ObjectEvent",
    "eventID": "urn:uuid:held",
    "action": "OBSERVE",
    "bizStep": "holding",
    "disposition": "recalled",
    "eventTime": "2017-09-14T08:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "readPoint": {"id": "https://id.gs1.org/414/9521103000014"},
    "quantityList": [{"epcClass": "https://id.gs1.org/01/09521103009000/10/CAN-B"}],
    "x:cte": "infant_formula.hold",
}


def graph_of(store: Store) -> str:
    """The graph as it is now."""
    with store.snapshot() as snapshot:
        return graph_digest(snapshot)


def flows_of(store: Store) -> set[Flow]:
    """The flows as they are now."""
    with store.snapshot() as snapshot:
        return {row.flow for row in snapshot.graph.flows() if row.to_seq is None}


def captured_by(store: Store) -> set[tuple[str, str]]:
    """The authors of a ledger with where they had it from."""
    with store.snapshot() as snapshot:
        return {
            (entry.capture.author, entry.capture.source.split(" sha256:")[0]) for entry in snapshot.ledger.entries()
        }


def test_a_package_taken_gives_the_same_graph(platforms: Platforms) -> None:
    """All events as they came, by the sender, from the package; the receipt tells both ledgers."""
    manifest = platforms.pack()
    receipt = platforms.take()
    assert platforms.lines() == events()
    assert graph_of(platforms.taker.store) == graph_of(platforms.sender.store)
    assert (receipt.accepted, receipt.duplicates, receipt.rejected) == (35, 0, 0)
    assert (receipt.until, receipt.ledger) == (standing(platforms.sender.store), standing(platforms.taker.store))
    assert receipt.package == digest_of(manifest.encoded())
    assert captured_by(platforms.taker.store) == {
        (f"{AUTHOR}wuhan", f"package {receipt.package} from wuhan, events-00001.ndjson")
    }


def test_the_same_events_give_the_same_package(platforms: Platforms) -> None:
    """To the byte: no time and no chance is in it."""
    first = platforms.pack()
    content = platforms.file.read_bytes()
    assert platforms.pack() == first
    assert platforms.file.read_bytes() == content


def test_taking_it_again_changes_nothing(platforms: Platforms) -> None:
    """Every event was there already, and both ledgers stand where they stood."""
    platforms.pack()
    first = platforms.take()
    again = platforms.take(given=first)
    assert (again.accepted, again.duplicates) == (0, 35)
    assert again.ledger == first.ledger


def test_another_package_in_its_place_is_refused(platforms: Platforms) -> None:
    """One that says the same of itself, but has another hash."""
    platforms.pack()
    first = platforms.take()
    Loading(platforms.sender, "dairy").load_document(json.dumps(MORE).encode(), "more")
    platforms.pack()
    with pytest.raises(InvalidInput, match="another package was taken"):
        platforms.take(given=first)


def test_a_receipt_says_where_the_next_package_begins(platforms: Platforms) -> None:
    """It has what came since, and is taken behind the one before; a gap is refused."""
    platforms.pack()
    first = platforms.take()
    Loading(platforms.sender, "dairy").load_document(json.dumps(MORE).encode(), "more")
    manifest = platforms.pack(after=first)
    assert (manifest.since, manifest.events, platforms.lines()) == (first.until, 1, [MORE])
    second = platforms.take(before=first)
    assert second.until.position == 36
    assert graph_of(platforms.taker.store) == graph_of(platforms.sender.store)
    with pytest.raises(InvalidInput, match="begins behind 35"):
        platforms.take(before=second)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "elsewhere"},
        {"recipient": "elsewhere"},
        {"system": "dairy"},
        {"until": {"position": 35, "hash": "0" * 64}},
        {"until": {"position": 99, "hash": "0" * 64}},
    ],
)
def test_a_receipt_of_another_exchange_is_refused(platforms: Platforms, wrong: dict[str, object]) -> None:
    """Of another sender, recipient, system or ledger."""
    platforms.pack()
    told = msgspec.to_builtins(platforms.take()) | wrong
    with pytest.raises(InvalidInput, match="receipt is for"):
        platforms.pack(after=msgspec.convert(told, Receipt))


def test_a_package_for_another_is_refused(platforms: Platforms) -> None:
    """Nothing of it is loaded."""
    platforms.pack()
    with pytest.raises(InvalidInput, match="it is for zhengzhou"):
        platforms.take(taker="luoyang")
    assert standing(platforms.taker.store).position == 0


def test_the_records_of_one_system_are_those_marked_as_of_it(platforms: Platforms) -> None:
    """What might be of it is not sent; what is left out is counted."""
    Loading(platforms.sender, "dairy").load_document(json.dumps(MORE).encode(), "more")
    asked = msgspec.structs.replace(ASKED, system="infant_formula")
    manifest = platforms.pack(asked)
    assert (manifest.events, manifest.left_out, platforms.lines()) == (1, 35, [MORE])


def test_what_a_stranger_told_is_not_passed_on(platforms: Platforms) -> None:
    """It is nobody's word for the sender to send."""
    with platforms.sender.store.transaction() as writing:
        writing.ledger.append([event(1)], Capture("x", "j", "s", 0), [Attestation.STRANGER])
    manifest = platforms.pack()
    assert (manifest.events, manifest.left_out) == (35, 1)


def test_a_large_ledger_goes_in_parts(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    """By how many events, or how many bytes."""
    for bound, value in (("PART_EVENTS", 10), ("PART_BYTES", 5_000)):
        with monkeypatch.context() as patch:
            patch.setattr(packing, bound, value)
            manifest = platforms.pack()
        assert len(manifest.parts) >= 4
        assert platforms.lines() == events()


def _with(name: str, change: Callable[[bytes], bytes]) -> Changed:
    def changed(member: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        yield member, change(content) if member == name else content

    return changed


def _manifest(change: Callable[[dict[str, object]], object]) -> Changed:
    def changed(content: bytes) -> bytes:
        told = json.loads(content)
        change(told)
        return json.dumps(told).encode()

    return _with(NAME, changed)


PART = "events-00001.ndjson"
WRONG: dict[str, tuple[Changed, str]] = {
    "an event was changed": (_with(PART, lambda content: content.replace(b"CAN-B", b"CAN-C")), "its SHA-256 differs"),
    "an event is missing": (_with(PART, lambda content: content.split(b"\n", 1)[1]), "its SHA-256 differs"),
    "a part is longer": (_with(PART, lambda content: content + b" " * 99), "its SHA-256 differs"),
    "a part is missing": (
        lambda name, content: [] if name == PART else [(name, content)],
        "does not have the parts that its manifest lists",
    ),
    "something else is in it": (
        lambda name, content: [(name, content), (f"{name}.exe", b"x")],
        "does not have the parts that its manifest lists",
    ),
    "there is no manifest": (lambda name, content: [] if name == NAME else [(name, content)], "it has no manifest"),
    "the manifest is none": (_with(NAME, lambda _: b"[]"), "this is no manifest"),
    "the manifest is of a later format": (
        _manifest(lambda told: told.update(format="suyuan-exchange/2")),
        "this is no manifest",
    ),
    "its sender has no name": (_manifest(lambda told: told.update(sender="")), "this is no manifest"),
    "its sender's name is endless": (_manifest(lambda told: told.update(sender="w" * 201)), "this is no manifest"),
    "the manifest counts otherwise": (_manifest(lambda told: told.update(events=36)), "counts other events"),
    "a part is too large": (
        _manifest(lambda told: told["parts"][0].update(bytes=packages.MOST_PART + 1)),  # type: ignore[index]
        "a package has at most",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_was_changed_on_the_way_is_refused_whole(platforms: Platforms, kind: str) -> None:
    """With what is wrong and what to do; nothing is loaded."""
    change, reason = WRONG[kind]
    platforms.pack()
    platforms.rewrite(change)
    with pytest.raises(SuyuanError, match=reason) as caught:
        platforms.take()
    assert caught.value.remedy
    assert standing(platforms.taker.store).position == 0


@pytest.mark.parametrize("cut", [0, 10, 1_000, -30])
def test_a_package_that_was_cut_short_is_refused(platforms: Platforms, cut: int) -> None:
    """Wherever it broke off; and where a byte in the midst was changed."""
    platforms.pack()
    whole = platforms.file.read_bytes()
    platforms.file.write_bytes(whole[:cut])
    with pytest.raises(InvalidInput):
        platforms.take()
    platforms.file.write_bytes(whole[:500] + bytes([whole[500] ^ 255]) + whole[501:])
    with pytest.raises(InvalidInput):
        platforms.take()
    assert standing(platforms.taker.store).position == 0


def test_what_a_sender_declares_an_error_later_is_one(platforms: Platforms) -> None:
    """It was captured by the same sender."""
    declared = events()[-1] | {
        "errorDeclaration": {"declarationTime": "2017-09-20T08:00:00+08:00", "reason": "did_not_occur"}
    }
    platforms.pack()
    first = platforms.take()
    Loading(platforms.sender, "dairy").load_document(json.dumps(declared).encode(), "declared")
    platforms.pack(after=first)
    platforms.take(before=first)
    assert graph_of(platforms.taker.store) == graph_of(platforms.sender.store)


def test_a_sender_declares_no_event_of_another_an_error(platforms: Platforms) -> None:
    """Of the same id and body, but taken from elsewhere: it is a finding, and no flow goes."""
    platforms.pack()
    platforms.take()
    before = flows_of(platforms.taker.store)
    error = {"declarationTime": "2017-09-20T08:00:00+08:00", "reason": "did_not_occur"}
    declared = json.dumps(events()[4] | {"errorDeclaration": error}).encode()
    Loading(platforms.sender, "dairy").load_document(declared, "declared")
    platforms.pack(msgspec.structs.replace(ASKED, sender="luoyang"))
    assert platforms.take().accepted == 1
    with platforms.taker.store.snapshot() as snapshot:
        assert "declaration" in {gap.kind for gap in snapshot.graph.gaps()}
    assert flows_of(platforms.taker.store) == before != flows_of(platforms.sender.store)
