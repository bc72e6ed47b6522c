"""Documents of EPCIS XML: forms, encodings, what is none, limits, master data, in bounded memory."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from loaders.epcis import load_paths, load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Master, Noted, Rejected
from tests.loaders.sample import LGTIN, SGLN
from tests.loaders.test_large_files import Generated
from tests.loaders.xml_sample import DOCUMENT, EVENT, load, read, refusal, xml


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
