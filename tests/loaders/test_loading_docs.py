"""docs/loading.md says what the loaders do."""

from __future__ import annotations

import doctest
from pathlib import Path

from graph_schema.identifiers.parsing import LONGEST
from loaders.event_schema import TOLERANCES
from loaders.limits import LIMITS_RULE, Limits
from loaders.outcome import Outcome
from loaders.source import EPCIS_SUFFIXES
from loaders.xml_stream import NODES_AN_ITEM

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "loading.md"


def test_examples_run() -> None:
    """Every example of the page gives what it shows."""
    result = doctest.testfile(str(_PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


def test_the_limits_are_those_that_hold() -> None:
    """The page tells every bound by its default, under the heading that a refusal names."""
    section = (
        _PAGE.read_text(encoding="utf-8").partition(f"## {LIMITS_RULE.rpartition(', ')[2]}\n")[2].partition("##")[0]
    )
    limits = Limits()
    nodes = f"{NODES_AN_ITEM * limits.items:,} |"
    told = (
        nodes,
        f"{limits.event_bytes >> 20} MiB",
        f"{limits.depth} ",
        f"{limits.items:,}",
        f"{LONGEST:,} characters",
    )
    assert [bound for bound in told if bound not in section] == []


def test_page_is_whole() -> None:
    """The page names every outcome, every file name read, and every reason for which a fault is tolerated."""
    text = " ".join(_PAGE.read_text(encoding="utf-8").split())
    wanted = [kind.__name__ for kind in Outcome.__args__] + sorted(EPCIS_SUFFIXES) + [t.why for t in TOLERANCES]
    assert [word for word in wanted if word not in text] == []
