"""What sensors say (EPCIS 2.0 §7.3.7, §8.2.7.1). In: a parameter and its values. Out: a predicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from api.rest.query.told_event import Predicate, Reading, ToldEvent
from api.rest.query.values import (
    COMPARISONS,
    as_number,
    as_time,
    flag_of,
    key_of_text,
    number_of,
    single,
    time_of,
    word_of,
)
from graph_schema.vocabulary import Kind

NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue", "percRank")
"""Attributes that are numbers."""

_SENSOR_TEXTS = (
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "microorganism",
    "chemicalSubstance",
    "bizRules",
    "stringValue",
    "hexBinaryValue",
    "uriValue",
)


def _sensed(name: str, values: Sequence[str]) -> Predicate:
    wanted = flag_of(name, single(name, values))
    return lambda told: not wanted or any(True for _ in told.listed("sensorElementList"))


def _sensor_text(attribute: str, _: str, values: Sequence[str]) -> Predicate:
    wanted = {*values, *map(key_of_text, values)}
    return lambda told: any(
        isinstance(text := report.get(attribute), str) and (text in wanted or told.whole(text) in wanted)
        for report in told.reports()
    )


def _sensor_type(name: str, values: Sequence[str]) -> Predicate:
    wanted = {word_of(name, Kind.MEASUREMENT_TYPE, value) for value in values}
    return lambda told: any(told.word(Kind.MEASUREMENT_TYPE, one.get("type")) in wanted for one in told.reports())


def _sensor_flag(name: str, values: Sequence[str]) -> Predicate:
    wanted = flag_of(name, single(name, values))
    return lambda told: any(report.get("booleanValue") is wanted for report in told.reports())


def _sensor_time(attribute: str, compare: str, name: str, values: Sequence[str]) -> Predicate:
    time = time_of(name, single(name, values)).earliest

    def let_through(told: ToldEvent) -> bool:
        times = (as_time(report.get(attribute)) for report in told.reports())
        return any(COMPARISONS[compare](found.earliest, time) for found in times if found is not None)

    return let_through


def sensor_number(attribute: str, compare: str, unit: str | None, name: str, values: Sequence[str]) -> Predicate:
    """A measurement in a unit, or in any where it has none."""
    numbers = [number_of(name, value) for value in values]

    def let_through(told: ToldEvent) -> bool:
        measured = (
            as_number(report.get(attribute)) for report in told.reports() if unit is None or report.get("uom") == unit
        )
        return any(COMPARISONS[compare](found, n) for found in measured if found is not None for n in numbers)

    return let_through


OF_SENSORS: Mapping[str, Reading] = MappingProxyType(
    {
        "EXISTS_sensorElementList": _sensed,
        "EQ_type": _sensor_type,
        "EQ_booleanValue": _sensor_flag,
        **{f"EQ_{attribute}": partial(_sensor_text, attribute) for attribute in _SENSOR_TEXTS},
        **{
            f"{compare}_{attribute}": partial(_sensor_time, attribute, compare)
            for attribute in ("time", "startTime", "endTime")
            for compare in ("GE", "LT")
        },
        **{f"{compare}_percRank": partial(sensor_number, "percRank", compare, None) for compare in COMPARISONS},
    }
)
"""Parameters whose names are fixed."""
