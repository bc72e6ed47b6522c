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
        if one.event.biz_step == HOLDING or one.told & words:
            lifted = one.told & words or one.told
            if not any(_lifts(later, one, lifted, words, single=single) for later in records):
                yield one


def _passes(later: Recorded, failed: Recorded) -> bool:
    same = later.names & failed.names and later.event.biz_step == failed.event.biz_step
    return bool(same) and later.sure and not later.failed and failed.event.time.surely_before(later.event.time)


def _lifts(later: Recorded, bar: Recorded, told: frozenset[str], words: frozenset[str], *, single: bool) -> bool:
    """Whether a later record takes away all that a bar tells."""
    if not later.sure or not bar.event.time.surely_before(later.event.time):
        return False
    if told and told <= later.unset:
        return True
    other = later.event.disposition is not None and later.event.biz_step != HOLDING
    return single and other and not bar.kept and not later.told & words
