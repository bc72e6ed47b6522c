"""The EPC schemes of GS1 keys as data (TDS §6.3, §6.4, §7): how a URN's fields make up the value of an AI."""

from __future__ import annotations

import msgspec


class Scheme(msgspec.Struct, frozen=True):
    """How the fields company prefix, reference, piece, total and serial stand in the value of an AI."""

    name: str
    clause: str
    ai: str
    digits: int | None
    """Digits of prefix and reference together, the check digit aside; None where the reference is text."""
    serial: str | None = None
    """Where the last field goes: an AI, '' for the end of the value itself, None where there is none."""
    indicator: bool = False
    """True where the reference's first digit (indicator or extension) stands before the company prefix."""
    lead: str = ""
    """What the value begins with: GRAI's filler 0."""
    pieces: bool = False
    """True where piece and total follow the reference (ITIP)."""

    @property
    def fields(self) -> int:
        """How many fields the URN has."""
        return 2 + 2 * self.pieces + (self.serial is not None)


_IDENTITIES = (
    Scheme("sgtin", "§6.3.1", "01", 13, "21", indicator=True),
    Scheme("sscc", "§6.3.2", "00", 17, indicator=True),
    Scheme("sgln", "§6.3.3", "414", 12, "254"),
    Scheme("grai", "§6.3.4", "8003", 12, "", lead="0"),
    Scheme("giai", "§6.3.5", "8004", None),
    Scheme("gsrn", "§6.3.6", "8018", 17),
    Scheme("gsrnp", "§6.3.7", "8017", 17),
    Scheme("gdti", "§6.3.8", "253", 12, ""),
    Scheme("cpi", "§6.3.9", "8010", None, "8011"),
    Scheme("sgcn", "§6.3.10", "255", 12, ""),
    Scheme("ginc", "§6.3.11", "401", None),
    Scheme("gsin", "§6.3.12", "402", 16),
    Scheme("itip", "§6.3.13", "8006", 13, "21", indicator=True, pieces=True),
    Scheme("upui", "§6.3.14", "01", 13, "235", indicator=True),
    Scheme("pgln", "§6.3.15", "417", 12),
)
LGTIN = Scheme("lgtin", "§6.4.1", "01", 13, "10", indicator=True)
IDENTITIES = {scheme.name: scheme for scheme in _IDENTITIES}
"""The schemes of `urn:epc:id:`, and with * for the serial of `urn:epc:idpat:`, by name."""
COMPANY_PREFIX_LENGTHS = range(6, 13)


def _by_application_identifiers() -> dict[tuple[str, ...], Scheme]:
    table: dict[tuple[str, ...], Scheme] = {}
    for scheme in (*_IDENTITIES, LGTIN):
        table.setdefault((scheme.ai,), scheme)
        if scheme.serial:
            table[scheme.ai, scheme.serial] = scheme
    return table


BY_APPLICATION_IDENTIFIERS = _by_application_identifiers()
"""The scheme of a key's AIs; a bare (01) is of SGTIN."""
