"""What an identifier names, and the value that every spelling of it parses to (design §2)."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a key names."""

    lot = "lot"
    instance = "instance"
    logistic_unit = "logistic_unit"
    class_ = "class"
    site = "site"
    party = "party"
    document = "document"
    other = "other"
    """A URI of one's own: what it names is told by where it stands in an event."""


class Identifier(msgspec.Struct, frozen=True):
    """One identifier. Spellings of one thing have equal keys; only `urn` and `lot` depend on the spelling."""

    key: str
    """The canonical GS1 Digital Link URI; of an EPC without one its EPC URN; of any other URI itself."""
    urn: str | None
    """The EPC URN, where the spelling gave the length of the company prefix."""
    kind: Kind
    scheme: str
    """gtin, sgtin, lgtin, upui, itip, sscc, sgln, pgln, grai, …; 'uri' for a URI that is no GS1 key."""
    gtin: str | None = None
    """14 digits."""
    lot: str | None = None
    serial: str | None = None
    gln: str | None = None
    """13 digits, of a site or a party."""
    extension: str | None = None
    """The GLN extension; None where absent or '0' (TDS §6.3.3)."""
