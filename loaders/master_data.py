"""Master data of a document (EPCIS 2.0 §9.4, CBV 2.0 §11). In: a vocabulary list. Out: a `Master` for each element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_schema.identifiers import Kind, take_identifier
from loaders.json_text import Value
from loaders.jsonld_context import JsonContext
from loaders.outcome import Master, Place

_KINDS = {
    "BusinessLocation": "site",
    "ReadPoint": "site",
    "Location": "site",
    "EPCClass": "product",
    "EPCInstance": "product",
    "Party": "party",
    "BusinessParty": "party",
}
"""What the elements of a vocabulary are (CBV 2.0 §11.1), by the last part of its type."""
_KINDS_OF_KEYS = {Kind.site: "site", Kind.party: "party", Kind.lot: "lot", Kind.class_: "product"}
_CBV_ATTRIBUTE = re.compile(r"(?:urn:epcglobal:cbv:mda[:#/]|https?://ref\.gs1\.org/cbv/(?:mda[#/])?)(.+)")


def read_master_data(vocabularies: Value, context: JsonContext, place: Place) -> Iterator[Master]:
    """The elements of a `vocabularyList`, in order; what is no element of one is left out."""
    for vocabulary in _objects(vocabularies):
        last = re.split(r"[:/#]", str(vocabulary.get("type", "")))[-1]
        for element in _objects(vocabulary.get("vocabularyElementList")):
            if isinstance(text := element.get("id"), str):
                yield _master(text, _KINDS.get(last, ""), element, context, place)


def vocabularies_of_header(header: Value) -> Value:
    """The `vocabularyList` below an `epcisHeader`; some write the names with the capitals they have in XML."""
    for name in ("epcismasterdata", "vocabularylist"):
        members = header if isinstance(header, dict) else {}
        header = next((value for key, value in members.items() if key.lower() == name), None)
    return header


def _master(text: str, kind: str, element: dict[str, Value], context: JsonContext, place: Place) -> Master:
    """A key tells better than its vocabulary what it names: a lot stands among the classes."""
    named, _ = take_identifier(text)
    kind = _KINDS_OF_KEYS.get(named.kind, kind)
    attributes: dict[str, object] = {}
    for attribute in _objects(element.get("attributes")):
        if isinstance(name := attribute.get("id"), str):
            attributes[_plain(name, context)] = attribute.get("attribute")
    if children := element.get("children"):
        attributes["children"] = children
    return Master(named.key, kind or "site", attributes, place)


def _plain(name: str, context: JsonContext) -> str:
    found = _CBV_ATTRIBUTE.fullmatch(context.expand(name))
    return found[1] if found else name


def _objects(values: Value) -> Iterator[dict[str, Value]]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, dict):
            yield value
