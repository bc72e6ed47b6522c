"""Point 点: whether each record is whole, in time and under valid codes. In: tracking events. Out: tallies."""

from __future__ import annotations

import numpy as np

from engine.coverage.columns import Part
from engine.coverage.tally import Tally, Unit
from engine.coverage.tracked import Tracked
from graph_schema.interval import BEGINNING, END

_HOUR = 3_600_000_000
"""In microseconds."""
_NO_LIMIT = -1


def kde_rate(tracked: Tracked) -> Tally:
    """Events with all key data elements / events."""
    return Tally(Unit.EVENT, tracked.owner, tracked.missing == 0, tracked.rows)


def timeliness(tracked: Tracked) -> Tally:
    """Events recorded within their limit / events that have a limit and a time.

    The limit is the tracking event's own, else its profile's, as the version of the event's day has it; it runs from
    the last moment at which the event may have been.
    """
    hours = [law.event.report_within_h or law.profile.completeness.report_within_h for law in tracked.laws]
    limits = np.array([_NO_LIMIT if one is None else one * _HOUR for one in hours], np.int64)
    limit = limits[tracked.law] if len(limits) else np.empty(0, np.int64)
    latest = tracked.column("latest")
    good = tracked.column("recorded") - latest <= limit
    told = (limit != _NO_LIMIT) & (latest < END) & (latest > BEGINNING)
    return Tally(Unit.EVENT, tracked.owner, good, tracked.rows).of(told)


def code_validity(tracked: Tracked) -> Tally:
    """Codes of things that have the form of their scheme and whose check does not fail / codes of things named."""
    here = tracked.things["part"] != Part.VALUE
    things, of = tracked.things[here], tracked.of[here]
    return Tally(Unit.CODE, tracked.owner[of], things["valid"], tracked.rows[of], things["thing"])
