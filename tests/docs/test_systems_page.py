"""docs/product-systems.md is what the profiles say."""

from __future__ import annotations

import runpy
from pathlib import Path

from graph_schema.profiles import profiles

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "systems_page.py"))


def test_the_page_is_made_from_the_profiles(tmp_path: Path) -> None:
    """Making it again gives the committed page (else: make systems-page)."""
    copy = tmp_path / "product-systems.md"
    MADE["write_page"](copy)
    assert copy.read_text("utf-8") == (DOCS / "product-systems.md").read_text("utf-8")


def test_every_system_has_its_chapter() -> None:
    """With its quote of the paper, every subject, what is restricted, and every code, each with its mark."""
    page = MADE["page"]()
    for profile in profiles().latest():
        chapter = page.split(f"\n## {profile.profile}\n")[1].split("\n## ")[0]
        assert profile.paper.quote_zh in chapter
        assert all(subject.label_zh in chapter for subject in profile.subjects)
        told = (*profile.visibility.restricted, *profile.visibility.to_site)
        assert all(f"`{element}`" in chapter for element in told)
        assert all(f"| {scheme.status} |" in chapter for scheme in profiles().schemes(profile))
