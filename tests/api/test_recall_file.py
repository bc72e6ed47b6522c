"""The recall file: what a coordinator looks for, from master data and from the events' own."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from api.sheets.particulars import ItemParticulars
from tests.api.conftest import Suyuan

CAN = "urn:epc:class:lgtin:9521103.000900.L1"
MILL, SCHOOL = "urn:epc:id:sgln:9521104.00001.0", "urn:epc:id:sgln:9521105.00001.0"
PARTY = "urn:epc:id:pgln:9521105.00001"
GS1 = "https://gs1.org/voc/"


def _element(key: str, **attributes: object) -> dict[str, object]:
    return {"id": key, "attributes": [{"id": GS1 + name, "attribute": told} for name, told in attributes.items()]}


def _vocabulary(kind: str, *elements: dict[str, object]) -> dict[str, object]:
    return {"type": f"urn:epcglobal:epcis:vtype:{kind}", "vocabularyElementList": list(elements)}


def _event(hour: int, step: str, place: str, action: str = "OBSERVE", **more: object) -> dict[str, object]:
    return {
        "type": "ObjectEvent",
        "action": action,
        "bizStep": step,
        "eventTime": f"2026-01-02T{hour:02}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "readPoint": {"id": place},
        "quantityList": [{"epcClass": CAN, "quantity": 40}],
        "bizTransactionList": [{"type": "desadv", "bizTransaction": "urn:doc:7"}],
        **more,
    }


def _document(**weight: object) -> dict[str, object]:
    can = _element(
        "urn:epc:idpat:sgtin:9521103.000900.*",
        brandName="Panda",
        netContent={"value": "900", "unitCode": "GRM"},
        **weight,
    )
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-03T09:00:00Z",
        "epcisHeader": {
            "epcisMasterData": {
                "vocabularyList": [
                    _vocabulary("EPCClass", can),
                    _vocabulary(
                        "Location", _element(SCHOOL, fei="3001234567", role="primary school", owning_party=PARTY)
                    ),
                    _vocabulary("Party", _element(PARTY, chain="City Schools")),
                ]
            }
        },
        "epcisBody": {
            "eventList": [
                _event(8, "commissioning", MILL, "ADD", ilmd={"cbvmda:bestBeforeDate": "2027-06-30"}),
                _event(9, "shipping", MILL, destinationList=[{"type": "location", "destination": SCHOOL}]),
                _event(10, "receiving", SCHOOL),
            ]
        },
    }


def _rows(suyuan: Suyuan, document: dict[str, object], sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet of the recall of the lot."""
    Path("told.json").write_text(json.dumps(document), encoding="utf-8")
    assert suyuan("load", "told.json").code == 0
    assert suyuan("recall", "scope", CAN, "--csv", "files").code == 0
    with Path("files", f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_master_data_and_ilmd_tell_is_in_its_column(suyuan: Suyuan) -> None:
    """Brand, pack size, best before, weight, registration, chain and special population; what none tells is blank."""
    document = _document(netWeight={"value": "0.9", "unitCode": "KGM"})
    mill, school = _rows(suyuan, document, "consignees")
    told = ("Brand", "Pack size", "Best before", "Quantity", "Unit", "Kg equivalent")
    assert [school[name] for name in told] == ["Panda", "900 g", "2027-06-30", "40", "pieces", "36.0"]
    place = ("FEI", "Chain", "Special population")
    assert [school[name] for name in place] == ["3001234567", "City Schools", "primary school"]
    assert [mill[name] for name in place] == ["", "", ""]


@pytest.mark.parametrize("weight", [{}, {"netWeight": "0.9"}, {"netWeight": {"value": "x", "unitCode": "KGM"}}])
def test_a_weight_without_a_unit_weighs_nothing(suyuan: Suyuan, weight: dict[str, object]) -> None:
    """Kilograms are told only where the weight of a piece is, as a number with its unit."""
    assert [row["Kg equivalent"] for row in _rows(suyuan, _document(**weight), "consignees")] == ["", ""]


def test_a_mass_is_given_in_kilograms() -> None:
    """Whatever unit of mass it came in; a volume has no kilograms."""
    told = ItemParticulars(kilos=Decimal("0.5"))
    weighed = [told.in_kilos(amount, uom) for amount, uom in ((Decimal(2), "TNE"), (Decimal(3), None))]
    assert weighed == [2000, Decimal("1.5")]
    assert [told.in_kilos(None, "KGM"), told.in_kilos(Decimal(1), "LTR")] == [None, None]


def test_the_header_tells_until_when_the_data_reach(suyuan: Suyuan) -> None:
    """By the time of acceptance, and by the time of the last movement that a record tells."""
    rows = {row["What"]: row["Value"] for row in _rows(suyuan, _document(), "header")}
    assert rows["Data as of: latest movement recorded"] == "2026-01-02T10:00:00Z"
    assert rows["Data as of: accepted until"]
