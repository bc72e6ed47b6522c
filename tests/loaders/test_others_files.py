"""The files of others: what loads, what is refused, and that all of it comes back as it came."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from loaders.document_writer import export_event
from loaders.epcis import load_paths
from loaders.findings import REFUSAL
from loaders.json_text import canonical_json
from loaders.outcome import Accepted, Rejected
from tests.loaders import others

pytestmark = pytest.mark.corpora

REFUSED: dict[str, dict[int, tuple[str, str]]] = {
    "openepcis-validation/test/resources/json/CaptureDocument.json": {
        0: ("/action", "made to be invalid: no action"),
        1: ("/action", "made to be invalid: no action"),
    },
    "openepcis-validation/test/resources/json/CaptureDocumentWithCertification.json": {
        0: ("/certificationInfo", "objects where URIs of certificates belong (EPCIS 2.0 §7.4.1)"),
    },
    "openepcis-validation/test/resources/json/queryDocumentWithInvalidEventType.json": {
        0: ("/type", "made to be invalid: an unknown event type"),
    },
    "eecc-sanitisation/tests/events/epcisDocWithSingleEvent.jsonld": {
        0: ("/type", "`isA` of a draft of EPCIS 2.0 instead of type"),
    },
    "epcis2js/test/data/hashing/epcisDocWithSingleEvent.json": {
        0: ("/eventID", "a blank node: it names nothing outside its document (EPCIS 2.0 §7.4.1)"),
    },
}
"""Events by their place in their file that are refused although no folder says that they are bad, and why."""

INVALID: dict[str, list[set[str]]] = {
    "Capture/Invalid/Combination_of_events_with_missing_mandatory_fields.json": [
        {"/action"},
        {"/action", "/eventTimeZoneOffset"},
    ],
    "Capture/Invalid/Combination_of_multiple_invalid_fields.json": [
        {"/bizStep"},
        {"/disposition"},
        {"/sourceList/0/type"},
        {"/ilmd/materialType"},
        {"/action", "/eventTime"},
    ],
    "Capture/Invalid/Combination_of_non_standard_bizStep_and_disposition.json": [{"/bizStep"}, {"/disposition"}],
    "Capture/Invalid/EPCISDocument_without_context.json": [{"/@context"}],
    "Capture/Invalid/ObjectEvent_with_invalid_action.json": [{"/action"}],
    "Capture/Invalid/ObjectEvent_with_invalid_certificationInfo.json": [{"/certificationInfo"}],
    "Capture/Invalid/ObjectEvent_with_invalid_eventTime_format.json": [{"/eventTime"}],
    "Capture/Invalid/ObjectEvent_with_non_standard_bizStep.json": [{"/bizStep"}],
    "Capture/Invalid/ObjectEvent_with_non_standard_disposition.json": [{"/disposition"}],
    "Capture/Invalid/ObjectEvent_with_unknown_field_in_quantityList.json": [{"/quantityList/0/weight"}],
    "Capture/Invalid/ObjectEvent_without_action_and_eventTime.json": [
        {"/action", "/eventTime", "/eventTimeZoneOffset"}
    ],
    "Capture/Invalid/ObjectEvent_without_identifier_list.json": [{"/epcList"}],
    "Query/Invalid/QueryDocument_with_invalid_action.json": [{"/action"}],
    "Query/Invalid/QueryDocument_with_invalid_eventType.json": [{"/type"}],
}
"""The fields named for each event of each file in OpenEPCIS's Invalid folders. The one file besides, a query and no
event (Query/Queries/Invalid/Query_with_invalid_values.json), is no event file: it is refused as being neither."""


def _outcomes(path: Path) -> list[Accepted | Rejected]:
    return [outcome for outcome in load_paths([path]) if isinstance(outcome, Accepted | Rejected)]


@pytest.mark.parametrize("folder", others.FOLDERS)
def test_events_come_back(corpora: Path, folder: str) -> None:
    """Every event of every file loads, or is refused for a listed reason, and comes back equal as canonical JSON."""
    seen = 0
    for path in others.files(corpora, folder):
        name = str(path.relative_to(corpora))
        if "/Invalid/" in name:
            continue
        events = others.events_of(path, parse_float=Decimal)
        outcomes = _outcomes(path)
        refused = REFUSED.get(name, {})
        for place, (made, outcome) in enumerate(zip(events, outcomes, strict=bool(events))):
            if isinstance(outcome, Accepted):
                assert place not in refused, name
                assert canonical_json(export_event(outcome.event)) == canonical_json(made), name
                seen += 1
            else:
                assert refused[place][0] in {f.field for f in outcome.findings if f.severity == REFUSAL}, outcome
    assert seen or folder in ("eecc-sanitisation", "openepcis-validation")


def test_every_refusal_is_still_so(corpora: Path) -> None:
    """No line of the list of refusals is out of date."""
    for name, refused in REFUSED.items():
        outcomes = _outcomes(corpora / name)
        assert [place for place, outcome in enumerate(outcomes) if isinstance(outcome, Rejected)] == list(refused)


def test_invalid_files(corpora: Path) -> None:
    """Every event file in an Invalid folder of OpenEPCIS is refused, each of its events, with the fields named."""
    root = corpora / "openepcis-test-resources" / "2.0" / "EPCIS" / "JSON"
    found = {str(path.relative_to(root)) for path in root.rglob("*.json") if "Invalid" in path.parts}
    assert found == {*INVALID, "Query/Queries/Invalid/Query_with_invalid_values.json"}
    for name, wanted in INVALID.items():
        outcomes = _outcomes(root / name)
        assert all(isinstance(outcome, Rejected) for outcome in outcomes), name
        named = [{f.field for f in outcome.findings} for outcome in outcomes if isinstance(outcome, Rejected)]
        assert named == wanted, name


def test_query_that_is_no_event(corpora: Path) -> None:
    """A query is told to be neither document nor event."""
    path = corpora / "openepcis-test-resources/2.0/EPCIS/JSON/Query/Queries/Invalid/Query_with_invalid_values.json"
    (outcome,) = _outcomes(path)
    assert isinstance(outcome, Rejected)
    assert "neither" in outcome.findings[0].what


def test_unparsable_files(corpora: Path) -> None:
    """What is no JSON is refused with the byte at which it ceases to be."""
    path = corpora / "ift-gftc-opentraceability/OpenTraceability.Tests/Data/EPCISQueryDocument_malformed.jsonld"
    last = _outcomes(path)[-1]
    assert isinstance(last, Rejected)
    assert "byte 285" in last.findings[0].what


def test_comments_cost_nothing(corpora: Path) -> None:
    """A document with comments between its events is no JSON, yet each of its events loads."""
    path = corpora / "ift-gftc-opentraceability/OpenTraceability.TestServer/Data/beef-leather-example/events.jsonld"
    outcomes = _outcomes(path)
    assert len(outcomes) == path.read_text().count('"eventTime"')
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)


def test_profile_faults_are_no_faults_of_epcis(corpora: Path) -> None:
    """Documents that lack key data elements of a profile are good EPCIS: their events load."""
    paths = sorted((corpora / "ift-gftc-opentraceability").rglob("gdst_*.jsonld"))
    assert len(paths) >= 10
    assert all(isinstance(outcome, Accepted) for path in paths for outcome in _outcomes(path))
