"""The lot number in instance or lot master data. In: the ilmd of an event. Out: the number as text.

CBV 2.0 §9.2: `lotNumber` of the CBV's master data attributes, whose namespace is spelt in several ways; the GS1 Web
Vocabulary names the same thing `hasBatchLotNumber`.
"""

from __future__ import annotations

from decimal import Decimal

from loaders.json_text import Value
from loaders.jsonld_context import JsonContext

_NAMES = frozenset(
    {
        "lotNumber",
        "urn:epcglobal:cbv:mda:lotNumber",
        "urn:epcglobal:cbv:mda#lotNumber",
        "urn:epcglobal:cbv:mdalotNumber",  # The namespace of XML, taken into a @context as it is.
        "urn:epcglobal:cbv:mda/lotNumber",
        "https://ref.gs1.org/cbv/mda#lotNumber",
        "https://ref.gs1.org/cbv/mda/lotNumber",
        "https://ref.gs1.org/cbv/lotNumber",
        "https://gs1.org/voc/hasBatchLotNumber",
        "https://gs1.org/voc/hasBatchLot",
        "https://www.gs1.org/voc/hasBatchLotNumber",
    }
)


def find_lot_number(ilmd: Value, context: JsonContext) -> str | None:
    """The lot number that the master data give, None where they give none."""
    for name, value in ilmd.items() if isinstance(ilmd, dict) else ():
        if context.expand(name) in _NAMES and (text := _text(value)):
            return text
    return None


def _text(value: Value) -> str | None:
    """The text of a value written plain, as `{"@value": …}`, or as a list of one."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else None
