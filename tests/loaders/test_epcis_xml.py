"""EPCIS XML read as the JSON that says the same: forms, rules, what is kept, what is refused, in bounded memory."""

from __future__ import annotations

import gzip
import io
import itertools
import tracemalloc
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from graph_schema.event import Event
from graph_schema.event_hash import event_hash_id, event_pre_hash
from loaders.epcis import load_paths, load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Master, Noted, Outcome, Rejected
from tests.loaders.sample import LGTIN, SGLN, SGTIN, event, only
from tests.loaders.test_large_files import Generated
from tests.loaders.xml_twins import ASSOCIATIONS, DIFFER, events, twins, without_doctype

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" xmlns:ex="https://example.org/ns/"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:cbvmda="urn:epcglobal:cbv:mda" schemaVersion="2.0" creationDate="2026-01-06T00:00:00Z">
<EPCISBody><EventList>
{}
</EventList></EPCISBody>
</epcis:EPCISDocument>
"""
EVENT = f"""<ObjectEvent>
  <eventTime>2026-01-05T08:30:00+08:00</eventTime>
  <eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
  <epcList><epc>{SGTIN}</epc></epcList>
  <action>OBSERVE</action>
  {{}}
</ObjectEvent>"""

QUANTITIES = f"<quantityList><quantityElement><epcClass>{LGTIN}</epcClass>{{}}</quantityElement></quantityList>"


def xml(*inside: str) -> bytes:
    """A document of events, each with something more."""
    return DOCUMENT.format("\n".join(EVENT.format(one) for one in inside)).encode()


def load(data: bytes, limits: Limits | None = None) -> list[Outcome]:
    """The outcomes of bytes."""
    return list(load_stream(io.BytesIO(data), "test.xml", limits=limits))


def read(inside: str) -> Event:
    """The event of a document, with something more in it."""
    (outcome,) = load(xml(inside))
    assert isinstance(outcome, Accepted), outcome
    return outcome.event


def refusal(data: bytes) -> str:
    """What a document is refused with."""
    (outcome,) = [one for one in load(data) if isinstance(one, Rejected)]
    return f"{outcome.place.position}: {outcome.findings[-1].field} {outcome.findings[-1].what}"


def test_an_event_is_the_one_that_json_says() -> None:
    """Every field of the standard becomes what JSON has: the event is the same to the letter of its body."""
    told = read(
        f"""<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>
        <disposition>urn:epcglobal:cbv:disp:in_transit</disposition>
        <readPoint><id>{SGLN}</id></readPoint>
        <bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:example:po:1</bizTransaction>
        </bizTransactionList>
        <quantityList><quantityElement><epcClass>{LGTIN}</epcClass><quantity>10.50</quantity><uom>KGM</uom></quantityElement>
          <quantityElement><epcClass>{LGTIN}</epcClass><quantity xsi:nil="true"/></quantityElement></quantityList>
        <sourceList><source type="urn:epcglobal:cbv:sdt:location">{SGLN}</source></sourceList>
        <persistentDisposition><set>urn:epcglobal:cbv:disp:recalled</set></persistentDisposition>
        <sensorElementList><sensorElement><sensorMetadata time="2026-01-05T00:00:00Z"/>
          <sensorReport type="gs1:Temperature" value="4.20" booleanValue="true" ex:by="me"/></sensorElement>
        </sensorElementList>"""
    )
    same = event(
        bizStep="shipping",
        disposition="in_transit",
        readPoint={"id": SGLN},
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:example:po:1"}],
        quantityList=[{"epcClass": LGTIN, "quantity": 10.5, "uom": "KGM"}, {"epcClass": LGTIN}],
        sourceList=[{"type": "location", "source": SGLN}],
        persistentDisposition={"set": ["recalled"]},
        sensorElementList=[
            {
                "sensorMetadata": {"time": "2026-01-05T00:00:00Z"},
                "sensorReport": [{"type": "Temperature", "value": 4.2, "booleanValue": True, "ex:by": "me"}],
            }
        ],
    )
    twin = cast("Accepted", only(same)).event
    assert told.body_hash == twin.body_hash
    assert str(told.fields()["quantityList"][0]["quantity"]) == "10.50"
    bare = {"body": b"", "context": b"", "id": ""}
    assert msgspec.structs.replace(told, **bare) == msgspec.structs.replace(twin, **bare)


def test_fields_of_ones_own_are_kept() -> None:
    """With namespace, attributes, types and nesting; `xsi:type` makes numbers and booleans."""
    told = read(
        """<ex:note a="1" ex:b="2">text</ex:note><ex:n xsi:type="xsd:decimal">01.50</ex:n>
        <ex:t xsi:type="xsd:boolean">1</ex:t>
        <ex:box><inner>x</inner><inner>y</inner><ex:deep xsi:nil="true"/></ex:box>
        <ex:time xsi:type="xsd:time">a</ex:time>"""
    )
    assert told.extensions == {
        "ex:note": {"@a": "1", "@ex:b": "2", "#text": "text"},
        "ex:n": Decimal("1.50"),
        "ex:t": True,
        "ex:box": {"inner": ["x", "y"], "ex:deep": None},
        "ex:time": "a",
    }
    assert msgspec.json.decode(told.context)[1] == {"ex": "https://example.org/ns/"}


def test_prefixes_are_one_to_one() -> None:
    """A prefix bound anew below, or one that URIs begin with, gets another name; the namespace decides."""
    told = read(
        """<ex:a/><ex:b xmlns:ex="https://example.org/other/"/><urn:c xmlns:urn="https://example.org/urn/"/>
        <d xmlns="https://example.org/default/"/>"""
    )
    spaces = {space: prefix for prefix, space in msgspec.json.decode(told.context)[1].items()}
    assert spaces.keys() == {f"https://example.org/{name}/" for name in ("ns", "other", "urn", "default")}
    assert "urn" not in spaces.values()
    assert set(told.extensions) == {
        f"{spaces[f'https://example.org/{space}/']}:{name}"
        for space, name in (("ns", "a"), ("other", "b"), ("urn", "c"), ("default", "d"))
    }


def test_lot_numbers_of_master_data() -> None:
    """The CBV's attributes have one prefix in JSON, though their namespace is written otherwise in XML."""
    inside = "<ilmd><cbvmda:lotNumber>L7</cbvmda:lotNumber></ilmd>"
    (outcome,) = load(xml(inside).replace(b"OBSERVE", b"ADD"))
    assert isinstance(outcome, Accepted)
    assert (outcome.event.lot_number, outcome.event.ilmd, outcome.event.context) == (
        "L7",
        {"cbvmda:lotNumber": "L7"},
        b"",
    )


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<epcLst/>", "/epcLst 'epcLst' is not allowed here"),
        ("<bizStep>urn:epcglobal:cbv:bizstep:flying</bizStep>", "/bizStep 'urn:epcglobal:cbv:bizstep:flying'"),
        ("<action>OBSERVE</action>", "/action an action is ADD, OBSERVE or DELETE"),
        ("<readPoint/>", "/readPoint/id id is missing"),
        (QUANTITIES.format("<quantity>many</quantity>"), "/quantityList/0/quantity 'many'"),
        ("<eventID><ex:deep/></eventID>", "/eventID"),
        ("<disposition><ex:deep/></disposition>", "/disposition"),
        ("<childEPCs><epc>urn:a:b</epc></childEPCs>", "/childEPCs"),
    ],
)  # fmt: skip
def test_the_rules_are_those_of_json(inside: str, what: str) -> None:
    """Each refusal names line, event, field, rule and remedy."""
    data = xml("", inside)
    assert refusal(data).startswith("event 2, line 13: " + what)
    (outcome,) = [one for one in load(data) if isinstance(one, Rejected)]
    assert all(finding.rule and finding.remedy for finding in outcome.findings)


def test_a_refused_event_tells_its_id() -> None:
    """And the others are read."""
    outcomes = load(xml("<ex:ok/>", "<eventID>urn:uuid:bad</eventID><bizStep>no</bizStep>", ""))
    assert [type(one) for one in outcomes] == [Accepted, Rejected, Accepted]
    assert cast("Rejected", outcomes[1]).event_id == "urn:uuid:bad"


@pytest.mark.parametrize(
    "wrapped",
    [
        DOCUMENT.replace("xsd:2", "xsd:1").replace('"2.0"', '"1.2"'),
        DOCUMENT.replace("EPCISDocument", "EPCISQueryDocument")
        .replace("<EventList>", "<epcis:QueryResults><queryName>q</queryName><resultsBody><EventList>")
        .replace("</EventList>", "</EventList></resultsBody></epcis:QueryResults>")
        .replace("epcis:xsd:2", "epcis-query:xsd:2"),
        DOCUMENT.replace("<epcis:", "<").replace("</epcis:", "</").replace("xmlns:epcis", "xmlns"),
        DOCUMENT.replace("{}", "<extension><extension>{}</extension></extension>"),
        "{}",
    ],
    ids=["1.2", "query", "default namespace", "extension", "bare"],
)  # fmt: skip
def test_forms(wrapped: str) -> None:
    """Documents of 2.0 and 1.2, query documents, events in wrappers, and an event alone."""
    plain = wrapped.format(EVENT.format(""))
    (outcome,) = load(plain.encode())
    assert isinstance(outcome, Accepted)
    assert outcome.event.body_hash == read("").body_hash


def test_wrappers_of_earlier_versions() -> None:
    """What 1.2 puts into `extension` and `baseExtension` stands where 2.0 has it."""
    told = read(
        f"""<baseExtension><eventID>urn:uuid:7</eventID></baseExtension><extension><quantityList><quantityElement>
        <epcClass>{LGTIN}</epcClass></quantityElement></quantityList><extension><ex:a>1</ex:a></extension></extension>"""
    )
    assert (told.id, told.fields()["quantityList"], told.extensions) == (
        "urn:uuid:7",
        [{"epcClass": LGTIN}],
        {"ex:a": "1"},
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    """What the document says it is in, with and without a mark; and gzip of it."""
    text = "é" if encoding == "iso-8859-1" else "溯源"
    said = encoding.removesuffix("-sig").removesuffix("-le")
    raw = xml(f"<ex:name>{text}</ex:name>").decode().replace("UTF-8", said).encode(encoding)
    for data in (raw, gzip.compress(raw)):
        (outcome,) = load(data)
        assert isinstance(outcome, Accepted), outcome
        assert outcome.event.extensions == {"ex:name": text}


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("doctype", "entity"),
    [
        (BOMB, "&b;"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">', ""),
        ("<!-- a --><?x?>\n<!DOCTYPE project>", ""),
        ("<!--" + "x" * 100_000 + "--><!doctype project>", ""),
    ],
    ids=["bomb", "file", "address", "plain", "behind a comment"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_whole(doctype: str, entity: str, encoding: str) -> None:
    """Before anything of it is parsed, in whatever encoding: no entity grows, no file and no address is opened."""
    text = xml(f"<ex:a>{entity}</ex:a>").decode().replace("UTF-8", encoding).replace("?>\n", f"?>\n{doctype}", 1)
    (outcome,) = load(text.encode(encoding))
    assert isinstance(outcome, Rejected)
    assert "DOCTYPE" in outcome.findings[0].what
    assert "<!DOCTYPE" in outcome.findings[0].remedy


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (xml("&x;"), "Entity 'x' not defined"),
        (xml("<ex:a>"), "Opening and ending tag mismatch"),
        (xml("", "")[:-200], "cannot be read"),
        (b"<html><body/></html>", "neither an EPCIS document nor an event"),
        (b"<?xml version='1.0' encoding='rot13'?><a/>", "encoding"),
        (b"<?xml version='1.0' encoding='EBCDIC-X'?><a/>", "encoding"),
        (xml("<ex:a>\xff</ex:a>").replace("ÿ".encode(), b"\xff"), "cannot be read"),
        (b"<!--" + b"x" * (2 << 20) + b"--><a/>", "before the first element"),
        (b"<", "cannot be read"),
        (xml().replace(b"<EventList>", b"").replace(b"</EventList>", b""), "no EventList"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_epcis(data: bytes, what: str) -> None:
    """Is one refusal that says why and from where on; nothing raises."""
    assert what in refusal(data)


def test_all_before_the_fault_is_read() -> None:
    """Of a document that breaks off, each event that came whole."""
    whole = xml(*["<ex:a/>"] * 5)
    outcomes = load(whole[: whole.rindex(b"<ex:a/>") + 3])
    assert [type(one) for one in outcomes] == [Accepted] * 4 + [Rejected]
    assert "line 3" in cast("Rejected", outcomes[-1]).place.position


def test_limits() -> None:
    """An event too deep, too large or of too many items is refused; those beside it are read."""
    deep = "<ex:a>" * 100 + "</ex:a>" * 100
    large = f"<ex:a>{'x' * 300_000}</ex:a>" * 2
    many = f"<quantityList>{f'<quantityElement><epcClass>{LGTIN}</epcClass></quantityElement>' * 40}</quantityList>"
    outcomes = load(xml("", deep, "", large, "", many, ""), Limits(event_bytes=400_000, items=30))
    assert [type(one).__name__ for one in outcomes] == ["Accepted", "Rejected"] * 3 + ["Accepted"]
    assert all(one.findings[0].rule == "docs/loading.md, Limits" for one in outcomes if isinstance(one, Rejected))


def test_deepest_documents() -> None:
    """Elements a hundred thousand deep end the reading, and no more."""
    (outcome,) = load(b"<ObjectEvent>" + b"<a>" * 100_000)
    assert isinstance(outcome, Rejected)


@pytest.mark.parametrize(("large", "behind"), [("text", 1), ("elements", 0), ("attributes", 0)])
def test_bounded_memory(large: str, behind: int) -> None:
    """An event of tens of megabytes is held at no time, nor are many; a flood of elements ends the reading."""
    head, tail = (part.encode() for part in DOCUMENT.split("{}"))
    small = EVENT.format("").encode()
    before, after = (part.encode() for part in EVENT.split("{}"))
    block = {
        "text": b"<a>" + b"x" * (1 << 20) + b"</a>",
        "elements": b"<a/>" * 100_000,
        "attributes": b"<a b='1' c='2' d='3'/>" * 20_000,
    }[large]
    pieces = itertools.chain(
        [head], itertools.repeat(small * 100, 20), [before], itertools.repeat(block, 12), [after, small, tail]
    )
    tracemalloc.start()
    stream = cast("Any", Generated(pieces))
    told = Counter(type(one).__name__ for one in load_stream(stream, "large", limits=Limits(event_bytes=2 << 20)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == {"Accepted": 2000 + behind, "Rejected": 1}
    assert peak < 20 << 20


def test_master_data() -> None:
    """A header's vocabularies, and a document of nothing else."""
    header = f"""<EPCISHeader><extension><EPCISMasterData><VocabularyList>
      <Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>
        <VocabularyElement id="{SGLN}"><attribute id="urn:epcglobal:cbv:mda:name">Plant</attribute>
          <children><id>urn:example:room</id></children></VocabularyElement>
        <VocabularyElement/>
      </VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension></EPCISHeader>"""
    data = xml("").replace(b"<EPCISBody>", f"{header}<EPCISBody>".encode())
    outcomes = load(data)
    assert [type(one) for one in outcomes] == [Noted, Master, Accepted]
    master = cast("Master", outcomes[1])
    assert (master.key, master.kind) == ("https://id.gs1.org/414/9521321000018", "site")
    assert master.attributes == {"name": "Plant", "children": ["urn:example:room"]}


def test_what_is_odd_about_a_document() -> None:
    """Its version and date are noted, and cost no event."""
    data = xml("").replace(b'"2.0"', b'"3.0"').replace(b'"2026-01-06T00:00:00Z"', b'"once"')
    noted, accepted = load(data)
    assert isinstance(accepted, Accepted)
    assert [finding.field for finding in cast("Noted", noted).findings] == ["/@schemaVersion", "/@creationDate"]


def test_files_of_a_folder(tmp_path: Path) -> None:
    """XML in a folder is read beside JSON."""
    (tmp_path / "a.xml").write_bytes(xml(""))
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(xml("")))
    (tmp_path / "c.txt").write_bytes(xml(""))
    assert [type(one) for one in load_paths([tmp_path])] == [Accepted, Accepted, Noted]


def pre_hash(one: Event) -> str:
    """What of an event is hashed, its names whole."""
    return event_pre_hash(one.fields(), msgspec.json.decode(one.context) if one.context else None)


@pytest.mark.corpora
def test_twins_are_one(corpora: Path) -> None:
    """Each event that GS1 or others wrote in XML and in JSON is one event: what is hashed, what the graph is built of.

    But for those whose documents say different things, each with its reason.
    """
    pairs = {name: (events(corpora / name), events(twin)) for name, twin in twins(corpora).items()}
    pairs[ASSOCIATIONS[0]] = (
        events(corpora / ASSOCIATIONS[0])[: len(ASSOCIATIONS[1])],
        [one for name in ASSOCIATIONS[1] for one in events(corpora / name)],
    )
    differing = {name for name, (these, those) in pairs.items() if list(map(_said, these)) != list(map(_said, those))}
    assert differing == set(DIFFER)
    assert sum(len(these) for name, (these, _) in pairs.items() if name not in DIFFER) > 30


def _said(one: Event) -> tuple[str, Event]:
    whats = tuple(sorted(one.whats, key=repr))
    return pre_hash(one), msgspec.structs.replace(one, id="", body=b"", context=b"", body_hash=b"", whats=whats)


@pytest.mark.corpora
def test_published_hashes(corpora: Path) -> None:
    """Read from XML, each event of the published vectors has its hash id.

    But for a file that leaves fields out of the hash by a header of its own, which no standard knows.
    """
    checked = 0
    for path in sorted((corpora / "ralphtro-hash" / "examples").glob("*.xml")):
        if "IgnoreFields" not in path.name:
            found = [event_hash_id(one.fields(), msgspec.json.decode(one.context or b"null")) for one in events(path)]
            assert found == path.with_suffix(".hashes").read_text(encoding="utf-8").split(), path.name
            checked += len(found)
    assert checked >= 19


@pytest.mark.corpora
def test_others_files_never_raise(corpora: Path) -> None:
    """Every file of XML that others wrote, whole and cut anywhere, is outcomes; GS1's documents are all accepted."""
    for path in sorted(corpora.rglob("*.xml")):
        data = without_doctype(path)
        outcomes = load(data)
        assert outcomes, path
        if path.is_relative_to(corpora / "gs1-epcis" / "XML") and "CaptureJob" not in path.name:
            assert all(isinstance(one, Accepted) for one in outcomes), path
        for cut in range(1, 8):
            load(data[: len(data) * cut // 8])
