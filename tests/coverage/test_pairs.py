"""Whoever takes a single thing up has it from the last who gave it, and was not answered yet."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from engine.coverage.pairs import NONE, paired

Legs = list[tuple[int, int]]
"""Things and times."""


def by_hand(given: Legs, taken: Legs) -> list[int]:
    """One by one: each taking answers the last giving of its thing that is open."""
    found = [NONE] * len(given)
    steps = [(time, 0, thing, number) for number, (thing, time) in enumerate(given)]
    steps += [(time, 1, thing, number) for number, (thing, time) in enumerate(taken)]
    unanswered: dict[int, list[int]] = {}
    for _, is_taking, thing, number in sorted(steps):
        given_before = unanswered.setdefault(thing, [])
        if not is_taking:
            given_before.append(number)
        elif given_before:
            found[given_before.pop()] = number
    return found


def told(given: Legs, taken: Legs) -> list[int]:
    columns = [np.array(column, np.uint64 if number == 0 else np.int64) for legs in (given, taken)
               for number, column in enumerate(zip(*legs, strict=True) if legs else ([], []))]  # fmt: skip
    return paired(*columns).tolist()


@pytest.mark.parametrize(
    ("given", "taken", "pairs"),
    [
        ([], [], []),
        ([(1, 1)], [], [NONE]),
        ([], [(1, 1)], []),
        ([(1, 1), (1, 3), (1, 5)], [(1, 4), (1, 6)], [NONE, 0, 1]),
        ([(1, 1), (1, 2)], [(1, 3), (1, 4)], [1, 0]),
        ([(1, 2)], [(1, 1), (1, 3)], [1]),
        ([(1, 2)], [(1, 2)], [0]),
        ([(1, 1), (2, 1)], [(2, 2)], [NONE, 0]),
    ],
)
def test_pairs_close_as_brackets(given: Legs, taken: Legs, pairs: list[int]) -> None:
    """The last open one first, each once, none of another thing; of one time the giving is first."""
    assert told(given, taken) == pairs


@pytest.mark.parametrize("seed", range(200))
def test_all_at_once_pair_as_one_by_one(seed: int) -> None:
    """Of a few things given and taken up at random, in any order, often at one time."""
    chance = Random(seed)
    given, taken = (
        [(chance.randrange(4), time) for time in chance.sample(range(30), chance.randrange(15))] for _ in range(2)
    )
    assert told(given, taken) == by_hand(given, taken)
