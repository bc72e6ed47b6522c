"""The measure of answers: perfect for the truth, and worse for worse answers."""

from __future__ import annotations

from collections.abc import Sequence

from graph_schema.event import Event
from tests.worlds.measure import WAYS, table
from tests.worlds.toys import without_time
from tests.worlds.tracer import Answer, Ask, Found


class Silent:
    """Knows nothing."""

    def trace(self, ask: Ask) -> Answer:  # noqa: ARG002 - whatever is asked
        """Nothing."""
        return Answer(Found(), Found())


def _silent(_: Sequence[Event]) -> Silent:
    return Silent()


def test_a_row_for_each_way_to_lose() -> None:
    """The table has a row for each way, and says nothing is wrong where nothing is said."""
    rows = table(range(4), _silent).splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(WAYS)
    assert all(row.split(" | ")[2:5] == ["none", "100.0 %", "0.0 %"] for row in rows)


def test_a_toy_measures_badly() -> None:
    """A walk without time is wrongly certain even where nothing is lost."""
    wrong = table(range(10), without_time).splitlines()[2].split(" | ")[2]
    assert float(wrong.removesuffix(" %")) > 5
