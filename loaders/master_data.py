"""Master data of a document (EPCIS 2.0 §9.4, CBV 2.0 §11). In: a vocabulary list. Out: a `Master` for each element.

What has not the shape of one is left out, and a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_schema.identifiers import Kind, take_identifier
from loaders.findings import Findings, pointer
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
_BELOW = ("epcismasterdata", "vocabularylist")
"""What leads from a header to its vocabularies; some write the names with the capitals they have in XML."""
_RULE = "EPCIS 2.0 §9.4"
Steps = tuple[str | int, ...]
"""The way to a value of a document: names and numbers in lists."""
_CBV_ATTRIBUTE = re.compile(r"(?:urn:epcglobal:cbv:mda[:#/]|https?://ref\.gs1\.org/cbv/(?:mda[#/])?)(.+)")


def read_master_data(vocabularies: Value, context: JsonContext, place: Place) -> Iterator[Master]:
    """The elements of a `vocabularyList`, in order; what is no element of one is left out (`check_vocabularies`)."""
    for vocabulary in _objects(vocabularies):
        last = re.split(r"[:/#]", str(vocabulary.get("type", "")))[-1]
        for element in _objects(vocabulary.get("vocabularyElementList")):
            if isinstance(text := element.get("id"), str):
                yield _master(text, _KINDS.get(last, ""), element, context, place)


def vocabularies_of_header(header: Value) -> Value:
    """The `vocabularyList` below an `epcisHeader`, None where there is none."""
    for path, value in _ways_down(header):
        if len(path) == len(_BELOW) + 1:
            return value
    return None


def _ways_down(header: Value) -> Iterator[tuple[Steps, Value]]:
    """An `epcisHeader` and what leads from it to its `vocabularyList`, as far as that is there."""
    path: Steps = ("epcisHeader",)
    yield path, header
    for wanted in _BELOW:
        members = header if isinstance(header, dict) else {}
        name = next((key for key in members if key.lower() == wanted), None)
        if name is None:
            return
        path, header = (*path, name), members[name]
        yield path, header


def check_header(header: Value, findings: Findings) -> None:
    """Warn of all in an `epcisHeader` that tells no master data because it has the wrong shape."""
    for path, value in _ways_down(header):
        if len(path) == len(_BELOW) + 1:
            check_vocabularies(value, path, findings)
        elif not isinstance(value, dict):
            _warn(findings, path, "no object")


def check_vocabularies(vocabularies: Value, at: Steps, findings: Findings) -> None:
    """The same for a `vocabularyList` at a place of the document."""
    for place, vocabulary in _checked(vocabularies, at, findings):
        for inner, element in _below(vocabulary, place, "vocabularyElementList", findings):
            _check_id(element, inner, findings)
            for last, attribute in _below(element, inner, "attributes", findings):
                _check_id(attribute, last, findings)


def _below(
    value: dict[str, Value], at: Steps, name: str, findings: Findings
) -> Iterator[tuple[Steps, dict[str, Value]]]:
    return _checked(value[name], (*at, name), findings) if name in value else iter(())


def _checked(values: Value, at: Steps, findings: Findings) -> Iterator[tuple[Steps, dict[str, Value]]]:
    """The objects of what should be a list of them, each with its place."""
    if not isinstance(values, list):
        _warn(findings, at, "no list")
        return
    for number, value in enumerate(values):
        if isinstance(value, dict):
            yield (*at, number), value
        else:
            _warn(findings, (*at, number), "no object")


def _check_id(value: dict[str, Value], at: Steps, findings: Findings) -> None:
    if not isinstance(value.get("id"), str):
        _warn(findings, (*at, "id"), "no id, so it is not known of what this tells")


def _warn(findings: Findings, at: Steps, what: str) -> None:
    findings.warn(pointer(*at), f"{what}; its master data are left out", _RULE, "Correct it and load again.")


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
