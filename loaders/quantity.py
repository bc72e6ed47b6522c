"""How much of a class or lot (EPCIS 2.0 §7.3.3.3). In: quantity elements as decoded. Out: findings, and amounts.

Written for elements of any shape: what has the wrong type is left to the schema, which names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from loaders.findings import Findings, pointer
from loaders.json_text import Value

_RULE = "EPCIS 2.0 §7.3.3.3"
_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
MOST_PLACES = 100
"""Digits before the point, and behind it, of an amount that is reckoned with; no goods need thirty."""


def amount_of(entry: Mapping[str, Value]) -> tuple[Decimal | None, str | None]:
    """The amount, exact and zero without a sign, and its unit; none where none is said or none to reckon with."""
    written, uom = entry.get("quantity"), entry.get("uom")
    if uom is not None and not isinstance(uom, str):
        return None, None
    if written is None or not _reckonable(Decimal(written)):
        return None, uom
    return Decimal(written) or Decimal(0), uom


def check_quantities(event: Mapping[str, Value], findings: Findings) -> None:
    """Add a finding for each quantity that breaks a rule; only one below zero leaves nothing to follow."""
    for name in _LISTS:
        entries = event.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                _check(entry, (name, index), findings)


def _check(entry: Mapping[str, Value], path: tuple[str | int, ...], findings: Findings) -> None:
    amount = entry.get("quantity")
    field = pointer(*path, "quantity")
    if "quantity" not in entry and "uom" in entry:
        findings.warn(pointer(*path, "uom"), "a unit without a quantity", _RULE, "Accepted as an unknown quantity.")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return
    if amount < 0:
        remedy = "Write how much there was; what left is an event of its own."
        findings.refuse(field, "the quantity is below zero", _RULE, remedy)
    elif not _reckonable(Decimal(amount)):
        what = f"a quantity of more than {MOST_PLACES} digits before or behind the point"
        findings.warn(field, what, _RULE, "Accepted as an unknown quantity; check its exponent.")
    elif amount == 0:
        findings.warn(field, "the quantity is zero", _RULE, "Accepted; leave out what was not there.")
    elif "uom" not in entry and amount != int(amount):
        what = f"{amount} without a unit is no count of pieces"
        findings.warn(field, what, _RULE, "Accepted as pieces; add the uom it is measured in.")


def _reckonable(amount: Decimal) -> bool:
    _, digits, exponent = amount.as_tuple()
    return -MOST_PLACES <= int(exponent) <= MOST_PLACES - len(digits)
