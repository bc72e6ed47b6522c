"""The answer to whether a market may take goods, as values. In: nothing. Out: `MarketAccess` and its reasons."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.answer import LedgerState
from graph_schema.profiles.market import Market


class Verdict(StrEnum):
    """What the market is to do."""

    ADMIT = "admit"
    HOLD = "hold"


class ReasonKind(StrEnum):
    """What a reason is about."""

    CERTIFICATE = "certificate"
    TEST = "test"
    DATE = "date"
    RECALL = "recall"
    """That the goods, what they were made of or what they are in were recalled, put on hold or are barred otherwise."""
    LINK = "link"
    """That the records lead back, without a break or a doubt, to where chains of the system begin."""
    GOODS = "goods"
    """That they are goods which the market takes."""


class Reason(msgspec.Struct, frozen=True):
    """Why, or why not: one thing that the market demands, met or not, of one item."""

    kind: ReasonKind
    demand: str
    """The id of the profile's demand; the kind's name for what every market demands."""
    met: bool
    item: str
    site: str | None
    events: tuple[str, ...]
    text: str


class MarketAccess(msgspec.Struct, frozen=True):
    """Whether a market may take goods on a day: where anything is doubtful it is to hold them."""

    ledger: LedgerState
    system: str
    version: int
    """Of the profile that acts on the day."""
    market: Market
    item: str
    day: str
    """ISO 8601; what happened later is not counted."""
    reasons: tuple[Reason, ...]
    """Those that are not met first."""

    @property
    def verdict(self) -> Verdict:
        """Admit where all is met."""
        return Verdict.ADMIT if all(reason.met for reason in self.reasons) else Verdict.HOLD
