"""The order in which an event's fields are hashed (CBV 2.0 §8.9, canonical property order), and how each is written."""

from __future__ import annotations

from typing import Final

import msgspec

from graph_schema.event_hash.value import Writer, word_writer, write_text, write_time
from graph_schema.vocabulary import Kind


class Field(msgspec.Struct, frozen=True, eq=False):
    """One field: a value, a record of `fields`, or a list named once whose members are each `each`."""

    name: str
    write: Writer = write_text
    fields: tuple[Field, ...] = ()
    each: Field | None = None


def _record(name: str, *fields: Field) -> Field:
    return Field(name, fields=fields)


def _list(name: str, each: Field) -> Field:
    return Field(name, each=each)


def _typed(name: str, member: str, kind: Kind) -> Field:
    """A list of typed references; its members have no name of their own."""
    return _list(name, _record("", Field("type", word_writer(kind)), Field(member)))


_EPC: Final = Field("epc")
_QUANTITY: Final = _record("quantityElement", Field("epcClass"), Field("quantity"), Field("uom"))
_DISPOSITION: Final = word_writer(Kind.DISPOSITION)


_DEVICE: Final = tuple(Field(name) for name in ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"))
_METADATA: Final = _record(
    "sensorMetadata",
    *(Field(name, write_time) for name in ("time", "startTime", "endTime")),
    *_DEVICE,
    Field("bizRules"),
)
_REPORT: Final = _record(
    "sensorReport",
    Field("type", word_writer(Kind.MEASUREMENT_TYPE)),
    Field("exception", word_writer(Kind.SENSOR_ALERT_TYPE)),
    *_DEVICE,
    Field("time", write_time),
    Field("microorganism"),
    Field("chemicalSubstance"),
    Field("value"),
    Field("component", word_writer(Kind.COMPONENT)),
    Field("stringValue"),
    Field("booleanValue"),
    Field("hexBinaryValue"),
    Field("uriValue"),
    Field("minValue"),
    Field("maxValue"),
    Field("meanValue"),
    Field("sDev"),
    Field("percRank"),
    Field("percValue"),
    Field("uom"),
    Field("coordinateReferenceSystem"),
)

# The published vectors put sensors before the typed references, and these with the ILMD in lexical order; the
# table in the standard's text has them as transactions, sources, destinations, sensors, ILMD. The vectors judge.
EVENT_FIELDS: Final = (
    Field("eventTime", write_time),
    Field("eventTimeZoneOffset"),
    Field("certificationInfo"),
    Field("parentID"),
    _list("epcList", _EPC),
    _list("inputEPCList", _EPC),
    _list("childEPCs", _EPC),
    _list("quantityList", _QUANTITY),
    _list("childQuantityList", _QUANTITY),
    _list("inputQuantityList", _QUANTITY),
    _list("outputEPCList", _EPC),
    _list("outputQuantityList", _QUANTITY),
    Field("action"),
    Field("transformationID"),
    Field("bizStep", word_writer(Kind.BIZ_STEP)),
    Field("disposition", _DISPOSITION),
    _record("persistentDisposition", Field("set", _DISPOSITION), Field("unset", _DISPOSITION)),
    _record("readPoint", Field("id")),
    _record("bizLocation", Field("id")),
    _list("sensorElementList", _record("sensorElement", _METADATA, _REPORT)),
    _typed("bizTransactionList", "bizTransaction", Kind.BIZ_TRANSACTION_TYPE),
    _typed("destinationList", "destination", Kind.SOURCE_DEST_TYPE),
    Field("ilmd"),
    _typed("sourceList", "source", Kind.SOURCE_DEST_TYPE),
)
"""The fields of an event in the order in which they are hashed; extensions follow."""

NOT_HASHED: Final = frozenset(
    {"@context", "type", "eventID", "recordTime", "errorDeclaration", "comment", "rdfs:comment"}
)
"""What may differ between two records of one event."""

OWN_TEXT: Final = "#text"
"""The text of an extension beside its attributes, as it comes of XML."""
JSON_LD: Final = frozenset({"@type", "@value", "@id", "@language"})
"""Names that begin as an attribute's does, and are JSON-LD's own (JSON-LD 1.1 §1.7)."""
