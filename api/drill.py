"""A drill as it is shown (ADR 0031). In: a drill, who asks. Out: its measures and samples, in words and as JSON.

Who sees all is shown all; a regulator of a department what its department supervises, as of coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from api.coverage import chosen_by, measured_json
from api.principals import Principal, check_may_drill
from engine.answer_json import told_number
from engine.coverage.columns import Array
from engine.coverage.measured import By
from engine.coverage.tracked import NOBODY
from engine.drill import Drill, Drilled, Sample, drilled, parts_of, samples_of
from engine.drill.measures import EFFECT, SECONDS, RecallEffect, TraceSeconds
from graph_schema.interval import datetime_of
from graph_schema.licence import Licence
from graph_schema.profiles import Profiles, Status

Json = dict[str, object]


class Shown(NamedTuple):
    """A drill, as far as somebody is shown it."""

    drill: Drill
    chosen: Array | None
    """The licences that are told of, by number; None: all, and what is under none."""

    def total(self) -> Drilled:
        """The measures of all of it."""
        return drilled(self.drill, self.chosen)

    def parts(self, by: By) -> list[Drilled]:
        """Those of each part."""
        return parts_of(self.drill, by, self.chosen)

    def samples(self, by: By = By.SYSTEM, key: str = "") -> list[Sample]:
        """The list behind the measures of all, or of a part."""
        return samples_of(self.drill, by, key, self.chosen)

    def licence(self, sample: Sample) -> Licence | None:
        """Whose a sample is; None: of somebody in no register."""
        return None if sample.owner == NOBODY else self.drill.register.licences[sample.owner]


def shown_to(principal: Principal | None, drill: Drill, profiles: Profiles) -> Shown:
    """A drill as somebody is shown it; `Forbidden` for who may not drill."""
    check_may_drill(principal)
    return Shown(drill, None if principal is None else chosen_by(drill.register, principal, profiles))


def told_json(shown: Shown, parts: Sequence[Drilled]) -> Json:
    """The documented JSON of a drill: what repeats it, the measures of all and of some parts, each sample."""
    draw = shown.drill.draw
    return {
        "system": draw.system,
        "version": shown.drill.profile.version,
        "seed": draw.seed,
        "position": draw.position,
        "hash": draw.hash,
        "draw": draw.id,
        "window": {"since": _moment(draw.window.since), "until": _moment(draw.window.until)},
        "candidates": draw.candidates,
        "digest": shown.drill.digest,
        "samples": shown.total().samples,
        "measures": _measures(shown.total()),
        "parts": [
            {"by": part.by, "key": part.key, "samples": part.samples, "measures": _measures(part)} for part in parts
        ],
        "behind": [_sample(shown, one) for one in shown.samples()],
    }


def _moment(micros: int | None) -> str | None:
    moment = None if micros is None else datetime_of(micros)
    return None if moment is None else moment.isoformat()


def _measures(part: Drilled) -> list[Json]:
    effects = [_effect(one) for one in part.effects]
    return [measured_json(part.success), _seconds(part.seconds), *effects]


def _seconds(seconds: TraceSeconds) -> Json:
    return {"id": SECONDS, "p95": seconds.p95} | _target(seconds.target, seconds.met)


def _effect(one: RecallEffect) -> Json:
    told = {
        "id": EFFECT,
        "uom": one.effect.uom,
        "located": told_number(one.effect.located),
        "affected": told_number(one.effect.affected),
        "rate": one.effect.rate,
        "unknown": one.unknown,
    }
    return told | _target(one.target, one.met)


def _target(target: float | None, met: bool | None) -> Json:
    return {"target": target, "target_status": None if target is None else Status.PROPOSED, "met": met}


def _sample(shown: Shown, sample: Sample) -> Json:
    licence = shown.licence(sample)
    return {
        "rank": sample.rank,
        "key": sample.key,
        "licence": None if licence is None else licence.key,
        "holder": None if licence is None else licence.holder,
        "traced": sample.traced,
        "shortfalls": [msgspec.to_builtins(one) | {"site": one.site or None} for one in sample.shortfalls],
        "effects": None
        if sample.effects is None
        else [
            {"uom": one.uom, "located": told_number(one.located), "affected": told_number(one.affected)}
            for one in sample.effects
        ],
        "seconds": sample.seconds,
    }
