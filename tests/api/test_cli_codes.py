"""National codes as seeds: every command takes a code as it is printed, and tells what it tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.conftest import Suyuan
from tests.api.story import load_story

RUN = "4170901A00001-00100"
KEY = f"urn:suyuan:code:civil_explosives.detonator_code:{RUN}"


@pytest.fixture
def story(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """The command line over a story whose goods are named by their own codes."""
    return load_story(suyuan, tmp_path, "civil_explosives")


@pytest.mark.parametrize(
    "command",
    [
        ("trace", "forward", "{}"),
        ("recall", "scope", "{}"),
        ("path", "{}", "site:https://example.org/site/depot-U"),
        ("fitted", "{}", "--on", "2017-09-10"),
        ("responsibility", "{}"),
    ],
    ids=lambda command: command[0],
)
def test_a_printed_code_is_a_seed_of_every_command(story: Suyuan, command: tuple[str, ...]) -> None:
    """The answer is that of its key."""
    printed, keyed = (story(*(part.format(seed) for part in command), "--json") for seed in (RUN, KEY))
    assert (printed.code, keyed.code) == (0, 0)
    assert printed.json == keyed.json


@pytest.mark.parametrize("command", [("trace", "back"), ("recall", "scope"), ("responsibility",)], ids=" ".join)
def test_an_unknown_code_is_refused_with_what_was_tried(story: Suyuan, command: tuple[str, ...]) -> None:
    """The schemes of which it has the form, those first that not any text fits."""
    ran = story(*command, "81234560000000000001")
    assert ran.code == 1
    assert "no record names '81234560000000000001'" in ran.err
    assert "as a code of drug.drug_trace_code" in ran.err


@pytest.mark.parametrize("code", ["6901234567893", "(01)06901234567893(10)BX-1"])
@pytest.mark.parametrize(
    "command",
    [
        ("trace", "back", "{}"),
        ("recall", "scope", "{}"),
        ("responsibility", "{}"),
        ("access", "{}", "--system", "agri_edible", "--market", "market"),
    ],
    ids=lambda command: command[0],
)
def test_a_wrong_check_digit_is_named(story: Suyuan, command: tuple[str, ...], code: str) -> None:
    """Not passed over for a certificate that has any form."""
    ran = story(*(part.format(code) for part in command))
    assert ran.code == 1
    assert "check digit" in ran.err
