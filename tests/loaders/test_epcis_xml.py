"""Events of EPCIS XML read as the JSON that says the same: forms, rules, what is kept, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import msgspec
import pytest

from loaders.outcome import Accepted, Rejected
from tests.loaders.sample import LGTIN, SGLN, event, only
from tests.loaders.xml_sample import QUANTITIES, load, read, refusal, xml


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
