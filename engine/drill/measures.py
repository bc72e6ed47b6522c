"""The measures of a drill (ADR 0031). In: a `Drill`. Out: `Drilled`, for the system and for each part of it.

A sample counts for whoever recorded its first event, as coverage has it (ADR 0024): by licence, role, area and
department. One of somebody in no register counts for the system alone, and stands under no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

import msgspec
import numpy as np

from engine.coverage.columns import Array
from engine.coverage.measured import By, Measured, licences_by
from engine.drill.drilling import Drill
from engine.drill.effect import Effect, added
from engine.drill.sample import Sample
from graph_schema.units import comparable

SUCCESS, SECONDS, EFFECT = "sample_success", "trace_seconds", "recall_effect"
_SHARE = 0.95


class TraceSeconds(msgspec.Struct, frozen=True):
    """How long the answers took on this machine."""

    p95: float | None
    """So many seconds, or fewer, took 95 of 100 samples; None where there is none."""
    target: float | None
    """At most."""

    @property
    def met(self) -> bool | None:
        """Whether it took no longer than it may; None where there is no target, or no sample."""
        return None if self.p95 is None or self.target is None else self.p95 <= self.target


class RecallEffect(msgspec.Struct, frozen=True):
    """What recalls of the samples would locate, in a unit of measure."""

    effect: Effect
    unknown: int
    """For how many samples the records do not tell how much is affected."""
    target: float | None

    @property
    def met(self) -> bool | None:
        """Whether enough is surely located; None where there is no target, or no rate."""
        rate = self.effect.rate
        return None if rate is None or self.target is None else rate >= self.target


class Drilled(msgspec.Struct, frozen=True):
    """The measures of a part of a system."""

    by: By
    key: str
    samples: int
    success: Measured
    seconds: TraceSeconds
    effects: tuple[RecallEffect, ...]


def drilled(drill: Drill, chosen: Array | None = None) -> Drilled:
    """The measures of the whole system, or of the licences that were chosen, by number."""
    return _drilled(drill, By.SYSTEM, drill.draw.system, _of(drill, chosen))


def parts_of(drill: Drill, by: By, chosen: Array | None = None) -> list[Drilled]:
    """The measures of each part that has a sample, in order of key; what is under no licence comes first."""
    if by is By.SYSTEM:
        return [drilled(drill, chosen)]
    parts = {key: _of(drill, numbers) for key, numbers in licences_by(by, drill.register, chosen).items()}
    return [_drilled(drill, by, key, samples) for key, samples in parts.items() if samples]


def samples_of(drill: Drill, by: By, key: str, chosen: Array | None = None) -> list[Sample]:
    """The list behind the measures of a part."""
    if by is By.SYSTEM:
        return _of(drill, chosen)
    return _of(drill, licences_by(by, drill.register, chosen).get(key, np.empty(0, int)))


def percentile(seconds: Iterable[float]) -> float | None:
    """The 95th percentile by nearest rank: the least of the times that 95 of 100 do not exceed.

    Of n times in order it is the one at place 0.95 n, rounded up; so of fewer than twenty it is the longest.
    """
    ordered = sorted(seconds)
    return ordered[ceil(_SHARE * len(ordered)) - 1] if ordered else None


def _of(drill: Drill, numbers: Array | None) -> list[Sample]:
    wanted = None if numbers is None else set(numbers.tolist())
    return [one for one in drill.samples if wanted is None or one.owner in wanted]


def _drilled(drill: Drill, by: By, key: str, samples: Sequence[Sample]) -> Drilled:
    traced = float(sum(one.traced for one in samples))
    return Drilled(
        by=by,
        key=key,
        samples=len(samples),
        success=Measured(SUCCESS, traced, float(len(samples)), drill.targets.get(SUCCESS)),
        seconds=TraceSeconds(percentile(one.seconds for one in samples), drill.targets.get(SECONDS)),
        effects=_effects(samples, drill.targets.get(EFFECT)),
    )


def _effects(samples: Sequence[Sample], target: float | None) -> tuple[RecallEffect, ...]:
    """Each sample is a recall of its own. One that was cut may be of any unit: then nothing is known of all."""
    cut = sum(one.effects is None for one in samples)
    found = added(effect for one in samples for effect in one.effects or ())
    unknown = [sum(_is_unknown(one, effect.uom) for one in samples) for effect in found]
    told = (msgspec.structs.replace(effect, affected=None) if cut else effect for effect in found)
    return tuple(RecallEffect(effect, cut + many, target) for effect, many in zip(told, unknown, strict=True))


def _is_unknown(sample: Sample, uom: str | None) -> bool:
    return any(comparable(one.uom, uom) and one.affected is None for one in sample.effects or ())
