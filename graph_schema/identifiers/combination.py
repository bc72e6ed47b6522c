"""Which elements may stand together (GS1 General Specifications §4.14). In: elements. Out: an error or none.

Only the rules that decide what is named: a measure without its item leaves the item known.
"""

from __future__ import annotations

from collections.abc import Iterable

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.naming import Elements

_EXCLUSIVE = {
    "01": ("02", "03", "255", "37", "8006"),
    "02": ("03", "255", "8026"),
    "03": ("37", "235", "8006", "8026"),
    "21": ("235",),
    "255": ("415", "8006", "8020", "8026"),
    "8006": ("37", "8026"),
    "8017": ("8018",),
}
"""Invalid pairs (§4.14.1), each written once."""


def check_repeats(elements: Elements) -> None:
    """Raises where one AI has two values (§4.14.1); the same value twice says nothing new."""
    seen: dict[str, str] = {}
    for ai, value in elements:
        if seen.setdefault(ai, value) != value:
            raise _wrong(f"({ai}) has two values, {seen[ai]!r} and {value!r}", "§4.14.1")


def check_pairs(ais: Iterable[str]) -> None:
    """Raises where two AIs exclude each other."""
    present = set(ais)
    for ai in present & _EXCLUSIVE.keys():
        for other in _EXCLUSIVE[ai]:
            if other in present:
                raise _wrong(f"({ai}) and ({other}) exclude each other", "§4.14.1")


def check_signature(identifier: Identifier, ais: Iterable[str]) -> None:
    """Raises where a digital signature (8030) signs no single thing (§4.14.2)."""
    if "8030" in ais and identifier.kind in (Kind.class_, Kind.lot):
        raise _wrong("(8030) signs a serialised key, and there is none", "§4.14.2")


def _wrong(what: str, clause: str) -> InvalidIdentifier:
    return InvalidIdentifier(
        what, rule=f"GS1 General Specifications {clause}", remedy="Write one key with what belongs to it."
    )
