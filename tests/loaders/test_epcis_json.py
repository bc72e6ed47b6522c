"""Every form of a source, whole and broken: what comes out, in which order, and with which places."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any, BinaryIO, cast

import pytest

from graph_schema.errors import InvalidInput
from graph_schema.event import Action, EventType, Reference, Role, What
from loaders.epcis_json import load_paths, load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Master, Noted, Outcome, Rejected
from loaders.source import ByteSource
from tests.loaders.sample import CONTEXT, LGTIN, SGLN, SGTIN, SSCC, document, event, fields, load, only

_EVENTS = [event(eventID=f"urn:example:event:{n}") for n in range(3)]
_IDS = [made["eventID"] for made in _EVENTS]
_QUERY = {
    "@context": CONTEXT,
    "type": "EPCISQueryDocument",
    "epcisBody": {
        "queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": _EVENTS}},
    },
}
_LINES = b"\n".join(json.dumps(made).encode() for made in _EVENTS)

FORMS: dict[str, bytes] = {
    "document": json.dumps(document(*_EVENTS)).encode(),
    "indented document": json.dumps(document(*_EVENTS), indent=2).encode(),
    "document with its context behind": json.dumps(dict(reversed(document(*_EVENTS).items()))).encode(),
    "query document": json.dumps(_QUERY).encode(),
    "array": json.dumps(_EVENTS).encode(),
    "indented array": json.dumps(_EVENTS, indent=1).encode(),
    "array of documents": json.dumps([document(*_EVENTS[:1]), *_EVENTS[1:]]).encode(),
    "lines": _LINES,
    "lines with an end, blanks and carriage returns": b"\n" + _LINES.replace(b"\n", b"\r\n\r\n") + b"\r\n",
    "lines of documents": b"\n".join(json.dumps(document(made)).encode() for made in _EVENTS),
    "lines of arrays": b"\n".join(json.dumps([made]).encode() for made in _EVENTS),
    "values on several lines": b"\n".join(json.dumps(made, indent=1).encode() for made in _EVENTS),
    "values on one line": b" ".join(json.dumps(made).encode() for made in _EVENTS),
    "document an event a line": json.dumps(document(*_EVENTS)).encode().replace(b', {"type"', b',\n{"type"'),
}


def _ids(outcomes: list[Outcome]) -> list[str]:
    return [outcome.event.id for outcome in outcomes if isinstance(outcome, Accepted)]


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
    assert _ids(outcomes) == _IDS
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
    outcomes = load(document(_EVENTS[0], bad, "no event", None, 7, [], _EVENTS[1]))
    assert [type(outcome) for outcome in outcomes] == [Accepted, *[Rejected] * 5, Accepted]
    rejected = outcomes[1]
    assert isinstance(rejected, Rejected)
    assert rejected.event_id == "urn:example:event:bad"
    assert rejected.place.position.startswith("event 2, byte ")


def test_event_that_is_no_json() -> None:
    """An event whose text is no JSON costs that event only, in a document as in lines."""
    whole = json.dumps(document(*_EVENTS)).encode()
    for data in (whole, _LINES):
        broken = data.replace(b'"urn:example:event:1", "', b'"urn:example:event:1"; "', 1)
        broken = broken if broken != data else data.replace(b"event:1", b"event:\xff", 1)
        outcomes = load(broken)
        assert [type(outcome) for outcome in outcomes] == [Accepted, Rejected, Accepted]


@pytest.mark.parametrize("form", ["document", "array", "lines"])
def test_wrong_bytes(form: str) -> None:
    """Bytes that are not UTF-8 are told with their event."""
    outcomes = load(FORMS[form].replace(b"event:1", b"event:\xe9", 1))
    assert _ids(outcomes) == [_IDS[0], _IDS[2]]
    (rejected,) = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    assert "not UTF-8" in rejected.findings[0].what


def test_line_broken_off() -> None:
    """A line that breaks off costs that line."""
    first, second, third = _LINES.split(b"\n")
    outcomes = load(b"\n".join([first, second[:40], third]))
    assert _ids(outcomes) == [_IDS[0], _IDS[2]]
    (rejected,) = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    assert rejected.place.position.startswith("line 2")
    assert _ids(load(b"\n".join([first[:40], second, third]))) == _IDS[1:]


@pytest.mark.parametrize("behind", [1, 2])
def test_first_line_broken_off_anywhere(behind: int) -> None:
    """Wherever the first line breaks off, within a string or behind a comma, colon or bracket, the others are read."""
    lines = _LINES.split(b"\n")
    first, others = lines[0], lines[1 : 1 + behind]
    for length in range(1, len(first)):
        assert _ids(load(b"\n".join([first[:length], *others]))) == _IDS[1 : 1 + behind], first[:length]


def test_values_go_on_from_line_to_line() -> None:
    """A document is one value wherever its lines break, with a comma missing between two events as well."""
    for data in (FORMS["document"], json.dumps(list(_EVENTS)).encode()):
        for sign in (b"{", b"[", b", ", b": "):
            assert _ids(load(data.replace(sign, sign + b"\n"))) == _IDS
    head, _, rest = FORMS["document"].partition(b"[{")
    apart = b"[\n{" + rest.replace(b'}, {"type"', b'}\n{"type"')
    assert _ids(load(head + apart)) == _IDS


@pytest.mark.parametrize("form", [name for name in FORMS if "lines" not in name and "values" not in name])
@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.9, 0.999])
def test_truncated(form: str, part: float) -> None:
    """A document that breaks off gives the events before that, and a rejection that says what cannot be read."""
    outcomes = load(FORMS[form][: int(len(FORMS[form]) * part)])
    ids = _ids(outcomes)
    last = outcomes[-1]
    assert ids == _IDS[: len(ids)]
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
        (b"<?xml version='1.0'?><epcis/>", "XML"),
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
    outcomes = load(document(*_EVENTS, **{"@context": None}))
    assert len(outcomes) == len(_EVENTS)
    assert all(isinstance(o, Rejected) and fields(o, "error") == {"/@context"} for o in outcomes)


def test_document_with_odd_head() -> None:
    """What is odd about a document itself is one note; its events are read."""
    outcomes = load(document(*_EVENTS, schemaVersion="1.2", creationDate=None, remark="x"))
    assert _ids(outcomes) == _IDS
    (noted,) = [outcome for outcome in outcomes if isinstance(outcome, Noted)]
    assert {finding.field for finding in noted.findings} == {"/schemaVersion", "/creationDate", "/remark"}


def test_commas_and_comments() -> None:
    """A comma too few or too many, and a comment, are noted; no event is lost by them."""
    texts = [json.dumps(made).encode() for made in _EVENTS]
    data = b"[" + texts[0] + b"\n// received {\n" + texts[1] + b",," + texts[2] + b",]"
    outcomes = load(data)
    assert _ids(outcomes) == _IDS
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
    events = [_EVENTS[0], event(**large), _EVENTS[1]]
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


def test_paths(tmp_path: Path) -> None:
    """Files, directories and streams come in the order asked; what is passed over in a directory is told."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.json").write_bytes(FORMS["document"])
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(gzip.compress(_LINES))
    (tmp_path / "in" / "notes.txt").write_text("to do")
    (tmp_path / "in" / ".hidden.json").write_text("{")
    (tmp_path / "single").write_bytes(_LINES)
    read: list[int] = []
    outcomes = list(load_paths([tmp_path / "in", str(tmp_path / "single"), io.BytesIO(_LINES)], progress=read.append))
    assert _ids(outcomes) == _IDS * 4
    assert [o.place.file.rpartition("/")[2] for o in outcomes[::3]] == [
        "a.jsonl.gz",
        "b.json",
        "notes.txt",
        "single",
        "stream",
    ]
    assert sum(isinstance(outcome, Noted) for outcome in outcomes) == 1
    assert sum(read) == sum(p.stat().st_size for p in tmp_path.rglob("*.*[nz]") if p.name[0] != ".") + 2 * len(_LINES)


def test_directory_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory below that is closed to us is refused by name, and the rest is loaded."""
    (tmp_path / "a.json").write_bytes(FORMS["document"])
    (tmp_path / "closed").mkdir()

    def walk(top: Path, onerror: Callable[[OSError], None]) -> Iterator[tuple[str, list[str], list[str]]]:
        yield str(top), ["closed"], ["a.json"]
        onerror(PermissionError(13, "Permission denied", str(top / "closed")))

    monkeypatch.setattr("loaders.source.os.walk", walk)
    outcomes = list(load_paths([tmp_path]))
    assert _ids(outcomes) == _IDS
    (refused,) = (outcome for outcome in outcomes if isinstance(outcome, Rejected))
    assert refused.place.file.endswith("closed")
    assert "cannot be opened" in refused.findings[0].what


def test_directory_without_json(tmp_path: Path) -> None:
    """A directory in which there is nothing to read is told, not passed in silence."""
    (tmp_path / "notes.txt").write_text("to do")
    outcomes = list(load_paths([tmp_path]))
    assert [type(outcome) for outcome in outcomes] == [Noted, Rejected]


def test_missing_path(tmp_path: Path) -> None:
    """A path that does not exist is the caller's error, told before anything is read."""
    with pytest.raises(InvalidInput, match="no such file"):
        load_paths([tmp_path, tmp_path / "missing.json"])


def test_path_that_holds_no_data(tmp_path: Path) -> None:
    """A socket is there, but nothing to read: the error says which of the two."""
    with socket(AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
        with pytest.raises(InvalidInput, match="neither a file"):
            list(load_paths([tmp_path / "socket"]))


def test_master_data() -> None:
    """Master data of header and query results come as `Master`, by canonical key, in CBV's own attribute names."""
    element = {
        "id": SGLN,
        "attributes": [
            {"id": "cbvmda:name", "attribute": "Milk station"},
            {"id": "urn:epcglobal:cbv:mda#city", "attribute": "Hohhot"},
            {"id": "ex:own", "attribute": {"a": 1}},
        ],
    }
    vocabularies = [
        {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [element]},
        {"type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": [{"id": LGTIN}, {"id": "urn:x:milk"}]},
        {"type": "epcis:Party", "vocabularyElementList": [{"id": "urn:x:dairy", "children": ["urn:x:barn"]}]},
    ]
    header = {"epcisMasterData": {"vocabularyList": vocabularies}}
    capture = load(document(*_EVENTS, epcisHeader=header))
    query = json.loads(FORMS["query document"])
    query["epcisBody"]["queryResults"]["resultsBody"]["vocabularyList"] = vocabularies
    for outcomes in (capture, load(query)):
        masters = [outcome for outcome in outcomes if isinstance(outcome, Master)]
        assert [(master.key, master.kind) for master in masters] == [
            ("https://id.gs1.org/414/9521321000018", "site"),
            ("https://id.gs1.org/01/09521321123458/10/L1", "lot"),
            ("urn:x:milk", "product"),
            ("urn:x:dairy", "party"),
        ]
        assert masters[0].attributes == {"name": "Milk station", "city": "Hohhot", "ex:own": {"a": 1}}
        assert masters[3].attributes == {"children": ["urn:x:barn"]}


def test_parent_and_children() -> None:
    """Parent and children keep their roles."""
    outcome = only(event("AggregationEvent"))
    assert isinstance(outcome, Accepted)
    assert [what.role for what in outcome.event.whats] == [Role.PARENT, Role.CHILD]
    assert outcome.event.items(Role.PARENT)[0].item == "https://id.gs1.org/00/095213210000000018"
    assert SSCC in outcome.event.body.decode()


_VOCABULARY = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation"}
_ELEMENT = {"id": "urn:epc:id:sgln:9521321.00001.0", "attributes": [{"id": "cbvmda:name", "attribute": "Mill"}]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"epcisHeader": 5}, "/epcisHeader"),
        ({"epcisHeader": []}, "/epcisHeader"),
        ({"epcisHeader": {"epcisMasterData": "all"}}, "/epcisHeader/epcisMasterData"),
        ({"epcisHeader": {"EPCISMasterData": {"VocabularyList": {}}}}, "/epcisHeader/EPCISMasterData/VocabularyList"),
        ({"vocabularyList": 5}, "/vocabularyList"),
        ({"vocabularyList": [5]}, "/vocabularyList/0"),
        ({"vocabularyList": [{**_VOCABULARY, "vocabularyElementList": 5}]}, "/vocabularyList/0/vocabularyElementList"),
        (
            {"vocabularyList": [{**_VOCABULARY, "vocabularyElementList": [_ELEMENT, {**_ELEMENT, "id": 7}]}]},
            "/vocabularyList/0/vocabularyElementList/1/id",
        ),
        (
            {"vocabularyList": [{**_VOCABULARY, "vocabularyElementList": [{**_ELEMENT, "attributes": [{}]}]}]},
            "/vocabularyList/0/vocabularyElementList/0/attributes/0/id",
        ),
    ],
)
def test_master_data_of_the_wrong_shape_are_a_warning(changes: dict[str, Any], field: str) -> None:
    """What tells no master data because of its shape is named with its place, and every event is read."""
    outcomes = load(document(*_EVENTS, **changes))
    (noted,) = [outcome for outcome in outcomes if isinstance(outcome, Noted)]
    assert [finding.field for finding in noted.findings] == [field]
    assert noted.place.file == "test"
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == len(_EVENTS)


def test_a_header_without_master_data_is_none_to_warn_of() -> None:
    """A header may say other things than master data, and a vocabulary may be empty."""
    for header in ({}, {"epcisMasterData": {}}, {"epcisMasterData": {"vocabularyList": [_VOCABULARY]}}):
        assert not [one for one in load(document(*_EVENTS, epcisHeader=header)) if isinstance(one, Noted)]


_MANY = [event(eventID=f"urn:uuid:{hashlib.sha256(str(n).encode()).hexdigest()[:32]}") for n in range(40)]
_PACKED = {
    "document": json.dumps(document(*_MANY)).encode(),
    "context behind the events": json.dumps(dict(reversed(document(*_MANY).items()))).encode(),
    "lines": b"\n".join(json.dumps(one).encode() for one in _MANY),
}


@pytest.mark.parametrize("form", ["document", "lines"])
@pytest.mark.parametrize("kept", [0.3, 0.5, 0.8, 0.99])
def test_gzip_that_is_cut(form: str, kept: float) -> None:
    """The events before the break are read, and the break is one rejection with its place."""
    whole = gzip.compress(_PACKED[form])
    cut = whole[: int(len(whole) * kept)]
    unpacked = zlib.decompressobj(31).decompress(cut)
    wanted = [one for one in _MANY if json.dumps(one).encode() + (b"\n" if form == "lines" else b"") in unpacked]
    *read, broken = [outcome for outcome in load(cut) if isinstance(outcome, Accepted | Rejected)]
    assert [one.event.id for one in read if isinstance(one, Accepted)] == [one["eventID"] for one in wanted]
    assert len(read) == len(wanted) > 0
    assert isinstance(broken, Rejected)
    assert f"byte {len(unpacked)}, unpacked from the first {len(cut)} bytes" in f"{broken.place} {broken.findings}"


@pytest.mark.parametrize("form", _PACKED)
def test_gzip_with_something_else_behind_it(form: str) -> None:
    """All events are read, whatever stands behind; that is one rejection, unless it is zeros, which some pad with."""
    whole = gzip.compress(_PACKED[form])
    for behind, refused in ((b"\0" * 600, 0), (b"garbage", 1), (b"\0\0x", 1)):
        outcomes = load(whole + behind)
        assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == len(_MANY)
        assert [o.findings[0].rule for o in outcomes if isinstance(o, Rejected)] == ["RFC 1952"] * refused


def test_gzip_is_unpacked_to_the_last_byte() -> None:
    """What unpacks to much more than it is comes whole, in steps of any size."""
    data = bytes(3_000_000) + b"end"
    source = ByteSource(io.BytesIO(gzip.compress(data) + gzip.compress(b"more")))
    parts = []
    while part := source.read(70_001):
        parts.append(part)
    assert b"".join(parts) == data + b"more"
