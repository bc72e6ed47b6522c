"""What the standard asks of sensor data beyond its schema (EPCIS 2.0 §7.3.7). In: a decoded event. Out: warnings.

Warnings only: sensor data says how goods were, not where they went. What has the wrong type is left to the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_schema.errors import InvalidEvent
from graph_schema.interval import Interval
from graph_schema.vocabulary import Kind, cbv_word
from loaders.findings import Findings, pointer
from loaders.json_text import Value
from loaders.moment import parse_moment

Path = tuple[str | int, ...]
Record = Mapping[str, Value]

_RULE = "EPCIS 2.0 §7.3.7"
_ONE_PLACE = frozenset({"deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time"})
_WORDS = (
    ("type", Kind.MEASUREMENT_TYPE),
    ("exception", Kind.SENSOR_ALERT_TYPE),
    ("component", Kind.COMPONENT),
)
_NEEDS = (
    ("sDev", ("meanValue",)),
    ("percRank", ("percValue",)),
    ("percValue", ("percRank",)),
    ("component", ("value", "uom")),
)
"""A field of a report, and those that stand beside it."""
_MEASURED = frozenset({"value", "minValue", "maxValue", "meanValue", "percValue", "sDev"})


def check_sensors(event: Record, findings: Findings) -> None:
    """Add a warning for each rule that the sensor data breaks."""
    for place, element in enumerate(_objects(event.get("sensorElementList"))):
        path = ("sensorElementList", place)
        metadata = element.get("sensorMetadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        _check_times(metadata, event, (*path, "sensorMetadata"), findings)
        for index, report in enumerate(_objects(element.get("sensorReport"))):
            where = (*path, "sensorReport", index)
            _check_words(report, where, findings)
            _check_company(report, where, findings)
            for name in sorted(_ONE_PLACE & set(metadata) & set(report)):
                _warn(findings, (*where, name), f"{name} stands in sensorMetadata and in its report")


def _objects(values: Value) -> Iterator[Record]:
    """What stands in a list, an empty object for what is none, so that places are counted right."""
    for value in values if isinstance(values, list) else ():
        yield value if isinstance(value, dict) else {}


def _check_words(report: Record, path: Path, findings: Findings) -> None:
    for name, kind in _WORDS:
        if isinstance(word := report.get(name), str):
            try:
                cbv_word(kind, word)
            except InvalidEvent as error:
                findings.warn_for(pointer(*path, name), error)


def _check_company(report: Record, path: Path, findings: Findings) -> None:
    """Fields that need one another, or shut one another out."""
    for name, needed in _NEEDS:
        missing = [other for other in needed if other not in report]
        if name in report and missing:
            _warn(findings, (*path, name), f"{name} without {' and '.join(missing)}")
    if "uom" in report and not _MEASURED & set(report):
        _warn(findings, (*path, "uom"), "a unit without a value")
    if "microorganism" in report and "chemicalSubstance" in report:
        _warn(findings, (*path, "chemicalSubstance"), "a microorganism and a chemical substance in one report")


def _check_times(metadata: Record, event: Record, path: Path, findings: Findings) -> None:
    """What was measured was measured by the time of the event, and began before it ended."""
    start, end = _moment(metadata.get("startTime")), _moment(metadata.get("endTime"))
    if start and end and start.earliest > end.latest:
        _warn(findings, (*path, "startTime"), "the measuring ends before it starts")
    happened = _moment(event.get("eventTime"))
    for name in ("time", "startTime", "endTime"):
        measured = _moment(metadata.get(name))
        if happened and measured and measured.earliest > happened.latest:
            _warn(findings, (*path, name), f"{name} is later than eventTime")


def _moment(written: Value) -> Interval | None:
    """A moment with an offset of its own; None for any other, of which the schema tells."""
    try:
        return parse_moment(written, None) if isinstance(written, str) else None
    except InvalidEvent:
        return None


def _warn(findings: Findings, path: Path, what: str) -> None:
    findings.warn(pointer(*path), what, _RULE, "Kept as it is.")
