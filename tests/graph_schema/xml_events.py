"""Events of EPCIS XML as the JSON that says the same, for the vectors of others that are in XML alone.

No loader: it knows what those vectors hold (EPCIS 2.0 §9.5 beside §10), and passes over what a hash does not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from graph_schema.event import EventType

_WRAPPERS = {"extension", "baseExtension"}
"""XML adds fields of later versions inside these; JSON has none of them."""
_TEXTS = {"epcList", "childEPCs", "inputEPCList", "outputEPCList", "set", "unset", "correctiveEventIDs"}
_TYPED = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}

Json = dict[str, Any]


def xml_events(path: Path) -> tuple[list[Json], dict[str, str]]:
    """The events of a document, and the prefixes that its names have there."""
    text = path.read_bytes()
    starts = ElementTree.iterparse(BytesIO(text), ["start-ns"])  # noqa: S314 - a test reads what lies there
    prefixes = {prefix: space for _, (prefix, space) in starts}
    root = ElementTree.fromstring(text)  # noqa: S314 - the same
    left_out = {field.tag for holder in root.iter() if holder.tag.endswith("}ignoreFields") for field in holder}
    reader = _Reader({space: prefix for prefix, space in prefixes.items()}, left_out)
    (events,) = root.iter("EventList")
    return [reader.event(element) for element in events], prefixes


class _Reader:
    def __init__(self, prefixes: dict[str, str], left_out: set[str]) -> None:
        self._prefixes = prefixes
        self._left_out = left_out

    def event(self, element: Element) -> Json:
        """One event, the wrappers around it and in it undone."""
        while element.tag in _WRAPPERS:
            element = element[0]
        return {"type": str(EventType(element.tag)), **_grouped(self._fields(element))}

    def _fields(self, element: Element) -> Iterator[tuple[str, Any]]:
        for child in element:
            if child.tag in _WRAPPERS or child.tag in list(EventType):
                yield from self._fields(child)
            elif child.tag not in self._left_out:
                yield self._name(child.tag), self._field(child)

    def _field(self, element: Element) -> Any:
        name = element.tag
        if name in _TEXTS:
            return [child.text for child in element]
        if name == "persistentDisposition":
            return _grouped((child.tag, [one.text for one in child]) for child in element)
        if name in _TYPED:
            return [{**child.attrib, _TYPED[name]: child.text} for child in element]
        if name == "sensorElementList" or name.endswith("uantityList"):
            return [self._value(child) for child in element]
        return self._value(element)

    def _value(self, element: Element) -> Any:
        """Attributes and children by name, or the text of an element that has neither."""
        if not element.attrib and not len(element):
            return element.text or ""
        parts = [(self._name(name), value) for name, value in element.attrib.items()]
        return _grouped([*parts, *((self._name(child.tag), self._value(child)) for child in element)])

    def _name(self, tag: str) -> str:
        space, end, name = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
        return f"{self._prefixes[space]}:{name}" if end else name


def _grouped(pairs: Iterable[tuple[str, Any]]) -> Json:
    """Pairs as an object; a name that comes more than once has a list."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
