"""The rule on recalls that holds on a day: classes and limits in force then, each with its mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from graph_schema.profiles import Profiles, load_profiles, profiles, recall_law_on
from graph_schema.profiles.loading import SYSTEMS
from graph_schema.profiles.profile import RecallClass
from graph_schema.profiles.recall_law import recall_laws
from tests.systems.test_profiles import text_of, write


@pytest.mark.parametrize(
    ("day", "limits"),
    [
        ("2022-10-31", ["notify within 24 hours", "notify within 48 hours", "notify within 72 hours"]),
        (
            "2022-11-01",
            [
                "notify within 1 day; report progress every 1 day",
                "notify within 3 days; report progress every 3 days",
                "notify within 7 days; report progress every 7 days",
            ],
        ),
    ],
)
def test_a_rule_of_before_holds_until_the_day_of_the_new_one(day: str, limits: list[str]) -> None:
    """Drugs: 24, 48 and 72 hours up to the last day of October 2022; 1, 3 and 7 days from the first of November."""
    law = recall_law_on("drug", day, profiles())
    assert law is not None
    assert [one.words for one in law.classes] == limits
    assert law.source


def test_every_rule_of_before_holds_on_its_days_alone() -> None:
    """Of each profile that has one: from the day of the former to the day before the present."""
    having = [profile for profile in profiles().latest() if profile.recall.before is not None]
    assert having
    for profile in having:
        now, former = recall_laws(profile)
        assert now.in_force is not None
        assert former.in_force is not None
        assert recall_law_on(profile.profile, former.in_force, profiles()) == former
        assert recall_law_on(profile.profile, now.in_force, profiles()) == now


def test_nothing_is_shown_as_law_before_the_first_rule() -> None:
    """As the profiles of drugs and of goods bought across borders say."""
    assert recall_law_on("drug", "2007-12-09", profiles()) is None
    assert recall_law_on("cross_border", "2026-02-12", profiles()) is None
    assert recall_law_on("cross_border", "2026-02-13", profiles()) is not None
    assert recall_law_on("potions", "2026-02-13", profiles()) is None


def test_a_rule_whose_day_is_not_told_holds_with_its_mark() -> None:
    """Unverified figures are marked so, whatever the rule is."""
    law = recall_law_on("rare_earth", "2017-08-24", profiles())
    assert law is not None
    assert (law.in_force, law.status.marked, law.figures.marked) == (None, "verified", "proposed (unverified)")


def test_what_must_be_done_at_once_is_said_so() -> None:
    """Nought hours are no limit that anybody could keep."""
    law = recall_law_on("toxic_chemical", "2026-05-01", profiles())
    assert law is not None
    assert [one.words for one in law.classes] == ["start at once", "start within 24 hours"]
    assert law.classes[0].when is not None


@pytest.fixture
def changing(tmp_path: Path) -> Profiles:
    """Dairy, and from 2026-06-01 a version of it whose rule comes into force on 2026-07-01."""
    changed = text_of("dairy").replace("in_force: '2015-09-01'", "in_force: '2026-07-01'")
    changed = changed.replace("start_h: 24", "start_h: 12")
    write(tmp_path, "dairy@2026-06-01", changed.replace("label_zh:", "valid_from: '2026-06-01'\nlabel_zh:", 1))
    return load_profiles(SYSTEMS, tmp_path)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-05-31", 24), ("2026-06-01", 24), ("2026-06-30", 24), ("2026-07-01", 12)]
)
def test_a_profile_that_changes_in_the_middle_acts_from_the_day_of_its_rule(
    day: str, hours: int, changing: Profiles
) -> None:
    """The rule of the version before holds until the new one is in force, though the new version acts."""
    law = recall_law_on("dairy", day, changing)
    assert law is not None
    assert law.classes[0].limits[0].within == hours


def test_every_limit_of_a_class_is_told() -> None:
    """A field of a class that is added is told too."""
    fields = {"name": 1, "when": "ever"} | dict.fromkeys(RecallClass.__struct_fields__[2:], 5)
    profile = profiles().latest()[0]
    recall = replace(profile.recall, classes=(RecallClass(**fields),), before=None)  # type: ignore[arg-type]
    (law,) = recall_laws(replace(profile, recall=recall))
    assert len(law.classes[0].limits) == len(RecallClass.__struct_fields__) - 2
