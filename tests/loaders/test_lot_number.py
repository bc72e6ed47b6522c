"""The lot number in master data, in each of its spellings."""

from __future__ import annotations

from typing import Any

import pytest

from loaders.jsonld_context import NO_CONTEXT, read_context
from loaders.lot_number import find_lot_number


@pytest.mark.parametrize(
    "ilmd",
    [
        {"cbvmda:lotNumber": "L1"},
        {"urn:epcglobal:cbv:mda#lotNumber": "L1"},
        {"urn:epcglobal:cbv:mda:lotNumber": {"@value": "L1"}},
        {"ex:grade": "A", "cbvmda:lotNumber": ["L1"]},
        {"gs1:hasBatchLotNumber": "L1"},
        {"own:lotNumber": " L1 "},
    ],
)
def test_spellings(ilmd: dict[str, Any]) -> None:
    """Every name of the attribute, also under a prefix of one's own, gives the lot number."""
    context = read_context({"own": "urn:epcglobal:cbv:mda:"}, b"")
    assert find_lot_number(ilmd, context) == "L1"


def test_number() -> None:
    """A lot number written as a number is its digits."""
    assert find_lot_number({"cbvmda:lotNumber": 20260105}, NO_CONTEXT) == "20260105"


@pytest.mark.parametrize(
    "ilmd", [None, {}, [], {"own:lotNumber": "L1"}, {"cbvmda:lotNumber": ""}, {"cbvmda:lotNumber": ["L1", "L2"]}]
)
def test_none(ilmd: Any) -> None:
    """Where no attribute says one lot number, there is none."""
    assert find_lot_number(ilmd, NO_CONTEXT) is None
