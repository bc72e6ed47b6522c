"""Events to EPCIS 2.0 XML (§9.5). In: events as a loader read them. Out: each as one element, or an EPCISQueryDocument.

The other way of `xml_event`: fields in the order of the XML schema, names and words written out, since XML knows no
compact URIs; what XML has no place for is kept where a reader of ours finds it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from lxml import etree

from graph_schema.errors import InvalidEvent
from graph_schema.event import Event
from graph_schema.vocabulary import VOCABULARIES, Kind, cbv_word, words_of
from loaders.json_text import Value, decode_exact
from loaders.jsonld_context import NO_CONTEXT, JsonContext, read_context
from loaders.xml_binding import (
    ANY_ORDER,
    EPCIS_QUERY,
    IDENTIFIER_LISTS,
    INSTANCE,
    ORDER,
    PLACES,
    QUANTITY_LISTS,
    REFERENCE_LISTS,
    SCHEMA,
    SENSOR_WORDS,
    TEXTS,
    WORDS,
    xml_word,
)
from loaders.xml_event import Element
from loaders.xml_names import XmlNames

_NO_TEXT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_NIL, _TYPE = f"{{{INSTANCE}}}nil", f"{{{INSTANCE}}}type"
_NOT_FIELDS = frozenset({"@context", "type"})
_RECORDS = PLACES | {"errorDeclaration", "ilmd"}
Json = dict[str, Value]


class CbvForm(StrEnum):
    """How words of the CBV are written (`GS1-CBV-XML-Format`, EPCIS 2.0 §12)."""

    AS_THEY_CAME = "Never_Translates"
    NO_PREFERENCE = "No_Preference"
    WEB_URI = "Always_Web_URI"
    URN = "Always_URN"


def write_query_document(
    events: Iterable[bytes], *, created: str, query: str, subscription: str | None = None
) -> Iterator[bytes]:
    """One EPCISQueryDocument with events that `write_event` made, a piece an event."""
    yield (
        f"<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<epcisq:EPCISQueryDocument xmlns:epcisq="{EPCIS_QUERY}" schemaVersion="2.0" '
        f"creationDate={quoteattr(created)}>\n<EPCISBody><epcisq:QueryResults>"
        f"<queryName>{escape(clean_text(query))}</queryName>"
    ).encode()
    if subscription is not None:
        yield f"<subscriptionID>{escape(clean_text(subscription))}</subscriptionID>".encode()
    yield b"<resultsBody><EventList>"
    for event in events:
        yield b"\n" + event
    yield b"\n</EventList></resultsBody></epcisq:QueryResults></EPCISBody>\n</epcisq:EPCISQueryDocument>\n"


def write_event(event: Event, fields: Json, form: CbvForm = CbvForm.AS_THEY_CAME) -> bytes:
    """An event as one element that stands alone. `fields` are its own, their identifiers in the spelling wanted."""
    context = read_context(decode_exact(event.context), event.context) if event.context else NO_CONTEXT
    return _Writer(context.with_event(fields), form).event(fields)


class _Writer:
    def __init__(self, context: JsonContext, form: CbvForm) -> None:
        self._context = context
        self._form = form
        self._names = XmlNames(context.prefixes)
        self._said: set[str] = set()
        """Prefixes that values begin with, which nothing else would keep."""

    def event(self, fields: Json) -> bytes:
        """An event of one of the standard's types, or, in a wrapper, of a type of its own."""
        type_ = str(fields.get("type"))
        root = etree.Element("extension") if type_ not in ORDER else None
        element = etree.Element(type_) if root is None else self._child(root, type_)
        order = ORDER.get(type_, ANY_ORDER)
        if "id" in fields and "eventID" not in fields:
            fields = {"eventID" if name == "id" else name: value for name, value in fields.items()}
        for name in order:
            if name in fields:
                self._field(element, name, fields[name])
        self._others(element, {name: value for name, value in fields.items() if name not in {*order, *_NOT_FIELDS}})
        whole = element if root is None else root
        if any(_TYPE in one.attrib for one in whole.iter()):
            self._said.add("xsd")
        spaces = {**self._names.declared(), "xsi": INSTANCE, "xsd": SCHEMA}
        etree.cleanup_namespaces(whole, top_nsmap=spaces, keep_ns_prefixes=self._said)
        written: bytes = etree.tostring(whole, encoding="UTF-8", xml_declaration=False)
        return written

    def _others(self, element: Element, fields: Json) -> None:
        """What is no field of the type: names without a prefix in a wrapper, which stands before the rest."""
        plain = {name: value for name, value in fields.items() if ":" not in name}
        if plain:
            wrapper = etree.SubElement(element, "extension")
            for name, value in plain.items():
                self._field(wrapper, name, value)
        for name, value in fields.items():
            if name not in plain:
                self._own(element, name, value)

    def _field(self, element: Element, name: str, value: Value) -> None:
        if isinstance(value, list) and (write := self._listing(name)):
            held = etree.SubElement(element, name)
            for one in value:
                write(held, one)
        elif isinstance(value, dict) and name == "persistentDisposition":
            self._dispositions(element, value)
        elif isinstance(value, dict) and name in _RECORDS:
            self._record(etree.SubElement(element, name), value)
        elif isinstance(value, str) and name in WORDS:
            self._text(element, name, self._word(WORDS[name], value))
        elif isinstance(value, str) and name in TEXTS:
            self._text(element, name, self._whole(value))
        else:
            self._own(element, name, value)

    def _listing(self, name: str) -> Callable[[Element, Any], object] | None:
        """What writes one member of a list of the standard's."""
        if name in IDENTIFIER_LISTS:
            return lambda held, one: self._text(held, IDENTIFIER_LISTS[name], self._whole(one))
        if name in REFERENCE_LISTS:
            return lambda held, one: self._reference(held, one, *REFERENCE_LISTS[name])
        if name in QUANTITY_LISTS:
            return self._quantity
        return self._sensor if name == "sensorElementList" else None

    def _record(self, element: Element, value: Json) -> None:
        """A place, an error declaration, or master data: known members first, as the schema wants."""
        for name, member in sorted(value.items(), key=lambda pair: ":" in pair[0]):
            if name == "id" and isinstance(member, str):
                self._text(element, name, self._whole(member))
            else:
                self._field(element, name, member)

    def _dispositions(self, element: Element, value: Json) -> None:
        held = etree.SubElement(element, "persistentDisposition")
        for name in ("unset", "set"):
            for word in value.get(name, ()):
                self._text(held, name, self._word(Kind.DISPOSITION, str(word)))

    def _quantity(self, element: Element, value: Json) -> None:
        held = etree.SubElement(element, "quantityElement")
        self._text(held, "epcClass", self._whole(value.get("epcClass")))
        if "quantity" in value:
            self._text(held, "quantity", plain(value["quantity"]))
        elif "uom" in value:
            etree.SubElement(held, "quantity", {_NIL: "true"})
        if "uom" in value:
            self._text(held, "uom", str(value["uom"]))

    def _reference(self, element: Element, value: Json, member: str, kind: Kind) -> None:
        held = self._text(element, member, self._whole(value.get(member)))
        if isinstance(word := value.get("type"), str):
            held.set("type", clean_text(self._word(kind, word)))

    def _sensor(self, element: Element, value: Json) -> None:
        held = etree.SubElement(element, "sensorElement")
        if "sensorMetadata" in value:
            self._measured(held, "sensorMetadata", value["sensorMetadata"])
        for report in value.get("sensorReport", ()):
            self._measured(held, "sensorReport", report)
        self._others(held, {n: v for n, v in value.items() if n not in ("sensorMetadata", "sensorReport")})

    def _measured(self, element: Element, name: str, value: Json) -> None:
        """Metadata and reports have attributes alone, so that what is no text is written as its JSON."""
        held = etree.SubElement(element, name)
        for key, member in value.items():
            text = plain(member) if not isinstance(member, dict | list) else _ENCODER.encode(member).decode()
            if name == "sensorReport" and key in SENSOR_WORDS:
                text = self._word(SENSOR_WORDS[key], text)
            held.set(self._names.tag(key), self._kept(text))

    def _own(self, element: Element, name: str, value: Value) -> None:
        """A field of one's own; a list is the field so many times."""
        for one in value if isinstance(value, list) else (value,):
            held = self._child(element, name)
            if isinstance(one, dict):
                self._own_members(held, one)
            else:  # XML has no list of lists.
                self._scalar(held, _ENCODER.encode(one).decode() if isinstance(one, list) else one)

    def _own_members(self, element: Element, value: Json) -> None:
        for name, member in value.items():
            if name == "#text" and not isinstance(member, dict | list):
                self._scalar(element, member)
            elif name.startswith("@") and len(name) > 1:
                text = _ENCODER.encode(member).decode() if isinstance(member, dict | list) else plain(member)
                element.set(self._names.tag(name[1:]), self._kept(text))
            else:
                self._own(element, name, member)

    def _scalar(self, element: Element, value: Value) -> None:
        if value is None:
            element.set(_NIL, "true")
            return
        if type_ := _type_of(value):
            element.set(_TYPE, f"xsd:{type_}")
        element.text = self._kept(plain(value))

    def _child(self, element: Element, name: str) -> Element:
        tag = self._names.tag(name)
        return etree.SubElement(element, tag, nsmap=self._names.declared())

    def _kept(self, text: str) -> str:
        """A value as it is, the prefix that it may begin with declared."""
        prefix, colon, rest = text.partition(":")
        if colon and not rest.startswith("//") and self._context.extended and prefix in self._context.prefixes:
            self._names.tag(f"{prefix}:name")
            self._said.add(prefix)
        return clean_text(text)

    def _text(self, element: Element, name: str, text: str) -> Element:
        child = etree.SubElement(element, name)
        child.text = clean_text(text)
        return child

    def _whole(self, text: Value) -> str:
        """An identifier, its prefix written out."""
        return self._context.expand(text) if isinstance(text, str) else plain(text)

    def _word(self, kind: Kind, text: str) -> str:
        """A word of the CBV in the form wanted; one of one's own written out."""
        bare = text if text in words_of(kind) else None
        if self._form in (CbvForm.URN, CbvForm.WEB_URI):
            bare = self._bare(kind, text)
        if bare is None:
            return text if kind in SENSOR_WORDS.values() else self._context.expand(text)
        return VOCABULARIES[kind].web_uri(bare) if self._form is CbvForm.WEB_URI else xml_word(kind, bare)

    def _bare(self, kind: Kind, text: str) -> str | None:
        try:
            word = cbv_word(kind, self._context.expand(text))
        except InvalidEvent:
            return None
        return word if word in words_of(kind) else None


def _type_of(value: Value) -> str | None:
    """What tells a reader that a text is no text."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, Decimal):
        return "double" if "E" in str(value) else "decimal"
    return None


def plain(value: Any) -> str:
    """A JSON scalar as XML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def clean_text(text: str) -> str:
    """Text without the signs that XML 1.0 has no way to write."""
    return _NO_TEXT.sub("\ufffd", text)
