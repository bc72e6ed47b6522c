"""Whether a market may take goods: admit or hold, with each reason (ADR 0025).

In: goods, a market of their product system, a day, a state. Out: `MarketAccess`. What a market demands is in the
profile that acts on the day; what there is, in the events of the goods and of all that they were made of.
"""

from engine.access.answer import MarketAccess, Reason, ReasonKind, Verdict
from engine.access.as_json import access_json
from engine.access.asking import Answering, market_access

__all__ = ["Answering", "MarketAccess", "Reason", "ReasonKind", "Verdict", "access_json", "market_access"]
