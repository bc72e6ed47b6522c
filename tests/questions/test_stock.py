"""The identities of stock, for whatever movements."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.answer import StockColumns
from engine.questions.movements import BEGUN, Movement
from engine.stock import CAME, GONE, TOLD, affected_of, columns_of, total, units_of

AMOUNTS = st.one_of(st.none(), st.integers(0, 50).map(Decimal))
MOVEMENTS = st.lists(
    st.builds(
        Movement,
        st.sampled_from([*TOLD, "lost"]),
        st.just(1),
        AMOUNTS,
        st.sampled_from(["KGM", "GRM", "EA"]),
        st.booleans(),
        st.integers(0, 5),
    ),
    max_size=12,
)
EXACT = st.lists(
    st.builds(
        Movement, st.sampled_from([*CAME, *GONE, "lost"]), st.just(1), st.integers(0, 50).map(Decimal), st.just("KGM"),
        st.just(True), st.just(0),
    ),
    max_size=12,
)  # fmt: skip
COLUMNS = (*TOLD, "held", "unaccounted")


def _only(columns: StockColumns, name: str) -> Decimal:
    (one,) = getattr(columns, name)
    assert one.low == one.high
    return one.low


@given(EXACT)
def test_what_came_is_what_is_gone_or_held_or_not_accounted_for(movements: list[Movement]) -> None:
    """Where every amount is said and sure: came = gone + held + unaccounted, and nothing held is negative."""
    columns = columns_of(movements, units_of(movements), certain=True)
    came = sum(_only(columns, name) for name in CAME)
    gone = sum(_only(columns, name) for name in GONE)
    assert came == gone + _only(columns, "held") + _only(columns, "unaccounted")
    assert _only(columns, "held") >= 0


@given(MOVEMENTS)
def test_every_range_is_a_range(movements: list[Movement]) -> None:
    """No low is above its high, and every column has one range a unit, the same units in each."""
    columns = columns_of(movements, units_of(movements), certain=True)
    units = [q.uom for q in columns.held]
    for name in COLUMNS:
        ranges = getattr(columns, name)
        assert [q.uom for q in ranges] == units
        assert all(q.high is None or q.low <= q.high for q in ranges)
    assert len(set(units)) == len(units)


@given(MOVEMENTS)
def test_of_a_possible_site_nothing_is_sure(movements: list[Movement]) -> None:
    """Where a site is only possible, the low of what came, left or is held there is zero."""
    columns = columns_of(movements, units_of(movements), certain=False)
    assert all(q.low == 0 for name in (*TOLD, "held") for q in getattr(columns, name))


@given(MOVEMENTS, st.sets(st.integers(0, 5)))
def test_no_more_is_affected_than_was_there(movements: list[Movement], touched: set[int]) -> None:
    """Of each column at most what was there is affected, and it never narrows the column."""
    columns = columns_of(movements, units_of(movements), certain=True)
    affected = affected_of(movements, columns, lambda movement: movement.target in touched)
    for name in TOLD:
        for whole, part in zip(getattr(columns, name), getattr(affected, name), strict=True):
            assert part.low == 0
            assert whole.high is None or (part.high is not None and part.high <= whole.high)


@given(EXACT)
def test_what_left_affected_came_affected(movements: list[Movement]) -> None:
    """No more can have left affected than came affected."""
    columns = columns_of(movements, units_of(movements), certain=True)
    affected = affected_of(movements, columns, lambda movement: movement.column in GONE)
    assert all(q.high == 0 for name in GONE for q in getattr(affected, name))


def test_units_of_one_dimension_are_one_range() -> None:
    """Grams and kilograms are one range in the unit said first; pieces are another."""
    movements = [
        Movement("received", 1, Decimal(2), "KGM", True, 0),
        Movement("sold", 1, Decimal(500), "GRM", True, 0),
        Movement("received", 1, Decimal(7), "EA", True, 0),
    ]
    columns = columns_of(movements, units_of(movements), certain=True)
    assert [(q.low, q.high, q.uom) for q in columns.received] == [(2, 2, "KGM"), (7, 7, "EA")]
    assert columns.sold[0].high == Decimal("0.5")
    assert columns.held[0].high == Decimal("1.5")


def test_an_amount_that_is_not_said_has_no_high() -> None:
    """What came by an unknown amount is between nothing and who knows; so is what is held."""
    columns = columns_of([Movement("received", 1, None, None, True, 0)], [None], certain=True)
    assert [(q.low, q.high) for q in columns.received] == [(0, None)]
    assert [(q.low, q.high) for q in columns.held] == [(0, None)]


def test_what_came_back_in_one_way_or_another_came_once() -> None:
    """Where no record tells whether goods were received or returned, each column may have them; held are they once."""
    movements = [Movement("received", 1, Decimal(5), "KGM", True, 0, instead="returned")]
    columns = columns_of(movements, ["KGM"], certain=True)
    assert [(q.low, q.high) for q in (*columns.received, *columns.returned)] == [(0, 5), (0, 5)]
    assert _only(columns, "held") == 5


def test_what_was_there_where_the_answer_begins_can_be_affected() -> None:
    """Goods of the seeds that did not come, but were there (a load packed there), can be held: so much."""
    movements = [Movement("received", 1, Decimal(9), "KGM", True, 0)]
    columns = columns_of(movements, ["KGM"], certain=True)
    begun = [Movement(BEGUN, 1, Decimal(2), "KGM", False, 1)]
    affected = affected_of(movements, columns, lambda m: m.target == 1, begun)
    assert [(q.low, q.high) for q in (*affected.received, *affected.held)] == [(0, 0), (0, 2)]


def test_what_left_without_having_come_is_below_zero() -> None:
    """More left than is recorded to have come: nothing is held, and the difference is not accounted for."""
    movements = [Movement("received", 1, Decimal(2), "KGM", True, 0), Movement("sold", 1, Decimal(5), "KGM", True, 0)]
    columns = columns_of(movements, units_of(movements), certain=True)
    assert _only(columns, "held") == 0
    assert _only(columns, "unaccounted") == -3


@given(EXACT, EXACT)
def test_sums_are_column_by_column(one: list[Movement], other: list[Movement]) -> None:
    """The sum of stocks is the sum of each column; a stock that several places have counts at each."""
    stock, rest = (columns_of(told, units_of(told), certain=True) for told in (one, other))
    columns = [stock, rest, stock]
    summed = total(columns)
    for name in COLUMNS:
        known = [q.low for stock in columns for q in getattr(stock, name)]
        assert sum(q.low for q in getattr(summed, name)) == sum(known)
