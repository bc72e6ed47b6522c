"""`suyuan lookup`: what the public is told, on the command line."""

from __future__ import annotations

from tests.api.conftest import Suyuan

LOT = "(01)09521103009000(10)CAN-B"


def test_a_code_is_told_as_the_public_is_told_it(loaded: Suyuan) -> None:
    """The product, the lot, the recall status; nothing of who has it."""
    ran = loaded("lookup", LOT)
    assert ran.code == 0
    for text in ("婴儿配方奶粉 Infant formula", "CAN-B", "Recall status", "none"):
        assert text in ran.out
    assert "贝贝" not in ran.out


def test_a_scheme_is_named_in_both_languages(loaded: Suyuan) -> None:
    """As the fields are, under heads that say which is which."""
    shown = loaded("lookup", "81234560123456789012", "--system", "drug").out
    assert "药品追溯码 Drug trace code" in shown
    assert "" not in shown.splitlines()
    assert {"Chinese", "English"} <= set(shown.split())


def test_a_lot_that_there_is_not_is_told_the_same(loaded: Suyuan) -> None:
    """But for its number."""
    assert loaded("lookup", LOT.replace("CAN-B", "CAN-9")).out == loaded("lookup", LOT).out.replace("CAN-B", "CAN-9")


def test_a_wrong_check_digit_is_told_in_both_languages(loaded: Suyuan) -> None:
    """And no recall status, which would be that of nothing."""
    for code in ("6901234567893", "(01)06901234567893(10)CAN-B"):
        shown = loaded("lookup", code).out
        assert "校验位不符,请重新输入。The check digit is wrong: read the code again." in shown
        assert "Recall status" not in shown
        assert "三品一标" not in shown


def test_json_has_every_reading(loaded: Suyuan) -> None:
    """A text of twenty digits has the form of many codes; a system narrows them."""
    many = loaded("lookup", "81234560123456789012", "--json").json["readings"]
    (one,) = loaded("lookup", "81234560123456789012", "--system", "drug", "--json").json["readings"]
    assert len(many) > 5
    assert one["systems"] == ["drug"]
    assert {field["id"] for field in one["fields"]} >= {"product", "lot", "mah_name"}


def test_what_is_no_code_is_told_so(loaded: Suyuan) -> None:
    """A text that no scheme reads; a system that there is not."""
    assert "No code scheme has this form" in loaded("lookup", "奶").out
    refused = loaded("lookup", "1", "--system", "tofu")
    assert refused.code == 1
    assert "no product system" in refused.err
