"""The seeds of the worlds that the suite puts to the engine. Out: ranges, and a line that tells them in each report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ONCE_BROKEN: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("once_broken.yaml").read_text("utf-8"))
"""Seeds on which the engine once broke a law, by trial, kind or size of the world."""

SMALL = range(500)
"""Worlds of up to 60 events, of each trial."""

MEDIUM = range(10_000, 10_050)
"""Worlds of 2,000 events: even seeds complete, odd ones thinned."""

CONFLICTS = range(100)
"""Worlds with one event captured twice with different contents, complete and thinned."""

STRANGERS = range(60)
"""Worlds of which strangers captured some events, complete and thinned."""

STRANGERS_OPEN: dict[str, set[int]] = {"complete": set(), "thinned": {20, 26}}
"""Those of them that still break a law, by trial (docs/limits.md)."""


def seeds_told(trials: int) -> str:
    """The seeds in one line."""
    kept = sum(map(len, _lists(ONCE_BROKEN)))
    return (
        f"worlds: seeds {_span(SMALL)} of {trials} trials ({len(SMALL) * trials:,} worlds), {_span(MEDIUM)} of 2,000 "
        f"events, {_span(CONFLICTS)} with conflicting records, {_span(STRANGERS)} with strangers; "
        f"{kept} that once broke a law"
    )


def _span(seeds: range) -> str:
    return f"{seeds[0]}-{seeds[-1]}"


def _lists(told: dict[str, Any]) -> list[list[int]]:
    return [seeds for value in told.values() for seeds in (value.values() if isinstance(value, dict) else [value])]
