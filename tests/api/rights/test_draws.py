"""Who inspects draws: a draw tells of all lots and subjects, and is for regulators alone."""

from __future__ import annotations

import pytest

from api.principals import Principal, Role, check_may_draw
from graph_schema.errors import Forbidden
from tests.api.rights.conftest import ENTERPRISES, Ask

DRAW = '{ inspectionDraw(system: "%s", seed: "041117") { candidates drawn { id } } }'


def test_a_regulator_draws(ask: Ask) -> None:
    """And is told the lots of everybody."""
    assert ask("regulator").data(DRAW % "infant_formula")["inspectionDraw"]["candidates"] > 0


@pytest.mark.parametrize("name", [*ENTERPRISES, "consumer"])
def test_nobody_else_draws(name: str, ask: Ask) -> None:
    """Whether or not there is such a system, the answer is one."""
    answers = [ask(name).post(DRAW % system).json() for system in ("infant_formula", "potions")]
    assert answers[0] == answers[1]
    assert [error["extensions"]["code"] for error in answers[0]["errors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize("role", Role)
def test_who_sees_all_does_not_draw_for_that(role: Role) -> None:
    """An analyst and a recall coordinator see all, and do not inspect."""
    who = Principal(name="somebody", role=role)
    if role is Role.REGULATOR:
        check_may_draw(who)
        return
    with pytest.raises(Forbidden):
        check_may_draw(who)


def test_without_users_whoever_reaches_the_server_draws() -> None:
    """As they may ask all."""
    check_may_draw(None)
