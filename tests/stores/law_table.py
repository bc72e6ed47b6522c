"""The table of laws × stores × walks that a run prints. In: what tests counted. Out: lines of text.

A test counts with `record_property(COUNTED, (law, setting, count))`, which comes back from every worker of a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

COUNTED = "law counted"


def law_table(properties: Iterable[tuple[str, Any]]) -> list[str]:
    """One line a law, one column a store and walk; nothing where no law was counted."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, value in properties:
        if name == COUNTED:
            law, setting, count = value
            counts[law, setting] += count
    laws, settings = (list(dict.fromkeys(column)) for column in zip(*counts, strict=True)) if counts else ([], [])
    width = max(map(len, laws), default=0)
    head = "  ".join([" " * width, *settings])
    rows = ["  ".join([law.ljust(width), *(_cell(counts, law, one) for one in settings)]) for law in laws]
    return [head, *rows] if rows else []


def _cell(counts: Counter[tuple[str, str]], law: str, setting: str) -> str:
    count = counts.get((law, setting))
    return ("-" if count is None else f"{count:,}").rjust(len(setting))
