"""Where how much of a story's goods is, and what became of what, by arithmetic alone. In: a story. Out: amounts, names.

The engine has no part in it: what is expected of the engine is checked by this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from api.demo.story import Amounts, Record, Story
from api.demo.telling import Told
from graph_schema.steps import Effect, Ending, Step, step_of

USED = "(used)"
"""What left the chain."""
LOST = "(lost)"
"""What left the chain without anybody's knowing where to."""
BECAME = "(became)"
"""What went into other goods."""

Stock = dict[str, Amounts]
"""Of each item, how much is where."""


def stock_by_arithmetic(told: Told) -> Stock:
    """What came less what went, of each item at each place."""
    stock: Stock = defaultdict(lambda: defaultdict(int))
    for record in told.story.records:
        used = LOST if _step(told, record).ending is Ending.LOST else USED
        _add(stock, record.move, record.source or record.by, record.to)
        _add(stock, record.use, record.by, used)
        _add(stock, record.takes, record.by, BECAME)
        _add(stock, record.makes, None, record.by)
    return stock


def _add(stock: Stock, goods: Amounts, source: str | None, target: str | None) -> None:
    for name, amount in goods.items():
        for place, change in ((source, -amount), (target, amount)):
            if place is not None:
                stock[name][place] += change


def ended_by_a_move(told: Told) -> set[tuple[str, str]]:
    """Items and the places where a move ended them: at a consumer's."""
    ending = [record for record in told.story.records if record.to and _step(told, record).effect is Effect.ENDS]
    return {(name, record.to or "") for record in ending for name in record.move}


def _step(told: Told, record: Record) -> Step:
    tracked = told.profile.event(record.tracked_events()[0])
    assert tracked is not None
    return step_of(tracked.type, tracked.action, tracked.biz_step, tracked.disposition)


def at_hand(amounts: Amounts) -> Amounts:
    """Where something is, without where nothing is left and what it became."""
    return {place: amount for place, amount in amounts.items() if amount and place != BECAME}


def gone_with_the_goods(story: Story, seeds: Iterable[str], *, back: bool) -> set[str]:
    """What a story's goods became, or came from, apart from what only touched them."""
    found, waiting = set(), [*seeds]
    while waiting:
        name = waiting.pop()
        for record in story.records:
            source, target = (record.makes, record.takes) if back else (record.takes, record.makes)
            new = set(target) - found if name in source else set()
            found |= new
            waiting += new
    return found
