"""Documents that others wrote in XML and in JSON, side by side: which are one, and where they honestly differ."""

from __future__ import annotations

import io
from pathlib import Path

from graph_schema.event import Event
from loaders.epcis import load_stream
from loaders.outcome import Accepted

GS1 = "gs1-epcis"
OPENEPCIS = "openepcis-test-resources/2.0/EPCIS"

DIFFER = {
    f"{GS1}/XML/Example-PersistentDisposition.xml": "an AggregationEvent in XML, an ObjectEvent in JSON",
    f"{GS1}/XML/WithFullCombinationOfFields/aggregation_event_all_possible_fields.xml": (
        "JSON has an error declaration and a certificate, XML has neither"
    ),
    f"{GS1}/XML/WithFullCombinationOfFields/transformation_event_all_possible_fields.xml": (
        "JSON has an error declaration, a certificate and a cbvmda of its own, XML units of weights"
    ),
    f"{GS1}/XML/Example_9.6.1-ObjectEvent-2020_06_18a.xml": "the namespace of `example` has a slash in JSON alone",
    f"{GS1}/XML/WithErrorDeclaration/ErrorDeclarationAndCorrectiveEvent.xml": (
        "other quantities and another read point"
    ),
    f"{OPENEPCIS}/XML/Capture/Documents/SensorData_with_combined_events.xml": (
        "`gs1:` words that the CBV has not are bare in JSON"
    ),
    f"{OPENEPCIS}/XML/Query/SensorData_with_combined_events.xml": "the same",
    f"{OPENEPCIS}/XML/Capture/Documents/TransactionEvent_with_userExtensions.xml": "the same",
    f"{OPENEPCIS}/XML/Query/TransactionEvent_with_userExtensions.xml": "the same",
    f"{OPENEPCIS}/XML/Query/TransformationEvent_with_error_declaration.xml": (
        "the declaration in XML has a time without seconds, which is refused"
    ),
    f"{OPENEPCIS}/XML/Query/queryDocument.xml": "the sensors are called otherwise",
}
"""What stands in the twin is not what stands in the XML, and why."""

GS1_TWINS = {
    f"{GS1}/XML/Example-PersistentDisposition.xml": f"{GS1}/JSON/PersistentDisposition-example.jsonld",
    f"{GS1}/XML/Example_9.6.1-ObjectEvent-2020_06_18a.xml": (
        f"{GS1}/JSON/Example_9.6.1-ObjectEvent-with-pseudo-SBDH-headers.jsonld"
    ),
    f"{GS1}/XML/WithErrorDeclaration/ErrorDeclarationAndCorrectiveEvent.xml": (
        f"{GS1}/JSON/WithErrorDeclaration/ErrorDeclarationAndCorrectiveEvent.jsonld"
    ),
    **{
        f"{GS1}/XML/WithFullCombinationOfFields/{name}.xml": f"{GS1}/JSON/WithFullCombinationOfFields/{name}.jsonld"
        for name in ("aggregation_event_all_possible_fields", "transformation_event_all_possible_fields")
    },
    **{
        f"{GS1}/XML/WithEventHashID/event_with_identical_hash_id_{number}.xml": (
            f"{GS1}/XML/WithEventHashID/event_with_identical_hash_id_7.json"
        )
        for number in (3, 5)
    },
}
"""GS1's twins have names of their own."""
ASSOCIATIONS = (
    f"{GS1}/XML/AssociationEvent/AssociationEventExamples.xml",
    tuple(f"{GS1}/JSON/AssociationEvent/AssociationEvent-{letter}.jsonld" for letter in "abcde"),
)
"""One file of XML has the events of several of JSON, in their order."""


def twins(corpora: Path) -> dict[str, Path]:
    """The JSON twin of each document of XML that has one, by its name in the corpora."""
    found = {xml: corpora / json for xml, json in GS1_TWINS.items()}
    for xml in sorted((corpora / OPENEPCIS / "XML").rglob("*.xml")):
        json = Path(str(xml).replace("/XML/", "/JSON/")).with_suffix(".json")
        if json.exists():
            found[str(xml.relative_to(corpora))] = json
    return found


def xml_files(corpora: Path) -> list[Path]:
    """Every file of XML in the corpora."""
    return sorted(corpora.rglob("*.xml"))


def without_doctype(path: Path) -> bytes:
    """Some of GS1's examples begin with a DOCTYPE that says nothing; what has one is refused."""
    return path.read_bytes().replace(b"<!DOCTYPE project>", b"")


def events(path: Path) -> list[Event]:
    """The events of a document."""
    outcomes = load_stream(io.BytesIO(without_doctype(path)), path.name)
    return [outcome.event for outcome in outcomes if isinstance(outcome, Accepted)]
