"""Long chains from file to answer: no recursion, nothing cut short (design §5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.conftest import Suyuan
from tests.safety.chains import chain, lot, rework, write

LONGER_THAN_ANY_STACK = 3_000
"""Steps, thrice what Python lets a function call itself."""


@pytest.mark.parametrize("steps", [LONGER_THAN_ANY_STACK, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_long_chain(suyuan: Suyuan, tmp_path: Path, steps: int) -> None:
    """Every lot of a chain is found from its first and from its last, with certainty and at its depth."""
    assert suyuan("load", str(write(tmp_path / "chain.ndjson", chain(steps)))).code == 0
    for way, start in (("forward", 0), ("back", steps)):
        told = suyuan("trace", way, lot(start), "--json").json
        assert told["complete"]
        assert {item["urn"] for item in told["items"]} == {lot(number) for number in range(steps + 1)}
        assert {item["certainty"] for item in told["items"]} == {"certain"}
        assert len({item["depth"] for item in told["items"]}) == steps + 1


def test_a_rework_loop(suyuan: Suyuan, tmp_path: Path) -> None:
    """Two lots that go into each other again and again are each in the other, and no walk goes round for ever."""
    events = rework(LONGER_THAN_ANY_STACK // 2)
    assert suyuan("load", str(write(tmp_path / "rework.ndjson", events))).code == 0
    for way in ("forward", "back"):
        told = suyuan("trace", way, lot("A"), "--json").json
        assert told["complete"]
        assert {item["urn"]: item["certainty"] for item in told["items"]} == {lot("A"): "certain", lot("B"): "certain"}
