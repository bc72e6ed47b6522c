"""EPCs that are no GS1 key (TDS §6.3.16 to §6.3.20): GID, US DoD, aerospace, freight containers, vessels.

No Digital Link stands for them, so the EPC URN, spelled the standard's way, is the key itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.check_digit import container_check_digit, vessel_check_digit
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.percent import decode, encode_for_urn

_NUMBER = r"(?:0|[1-9]\d*)"
_CAGE = r"[0-9A-HJ-NP-Z]{5,6}"


class _Scheme(msgspec.Struct, frozen=True):
    clause: str
    pattern: re.Pattern[str]
    """The decoded body, its last field in a group `serial` where * there names a class."""
    words: str
    check: Callable[[str], str] | None = None
    """The right check digit of all but the last character."""


def _scheme(clause: str, pattern: str, words: str, check: Callable[[str], str] | None = None) -> _Scheme:
    return _Scheme(clause, re.compile(pattern, re.ASCII), words, check)


OTHER = {
    "gid": _scheme("§6.3.16", rf"{_NUMBER}\.{_NUMBER}\.(?P<serial>{_NUMBER})", "three numbers without leading zeros"),
    "usdod": _scheme(
        "§6.3.17",
        rf"{_CAGE}\.(?P<serial>{_NUMBER})",
        "a CAGE code or DoDAAC and a number without leading zeros",
    ),
    "adi": _scheme(
        "§6.3.18",
        rf"{_CAGE}\.[0-9A-Z/-]{{0,32}}\.(?P<serial>#?[0-9A-Z/-]{{1,30}})",
        "a CAGE code or DoDAAC, a part number or none, and a serial of capitals, digits, / and -",
    ),
    "bic": _scheme(
        "§6.3.19", r"[A-HJ-NP-Z]{3}[UJZ]\d{7}", "an ISO 6346 code: 4 letters, 7 digits", container_check_digit
    ),
    "imovn": _scheme("§6.3.20", r"\d{7}", "an IMO ship number of 7 digits", vessel_check_digit),
}
"""By name of the scheme."""


def parse_other(form: str, name: str, body: str) -> Identifier:
    """The identifier of `urn:epc:<form>:<name>:<body>`, form 'id' or 'idpat'; raises `InvalidIdentifier`."""
    scheme = OTHER[name]
    head, dot, serial = body.rpartition(".")
    if form == "idpat":
        return _class(scheme, name, head if dot and serial == "*" else None, body)
    value = decode(body)
    found = scheme.pattern.fullmatch(value)
    if found is None:
        raise _wrong(scheme, name, body, f"is not {scheme.words}")
    if scheme.check is not None and (right := scheme.check(value[:-1])) != value[-1]:
        raise _wrong(scheme, name, body, f"has the check digit {value[-1]} where {right} is right")
    urn = f"urn:epc:id:{name}:{encode_for_urn(value)}"
    return Identifier(urn, urn, Kind.instance, name, serial=found.groupdict().get("serial"))


def _class(scheme: _Scheme, name: str, head: str | None, body: str) -> Identifier:
    value = "" if head is None else decode(head)
    if "serial" not in scheme.pattern.groupindex or scheme.pattern.fullmatch(value + ".0") is None:
        raise _wrong(
            scheme,
            name,
            body,
            "is a pattern that names no one class: * stands for the serial and nothing else",
        )
    urn = f"urn:epc:idpat:{name}:{encode_for_urn(value)}.*"
    return Identifier(urn, urn, Kind.class_, name)


def _wrong(scheme: _Scheme, name: str, body: str, what: str) -> InvalidIdentifier:
    return InvalidIdentifier(
        f"the {name.upper()} {body!r} {what}", rule=f"TDS {scheme.clause}", remedy="Correct its fields."
    )


def wider_other(urn: str) -> str | None:
    """The class of a GID, US DoD or aerospace EPC; None for others and for a class."""
    _, _, form, name, body = urn.split(":", 4)
    if form != "id" or name not in OTHER or "serial" not in OTHER[name].pattern.groupindex:
        return None
    return f"urn:epc:idpat:{name}:{body.rpartition('.')[0]}.*"
