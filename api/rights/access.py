"""Market access as an enterprise sees it. In: the whole answer, a sight. Out: its verdict, reasons that may be told.

The verdict is that of the whole: a market that may not be told why goods are held must know all the same that they are
(ADR 0025). A reason is told where it is of an item that they had and every event of it is one that they see; of the
others there are about so many.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from api.rights.bands import Band, band_of
from api.rights.seen import EventIds
from api.rights.sight import Sight
from engine.access import MarketAccess, Reason, ReasonKind, Verdict


class ShownAccess(NamedTuple):
    """An answer as it is shown."""

    answer: MarketAccess
    """With the reasons that are told."""
    verdict: Verdict
    """Of the whole."""
    hidden: Band | None
    """About how many reasons are not told; None: all are."""


def shown_access(whole: MarketAccess, sight: Sight, ids: EventIds) -> ShownAccess:
    """An answer without the reasons that are not theirs to know."""
    had = sight.items_had({reason.item for reason in whole.reasons})
    seen = sight.shown({event for reason in whole.reasons for event in reason.events})
    told = tuple(
        msgspec.structs.replace(reason, events=tuple(map(ids.shown, reason.events)))
        for reason in whole.reasons
        if reason.item in had and seen >= {*reason.events} and _is_theirs(reason, sight)
    )
    hidden = band_of(len(whole.reasons) - len(told))
    return ShownAccess(msgspec.structs.replace(whole, reasons=told), whole.verdict, hidden)


def _is_theirs(reason: Reason, sight: Sight) -> bool:
    """A break may name others in its sentence: it is told where it is at their site (as gaps are), or of no event."""
    if reason.kind is ReasonKind.LINK:
        return sight.is_own(reason.site) if reason.events or reason.site is not None else True
    return reason.site is None or sight.is_own(reason.site) or bool(reason.events)
