"""What the questions answer (design §6): the values that `trace`, `path` and `recall_scope` return.

Ids are canonical keys, `urn` the EPC URN where one is known, times intervals in microseconds since 1970 UTC,
quantities `Decimal` with a UN/ECE Rec 20 unit (None: pieces). `engine.answer_json.as_json` gives each its
documented JSON. What is costly to write down, evidence and flows, is worked out when it is first asked for.
"""

from engine.answer.recalled import (
    Address,
    AffectedLot,
    AffectedOutlet,
    AffectedStock,
    Contact,
    Item,
    Quantities,
    QuantityRange,
    RecallScope,
    RecallSummary,
    Shipment,
    Site,
    StockColumns,
)
from engine.answer.traced import (
    Account,
    Origin,
    PathResult,
    Reached,
    Trace,
    TracedFlow,
    TracedItem,
    TracedLoad,
    TracedSite,
    Witness,
)
from engine.answer.words import (
    AnswerGap,
    Certainty,
    Direction,
    Exclusion,
    ItemKind,
    LedgerState,
)

__all__ = [
    "Account",
    "Address",
    "AffectedLot",
    "AffectedOutlet",
    "AffectedStock",
    "AnswerGap",
    "Certainty",
    "Contact",
    "Direction",
    "Exclusion",
    "Item",
    "ItemKind",
    "LedgerState",
    "Origin",
    "PathResult",
    "Quantities",
    "QuantityRange",
    "Reached",
    "RecallScope",
    "RecallSummary",
    "Shipment",
    "Site",
    "StockColumns",
    "Trace",
    "TracedFlow",
    "TracedItem",
    "TracedLoad",
    "TracedSite",
    "Witness",
]
