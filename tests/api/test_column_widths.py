"""Tables on a narrow terminal: words stay whole as long as they fit."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from api.cli.answer_tables import plain_table, print_table
from api.cli.column_widths import grow
from api.demo import BAD_TANK
from tests.api.conftest import Suyuan

WIDTHS = st.lists(st.integers(1, 40), min_size=1, max_size=8)


def printed(width: int, *rows: tuple[str, ...]) -> list[str]:
    """The lines of a table on a console so wide."""
    shown = StringIO()
    table = plain_table(*rows[0])
    for row in rows[1:]:
        table.add_row(*row)
    print_table(Console(file=shown, width=width), table)
    return shown.getvalue().splitlines()


def test_no_word_is_broken_while_all_fit() -> None:
    """A long text folds between words to make room for a code in the column beside it."""
    rows = [("Place", "Code"), ("Logistics Road 9, Gaotang, Shandong", "(414)9521104000013")]
    for width in range(30, 60):
        lines = printed(width, *rows)
        assert any("(414)9521104000013" in line for line in lines)
        assert max(map(cell_len, lines)) <= width


def test_where_not_all_words_fit_each_cell_has_a_line() -> None:
    """Nothing is cut, no line is wider than the terminal, and a word is broken only where it is wider itself."""
    rows = [("Code", "Kind", "Note"), ("https://example.com/a/very/long/key", "instance", ""), ("K", "lot", "of milk")]
    lines = printed(24, *rows)
    assert max(map(cell_len, lines)) <= 24
    assert "".join(line.strip() for line in lines[:3]) == "Code:https://example.com/a/very/long/key"
    assert [line.rstrip() for line in lines[3:]] == ["  Kind: instance", "Code: K", "  Kind: lot", "  Note: of milk"]


def test_a_cell_that_should_stay_whole_folds_before_a_word_breaks() -> None:
    """Where a contact on one line leaves no room for the words beside it, it goes over several."""
    shown = StringIO()
    table = plain_table("Outlet", "Contact", whole=("Contact",))
    table.add_row("Distribution", "Wang Fang (recall desk)")
    print_table(Console(file=shown, width=30), table)
    assert "Distribution" in shown.getvalue()
    assert max(map(cell_len, shown.getvalue().splitlines())) <= 30


@given(WIDTHS, st.integers(0, 200))
def test_widths_fill_the_room(wanted: list[int], room: int) -> None:
    """Columns fill the room or are as wide as wanted, and none becomes narrower than the least."""
    least = [min(width, 5) for width in wanted]
    grown = grow(least, wanted, room)
    assert all(low <= width <= high for low, width, high in zip(least, grown, wanted, strict=True))
    assert sum(grown) == max(sum(least), min(room, sum(wanted)))


@pytest.mark.parametrize("columns", [40, 50, 60, 80, 100, 120])
def test_the_recall_of_the_demo_is_whole_at_usual_and_narrow_widths(
    loaded: Suyuan, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """No line is beyond the terminal, and no word of a table is broken."""
    monkeypatch.setenv("COLUMNS", str(columns))
    out = loaded("recall", "scope", BAD_TANK).out
    assert max(map(cell_len, out.splitlines())) <= columns
    for word in ("Distribution", "forwarded", "received", "10,000", "recall@tongshun.example"):
        assert word in out
