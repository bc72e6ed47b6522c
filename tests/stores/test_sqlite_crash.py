"""A writer killed at any moment: nothing acknowledged is lost, nothing half-loaded shows (design §8)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.stores.loaded import assert_file_whole, kill_while_loading


def crash_rounds(folder: Path, seed: int, rounds: int) -> None:
    """Kill, check, and go on with the same file."""
    chance = random.Random(seed)
    path, position = folder / f"{seed}.db", 0
    for _ in range(rounds):
        acknowledged = kill_while_loading(f"sqlite:{path}", chance.uniform(0, 0.15))
        assert acknowledged >= position
        position = assert_file_whole(path, acknowledged)


def test_a_killed_load_loses_nothing(tmp_path: Path) -> None:
    """Five kills of a load into one file, each gone on from."""
    crash_rounds(tmp_path, seed=20, rounds=5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_hundred_killed_loads_lose_nothing(tmp_path: Path, seed: int) -> None:
    """Five kills each of twenty loads."""
    crash_rounds(tmp_path, seed, rounds=5)
