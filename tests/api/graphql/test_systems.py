"""The product systems in GraphQL."""

from __future__ import annotations

import pytest

from graph_schema.profiles import profiles
from tests.api.graphql.conftest import Asked

SYSTEMS = """query($name: String) { productSystems(name: $name) {
  name zh en section quoteZh lead { zh } stages { id zh en next events origin terminal } subjects { id zh en }
  codes { id check status } measures { id target targetStatus } unverified } }"""


def test_all_systems_are_told(asked: Asked) -> None:
    """Each with its stages, codes, subjects and measures, in both languages, each fact with its mark."""
    told = asked.data(SYSTEMS)["productSystems"]
    assert [system["name"] for system in told] == profiles().names()
    for system in told:
        assert all(system[part] for part in ("zh", "en", "stages", "subjects", "codes", "measures"))
        assert {measure["targetStatus"] for measure in system["measures"]} == {"proposed"}


def test_one_system_is_told_by_its_name(asked: Asked) -> None:
    """Another name gives none."""
    (drug,) = asked.data(SYSTEMS, name="drug")["productSystems"]
    assert {"id": "drug_trace_code", "check": "unknown", "status": "verified"} in drug["codes"]
    assert asked.data(SYSTEMS, name="potions")["productSystems"] == []


LAW = """query($name: String, $day: String) { productSystems(name: $name) {
  recall { inForce } recallOn(day: $day) { inForce basis status figures source owner
  classes { name when limits { of within unit text } } } } }"""


@pytest.mark.parametrize(
    ("day", "since", "limit"),
    [("2022-10-31", "2007-12-10", "notify within 24 hours"), (None, "2022-11-01", "notify within 1 day")],
)
def test_the_rule_on_recalls_of_a_day_is_told(asked: Asked, day: str | None, since: str, limit: str) -> None:
    """That in force then, today's if no day is given; a system is found by its Chinese name too."""
    (drug,) = asked.data(LAW, name="药品", day=day)["productSystems"]
    assert drug["recallOn"]["inForce"] == since
    assert drug["recallOn"]["classes"][0]["limits"][0]["text"] == limit
    assert [law["inForce"] for law in drug["recall"]] == ["2022-11-01", "2007-12-10"]


def test_no_rule_is_told_where_none_is_known(asked: Asked) -> None:
    """Before the first; a day that is none is refused."""
    (goods,) = asked.data(LAW, name="cross_border", day="2026-02-12")["productSystems"]
    assert goods["recallOn"] is None
    assert asked.code(LAW, name="drug", day="soon") == "INVALID_INPUT"


FACTS = """query($name: String) { productSystems(name: $name) {
  events { id stage type action bizStep disposition dispositionFail by of takes makes required { id zh } optional { id }
  reportWithinHours note } links { source target match withinHours tolerance orTo alsoTo inForceUntil }
  codes { id pattern source note } retention { what min since basis status source }
  publicFields { id zh } restrictedFields { id } standards hazards } }"""


def test_what_must_be_recorded_is_told(asked: Asked) -> None:
    """In the words of EPCIS, by whom, with which elements; links, codes, retention and what is public beside it."""
    (drug,) = asked.data(FACTS, name="drug")["productSystems"]
    (profile,) = profiles().versions("drug")
    receive = next(event for event in drug["events"] if event["id"] == "api_receive")
    assert [receive[part] for part in ("type", "action", "bizStep", "disposition", "dispositionFail")] == [
        "ObjectEvent", "OBSERVE", "receiving", "conformant", "non_conformant",
    ]  # fmt: skip
    assert receive["by"] == ["manufacturer", "mah"]
    assert {"what", "recorded_at", "lot", "test_report"} <= {one["id"] for one in receive["required"]}
    assert drug["links"][0]["withinHours"] == profile.links[0].max_gap_h
    assert {"id": "product", "zh": "产品/品种"} in drug["publicFields"]
    assert [one["source"] for one in drug["retention"]] == [rule.source for rule in profile.retention]
    assert all(code["pattern"] for code in drug["codes"])
    assert (drug["standards"], drug["hazards"]) == (list(profile.standards), list(profile.hazards))
