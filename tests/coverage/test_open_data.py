"""Open data: rates of groups that are large enough, and none that would tell of one that is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.open_data import open_data
from engine.capture import capture
from engine.coverage.columns import Noting
from engine.coverage.following import RecordFollower
from engine.coverage.measured import Asked, measure
from engine.coverage.open_data import OpenRates, open_rates
from engine.coverage.register import read_register
from engine.ledger import Capture
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidInput
from graph_schema.licence import KIND, Licence
from graph_schema.profiles import profiles
from tests.coverage.dairy_days import SYSTEM, days
from tests.worlds.reading import read_events

SMALLEST = 3


def licences(**areas: int) -> list[Licence]:
    """So many holders in each area; `_` in its name parts it from what it lies in."""
    return [
        Licence(system=SYSTEM, role="retailer", number=f"{area}-{number}", area=area.replace("_", "/"))
        for area, count in areas.items()
        for number in range(count)
    ]


def told(folder: Path, register: list[Licence]) -> OpenRates:
    """What is open of the days of the dairy, under a register."""
    store = open_store(str(folder / "s.db"))
    capture(
        store, read_events(days()), Capture("", "j", "s", 0), [(one.key, KIND, one.attributes()) for one in register]
    )
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        known = read_register(snapshot.masters, SYSTEM, "2026-03-01", "2026-03-31")
        coverage = measure(records, known, profiles(), Asked(SYSTEM, date(2026, 3, 31), date(2026, 3, 1)))
    store.close()
    return open_rates(coverage, SMALLEST)


@pytest.mark.parametrize(
    ("areas", "open_areas"),
    [
        ({"east": 3, "west": 3}, ["", "east", "west"]),
        ({"east": 2}, []),
        # The whole less east and north would tell of west: north, the smaller, is withheld as well.
        ({"east": 4, "north": 3, "west": 1}, ["", "east"]),
        ({"east": 4, "north": 3, "west": 3}, ["", "east", "north", "west"]),
        ({"zone_east": 3, "zone_west": 1, "town": 4}, ["", "town", "zone"]),
        ({"zone_east": 3, "zone_west": 3, "town": 1}, [""]),
    ],
)
def test_no_group_is_told_that_is_small_or_tells_of_one(
    areas: dict[str, int], open_areas: list[str], tmp_path: Path
) -> None:
    """Nor by subtraction from what it lies in."""
    found = told(tmp_path, licences(**areas))
    assert [one.area for one in found.rates if one.measure == "reporting_rate"] == open_areas
    assert all(one.holders >= SMALLEST for one in found.rates)


def test_a_measure_to_which_few_add_is_withheld(tmp_path: Path) -> None:
    """Nobody of these reports: of their events nothing is told, though the group is large."""
    found = told(tmp_path, licences(east=9))
    assert {one.measure for one in found.rates} == {"reporting_rate"}
    assert found.withheld


@pytest.mark.parametrize(("month", "reason"), [("2026-13", "no month"), ("9999-01", "not over"), ("x", "no month")])
def test_a_month_that_is_not_over_is_refused(month: str, reason: str, tmp_path: Path) -> None:
    """From day to day, what one records could be told from what others do."""
    store = open_store(str(tmp_path / "s.db"))
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        with pytest.raises(InvalidInput, match=reason):
            open_data(records, snapshot, SYSTEM, month, profiles())
    store.close()


def test_the_smallest_group_is_that_of_common_yaml_and_proposed(tmp_path: Path) -> None:
    """It is told with its mark."""
    store = open_store(str(tmp_path / "s.db"))
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        found = open_data(records, snapshot, SYSTEM, "2026-03", profiles())
    store.close()
    assert (found.smallest_group, found.status) == (profiles().common.open_data.smallest_group, "proposed")
