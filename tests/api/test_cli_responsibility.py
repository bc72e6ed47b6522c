"""`suyuan responsibility`."""

from __future__ import annotations

import pytest

from tests.api.conftest import Suyuan

CAN = "(01)09521103009000(10)CAN-B"


def test_the_subjects_are_printed(loaded: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a table, in the words of the system, the last holders at the head."""
    monkeypatch.setenv("COLUMNS", "500")
    shown = loaded("responsibility", CAN, "--system", "infant_formula").out
    head, *lines = shown.splitlines()
    assert head.startswith("Last recorded holder of CAN-B: 青禾乳业 Qinghe Dairy, 通顺配送")
    (store,) = (line for line in lines if line.startswith("贝贝母婴"))
    for told in ("零售商 Retailer", "通顺配送 Tongshun Distribution", "2017-08-25T07:20:00Z", "has 250 kg"):
        assert told in store
    assert "made of BL-2" in shown


def test_the_answer_is_documented_json(loaded: Suyuan) -> None:
    """Sites, amounts and events by their ids, quantities as texts."""
    told = loaded("responsibility", CAN, "--json").json
    (account,) = told["accounts"]
    assert told["lastHolders"] == [subject["site"] for subject in account["subjects"]]
    assert account["subjects"][2]["held"] == [{"low": "250", "high": "250", "uom": "KGM"}]
    assert account["subjects"][1]["cameFrom"][0]["site"] == account["subjects"][0]["site"]
    assert all(record["event"] for subject in account["subjects"] for record in subject["records"])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["(01)09521103009000(10)CAN-Z"], "no event up to position"),
        (["what is this"], "what is this"),
        (["4170901A00037"], "no record names '4170901A00037'"),
        ([CAN, "--system", "potions"], "there is no product system 'potions'"),
    ],
)
def test_what_is_not_there_is_refused(arguments: list[str], what: str, loaded: Suyuan) -> None:
    """In one line, without a traceback."""
    ran = loaded("responsibility", *arguments)
    assert ran.code == 1
    assert what in ran.err
    assert "Traceback" not in ran.err
