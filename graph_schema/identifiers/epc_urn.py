"""EPC URNs of GS1 keys (TDS §6.3, §6.4, §8). In: `urn:epc:id:…`, `:class:…`, `:idpat:…`. Out: `Identifier`.

And back: from the elements of a key and the length of the company prefix, which only an EPC URN tells.
"""

from __future__ import annotations

from typing import NamedTuple

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.check_digit import check_digit
from graph_schema.identifiers.element_format import check_element
from graph_schema.identifiers.epc_scheme import (
    BY_APPLICATION_IDENTIFIERS,
    COMPANY_PREFIX_LENGTHS,
    IDENTITIES,
    LGTIN,
    Scheme,
)
from graph_schema.identifiers.kind import Identifier
from graph_schema.identifiers.naming import Elements, name_elements
from graph_schema.identifiers.other_epc import OTHER, parse_other
from graph_schema.identifiers.percent import decode, encode_for_urn


class _Fields(NamedTuple):
    """The decoded fields of a URN."""

    prefix: str
    reference: str
    pieces: tuple[str, ...]
    serial: str | None
    """None where the scheme has none, or a pattern has * in its place."""


def parse_urn(text: str) -> Identifier:
    """The identifier of a URN in the namespace `urn:epc:`; raises `InvalidIdentifier`."""
    form, _, rest = text[8:].partition(":")
    name, _, body = rest.partition(":")
    form, name = form.lower(), name.lower()
    if name in OTHER and form in ("id", "idpat"):
        return parse_other(form, name, body)
    scheme = _scheme(form, name)
    if scheme is None:
        raise InvalidIdentifier(
            f"{text!r} is no EPC URN of a known scheme",
            rule="TDS §6.3",
            remedy="Write urn:epc:id:sgtin:…, urn:epc:class:lgtin:…, urn:epc:idpat:sgtin:….*",
        )
    fields = _split(scheme, body, pattern=form == "idpat")
    elements = _elements(scheme, fields)
    for ai, value in elements:
        check_element(ai, value)
    return name_elements(elements, _spell(scheme, fields))


def write_urn(elements: Elements, company_prefix_length: int) -> str:
    """The EPC URN of a key's elements; raises `InvalidIdentifier` where there is none of such a prefix."""
    scheme = BY_APPLICATION_IDENTIFIERS.get(tuple(ai for ai, _ in elements))
    if scheme is None:
        written = "".join(f"({ai})" for ai, _ in elements)
        raise InvalidIdentifier(
            f"no EPC URN stands for a key of {written}", rule="TDS §6.3", remedy="Keep its Digital Link URI."
        )
    if company_prefix_length not in COMPANY_PREFIX_LENGTHS:
        raise InvalidIdentifier(
            f"{company_prefix_length} is no length of a company prefix",
            rule="TDS §6.3",
            remedy="Give 6 to 12.",
        )
    return _spell(scheme, _fields(scheme, elements, company_prefix_length))


def _scheme(form: str, name: str) -> Scheme | None:
    if form == "class":
        return LGTIN if name == LGTIN.name else None
    return IDENTITIES.get(name) if form in ("id", "idpat") else None


def _split(scheme: Scheme, body: str, *, pattern: bool) -> _Fields:
    written = body.split(".", scheme.fields - 1)
    if len(written) != scheme.fields:
        raise _wrong(scheme, body, f"has {len(written)} fields where {scheme.fields} belong")
    serial = written.pop() if scheme.serial is not None else None
    if pattern and serial != "*":
        raise _wrong(scheme, body, "is a pattern that names no one class: * stands for the serial and nothing else")
    if serial == "":
        raise _wrong(scheme, body, "has an empty last field")
    fields = _Fields(
        written[0],
        written[1] if scheme.digits else decode(written[1]),
        tuple(written[2:]),
        None if pattern or serial is None else decode(serial),
    )
    _check_fields(scheme, fields, body)
    return fields


def _check_fields(scheme: Scheme, fields: _Fields, body: str) -> None:
    prefix, reference, pieces, _ = fields
    if not _are_digits(prefix) or len(prefix) not in COMPANY_PREFIX_LENGTHS:
        raise _wrong(scheme, body, f"has the company prefix {prefix!r}, which is not 6 to 12 digits")
    if scheme.digits is None:
        if not reference:
            raise _wrong(scheme, body, "has no reference after the company prefix")
        return
    if reference and not _are_digits(reference):
        raise _wrong(scheme, body, f"has the reference {reference!r}, which is not of digits")
    if len(prefix) + len(reference) != scheme.digits:
        counted = len(prefix) + len(reference)
        raise _wrong(scheme, body, f"has {counted} digits in prefix and reference where {scheme.digits} belong")
    if not all(len(piece) == 2 for piece in pieces):
        raise _wrong(scheme, body, "has a piece or total that is not of 2 digits")


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _wrong(scheme: Scheme, body: str, what: str) -> InvalidIdentifier:
    return InvalidIdentifier(
        f"the {scheme.name.upper()} {body!r} {what}",
        rule=f"TDS {scheme.clause}",
        remedy="Correct its fields.",
    )


def _elements(scheme: Scheme, fields: _Fields) -> list[tuple[str, str]]:
    value = _value(scheme, fields)
    if scheme.serial is None or fields.serial is None:
        return [(scheme.ai, value)]
    if not scheme.serial:
        return [(scheme.ai, value + fields.serial)]
    return [(scheme.ai, value), (scheme.serial, fields.serial)]


def _value(scheme: Scheme, fields: _Fields) -> str:
    prefix, reference, pieces, _ = fields
    if scheme.digits is None:
        return prefix + reference
    digits = reference[:1] + prefix + reference[1:] if scheme.indicator else prefix + reference
    return "".join((scheme.lead, digits, check_digit(digits), *pieces))


def _fields(scheme: Scheme, elements: Elements, length: int) -> _Fields:
    """The fields that a prefix of this length makes of checked elements; the inverse of `_elements`."""
    value = elements[0][1]
    serial = elements[1][1] if len(elements) > 1 else None
    if scheme.digits is None:
        fields = _Fields(value[:length], value[length:], (), serial)
        _check_fields(scheme, fields, value)
        return fields
    start = len(scheme.lead)
    digits, rest = value[start : start + scheme.digits], value[start + scheme.digits + 1 :]
    if scheme.indicator:
        prefix, reference = digits[1 : length + 1], digits[0] + digits[length + 1 :]
    else:
        prefix, reference = digits[:length], digits[length:]
    if scheme.pieces:
        return _Fields(prefix, reference, (rest[:2], rest[2:]), serial)
    if scheme.ai == "414" and serial is None:
        serial = "0"
    return _Fields(prefix, reference, (), rest or serial)


def _spell(scheme: Scheme, fields: _Fields) -> str:
    written = [fields.prefix, encode_for_urn(fields.reference), *fields.pieces]
    form = "class" if scheme is LGTIN else "id"
    if scheme.serial is not None:
        form = "idpat" if fields.serial is None else form
        written.append("*" if fields.serial is None else encode_for_urn(fields.serial))
    return f"urn:epc:{form}:{scheme.name}:" + ".".join(written)
