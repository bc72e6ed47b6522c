"""Identifiers that break a rule, kept to follow goods by. In: any text. Out: `Identifier`, and the error.

Records of others hold wrong check digits and company prefixes of a wrong length. Such a text names what its form says,
under a key of its own: a Digital Link's values in the canonical spelling, an EPC URN as it was written.
"""

from __future__ import annotations

from functools import lru_cache

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.digital_link import read_link
from graph_schema.identifiers.epc_scheme import IDENTITIES, LGTIN
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.naming import name_elements
from graph_schema.identifiers.other_epc import OTHER
from graph_schema.identifiers.parsing import parse_identifier

_REMEMBERED = 1 << 16
_KINDS = {
    "sscc": Kind.logistic_unit,
    "ginc": Kind.logistic_unit,
    "gsin": Kind.logistic_unit,
    "sgln": Kind.site,
    "pgln": Kind.party,
    "gsrn": Kind.party,
    "gsrnp": Kind.party,
    "gdti": Kind.document,
}
"""What the schemes name that do not name an instance of a class."""


@lru_cache(maxsize=_REMEMBERED)
def take_identifier(text: str) -> tuple[Identifier, InvalidIdentifier | None]:
    """What `text` names, and the error where it breaks a rule and is kept; never raises."""
    try:
        return parse_identifier(text), None
    except InvalidIdentifier as error:
        return _keep(text.strip(" \t\r\n")), error.with_traceback(None)


def _keep(text: str) -> Identifier:
    if text[:8].lower() == "urn:epc:":
        return _keep_urn(text)
    try:
        # Unchecked, and only of links: an element string of a wrong length cannot be told from another.
        return name_elements(read_link(text) or ())
    except (InvalidIdentifier, UnicodeEncodeError):
        return Identifier(text, None, Kind.other, "uri")


def _keep_urn(text: str) -> Identifier:
    form, name, _ = _parts(text)
    if form == "class" and name == LGTIN.name:
        return Identifier(text, None, Kind.lot, name)
    if form not in ("id", "idpat") or not (name in IDENTITIES or name in OTHER):
        return Identifier(text, None, Kind.other, "uri")
    kind = _KINDS.get(name, Kind.instance if form == "id" else Kind.class_)
    return Identifier(text, None, kind, name)


def _parts(urn: str) -> tuple[str, str, str]:
    form, _, rest = urn[len("urn:epc:") :].partition(":")
    name, _, body = rest.partition(":")
    return form, name, body


def wider_kept(urn: str) -> str | None:
    """The class URN of a kept EPC URN whose last field is a serial or lot; None for any other."""
    form, name, body = _parts(urn)
    scheme = LGTIN if (form, name) == ("class", LGTIN.name) else IDENTITIES.get(name) if form == "id" else None
    if scheme is None or scheme.serial is None or scheme.ai == "414":
        return None
    *fields, serial = body.split(".", scheme.fields - 1)
    if not serial or len(fields) != scheme.fields - 1:
        return None
    of = "sgtin" if scheme.ai == "01" else name
    return take_identifier(f"urn:epc:idpat:{of}:{'.'.join(fields)}.*")[0].key
