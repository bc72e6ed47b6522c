"""Events written as EPCIS 2.0 XML: valid against the standard's schema, and read again the same events."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from graph_schema.event import Event
from graph_schema.event_hash import event_pre_hash
from loaders.epcis import load_paths, load_stream
from loaders.outcome import Accepted
from loaders.xml_writer import CbvForm, write_event, write_query_document
from tests.loaders import others
from tests.loaders.sample import EVENTS, document, event, load
from tests.loaders.xml_sample import read
from tests.loaders.xml_twins import events

_CREATED = "2026-01-06T00:00:00Z"
_OWN = {"ex": "https://example.org/"}


def written(*some: Event) -> bytes:
    """A query document of events."""
    return b"".join(
        write_query_document(
            (write_event(one, one.fields()) for one in some), created=_CREATED, query="SimpleEventQuery"
        )
    )


def again(one: Event) -> Event:
    """An event, written and read."""
    (outcome,) = load_stream(io.BytesIO(written(one)), "again")
    assert isinstance(outcome, Accepted), outcome
    return outcome.event


def told(**changes: Any) -> Event:
    """An event of JSON with a context of its own."""
    context = [*document()["@context"], _OWN]
    (outcome,) = load(document(event(**changes), **{"@context": context}))
    assert isinstance(outcome, Accepted), outcome
    return outcome.event


def element(one: Event, form: CbvForm = CbvForm.AS_THEY_CAME) -> Any:
    """An event as its element."""
    return etree.fromstring(write_event(one, one.fields(), form))


def pre_hash(one: Event) -> str:
    """What of an event is hashed."""
    fields = {name: value for name, value in one.fields().items() if name != "id"}
    return event_pre_hash(fields, msgspec.json.decode(one.context or b"null"))


@pytest.fixture(scope="module")
def schema(corpora: Path) -> etree.XMLSchema:
    """The standard's schema of query documents."""
    return etree.XMLSchema(etree.parse(corpora / "gs1-epcis" / "XSD" / "EPCglobal-epcis-query-2_0.xsd"))


@pytest.mark.corpora
@pytest.mark.parametrize("kind", EVENTS)
def test_every_type_is_valid(schema: etree.XMLSchema, kind: str) -> None:
    """Whatever order its fields came in."""
    changes: dict[str, Any] = {
        "bizStep": "shipping", "disposition": "in_transit", "recordTime": _CREATED, "certificationInfo": "urn:a:b",
        "readPoint": {"id": "urn:example:gate", "ex:door": "7"}, "eventID": "urn:uuid:7",
        "sourceList": [{"type": "location", "source": "urn:example:there"}],
        "errorDeclaration": {"declarationTime": _CREATED, "reason": "did_not_occur",
                             "correctiveEventIDs": ["urn:uuid:8"]},
        "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 1.5}], "ex:a": 1}],
        "ex:b": {"ex:c": [1, 2]},
    }  # fmt: skip
    made = event(kind, **changes)
    (outcome,) = load(document(dict(reversed(made.items())), **{"@context": [*document()["@context"], _OWN]}))
    assert isinstance(outcome, Accepted), outcome
    schema.assertValid(etree.fromstring(written(outcome.event)))
    assert again(outcome.event).body_hash == outcome.event.body_hash


_NAMELESS = 9
"""Events of GDST's tests whose own fields have no namespace, and one of a TransactionEvent without its transactions."""


@pytest.mark.corpora
def test_what_others_wrote_in_json(corpora: Path, schema: etree.XMLSchema) -> None:
    """GS1's examples and all of the corpora: JSON → XML → the same event; valid where the event is what XML has.

    What differs after the way there and back is what XML has no place for: a list of lists, names under a prefix that
    nothing declares, and `urn:epcglobal:cbv:mda` with and without its colon.
    """
    invalid = 0
    for path in others.files(corpora):
        for outcome in list(load_paths([path]))[:100]:
            if not isinstance(outcome, Accepted):
                continue
            one, back = outcome.event, again(outcome.event)
            valid = schema.validate(etree.fromstring(written(one)))
            invalid += not valid
            if path.is_relative_to(corpora / "gs1-epcis"):
                assert valid, (path, schema.error_log)
                assert pre_hash(back) == pre_hash(one), path
            bare = {"id": "", "body": b"", "context": b"", "body_hash": b""}
            assert msgspec.structs.replace(back, **bare) == msgspec.structs.replace(one, **bare), path
    assert 0 < invalid < 15


@pytest.mark.corpora
def test_what_others_wrote_in_xml(corpora: Path, schema: etree.XMLSchema) -> None:
    """GS1's examples of 2.0: XML → event → XML → the same event, to the letter of its body; valid."""
    checked = 0
    for path in sorted((corpora / "gs1-epcis" / "XML").rglob("*.xml")):
        some = events(path)
        if some:
            schema.assertValid(etree.fromstring(written(*some)))
            assert [(again(one).id, again(one).body_hash) for one in some] == [(one.id, one.body_hash) for one in some]
            checked += len(some)
    assert checked > 25


def test_an_event_leaves_as_it_came() -> None:
    """Fields of one's own with attributes, types, nesting and prefixes."""
    one = read(
        """<ex:note a="1" ex:b="2">text</ex:note><ex:n xsi:type="xsd:decimal">1.50</ex:n>
        <ex:t xsi:type="xsd:boolean">true</ex:t>
        <ex:box><inner>x</inner><inner>y</inner><ex:deep xsi:nil="true"/></ex:box><d xmlns="https://example.org/d/">z</d>"""
    )
    assert again(one).fields() == one.fields()
    assert element(one).find("{https://example.org/ns/}note").attrib == {"a": "1", "{https://example.org/ns/}b": "2"}


@pytest.mark.parametrize(
    ("form", "step", "sensor"),
    [
        (CbvForm.AS_THEY_CAME, "urn:epcglobal:cbv:bizstep:shipping", "gs1:Temperature"),
        (CbvForm.NO_PREFERENCE, "urn:epcglobal:cbv:bizstep:shipping", "gs1:Temperature"),
        (CbvForm.URN, "urn:epcglobal:cbv:bizstep:shipping", "gs1:Temperature"),
        (CbvForm.WEB_URI, "https://ref.gs1.org/cbv/BizStep-shipping", "https://gs1.org/voc/Temperature"),
    ],
)
def test_words_in_the_form_wanted(form: CbvForm, step: str, sensor: str) -> None:
    """A bare word becomes a URN or a Web URI; one of one's own is written out."""
    one = told(
        bizStep="shipping",
        disposition="ex:lost",
        sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 1}]}],
    )
    whole = element(one, form)
    assert whole.findtext("bizStep") == step
    assert whole.findtext("disposition") == "https://example.org/lost"
    assert whole.find(".//sensorReport").get("type") == sensor


@pytest.mark.parametrize(
    ("came", "kept", "urn", "web"),
    [
        ("shipping", "urn:…:shipping", "urn:…:shipping", "BizStep-shipping"),
        ("https://ref.gs1.org/cbv/BizStep-shipping", "BizStep-shipping", "urn:…:shipping", "BizStep-shipping"),
        ("cbv:BizStep-shipping", "BizStep-shipping", "urn:…:shipping", "BizStep-shipping"),
        ("urn:epcglobal:cbv:bizstep:shipping", "urn:…:shipping", "urn:…:shipping", "BizStep-shipping"),
    ],
)
def test_spellings_of_a_word(came: str, kept: str, urn: str, web: str) -> None:
    """Never_Translates keeps URN and Web URI apart."""
    one = told(bizStep=came)
    forms = (CbvForm.AS_THEY_CAME, CbvForm.URN, CbvForm.WEB_URI)
    found = [element(one, form).findtext("bizStep").replace("epcglobal:cbv:bizstep", "…") for form in forms]
    assert [text.removeprefix("https://ref.gs1.org/cbv/") for text in found] == [kept, urn, web]


def test_types_of_ones_own() -> None:
    """Stand in a wrapper, under their namespace."""
    one = told(type="ex:Inspected")
    assert element(one)[0].tag == "{https://example.org/}Inspected"
    assert again(one).type_name == "ex:Inspected"


def test_what_xml_cannot_say() -> None:
    """Signs that XML has not, names that are none, lists of lists: written so that it stays a document."""
    one = told(
        **{
            "ex:bell": "a\u0000b😀",
            "ex:best before": 1,
            "ex:_x0041_": 2,
            "https://example.org/deep#7": 3,
            "ex:lists": [[1], [2]],
            "ex:in": {"ex:none": None},
        }
    )
    back = again(one).extensions
    whole = {name.partition(":")[2]: value for name, value in back.items()}
    assert whole == {
        "bell": "a\ufffdb😀",
        "best before": 1,
        "_x0041_": 2,
        "7": 3,
        "lists": ["[1]", "[2]"],
        "in": {next(iter(whole["in"])): None},
    }


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXT.map("ex:".__add__), _VALUE, max_size=4), _TEXT)
def test_any_field_of_ones_own(own: dict[str, Any], space: str) -> None:
    """Whatever JSON holds, and whatever a prefix stands for, the XML is a document, and the event in it is read."""
    context = [*document()["@context"], {"ex": space}]
    (outcome,) = load(json.dumps(document(event(**own), **{"@context": context})).encode())
    if isinstance(outcome, Accepted):
        (back,) = load_stream(io.BytesIO(written(outcome.event)), "again")
        assert isinstance(back, Accepted), back
        assert back.event.whats == outcome.event.whats
