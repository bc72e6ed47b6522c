"""Surface 面: whether all who should report do. In: the register, tracking events. Out: tallies."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engine.coverage.columns import KINDS, PARTS, UNKNOWN, Array, Part
from engine.coverage.register import Register
from engine.coverage.tally import Tally, Unit
from engine.coverage.tracked import Tracked
from graph_schema.event import Action
from graph_schema.identifiers import Kind


def reporting_rate(tracked: Tracked, register: Register) -> Tally:
    """Licences under which an event is recorded / licences."""
    licences = np.arange(len(register.licences))
    return Tally(Unit.LICENCE, licences, np.isin(licences, tracked.owner), licences)


def area_coverage(reporting: Tally, register: Register, target: float) -> Tally:
    """Areas where as many report as should / areas."""
    areas: dict[str, list[int]] = defaultdict(list)
    for number in reporting.what:
        areas[register.licences[number].area].append(int(number))
    told = {area: numbers for area, numbers in areas.items() if area}
    first = np.array([numbers[0] for numbers in told.values()], int)
    reports = dict(zip(reporting.what.tolist(), reporting.good.tolist(), strict=True))
    good = [sum(reports[number] for number in numbers) >= target * len(numbers) for numbers in told.values()]
    return Tally(Unit.AREA, first, np.array(good, bool), first)


def unit_coverage(tracked: Tracked, register: Register) -> Tally:
    """Units coded and reported, at most as many as declared / units that licence holders declare.

    Reported are the single things that a holder's events name, each once, and of lots how much it made.
    """
    declared = [(number, one.units) for number, one in enumerate(register.licences) if one.units is not None]
    numbers = np.array([number for number, _ in declared], int)
    weight = np.array([float(units) for _, units in declared])
    reported = _singles(tracked, len(register.licences)) + _made(tracked, len(register.licences))
    return Tally(Unit.DECLARED, numbers, np.minimum(reported[numbers], weight), numbers, None, weight)


def _singles(tracked: Tracked, licences: int) -> Array:
    """How many single things the events of each licence name."""
    things, of = tracked.things, tracked.of
    single = (things["kind"] != KINDS.index(Kind.lot)) & (things["kind"] != KINDS.index(Kind.class_))
    here = single & (things["part"] != Part.VALUE) & (tracked.owner[of] >= 0)
    pairs = np.unique(np.stack([tracked.owner[of][here].astype(np.uint64), things["thing"][here]]), axis=1)
    return np.bincount(pairs[0].astype(np.int64), minlength=licences)[:licences].astype(float)


def _made(tracked: Tracked, licences: int) -> Array:
    """How much of lots the events of each licence make."""
    things, of = tracked.things, tracked.of
    adds = np.array([law.event.action is Action.ADD and not law.event.takes for law in tracked.laws], bool)
    makes = (things["part"] == Part.OUTPUT) | ((things["part"] == Part.NAMED) & adds[tracked.law[of]])
    lots = (things["kind"] == KINDS.index(Kind.lot)) | (things["kind"] == KINDS.index(Kind.class_))
    here = makes & lots & (tracked.owner[of] >= 0) & (things["quantity"] != UNKNOWN)
    amounts = np.bincount(tracked.owner[of][here], things["quantity"][here] / PARTS, licences)
    return np.asarray(amounts[:licences], float)
