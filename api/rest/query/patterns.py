"""Pure identity patterns (EPCIS 2.0 §8.2.7.1.1, TDS §8). In: `urn:epc:idpat:…`. Out: which keys match.

A field of a pattern is a value or `*`, and behind a `*` stand only others. Keys are compared, so that events match in
whatever spelling they came: a Digital Link does not tell its company prefix, but it begins with it, and GS1 allots no
prefix within another. A pattern whose serial is open matches the class itself as well, and of a GTIN its lots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import unquote

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.epc_scheme import COMPANY_PREFIX_LENGTHS, IDENTITIES, LGTIN, Scheme
from graph_schema.identifiers.naming import CANONICAL
from graph_schema.identifiers.other_epc import OTHER
from graph_schema.identifiers.parsing import parse_identifier
from graph_schema.identifiers.percent import decode

PREFIX = "urn:epc:idpat:"
ANY = "*"
_SCHEMES = {**IDENTITIES, LGTIN.name: LGTIN}
_OF_OTHER = {"gid": 3, "usdod": 2, "adi": 3, "bic": 1, "imovn": 1}
"""Fields of EPCs that are no GS1 key."""
_LOT = "10"
Matches = Callable[[str], bool]
"""Whether a key matches."""


def is_pattern(text: str) -> bool:
    """Whether an identifier stands for many."""
    return text[: len(PREFIX)].lower() == PREFIX


def read_pattern(text: str) -> Matches:
    """What matches a pattern; raises `InvalidIdentifier`."""
    name, _, body = text[len(PREFIX) :].partition(":")
    name = name.lower()
    fields = body.split(".", _count(name, text) - 1)
    if len(fields) != _count(name, text):
        raise _wrong(text, f"has {len(fields)} fields where {_count(name, text)} belong")
    opened = fields.index(ANY) if ANY in fields else len(fields)
    if any(field != ANY for field in fields[opened:]):
        raise _wrong(text, "has a value behind a *")
    if opened == len(fields):
        key = parse_identifier(f"urn:epc:{'class' if name == LGTIN.name else 'id'}:{name}:{body}").key
        return key.__eq__
    if name in OTHER:
        return _of_other(name, [decode(field) for field in fields[:opened]])
    return _of_key(_SCHEMES[name], fields, text)


def _count(name: str, text: str) -> int:
    if name in OTHER:
        return _OF_OTHER[name]
    if name in _SCHEMES:
        return _SCHEMES[name].fields
    raise _wrong(text, f"is of no scheme that is known ({name[:20]!r})")


def _wrong(text: str, what: str) -> InvalidIdentifier:
    remedy = "Write values first, then * for each field that is open: urn:epc:idpat:sgtin:0614141.*.*"
    return InvalidIdentifier(f"the pattern {text[:200]!r} {what}", rule="TDS §8", remedy=remedy)


def _of_other(name: str, known: Sequence[str]) -> Matches:
    """Their keys are URNs: field by field."""
    begin = f"urn:epc:id:{name}:"

    def matches(key: str) -> bool:
        if not key.startswith(begin):
            return False
        fields = key.removeprefix(begin).split(".", _OF_OTHER[name] - 1)
        return [decode(field) for field in fields[: len(known)]] == list(known)

    return matches


def _of_key(scheme: Scheme, fields: Sequence[str], text: str) -> Matches:
    prefix, reference, *pieces = fields[: 2 + 2 * scheme.pieces]
    if prefix != ANY and not (prefix.isascii() and prefix.isdigit() and len(prefix) in COMPANY_PREFIX_LENGTHS):
        raise _wrong(text, f"has the company prefix {prefix[:20]!r}, which is not 6 to 12 digits")
    begin = scheme.lead + ("" if prefix == ANY else prefix)
    wanted = _digits(scheme, prefix, reference, text)
    qualifiers = {scheme.serial or None, None} if scheme is not LGTIN else {_LOT}
    if scheme.serial == "21":
        qualifiers |= {_LOT}

    def matches(key: str) -> bool:
        path = _path(key)
        if len(path) < 2 or path[0] != scheme.ai or (path[2] if len(path) > 2 else None) not in qualifiers:
            return False
        value = path[1]
        digits = value[1:] if scheme.indicator else value
        if wanted is not None and not (value == wanted if scheme.digits is None else value.startswith(wanted)):
            return False
        return digits.startswith(begin) and _pieces_match(value, pieces)

    return matches


def _digits(scheme: Scheme, prefix: str, reference: str, text: str) -> str | None:
    """What a key's value begins with where prefix and reference are known; None where the reference is open."""
    if ANY in (prefix, reference):
        return None
    if scheme.digits is None:
        return prefix + decode(reference)
    if len(prefix) + len(reference) != scheme.digits or not (reference or "0").isdigit():
        raise _wrong(text, f"has not {scheme.digits} digits in prefix and reference")
    digits = reference[:1] + prefix + reference[1:] if scheme.indicator else prefix + reference
    return scheme.lead + digits


def _pieces_match(value: str, pieces: Sequence[str]) -> bool:
    """Piece and total of an ITIP, which stand behind its GTIN."""
    told = (value[14:16], value[16:18])
    return all(wanted in (ANY, piece) for wanted, piece in zip(pieces, told, strict=False))


def _path(key: str) -> list[str]:
    """Application identifiers and values of a key in turn; none for what is no GS1 key."""
    if not key.startswith(f"{CANONICAL}/"):
        return []
    return [unquote(part) for part in key.removeprefix(f"{CANONICAL}/").split("/")]
