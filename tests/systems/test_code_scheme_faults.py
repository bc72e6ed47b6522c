"""A code scheme of a profile of its own: what is wrong with pattern, example, check or mark is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_schema.profiles.loading import load_profiles
from tests.systems.refused import NAME, TEXT, line_of, refused
from tests.systems.test_profiles import write

OWN = (
    "  - {name: tofu_code, label_zh: 豆腐码, label_en: Tofu code, of: [pack], regex: '^(?P<made>\\d{8})\\d{6}$',"
    " check: calendar, check_group: made, example: '20260704123456', status: proposed}\n"
)
CODE_FAULTS = {
    "an example without the form of its pattern": ("20260704123456", "2026070412345", "the example has not the form"),
    "an example that fails its check": ("20260704123456", "20260734123456", "the example fails its check `calendar`"),
    "a pattern that cannot be read": ("\\d{6}$", "\\d{6}($", "the pattern cannot be read"),
    "a check that is not there": ("check: calendar", "check: guess", "`guess` is no check algorithm"),
    "a group that is not there": ("check_group: made", "check_group: day", "`day` is no named group of the pattern"),
    "a code without a status mark": (", status: proposed", "", "`tofu_code` has no `status`"),
    "a code without an example": ("example: '20260704123456', ", "", "`tofu_code` has no `example`"),
    "a way to name it that GS1 has not": (
        "status: proposed",
        "status: proposed, gs1: barcode",
        "`barcode` is no way to name it",
    ),
    "a run that counts on what a code does not end in": (
        "status: proposed",
        "status: proposed, run: made",
        "no code ends in `made`",
    ),
    "another code that is not there": ("status: proposed", "status: proposed, alt_ref: qr", "`qr` is no code scheme"),
}


@pytest.mark.parametrize("kind", CODE_FAULTS)
def test_a_fault_of_a_code_is_refused(kind: str, tmp_path: Path) -> None:
    """A code scheme of the profile's own: pattern, example, check, mark."""
    right, wrong, reason = CODE_FAULTS[kind]
    text = TEXT.replace("stages:\n", OWN + "stages:\n", 1)
    line = line_of(text, "name: tofu_code")
    (told,) = refused(tmp_path, text.replace(OWN, OWN.replace(right, wrong)))
    assert told.startswith(f"{NAME}.yaml:{line}: ")
    assert reason in told


def test_the_code_is_right_without_a_fault(tmp_path: Path) -> None:
    """What the faults are made from is a profile."""
    write(tmp_path, NAME, TEXT.replace("stages:\n", OWN + "stages:\n", 1))
    assert load_profiles(tmp_path).names() == [NAME]
