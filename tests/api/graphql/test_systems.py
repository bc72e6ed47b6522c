"""The product systems in GraphQL."""

from __future__ import annotations

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
