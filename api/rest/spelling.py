"""Identifiers of answered events in the form that was asked for (`GS1-EPC-Format`, EPCIS 2.0 §12).

In: an event. Out: its JSON, as it came or with its EPC URNs as GS1 Digital Links. The way back is not: a Digital Link
does not tell where its company prefix ends, so that no URN can be made of it (`Always_EPC_URN` is refused).
"""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.datastructures import Headers

from api.rest.negotiation import EpcFormat
from api.rest.problems import EpcisException, RestProblem
from graph_schema.event import Event
from graph_schema.identifiers import Kind, take_identifier
from loaders.document_writer import event_text
from loaders.json_text import decode_exact

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_PARTNERS = (("sourceList", "source"), ("destinationList", "destination"), ("bizTransactionList", "bizTransaction"))


def format_of(headers: Headers) -> EpcFormat:
    """The form that a request asks for; as they came where it asks for none."""
    asked = headers.get("GS1-EPC-Format", EpcFormat.AS_THEY_CAME)
    try:
        found = EpcFormat(asked)
    except ValueError as error:
        raise _refused(f"GS1-EPC-Format: {asked[:80]!r} is no format") from error
    if found is EpcFormat.URN:
        raise _refused("GS1-EPC-Format: a GS1 Digital Link does not tell its company prefix, so it gives no URN")
    return found


def _refused(what: str) -> RestProblem:
    return RestProblem(406, EpcisException.NOT_ACCEPTABLE, what, "Ask for Never_Translates or Always_GS1_Digital_Link.")


def spelt(event: Event, form: EpcFormat) -> bytes:
    """The event as one JSON object that stands alone."""
    text = event_text(event)
    if form is not EpcFormat.DIGITAL_LINK or b"urn:epc:" not in text:
        return text
    fields: dict[str, Any] = decode_exact(text)
    _translate(fields)
    return _ENCODER.encode(fields)


def link_of(text: str) -> str:
    """The Digital Link of an EPC URN; any other identifier as it is."""
    if not text.startswith("urn:epc:"):
        return text
    named, error = take_identifier(text)
    return text if error is not None or named.kind is Kind.other else named.key


def _translate(fields: dict[str, Any]) -> None:
    """Every identifier of an event in place."""
    for name in _EPC_LISTS:
        if name in fields:
            fields[name] = [link_of(text) for text in fields[name]]
    for name in _QUANTITY_LISTS:
        for one in fields.get(name, ()):
            one["epcClass"] = link_of(one["epcClass"])
    if "parentID" in fields:
        fields["parentID"] = link_of(fields["parentID"])
    for name in ("readPoint", "bizLocation"):
        if name in fields:
            fields[name]["id"] = link_of(fields[name]["id"])
    for name, member in _PARTNERS:
        for one in fields.get(name, ()):
            one[member] = link_of(one[member])
