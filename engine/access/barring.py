"""What bars goods from every market. In: records of an item. Out: the records that bar it still.

A bar stands until a record surely later takes it away: of a failed test one of the same kind that passed, of a
disposition its `unset` (EPCIS 2.0 §7.3.5.3); of a single thing any other disposition, since it is in one state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.access.records import Recorded

HOLDING = "holding"
"""The business step by which goods are put aside (CBV 2.0 §7.1)."""


def failed_tests(records: Sequence[Recorded]) -> Iterator[Recorded]:
    """Tests that failed and were not passed since."""
    for one in records:
        if one.failed and not any(_passes(later, one) for later in records):
            yield one


def bars(records: Sequence[Recorded], words: frozenset[str], *, single: bool) -> Iterator[Recorded]:
    """Records that put goods on hold, or give them a disposition that bars them."""
    for one in records:
        told = _told(one)
        if one.event.biz_step == HOLDING or told & words:
            lifted = told & words or told
            if not any(_lifts(later, one, lifted, words, single=single) for later in records):
                yield one


def _passes(later: Recorded, failed: Recorded) -> bool:
    same = later.names & failed.names and later.event.biz_step == failed.event.biz_step
    return bool(same) and later.sure and not later.failed and failed.event.time.surely_before(later.event.time)


def _lifts(later: Recorded, bar: Recorded, told: frozenset[str], words: frozenset[str], *, single: bool) -> bool:
    """Whether a later record takes away all that a bar tells."""
    if not later.sure or not bar.event.time.surely_before(later.event.time):
        return False
    if told and told <= later.event.dispositions("unset"):
        return True
    other = later.event.disposition is not None and later.event.biz_step != HOLDING
    kept = bool(bar.event.dispositions("set"))
    return single and other and not kept and not _told(later) & words


def _told(one: Recorded) -> frozenset[str]:
    """The dispositions that a record tells."""
    own = frozenset() if one.event.disposition is None else frozenset({one.event.disposition})
    return own | one.event.dispositions("set")
