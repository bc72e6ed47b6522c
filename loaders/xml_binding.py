"""How EPCIS 2.0 XML (§9.5) and JSON (§10) say the same. In: names of fields. Out: how each is written in XML.

Data, and the two spellings of a word: JSON writes a word of the CBV bare (`shipping`), XML as a URN.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graph_schema.vocabulary import VOCABULARIES, Kind

EPCIS = "urn:epcglobal:epcis:xsd:2"
EPCIS_QUERY = "urn:epcglobal:epcis-query:xsd:2"
OWN_NAMESPACES = ("urn:epcglobal:epcis:", "urn:epcglobal:epcis-query:", "urn:epcglobal:epcis-masterdata:")
"""What EPCIS's own namespaces begin with, of any version; their names have no prefix in JSON."""
CBV_MASTER_DATA = "urn:epcglobal:cbv:mda"
"""The namespace of the CBV's master data attributes in XML; in JSON it ends with a colon (CBV 2.0 §9)."""
SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

WRAPPERS = frozenset({"extension", "baseExtension"})
"""What XML adds fields of later versions inside; JSON has neither."""

IDENTIFIER_LISTS: Mapping[str, str] = MappingProxyType(
    {
        "epcList": "epc",
        "childEPCs": "epc",
        "inputEPCList": "epc",
        "outputEPCList": "epc",
        "correctiveEventIDs": "correctiveEventID",
    }
)
"""Lists of text, and what their members are called in XML."""
QUANTITY_LISTS = frozenset({"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"})
REFERENCE_LISTS: Mapping[str, tuple[str, Kind]] = MappingProxyType(
    {
        "bizTransactionList": ("bizTransaction", Kind.BIZ_TRANSACTION_TYPE),
        "sourceList": ("source", Kind.SOURCE_DEST_TYPE),
        "destinationList": ("destination", Kind.SOURCE_DEST_TYPE),
    }
)
PLACES = frozenset({"readPoint", "bizLocation"})
TEXTS = frozenset(
    {
        "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo", "action", "parentID",
        "transformationID", "declarationTime",
    }
)  # fmt: skip
WORDS: Mapping[str, Kind] = MappingProxyType(
    {"bizStep": Kind.BIZ_STEP, "disposition": Kind.DISPOSITION, "reason": Kind.ERROR_REASON}
)
SENSOR_WORDS: Mapping[str, Kind] = MappingProxyType(
    {"type": Kind.MEASUREMENT_TYPE, "exception": Kind.SENSOR_ALERT_TYPE, "component": Kind.COMPONENT}
)
NUMBERS = frozenset({"value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"})
"""Attributes of a sensor report that are numbers in JSON."""
BOOLEANS = frozenset({"booleanValue"})

_HEAD = ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo")
_WHY = ("bizStep", "disposition", "readPoint", "bizLocation")
_TAIL = ("sourceList", "destinationList", "sensorElementList", "persistentDisposition")
_OBJECT = (*_HEAD, "epcList", "action", *_WHY, "bizTransactionList", "quantityList", *_TAIL, "ilmd")
ORDER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ObjectEvent": _OBJECT,
        "AggregationEvent": (
            *_HEAD, "parentID", "childEPCs", "action", *_WHY, "bizTransactionList", "childQuantityList", *_TAIL,
        ),
        "TransactionEvent": (
            *_HEAD, "bizTransactionList", "parentID", "epcList", "action", *_WHY, "quantityList", *_TAIL,
        ),
        "TransformationEvent": (
            *_HEAD, "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID",
            *_WHY, "bizTransactionList", *_TAIL, "ilmd",
        ),
        "AssociationEvent": (
            *_HEAD, "parentID", "childEPCs", "childQuantityList", "action", *_WHY, "bizTransactionList", *_TAIL,
        ),
    }
)  # fmt: skip
"""The fields of each event type in the order that its XML schema demands."""
ANY_ORDER = tuple(dict.fromkeys(name for names in ORDER.values() for name in names))
"""Every field, for event types of one's own."""


def xml_word(kind: Kind, word: str) -> str:
    """A bare word as XML writes it: as a URN, or, where its vocabulary has none, with GS1's prefix."""
    vocabulary = VOCABULARIES[kind]
    prefix, stem = vocabulary.web
    return f"{vocabulary.urn}{word}" if vocabulary.urn else f"{prefix}:{stem}{word}"


_BARE = {kind: {xml_word(kind, word): word for word in vocabulary.words} for kind, vocabulary in VOCABULARIES.items()}


def json_word(kind: Kind, text: str) -> str:
    """A word as JSON writes it, if it is written as XML does; any other spelling as it is."""
    return _BARE[kind].get(text, text)
