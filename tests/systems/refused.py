"""A profile to spoil, and what a spoilt one is refused with. In: its text. Out: the faults that are told."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from graph_schema.errors import InvalidProfile
from graph_schema.profiles.loading import load_profiles
from tests.systems.test_profiles import text_of, write

NAME = "tofu"
TEXT = text_of("other_food").replace("profile: other_food\n", f"profile: {NAME}\n", 1)


def refused(folder: Path, text: str, name: str = NAME, *others: Traversable) -> list[str]:
    """The faults that a file is refused with."""
    write(folder, name, text)
    with pytest.raises(InvalidProfile) as caught:
        load_profiles(*others, folder)
    return caught.value.what.splitlines()


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins."""
    assert text.count(part) == 1, part
    return text[: text.index(part)].count("\n") + 1
