"""Where it went, where it came from (design §6). In: index, snapshot, question. Out: `Trace`.

Forward and back are walks of their own; BOTH is one answer of two walks. Certain is a walk by recorded flows alone from
certain starts, possible one by all.
"""

from __future__ import annotations

from engine.answer import Direction, Trace
from engine.index import ARRAYS, FlowIndex, Walker
from engine.question import Question
from engine.questions.findings import Told
from engine.questions.position import position_asked
from engine.questions.rules import reach_under_rules
from engine.questions.telling import Telling
from engine.questions.view import View
from engine.stores.ports import Snapshot

_WAYS = {
    Direction.FORWARD: (Direction.FORWARD,),
    Direction.BACK: (Direction.BACK,),
    Direction.BOTH: (Direction.FORWARD, Direction.BACK),
}


def trace(
    index: FlowIndex, snapshot: Snapshot, question: Question, walker: Walker = ARRAYS, at: int | None = None
) -> Trace:
    """Answer a trace, at a ledger position if one is given; raises `UnknownSeed` for a seed that it does not know."""
    view = View(index, position_asked(index, snapshot, question.options, at), walker)
    told = [Told(reach_under_rules(view, snapshot, question, way)) for way in _WAYS[question.direction]]
    return Telling(view, snapshot, question, told).trace()
