"""Public lookups of a process: bounded, counted, from one source. In: a code, who asks. Out: `PublicLookup`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

from api.allowance import Allowance
from engine.public_lookup import CodeReading, Finding, PublicCodes, PublicLookup
from engine.stores.ports import Snapshot
from graph_schema.profiles import profiles
from graph_schema.profiles.public import RecallStatus

FINDINGS = {
    Finding.CLONE: (
        "此码出现在多个物品上,或缺少拆下、退回的记录,可能是假冒。This code is on more than one object, "
        "or a record of its removal or return is missing: it may be counterfeit."
    ),
    Finding.CHECK_FAILS: "校验位不符,请重新输入。The check digit is wrong: read the code again.",
    Finding.CHECK_DOUBTED: (
        "校验位不符,但并非所有此类编码都有校验位,请核对。"
        "The check digit does not fit, though not every such code has one: compare it."
    ),
}
"""What people are told of a code."""


def has_status(reading: CodeReading) -> bool:
    """Whether its recall status is worth telling: of what was misread, that it is none would mislead."""
    return reading.recall_status is not RecallStatus.NONE or Finding.CHECK_FAILS not in reading.findings


class Outcome(StrEnum):
    """How a lookup ended. Whether anything was found is not counted."""

    ANSWERED = "answered"
    MALFORMED = "malformed"
    TOO_OFTEN = "too_often"


class Lookups:
    """Looks codes up for anybody."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._hears: list[Callable[[Outcome], None]] = []

    @cached_property
    def _codes(self) -> PublicCodes:
        return PublicCodes(profiles())

    def hear(self, told: Callable[[Outcome], None]) -> None:
        """Have each lookup told, without its code."""
        self._hears.append(told)

    def allow(self, asker: str) -> None:
        """Let somebody ask something else that is open to all; `TooOften` as for a lookup."""
        self._allowance.take(asker)

    def look_up(self, code: str, snapshot: Snapshot, asker: str, system: str | None = None) -> PublicLookup:
        """What the public is told of a code; `TooOften`, and `InvalidInput` for what is none."""
        outcome = Outcome.TOO_OFTEN
        try:
            self._allowance.take(asker)
            outcome = Outcome.MALFORMED
            found = self._codes.look_up(code, snapshot, system)
            outcome = Outcome.ANSWERED
        finally:
            for told in self._hears:
                told(outcome)
        return found
