"""How many worlds it takes to see a fault. In: a fault, or a toy. Out: the `Sighting`; none where it survives.

Trials take turns, world by world, until a law is broken. What counts is a law that the faulty engine breaks on a world
on which the sound one keeps it: both are run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import msgspec

from tests.mutants.fault import Fault, planted
from tests.mutants.laws import Laws, Put, broken_by_answers, broken_by_graph
from tests.mutants.trials import EVERY_TRIAL
from tests.worlds.engine_tracer import engine
from tests.worlds.tracer import Tracer

BOUND = 200
"""Within so many worlds, of all its trials together, a fault must show."""


class Sighting(msgspec.Struct, frozen=True):
    """The first world on which a fault broke laws that the sound engine keeps there."""

    laws: tuple[str, ...]
    trial: str
    seed: int
    worlds: int
    """How many worlds were put until then, this one included."""


def hunt_fault(fault: Fault, bound: int = BOUND) -> Sighting | None:
    """Put worlds to the engine with a fault in it."""

    def broken(put: Put) -> Laws:
        return _newly_broken(fault, put, _of_answers) or _newly_broken(fault, put, broken_by_graph)

    return _hunt(broken, [fault.trial] if fault.trial else list(EVERY_TRIAL), bound)


def hunt_toy(toy: Tracer, bound: int = BOUND) -> Sighting | None:
    """Put worlds to a walk that is no engine and has no graph."""

    def broken(put: Put) -> Laws:
        found = broken_by_answers(put, toy)
        return found - _broken_when_sound(put, _of_answers) if found else found

    return _hunt(broken, list(EVERY_TRIAL), bound)


def _hunt(broken: Callable[[Put], Laws], trials: Sequence[str], bound: int) -> Sighting | None:
    for number in range(bound):
        put = Put(trials[number % len(trials)], number // len(trials))
        laws = broken(put)
        if laws:
            return Sighting(tuple(sorted(laws)), put.trial, put.seed, number + 1)
    return None


Judge = Callable[[Put], Laws]


def _of_answers(put: Put) -> Laws:
    return broken_by_answers(put, engine)


def _newly_broken(fault: Fault, put: Put, judge: Judge) -> Laws:
    with planted(fault):
        found = judge(put)
    return found - _broken_when_sound(put, judge) if found else found


@cache
def _broken_when_sound(put: Put, judge: Judge) -> Laws:
    return judge(put)
