"""Master data in a document: read as it came, named where its shape is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph_schema.event import Role
from loaders.outcome import Accepted, Master, Noted
from tests.loaders.forms import EVENTS, FORMS
from tests.loaders.sample import LGTIN, SGLN, SSCC, document, event, load, only


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
    capture = load(document(*EVENTS, epcisHeader=header))
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
    outcomes = load(document(*EVENTS, **changes))
    (noted,) = [outcome for outcome in outcomes if isinstance(outcome, Noted)]
    assert [finding.field for finding in noted.findings] == [field]
    assert noted.place.file == "test"
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == len(EVENTS)


def test_a_header_without_master_data_is_none_to_warn_of() -> None:
    """A header may say other things than master data, and a vocabulary may be empty."""
    for header in ({}, {"epcisMasterData": {}}, {"epcisMasterData": {"vocabularyList": [_VOCABULARY]}}):
        assert not [one for one in load(document(*EVENTS, epcisHeader=header)) if isinstance(one, Noted)]
