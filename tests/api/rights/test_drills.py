"""A drill tells everybody's lots: it is for who sees all, and a department's regulator is told what that supervises."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.drill import shown_to
from api.principals import Principal, Role, check_may_drill
from engine.coverage.measured import By
from graph_schema.errors import Forbidden
from graph_schema.profiles import profiles
from tests.api.rights.conftest import ENTERPRISES, Ask
from tests.drill.drilling import drill_from
from tests.drill.test_drill import REGISTER
from tests.systems.test_stories import told

DRILL = '{ drill(system: "%s", seed: "041117") { candidates samples { id } } }'


def test_a_regulator_drills(ask: Ask) -> None:
    """And is told the lots of everybody."""
    assert ask("regulator").data(DRILL % "infant_formula")["drill"]["candidates"] > 0


@pytest.mark.parametrize("name", [*ENTERPRISES, "consumer"])
def test_who_does_not_see_all_does_not_drill(name: str, ask: Ask) -> None:
    """Whether or not there is such a system, the answer is one."""
    answers = [ask(name).post(DRILL % system).json() for system in ("infant_formula", "potions")]
    assert answers[0] == answers[1]
    assert [error["extensions"]["code"] for error in answers[0]["errors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize("role", Role)
def test_whoever_sees_all_may_drill(role: Role) -> None:
    """They may trace each of the lots anyway."""
    who = Principal(name="somebody", role=role)
    if who.sees_all:
        check_may_drill(who)
        return
    with pytest.raises(Forbidden):
        check_may_drill(who)


def test_without_users_whoever_reaches_the_server_drills() -> None:
    """As they may ask all."""
    check_may_drill(None)


def test_a_department_is_told_what_it_supervises(tmp_path: Path) -> None:
    """Measures, parts and the list are of its own licences; the digest is of the whole drill, to compare it by."""
    found = drill_from(told("infant_formula").events, tmp_path, REGISTER)
    who = Principal(name="somebody", role=Role.REGULATOR, department="农经委")
    shown = shown_to(who, found, profiles())
    assert shown.total().samples == len(shown.samples()) == 2
    assert {part.key for part in shown.parts(By.DEPARTMENT)} == {"aec"}
    assert {one.role for sample in shown.samples() if (one := shown.licence(sample)) is not None} == {"milk_station"}
    assert shown.samples(By.DEPARTMENT, "fda") == []
    assert shown_to(None, found, profiles()).total().samples == 8
