"""One event of EPCIS XML (EPCIS 2.0 §9.5, 1.2 §9.5) to the JSON that says the same (§10). In: an element. Out: fields.

Nothing is judged here: what does not belong stands in the JSON as it is, so that the rules of JSON name it. Fields of
one's own keep all: attributes as `@name`, text beside them as `#text`; `xsi:type` makes a number or a boolean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from graph_schema.vocabulary import Kind
from loaders.json_text import Value
from loaders.xml_binding import (
    BOOLEANS,
    IDENTIFIER_LISTS,
    INSTANCE,
    NUMBERS,
    PLACES,
    QUANTITY_LISTS,
    REFERENCE_LISTS,
    SENSOR_WORDS,
    TEXTS,
    WORDS,
    WRAPPERS,
    json_word,
)
from loaders.xml_names import JsonNames, split

Element: TypeAlias = Any
"""An element of lxml, which tells no types."""
Json = dict[str, Value]
_NIL, _TYPE = f"{{{INSTANCE}}}nil", f"{{{INSTANCE}}}type"
_NUMERIC = frozenset(
    {"integer", "int", "long", "short", "byte", "decimal", "double", "float", "nonNegativeInteger", "positiveInteger"}
)
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class XmlEvent:
    """The JSON of one event, and the prefixes that its names have there."""

    def __init__(self, element: Element) -> None:
        self._names = JsonNames()
        # An attribute without a namespace is one of a document whose only element the event is.
        own = (pair for pair in self._attributes(element) if ":" in pair[0])
        self.fields: Json = {"type": self._name(element), **_grouped([*own, *self._children(element)])}
        self.prefixes = self._names.declared()

    def _members(self, element: Element) -> Iterator[tuple[str, Value]]:
        yield from self._attributes(element)
        yield from self._children(element)

    def _children(self, element: Element) -> Iterator[tuple[str, Value]]:
        """The fields of an event or another record of the standard's, its wrappers undone."""
        for child in element:
            if child.tag in WRAPPERS:
                yield from self._children(child)
            else:
                name = self._name(child)
                yield name, self._field(name, child)

    def _field(self, name: str, element: Element) -> Value:
        if name in IDENTIFIER_LISTS:
            return [self._listed(child, IDENTIFIER_LISTS[name]) for child in element]
        if name in WORDS:
            return self._word(WORDS[name], element)
        if name in TEXTS and not len(element):
            return _text(element)
        if name in QUANTITY_LISTS:
            return [_grouped(self._quantity(child)) for child in element]
        if name in REFERENCE_LISTS:
            return [self._reference(child, *REFERENCE_LISTS[name]) for child in element]
        if name in PLACES:
            return _grouped(self._place(element))
        if name in _RECORDS:
            return _RECORDS[name](self, element)
        return self._value(element)

    def _listed(self, element: Element, wanted: str) -> Value:
        if self._name(element) == wanted and not len(element):
            return _text(element)
        return {self._name(element): self._value(element)}

    def _word(self, kind: Kind, element: Element) -> Value:
        text = _text(element)
        self._names.note(text, element.nsmap)
        return self._value(element) if len(element) else json_word(kind, text)

    def _quantity(self, element: Element) -> Iterator[tuple[str, Value]]:
        for child in element:
            name = self._name(child)
            if name == "quantity" and not _is_nil(child):
                yield name, _number(_text(child))
            elif name != "quantity":
                yield name, self._value(child) if len(child) else _text(child)

    def _reference(self, element: Element, member: str, kind: Kind) -> Json:
        told = dict(self._attributes(element))
        if isinstance(text := told.get("type"), str):
            self._names.note(text, element.nsmap)
            told["type"] = json_word(kind, text.strip())
        name = self._name(element)
        return told | {name: _text(element) if name == member and not len(element) else self._value(element)}

    def _place(self, element: Element) -> Iterator[tuple[str, Value]]:
        for name, value in self._members(element):
            yield name, value.strip() if name == "id" and isinstance(value, str) else value

    def _record(self, element: Element) -> Json:
        return _grouped(self._members(element))

    def _dispositions(self, element: Element) -> Json:
        """`set` and `unset` are lists in JSON, however many there are."""
        told: dict[str, list[Value]] = {}
        for child in element:
            told.setdefault(self._name(child), []).append(self._word(Kind.DISPOSITION, child))
        return told

    def _sensors(self, element: Element) -> list[Json]:
        return [self._sensor(child) for child in element if child.tag not in WRAPPERS]

    def _sensor(self, element: Element) -> Json:
        """Metadata and reports hold all in attributes; reports are a list, however many there are."""
        told = list(self._sensor_members(element))
        reports = [value for name, value in told if name == "sensorReport"]
        found = _grouped((name, value) for name, value in told if name != "sensorReport")
        return found | ({"sensorReport": reports} if reports else {})

    def _sensor_members(self, element: Element) -> Iterator[tuple[str, Value]]:
        for child in element:
            name = self._name(child)
            if child.tag in WRAPPERS:
                yield from self._sensor_members(child)
            elif name in ("sensorMetadata", "sensorReport"):
                yield name, _grouped([*self._measured(child), *((self._name(c), self._value(c)) for c in child)])
            else:
                yield name, self._value(child)

    def _measured(self, element: Element) -> Iterator[tuple[str, Value]]:
        report = self._name(element) == "sensorReport"
        for name, text in self._attributes(element):
            self._names.note(text, element.nsmap)
            if report and name in NUMBERS:
                yield name, _number(text)
            elif report and name in BOOLEANS:
                yield name, _TRUTH.get(text.strip(), text)
            elif report and name in SENSOR_WORDS:
                yield name, json_word(SENSOR_WORDS[name], text)
            else:
                yield name, text

    def _value(self, element: Element) -> Value:
        """A field of one's own."""
        if _is_nil(element):
            return None
        pairs = [(f"@{name}", value) for name, value in self._attributes(element)]
        pairs.extend((self._name(child), self._value(child)) for child in element)
        text = _own_text(element)
        self._names.note(text, element.nsmap)
        typed = _typed(text, split(element.get(_TYPE, ""))[1].rpartition(":")[2])
        if not pairs:
            return typed
        return _grouped([*pairs, *([("#text", typed)] if text.strip() else [])])

    def _attributes(self, element: Element) -> Iterator[tuple[str, str]]:
        """Those that say something of the event, not of its XML."""
        for tag, text in element.attrib.items():
            name = str(tag)
            if not name.startswith(f"{{{INSTANCE}}}"):
                yield self._names.name(name, element.nsmap), str(text)

    def _name(self, element: Element) -> str:
        return self._names.name(str(element.tag), element.nsmap)


_RECORDS = {
    "errorDeclaration": XmlEvent._record,
    "ilmd": XmlEvent._record,
    "persistentDisposition": XmlEvent._dispositions,
    "sensorElementList": XmlEvent._sensors,
}


def vocabularies_of(element: Element) -> list[Json]:
    """The `vocabularyList` of JSON (§10.1) for every vocabulary of XML in an element."""
    found = [one for one in element.iter() if split(str(one.tag))[1] == "Vocabulary"]
    return [
        {
            "type": vocabulary.get("type"),
            "vocabularyElementList": [
                _vocabulary_element(one) for one in vocabulary.iter() if split(str(one.tag))[1] == "VocabularyElement"
            ],
        }
        for vocabulary in found
    ]


def _vocabulary_element(element: Element) -> Json:
    children = [_text(one) for one in element.iterfind("./{*}children/{*}id")]
    attributes = [{"id": one.get("id"), "attribute": _attribute(one)} for one in element.iterfind("./{*}attribute")]
    told: Json = {"id": element.get("id"), "attributes": attributes}
    return told | {"children": children} if children else told


def _attribute(element: Element) -> Value:
    """Text, or what stands in it by name."""
    if not len(element):
        return _text(element)
    return _grouped((split(str(child.tag))[1], _attribute(child)) for child in element)


def _grouped(pairs: Iterable[tuple[str, Value]]) -> Json:
    """Pairs as an object; a name that comes more than once has a list."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _own_text(element: Element) -> str:
    """The text of an element, what stands between its children with it."""
    if not len(element):
        return element.text or ""
    parts = [element.text, *(child.tail for child in element)]
    return " ".join(part.strip() for part in parts if part and part.strip())


def _is_nil(element: Element) -> bool:
    return element.get(_NIL, "").strip() in ("true", "1")


def _typed(text: str, type_: str) -> Value:
    if type_ in _NUMERIC:
        return _number(text)
    return _TRUTH.get(text.strip(), text) if type_ == "boolean" else text


def _number(text: str) -> Value:
    """A number exactly, or the text where it is none that JSON has."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    return number if number.is_finite() and text.isascii() and "_" not in text else text
