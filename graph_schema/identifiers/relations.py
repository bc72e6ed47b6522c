"""What a key tells: its kind, what is wider, its lot, its site; other spellings (design §2, rule 11).

Relations take any text, since a ledger also holds keys that break a rule (`take_identifier`); spellings do not.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.digital_link import read_link
from graph_schema.identifiers.element_string import write_bracketed, write_raw
from graph_schema.identifiers.epc_urn import write_urn
from graph_schema.identifiers.kept import take_identifier, wider_kept
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.naming import CANONICAL, Elements, link_of
from graph_schema.identifiers.other_epc import wider_other
from graph_schema.identifiers.parsing import parse_identifier

_REMEMBERED = 1 << 16
_CLASSED = frozenset({"01", "8006", "8010"})
"""Keys whose qualifier is the serial or lot of a class."""
_CLASS_DIGITS = {"253": 13, "255": 13, "8003": 14}
"""Keys whose first digits are a class, the rest its serial."""


def canonical_key(text: str) -> str:
    """The key of any spelling; raises `InvalidIdentifier`."""
    return parse_identifier(text).key


def kind_of_key(key: str) -> Kind:
    """What a key names; `Kind.other` for a URI of one's own."""
    return take_identifier(key)[0].kind


@lru_cache(maxsize=_REMEMBERED)
def wider_key(key: str) -> str | None:
    """The next wider item that the key itself tells (design rule 11); None where it tells none.

    Instance → class (an SGTIN's GTIN, a GRAI's asset type), lot → class, and a piece of a trade item (ITIP) →
    that trade item: serial → pieces of this number → GTIN, lot of pieces → lot of the GTIN.
    """
    identifier, error = take_identifier(key)
    if identifier.key[:8].lower() == "urn:epc:":
        return wider_kept(identifier.key) if error else wider_other(identifier.key)
    wider = _wider(_elements(identifier))
    return link_of(*chain.from_iterable(wider)) if wider else None


def _wider(elements: Elements) -> Elements:
    if not elements:
        return ()
    (ai, value), *qualifiers = elements
    if not qualifiers:
        digits = _CLASS_DIGITS.get(ai, len(value))
        return (("01", value[:14]),) if ai == "8006" else ((ai, value[:digits]),) if digits < len(value) else ()
    if ai == "8006" and qualifiers[0][0] == "10":
        return (("01", value[:14]), *qualifiers)
    return ((ai, value),) if ai in _CLASSED else ()


def lot_key(text: str) -> str | None:
    """The key of the lot which an instance's spelling names beside its serial; None where it names none."""
    identifier, _ = take_identifier(text)
    if identifier.lot is None or identifier.kind is not Kind.instance:
        return None
    return lot_of_class(link_of(*_elements(identifier)[0]), identifier.lot)


def lot_of_class(key: str, lot_number: str) -> str | None:
    """The key of the lot of this number of a GTIN (or ITIP), as master data tell it; None for any other key."""
    elements = _elements(take_identifier(key)[0])
    if len(elements) != 1 or elements[0][0] not in ("01", "8006"):
        return None
    return link_of(*elements[0], "10", lot_number)


def site_of_place(key: str) -> str:
    """The key of the GLN itself for a GLN with extension; any other key unchanged."""
    identifier, _ = take_identifier(key)
    if identifier.extension is None or identifier.gln is None:
        return key
    return link_of("414", identifier.gln)


def to_urn(key: str, company_prefix_length: int) -> str:
    """The EPC URN of a key, its company prefix of 6 to 12 digits; raises `InvalidIdentifier` for none."""
    identifier = parse_identifier(key)
    if identifier.key.startswith("urn:epc:"):
        return identifier.key
    return write_urn(_gs1_elements(identifier), company_prefix_length)


def to_element_string(key: str, *, raw: bool = False) -> str:
    """The key as (01)…(21)…, or `raw` with GS for FNC1; raises `InvalidIdentifier` for no GS1 key."""
    elements = _gs1_elements(parse_identifier(key))
    return write_raw(elements) if raw else write_bracketed(elements)


def digital_link(key: str, domain: str = CANONICAL) -> str:
    """The key as a Digital Link under a domain, path allowed; raises `InvalidIdentifier` for no GS1 key."""
    elements = _gs1_elements(parse_identifier(key))
    return domain.rstrip("/") + link_of(*chain.from_iterable(elements)).removeprefix(CANONICAL)


def _elements(identifier: Identifier) -> Elements:
    """The elements of a key; none for what is no Digital Link, or one too broken to be read."""
    if identifier.scheme == "uri" or not identifier.key.startswith(CANONICAL + "/"):
        return ()
    return read_link(identifier.key) or ()


def _gs1_elements(identifier: Identifier) -> Elements:
    if elements := _elements(identifier):
        return elements
    raise InvalidIdentifier(
        f"{identifier.key!r} is no GS1 key",
        rule="GS1 General Specifications §1.3",
        remedy="Keep the URI as it is.",
    )
