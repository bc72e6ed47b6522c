"""The answer to whether a market may take goods as JSON (docs/answers.md). In: `MarketAccess`. Out: plain values."""

from __future__ import annotations

from engine.access.answer import MarketAccess, Reason
from engine.answer_json import Json, ledger_json


def access_json(answer: MarketAccess) -> Json:
    """The whole answer."""
    market = answer.market
    return {
        "ledger": ledger_json(answer.ledger),
        "system": answer.system,
        "version": answer.version,
        "market": {
            "id": market.id, "zh": market.label_zh, "en": market.label_en, "basis": market.basis,
            "status": market.status.value,
        },
        "item": answer.item,
        "day": answer.day,
        "verdict": answer.verdict.value,
        "reasons": [_reason(reason) for reason in answer.reasons],
    }  # fmt: skip


def _reason(reason: Reason) -> Json:
    return {
        "kind": reason.kind.value,
        "demand": reason.demand,
        "met": reason.met,
        "item": reason.item,
        "site": reason.site,
        "events": list(reason.events),
        "text": reason.text,
    }
