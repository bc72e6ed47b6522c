"""Every form of a source, whole and broken: what comes out, in which order, and with which places."""

from __future__ import annotations

import gzip
import io
import json
from decimal import Decimal
from typing import Any, BinaryIO, cast

import pytest

from graph_schema.event import Action, EventType, Reference, Role, What
from loaders.epcis import load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Noted, Rejected
from tests.loaders.forms import EVENTS, FORMS, IDS, LINES, ids_of
from tests.loaders.sample import CONTEXT, LGTIN, SGLN, SGTIN, document, event, fields, load, only


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrap", ["plain", "gzip", "gzip in parts", "marked", "pipe"])
def test_forms(form: str, wrap: str) -> None:
    """Each form gives its events in order and nothing else, also compressed, marked as UTF-8, and from a pipe."""
    data = FORMS[form]
    if wrap == "gzip in parts":
        data = gzip.compress(data[:100]) + gzip.compress(data[100:])
    data = {"gzip": gzip.compress(data), "marked": b"\xef\xbb\xbf" + data}.get(wrap, data)
    stream = _Pipe(data) if wrap == "pipe" else io.BytesIO(data)
    outcomes = list(load_stream(cast("BinaryIO", stream), "test"))
    assert ids_of(outcomes) == IDS
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)


class _Pipe(io.RawIOBase):
    """A stream that gives little at a time and cannot go back."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, 100) if size >= 0 else 100)

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._data.readline(size)


def test_bare_event() -> None:
    """One event alone is one outcome, its place the whole file."""
    (outcome,) = load(event(eventID="urn:example:event:1"))
    assert isinstance(outcome, Accepted)
    assert str(outcome.place) == "test: event 1, byte 0"


def test_every_field() -> None:
    """What an event says stands in its fields: canonical keys, bare words, exact quantities, the body as it came."""
    made = event(
        "TransformationEvent",
        eventID="urn:example:event:1",
        recordTime="2026-01-05T01:00:00Z",
        bizStep="https://ref.gs1.org/cbv/BizStep-commissioning",
        disposition="urn:epcglobal:cbv:disp:active",
        readPoint={"id": SGLN},
        bizLocation={"id": "https://example.org/414/9521321000018"},
        bizTransactionList=[{"type": "cbv:BTT-po", "bizTransaction": "urn:example:po:1"}],
        sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:9521321.00001"}],
        destinationList=[{"type": "location", "destination": SGLN}],
        transformationID="urn:example:run:1",
        ilmd={"cbvmda:lotNumber": "L7"},
    )
    outcome = only(document(made))
    assert isinstance(outcome, Accepted)
    read = outcome.event
    site = "https://id.gs1.org/414/9521321000018"
    assert (read.id, read.type, read.action, read.zone) == (
        "urn:example:event:1",
        EventType.TRANSFORMATION,
        None,
        "+08:00",
    )
    assert (read.biz_step, read.disposition, read.lot_number) == ("commissioning", "active", "L7")
    assert (read.read_point, read.biz_location) == (site, site)
    assert read.transactions == (Reference("po", "urn:example:po:1"),)
    assert read.sources == (Reference("owning_party", "https://id.gs1.org/417/9521321000018"),)
    assert read.destinations == (Reference("location", site),)
    assert read.whats == (
        What("https://id.gs1.org/01/09521321123458/21/7", Role.OUTPUT),
        What("https://id.gs1.org/01/09521321123458/10/L1", Role.INPUT, Decimal("10.5"), "KGM"),
    )
    assert read.record_time == 1767574800000000
    assert read.transformation_id == "urn:example:run:1"
    assert json.loads(read.body) == made
    assert read.ilmd == {"cbvmda:lotNumber": "L7"}


def test_error_declaration() -> None:
    """A declaration tells when, why and what corrects; the body hash is that of the event before it."""
    made = event(eventID="urn:example:event:1")
    declared = made | {
        "recordTime": "2026-01-07T00:00:00Z",
        "errorDeclaration": {
            "declarationTime": "2026-01-06T00:00:00Z",
            "reason": "cbv:ER-did_not_occur",
            "correctiveEventIDs": ["urn:example:event:2"],
        },
    }
    before, after = only(document(made)), only(document(declared))
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert before.event.body_hash == after.event.body_hash
    assert after.event.error is not None
    assert (after.event.error.reason, after.event.error.corrective_ids) == ("did_not_occur", ("urn:example:event:2",))
    changed = only(document(made | {"action": "DELETE"}))
    assert isinstance(changed, Accepted)
    assert (changed.event.action, changed.event.body_hash == before.event.body_hash) == (Action.DELETE, False)


def test_number_text() -> None:
    """A quantity keeps its exact value and its text, whatever digits it has."""
    raw = json.dumps(event(quantityList=[{"epcClass": LGTIN, "quantity": 7777}]))
    outcome = only(raw.replace("7777", "0.10000000000000000001000").encode())
    assert isinstance(outcome, Accepted)
    assert str(outcome.event.whats[-1].quantity) == "0.10000000000000000001000"
    assert b'"quantity": 0.10000000000000000001000' in outcome.event.body


def test_event_without_id_gets_the_hash_id() -> None:
    """An event without an id gets that of CBV 2.0, the same from a document and from a line."""
    one, other = only(document(event())), only(event())
    assert isinstance(one, Accepted)
    assert isinstance(other, Accepted)
    assert one.event.id == other.event.id
    assert one.event.id.startswith("ni:///sha-256;")


def test_names_with_a_prefix() -> None:
    """A name under a prefix is the whole URI: one prefix of two documents is not one thing, two spellings are."""
    made = event(epcList=["ex:1"], bizStep="words:BizStep-shipping", readPoint={"id": "https://other.org/1"})
    words = {"words": "https://ref.gs1.org/cbv/"}
    one = only(document(made, **{"@context": [*CONTEXT, words, {"ex": "https://one.org/"}]}))
    other = only(document({**made, "@context": [words, {"ex": "https://other.org/"}]}))
    assert isinstance(one, Accepted)
    assert isinstance(other, Accepted)
    assert (one.event.whats[0].item, one.event.biz_step) == ("https://one.org/1", "shipping")
    assert other.event.whats[0].item == other.event.read_point == "https://other.org/1"


def test_a_prefix_may_be_written_with_another() -> None:
    """A namespace that is itself written with a prefix stands for its whole URI; prefixes in a circle do no harm."""
    words = {"ex": "base:things/", "base": {"@id": "https://one.org/"}, "a": "b:x", "b": "a:y"}
    outcome = only(document(event(epcList=["ex:1", "a:1"]), **{"@context": [*CONTEXT, words]}))
    assert isinstance(outcome, Accepted)
    assert outcome.event.whats[0].item == "https://one.org/things/1"


def test_lot_beside_the_serial() -> None:
    """A Digital Link that names lot and serial gives the instance, and the lot it is of."""
    outcome = only(event(epcList=["https://example.org/01/09521321123458/10/L1/21/7"]))
    assert isinstance(outcome, Accepted)
    (what,) = outcome.event.whats
    assert (what.item, what.lot) == (
        "https://id.gs1.org/01/09521321123458/21/7",
        "https://id.gs1.org/01/09521321123458/10/L1",
    )


def test_bad_event_between_good_ones() -> None:
    """A bad event is one rejection with its place and id; those around it are read."""
    bad = event(eventID="urn:example:event:bad", action="CREATE")
    outcomes = load(document(EVENTS[0], bad, "no event", None, 7, [], EVENTS[1]))
    assert [type(outcome) for outcome in outcomes] == [Accepted, *[Rejected] * 5, Accepted]
    rejected = outcomes[1]
    assert isinstance(rejected, Rejected)
    assert rejected.event_id == "urn:example:event:bad"
    assert rejected.place.position.startswith("event 2, byte ")


def test_event_that_is_no_json() -> None:
    """An event whose text is no JSON costs that event only, in a document as in lines."""
    whole = json.dumps(document(*EVENTS)).encode()
    for data in (whole, LINES):
        broken = data.replace(b'"urn:example:event:1", "', b'"urn:example:event:1"; "', 1)
        broken = broken if broken != data else data.replace(b"event:1", b"event:\xff", 1)
        outcomes = load(broken)
        assert [type(outcome) for outcome in outcomes] == [Accepted, Rejected, Accepted]


@pytest.mark.parametrize("form", ["document", "array", "lines"])
def test_wrong_bytes(form: str) -> None:
    """Bytes that are not UTF-8 are told with their event."""
    outcomes = load(FORMS[form].replace(b"event:1", b"event:\xe9", 1))
    assert ids_of(outcomes) == [IDS[0], IDS[2]]
    (rejected,) = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    assert "not UTF-8" in rejected.findings[0].what


def test_line_broken_off() -> None:
    """A line that breaks off costs that line."""
    first, second, third = LINES.split(b"\n")
    outcomes = load(b"\n".join([first, second[:40], third]))
    assert ids_of(outcomes) == [IDS[0], IDS[2]]
    (rejected,) = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    assert rejected.place.position.startswith("line 2")
    assert ids_of(load(b"\n".join([first[:40], second, third]))) == IDS[1:]


@pytest.mark.parametrize("behind", [1, 2])
def test_first_line_broken_off_anywhere(behind: int) -> None:
    """Wherever the first line breaks off, within a string or behind a comma, colon or bracket, the others are read."""
    lines = LINES.split(b"\n")
    first, others = lines[0], lines[1 : 1 + behind]
    for length in range(1, len(first)):
        assert ids_of(load(b"\n".join([first[:length], *others]))) == IDS[1 : 1 + behind], first[:length]


def test_values_go_on_from_line_to_line() -> None:
    """A document is one value wherever its lines break, with a comma missing between two events as well."""
    for data in (FORMS["document"], json.dumps(list(EVENTS)).encode()):
        for sign in (b"{", b"[", b", ", b": "):
            assert ids_of(load(data.replace(sign, sign + b"\n"))) == IDS
    head, _, rest = FORMS["document"].partition(b"[{")
    apart = b"[\n{" + rest.replace(b'}, {"type"', b'}\n{"type"')
    assert ids_of(load(head + apart)) == IDS


@pytest.mark.parametrize("form", [name for name in FORMS if "lines" not in name and "values" not in name])
@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.9, 0.999])
def test_truncated(form: str, part: float) -> None:
    """A document that breaks off gives the events before that, and a rejection that says what cannot be read."""
    outcomes = load(FORMS[form][: int(len(FORMS[form]) * part)])
    ids = ids_of(outcomes)
    last = outcomes[-1]
    assert ids == IDS[: len(ids)]
    assert isinstance(last, Rejected)
    assert "cannot be read" in last.findings[0].what


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "nothing in it"),
        (b" \n ", "nothing in it"),
        (b"\xef\xbb\xbf", "nothing in it"),
        (json.dumps(event()).encode("utf-16"), "UTF-16"),
        (json.dumps(event()).encode("utf-16-le"), "UTF-16"),
        (b"<?xml version='1.0'?><epcis/>", "neither an EPCIS document nor an event"),
        (b"eventTime,epc\n2026-01-01,x\n", "no JSON object"),
        (b"{'type': 'ObjectEvent'}", "in quotes expected"),
        (b"{}", "neither an EPCIS document nor an event"),
        (b'{"name": "package"}', "neither an EPCIS document nor an event"),
        (b'{"type": "EPCISDocument"}', "no epcisBody"),
        (json.dumps(document(epcisBody={})).encode(), "no eventList"),
        (json.dumps(document(epcisBody={"eventList": {}})).encode(), "no eventList"),
        (gzip.compress(FORMS["document"], mtime=0)[:-20], "end before they are whole"),
        (gzip.compress(FORMS["document"], mtime=0)[:12], "end before they are whole"),
        (b"\x1f\x8bnot gzip at all", "are damaged"),
    ],
)  # fmt: skip
def test_no_document(data: bytes, says: str) -> None:
    """What is no EPCIS JSON at all is a rejection in words, with a place and what to do."""
    outcome = load(data)[-1]
    assert isinstance(outcome, Rejected)
    assert outcome.place.position
    assert says in outcome.findings[0].what
    assert all(finding.remedy for finding in outcome.findings)


def test_document_without_context() -> None:
    """Without @context the words of a document have no meaning: each event is refused, the field named."""
    outcomes = load(document(*EVENTS, **{"@context": None}))
    assert len(outcomes) == len(EVENTS)
    assert all(isinstance(o, Rejected) and fields(o, "error") == {"/@context"} for o in outcomes)


def test_document_with_odd_head() -> None:
    """What is odd about a document itself is one note; its events are read."""
    outcomes = load(document(*EVENTS, schemaVersion="1.2", creationDate=None, remark="x"))
    assert ids_of(outcomes) == IDS
    (noted,) = [outcome for outcome in outcomes if isinstance(outcome, Noted)]
    assert {finding.field for finding in noted.findings} == {"/schemaVersion", "/creationDate", "/remark"}


def test_commas_and_comments() -> None:
    """A comma too few or too many, and a comment, are noted; no event is lost by them."""
    texts = [json.dumps(made).encode() for made in EVENTS]
    data = b"[" + texts[0] + b"\n// received {\n" + texts[1] + b",," + texts[2] + b",]"
    outcomes = load(data)
    assert ids_of(outcomes) == IDS
    assert sum(isinstance(outcome, Noted) for outcome in outcomes) == len(outcomes) - 3 > 0


def test_repeated_member() -> None:
    """An event that says one thing twice is refused, since readers differ in which they take."""
    raw = json.dumps(event()).replace('"action": "OBSERVE"', '"action": "OBSERVE", "action": "ADD"')
    outcome = only(raw.encode())
    assert isinstance(outcome, Rejected)
    assert "'action' stands twice" in outcome.findings[0].what


LIMITS = Limits(event_bytes=2000, depth=10, items=20)


@pytest.mark.parametrize("form", ["document", "array", "lines", "lines of documents"])
@pytest.mark.parametrize(
    ("large", "says"),
    [
        ({"ex:x": "x" * 5000}, "more than 2,000"),
        ({"ex:x": [[[[[[[[[[[[]]]]]]]]]]]]}, "more than 10"),
        ({"epcList": [f"{SGTIN}{n}" for n in range(21)]}, "more than 20"),
    ],
)
def test_beyond_the_limits(form: str, large: dict[str, Any], says: str) -> None:
    """An event beyond a limit is refused in words, and those around it are read."""
    events = [EVENTS[0], event(**large), EVENTS[1]]
    data = {
        "document": json.dumps(document(*events)).encode(),
        "array": json.dumps(events).encode(),
        "lines": b"\n".join(json.dumps(made).encode() for made in events),
        "lines of documents": b"\n".join(json.dumps(document(made)).encode() for made in events),
    }[form]
    outcomes = load(data, LIMITS)
    assert [type(outcome) for outcome in outcomes] == [Accepted, Rejected, Accepted]
    rejected = outcomes[1]
    assert isinstance(rejected, Rejected)
    assert says in rejected.findings[0].what


def test_deep_nesting_everywhere() -> None:
    """A hundred thousand brackets, wherever they stand, are a rejection and no failure."""
    deep = b"[" * 100_000 + b"]" * 100_000
    sources = [
        deep,
        deep[:100_000],
        b'{"type": "ObjectEvent", "ex:x": ' + deep + b"}",
        b'{"epcisBody": {"eventList": [' + deep + b"]}}",
        b'{"@context": ' + deep + b', "epcisBody": {"eventList": []}}',
    ]
    for data in sources:
        outcomes = load(data)
        assert isinstance(outcomes[0], Rejected | Noted)
        lines = load(b"{}\n" + data)
        assert all(isinstance(outcome, Rejected | Noted) for outcome in lines)
