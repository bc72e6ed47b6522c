"""The words that all answers share: certainty, direction, kinds, the ledger they are of, gaps and exclusions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from graph_schema.interval import Interval


class Certainty(StrEnum):
    """Certain: recorded flows alone reach it. Possible: some reading of the records reaches it."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Direction(StrEnum):
    """Where goods went, where they came from, or both as one answer."""

    FORWARD = "forward"
    BACK = "back"
    BOTH = "both"


class ItemKind(StrEnum):
    """What an item's key names."""

    LOT = "lot"
    INSTANCE = "instance"
    LOGISTIC_UNIT = "logistic_unit"
    CLASS = "class"


class LedgerState(msgspec.Struct, frozen=True):
    """The ledger position an answer is of, the chain hash there, and when its last entry was accepted."""

    position: int
    hash: str
    events: int
    accepted_until: int | None


class ToldTimes(msgspec.Struct, frozen=True):
    """How events told their times: by event id, the text of each interval."""

    texts: Mapping[str, Mapping[Interval, str]] = {}

    def text(self, time: Interval, events: Iterable[str]) -> str | None:
        """A time in the words of the first of some events that tells this very time; None where none does."""
        return next((told for event in events if (told := self.texts.get(event, {}).get(time))), None)


class AnswerGap(msgspec.Struct, frozen=True, gc=False):
    """What the records do not tell, which makes the answer a lower bound or a doubt."""

    kind: str
    item: str
    site: str | None
    events: tuple[str, ...]
    text: str


class Exclusion(msgspec.Struct, frozen=True, gc=False):
    """What is not in the scope, and why: a word of docs/answers.md and a sentence."""

    item: str | None
    site: str | None
    reason: str
    text: str
    events: tuple[str, ...]
