"""`suyuan fitted`: which whole holds a part on a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.conftest import Suyuan

PART, LIFT = "urn:epc:id:giai:6901234.SG-2", "urn:epc:id:giai:6901234.LIFT-7"
KEYS = tuple(f"https://id.gs1.org/8004/6901234{name}" for name in ("SG-2", "LIFT-7"))


def fitting(action: str, day: str) -> dict[str, object]:
    """The part is fitted or removed."""
    return {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "AssociationEvent", "action": action, "eventTime": f"{day}T08:00:00Z", "eventTimeZoneOffset": "+08:00",
        "bizStep": "installing" if action == "ADD" else "removing", "parentID": LIFT, "childEPCs": [PART],
        "readPoint": {"id": "urn:epc:id:sgln:6901234.00001.0"},
    }  # fmt: skip


@pytest.fixture
def lifts(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """A part that was in a lift from March to June."""
    lines = map(json.dumps, (fitting("ADD", "2017-03-01"), fitting("DELETE", "2017-06-01")))
    (tmp_path / "lifts.ndjson").write_text("\n".join(lines), "utf-8")
    assert suyuan("load", "lifts.ndjson").code == 0
    return suyuan


def test_a_part_is_in_its_lift_while_it_is_fitted(lifts: Suyuan) -> None:
    """From either end, and in no other month."""
    part = lifts("fitted", PART, "--on", "2017-04-01", "--json").json
    assert [(f["part"], f["whole"], f["certainty"]) for f in part["fittedIn"]] == [(*KEYS, "certain")]
    assert part["fittedIn"][0]["since"]["earliest"] == "2017-03-01T08:00:00+00:00"
    lift = lifts("fitted", LIFT, "--on", "2017-04-01", "--json").json
    assert (lift["parts"], lift["fittedIn"], lift["position"]) == (part["fittedIn"], [], 2)
    later = lifts("fitted", PART, "--on", "2017-07-01", "--json").json
    assert (later["fittedIn"], later["parts"]) == ([], [])


def test_it_is_told_as_a_table_or_in_words(lifts: Suyuan) -> None:
    """A row a fitting; where there is none, that is said."""
    shown = lifts("fitted", PART, "--on", "2017-04-01").out
    words = ("(8004)6901234SG-2", "(8004)6901234LIFT-7", "certain", "2017-03-01T08:00:00Z")
    assert [word for word in words if word not in shown] == []
    assert "Neither in nor on anything" in lifts("fitted", PART, "--on", "2017-01-01").out


def test_what_is_not_known_is_refused(lifts: Suyuan) -> None:
    """An item that nobody named, and a time that is none."""
    assert lifts("fitted", "urn:epc:id:giai:6901234.OTHER", "--on", "2017-04-01").code == 1
    assert lifts("fitted", PART, "--on", "spring").code == 1


def test_a_part_in_two_lifts_is_a_finding(lifts: Suyuan, tmp_path: Path) -> None:
    """Both lifts are told, and why neither is sure; while it was in one of them, nothing is found."""
    other = LIFT.replace("LIFT-7", "LIFT-8")
    twice = [fitting("ADD", "2017-08-01"), fitting("ADD", "2017-09-01") | {"parentID": other}]
    (tmp_path / "twice.ndjson").write_text("\n".join(map(json.dumps, twice)), "utf-8")
    assert lifts("load", "twice.ndjson").code == 0
    for end in (PART, LIFT, other):
        found = lifts("fitted", end, "--on", "2017-10-01", "--json").json["findings"]
        assert [(f["kind"], f["part"], f["certainty"], len(f["events"])) for f in found] == [
            ("clone", KEYS[0], "certain", 2)
        ]
        assert found[0]["wholes"] == [KEYS[1], KEYS[1].replace("LIFT-7", "LIFT-8")]
    shown = " ".join(lifts("fitted", PART, "--on", "2017-10-01").out.split())
    assert "Finding: clone. (8004)6901234SG-2, (8004)6901234LIFT-7 and (8004)6901234LIFT-8:" in shown
    assert "either a removal is missing in the records, or the code is on two objects." in shown
    assert lifts("fitted", PART, "--on", "2017-04-01", "--json").json["findings"] == []
