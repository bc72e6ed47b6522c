"""docs/product-systems.md is what the profiles say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from graph_schema.profiles import Profile, profiles
from tests.systems.facts import facts_of

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "systems_page.py"))


def test_the_page_is_made_from_the_profiles(tmp_path: Path) -> None:
    """Making it again gives the committed page (else: make systems-page)."""
    copy = tmp_path / "product-systems.md"
    MADE["write_page"](copy)
    assert copy.read_text("utf-8") == (DOCS / "product-systems.md").read_text("utf-8")


def _read(chapter: str) -> str:
    """A chapter as its reader sees it."""
    return chapter.replace("`<br>`", "\n").replace("\\|", "|").replace("&lt;", "<")


@pytest.mark.parametrize("profile", profiles().latest(), ids=profiles().names())
def test_no_fact_of_a_profile_is_left_out(profile: Profile) -> None:
    """Every text and number of it is in its chapter, and what it refers to: code schemes, elements, departments."""
    chapter = _read(MADE["page"]().split(f"\n## {profile.profile}\n")[1].split("\n## ")[0])
    assert [(path, told) for path, told in facts_of(profile) if told not in chapter] == []
