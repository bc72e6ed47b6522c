"""docs/loading.md says what the loaders do."""

from __future__ import annotations

import doctest
from pathlib import Path

from loaders.event_schema import TOLERANCES
from loaders.outcome import Outcome
from loaders.source import JSON_SUFFIXES

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "loading.md"


def test_examples_run() -> None:
    """Every example of the page gives what it shows."""
    result = doctest.testfile(str(_PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


def test_page_is_whole() -> None:
    """The page names every outcome, every file name read, and every reason for which a fault is tolerated."""
    text = " ".join(_PAGE.read_text(encoding="utf-8").split())
    wanted = [kind.__name__ for kind in Outcome.__args__] + sorted(JSON_SUFFIXES) + [t.why for t in TOLERANCES]
    assert [word for word in wanted if word not in text] == []
