"""The files of the product systems, as they are shipped and as others may write them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from graph_schema.profiles import Profiles, load_profiles, profiles
from graph_schema.profiles.loading import COMMON, SYSTEMS, load_common


def text_of(name: str) -> str:
    """The file of a system."""
    return SYSTEMS.joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def write(folder: Path, name: str, text: str) -> None:
    """A file of a system."""
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_every_system_of_the_paper_and_the_other_foods_are_there() -> None:
    """Twenty-four files, each checked when it is read, each named as its file."""
    assert len(profiles().names()) == 24
    assert {file.name for file in SYSTEMS.iterdir()} == {f"{name}.yaml" for name in profiles().names()}


def test_every_label_is_there_in_both_languages() -> None:
    """Systems, stages, subjects, goods, codes and events are called in Chinese and in English."""
    for profile in profiles().latest():
        codes = profiles().schemes(profile)
        for part in (profile, *profile.stages, *profile.subjects, *profile.items, *profile.events, *codes):
            assert part.label_zh
            assert part.label_en.isascii()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Profiles:
    """All systems, and a copy of each under another name."""
    folder = tmp_path_factory.mktemp("copies")
    for name in profiles().names():
        write(folder, f"{name}_copy", text_of(name).replace(f"profile: {name}\n", f"profile: {name}_copy\n", 1))
    return load_profiles(SYSTEMS, folder)


@pytest.mark.parametrize("name", profiles().names())
def test_a_renamed_copy_is_the_same_system(name: str, copied: Profiles) -> None:
    """Nothing but its name tells a copy from what it was copied from: the program knows none by name."""
    (one,), (other,) = copied.versions(name), copied.versions(f"{name}_copy")
    assert msgspec.structs.replace(other, profile=name) == one
    assert [code.label_en for code in copied.schemes(one)] == [code.label_en for code in copied.schemes(other)]


def test_no_system_is_named_in_the_program() -> None:
    """No module of the program holds the name of a system as a word of its own."""
    root = Path(__file__).parents[2]
    distinct = [name for name in profiles().names() if "_" in name]
    for package in ("graph_schema", "loaders", "engine", "api"):
        for file in (root / package).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            assert [name for name in distinct if f'"{name}"' in source] == [], file


def test_a_version_acts_from_its_day(tmp_path: Path) -> None:
    """The day before, the former version acts; on the day and after, the new one."""
    later = text_of("other_food").replace("version: 1", "version: 2\nvalid_from: '2026-07-01'", 1)
    write(tmp_path, "other_food@2026-07-01", later)
    write(tmp_path, "other_food", text_of("other_food"))
    systems = load_profiles(tmp_path)
    acting = [systems.on("other_food", day) for day in ("2026-06-30", "2026-07-01", "2027-01-01")]
    assert [each.version for each in acting if each] == [1, 2, 2]
    assert [each.version for each in systems.all_on("2026-06-30")] == [1]
    assert [each.version for each in systems.latest()] == [2]


def test_a_system_with_a_first_day_is_not_there_before(tmp_path: Path) -> None:
    """Before its first version a system does not act at all."""
    text = text_of("other_food").replace("profile: other_food", "profile: tofu\nvalid_from: '2026-07-01'", 1)
    write(tmp_path, "tofu@2026-07-01", text)
    systems = load_profiles(tmp_path)
    assert systems.on("tofu", "2026-06-30") is None
    assert systems.on("tofu", "2026-07-01") is not None
    assert systems.on("nothing", "2026-07-01") is None
    assert systems.all_on("2026-06-30") == []


def test_what_all_share_is_read_with_its_marks() -> None:
    """Seventeen departments, and an algorithm that was not found stays unknown."""
    common = load_common(COMMON.read_text(encoding="utf-8"))
    assert len(common.departments) == 17
    assert common.identifiers["vin"].never_refuse
    assert common.check_algorithms["unknown"].status is None
    assert set(common.kde_core) <= set(common.kde)
