"""Files of profiles: what is no file of one, whatever it says, is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_schema.errors import InvalidProfile
from graph_schema.profiles.loading import SYSTEMS, load_profiles
from tests.systems.refused import NAME, TEXT, line_of, refused
from tests.systems.test_profiles import text_of


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """On the line where it stands again."""
    (told,) = refused(tmp_path, TEXT.replace("  register: ", "  register: nobody\n  register: "))
    assert told == f"{NAME}.yaml:{line_of(TEXT, '  register: ') + 1}: `register` stands twice [a key stands once]"


def test_an_alias_is_refused(tmp_path: Path) -> None:
    """With aliases a short file can be of any size."""
    text = TEXT.replace("standards: [", "standards: &some [").replace("hazards: [", "hazards: *some # [")
    (told,) = refused(tmp_path, text)
    assert "an alias stands here" in told


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    """With the line where it breaks."""
    (told,) = refused(tmp_path, TEXT.replace("lead: [fda]", "lead: [fda"))
    assert told.startswith(f"{NAME}.yaml:{line_of(TEXT, 'lead: [fda]') + 1}:")


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 300_000, "a: " + "{a: " * 50 + "}" * 50, "? [a, b]\n: 1", "a: !!bool maybe", "a: !!int x",
        "a: \0", 'a: "\\ud800"', "a: " + "9" * 5_000,
    ],
    ids=["deep", "deep maps", "a list as key", "no truth", "no number", "a control character", "half a sign", "long"],
)  # fmt: skip
def test_yaml_that_would_break_a_reader_is_refused(text: str, tmp_path: Path) -> None:
    """However deep or odd, it is refused with its line."""
    (told,) = refused(tmp_path, text)
    assert told.startswith(f"{NAME}.yaml:1: ")


@pytest.mark.parametrize("text", ["", "- a list", "42", "null"])
def test_what_is_no_profile_is_refused(text: str, tmp_path: Path) -> None:
    """An empty file, a list or a number is no profile."""
    (told,) = refused(tmp_path, text)
    assert told.startswith(f"{NAME}.yaml:1: ")


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    """A system is called as its file."""
    (told,) = refused(tmp_path, TEXT, "beancurd")
    assert told == "beancurd.yaml:1: the file is called beancurd.yaml [it is called tofu.yaml]"


def test_a_version_is_called_by_its_day(tmp_path: Path) -> None:
    """A later version stands beside the former, under its date."""
    (told,) = refused(tmp_path, TEXT.replace("version: 1", "version: 2\nvalid_from: '2026-07-01'"))
    assert "[it is called tofu@2026-07-01.yaml]" in told


def test_a_system_that_is_there_already_is_refused(tmp_path: Path) -> None:
    """One's own file does not silently take the place of ours."""
    (told,) = refused(tmp_path, text_of("other_food"), "other_food", SYSTEMS)
    assert "other_food.yaml is there already" in told


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file in another encoding is refused with its line."""
    (tmp_path / f"{NAME}.yaml").write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(InvalidProfile, match=r"tofu\.yaml:3: it is not UTF-8"):
        load_profiles(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """A megabyte is more than any system needs."""
    (told,) = refused(tmp_path, TEXT + "# \n" * 400_000)
    assert "bytes" in told
