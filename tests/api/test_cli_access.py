"""`suyuan access`."""

from __future__ import annotations

import pytest

from tests.api.conftest import Suyuan

CAN = "(01)09521103009000(10)CAN-B"
ASKED = ("access", CAN, "--system", "infant_formula", "--market", "trade", "--on", "2017-08-20")


def test_the_verdict_and_its_reasons_are_printed(loaded: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict at the head, then a table of what is met and what is not."""
    monkeypatch.setenv("COLUMNS", "300")
    shown = loaded(*ASKED).out
    assert shown.startswith("CAN-B: hold, by 流通与零售 Trade and retail on 2017-08-20\n")
    assert "not met  test" in shown
    assert "no record that counts of Factory test" in shown


def test_the_answer_is_documented_json(loaded: Suyuan) -> None:
    """Every reason with its item and events."""
    told = loaded(*ASKED, "--json").json
    assert (told["verdict"], told["market"]["id"], told["day"]) == ("hold", "trade", "2017-08-20")
    assert all({"kind", "demand", "met", "item", "site", "events", "text"} == set(one) for one in told["reasons"])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((*ASKED[:2], "--market", "trade"), "its code does not tell of which product system it is"),
        ((*ASKED[:4], "--market", "bazaar"), "infant_formula has no market 'bazaar'"),
        ((*ASKED[:6], "--on", "soon"), "'soon' is no day"),
        (("access", "(01)09521103009000(10)CAN-Z", *ASKED[2:]), "no event up to position"),
    ],
)
def test_what_is_not_there_is_refused(arguments: tuple[str, ...], what: str, loaded: Suyuan) -> None:
    """In one line, without a traceback."""
    ran = loaded(*arguments)
    assert ran.code == 1
    assert what in ran.err
    assert "Traceback" not in ran.err
