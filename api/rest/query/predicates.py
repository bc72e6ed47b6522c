"""The parameters of SimpleEventQuery (EPCIS 2.0 §8.2.7.1). In: a name. Out: what reads its values into a predicate.

`FIXED` has those whose names are fixed; `flexible` finds those whose names hold a type, a unit or a field's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from api.rest.query.event_predicates import OF_EVENTS, quantity, references
from api.rest.query.field_predicates import attribute_of, field_of, has_attribute
from api.rest.query.sensor_predicates import NUMBERS, OF_SENSORS, sensor_number
from api.rest.query.told_event import Reading
from graph_schema.vocabulary import Kind

FIXED: Mapping[str, Reading] = MappingProxyType({**OF_EVENTS, **OF_SENSORS})

_OF_UNIT = re.compile(rf"(EQ|GT|GE|LT|LE)_(quantity|{'|'.join(NUMBERS)})_([A-Z0-9]{{2,4}})")
_OF_TYPE = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)")
_TYPED = {
    "bizTransaction": ("transactions", Kind.BIZ_TRANSACTION_TYPE),
    "source": ("sources", Kind.SOURCE_DEST_TYPE),
    "destination": ("destinations", Kind.SOURCE_DEST_TYPE),
}
_WHERE = {
    "ILMD": ("ilmd",),
    "ERROR_DECLARATION": ("errorDeclaration",),
    "readPoint": ("readPoint",),
    "bizLocation": ("bizLocation",),
    "SENSORELEMENT": ("sensorElementList",),
    "SENSORMETADATA": ("sensorElementList", "sensorMetadata"),
    "SENSORREPORT": ("sensorElementList", "sensorReport"),
}
"""Where an extension field is looked for."""
_FIELD = re.compile(
    rf"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(?:({'|'.join(_WHERE)})_)?([A-Za-z][^\s_:]*:\S+)",
)
_ATTRIBUTE = re.compile(r"(HASATTR|EQATTR|EQ_ATTR)_(\S+)")


def flexible(name: str) -> Reading | None:
    """What reads a parameter whose name holds a unit, a type or a field's name; None for an unknown one."""
    if found := _OF_UNIT.fullmatch(name):
        compare, what, unit = found.groups()
        if what == "quantity":
            return partial(quantity, compare, unit)
        return partial(sensor_number, what, compare, unit)
    if found := _OF_TYPE.fullmatch(name):
        field, kind = _TYPED[found[1]]
        return partial(references, field, kind, found[2])
    if found := _FIELD.fullmatch(name):
        return partial(field_of, found[1], bool(found[2]), _WHERE.get(found[3] or "", ()), found[4])
    if found := _ATTRIBUTE.fullmatch(name):
        return partial(has_attribute if found[1] == "HASATTR" else attribute_of, found[2])
    return None
