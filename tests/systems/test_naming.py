"""A product system is meant by its name, or by what people call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_schema.errors import InvalidInput
from graph_schema.profiles import load_profiles, profiles, system_name
from graph_schema.profiles.loading import SYSTEMS
from tests.systems.test_profiles import text_of, write


@pytest.mark.parametrize("profile", profiles().latest(), ids=profiles().names())
def test_a_system_is_called_in_three_ways(profile: object) -> None:
    """By its name, in Chinese and in English, in large letters and small."""
    told = [getattr(profile, field) for field in ("profile", "label_zh", "label_en")]
    names = {system_name(form, profiles()) for one in told for form in (one, f" {one} ", one.upper())}
    assert names == {told[0]}


def test_another_word_is_refused_with_the_names_there_are() -> None:
    """As it was given, shortened."""
    with pytest.raises(InvalidInput, match=r"there is no product system 'potions'.*One of agri_edible, "):
        system_name("potions", profiles())


def test_what_several_are_called_is_refused(tmp_path: Path) -> None:
    """A copy under another name has the label of what it was copied from: which is meant must be said by name."""
    write(tmp_path, "tofu", text_of("dairy").replace("profile: dairy\n", "profile: tofu\n", 1))
    both = load_profiles(SYSTEMS, tmp_path)
    with pytest.raises(InvalidInput, match=r"several product systems are called '乳制品'.*One of dairy, tofu"):
        system_name("乳制品", both)
    assert system_name("tofu", both) == "tofu"
