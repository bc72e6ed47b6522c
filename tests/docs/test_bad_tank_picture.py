"""The picture in docs/neo4j.md is what Neo4j answers."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from tests.neo4j_server.fixture import AnyServer, connect
from tests.stores.databases import load_outbreak

DOCS = Path(__file__).parents[2] / "docs"
BAD_TANK = runpy.run_path(str(DOCS / "pictures" / "bad_tank.py"))


def test_the_picture_is_what_neo4j_answers(
    neo4j_server: AnyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Asking and drawing again gives the committed picture (else: make pictures), and the page shows it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load_outbreak(neo4j_server)
    with connect(neo4j_server) as driver:
        drawn = BAD_TANK["picture"](BAD_TANK["ask"](driver))
    assert drawn == (DOCS / "pictures" / "bad-tank.svg").read_text("utf-8"), "make pictures, and look at it"
    assert "(pictures/bad-tank.svg)" in (DOCS / "neo4j.md").read_text("utf-8")


def test_names_stand_in_it_in_both_languages() -> None:
    """Lots, and sites in Chinese and English."""
    picture = (DOCS / "pictures" / "bad-tank.svg").read_text("utf-8")
    for name in ("TK-S1", "CAN-B", "青禾乳业", "Qinghe", "贝贝母婴", "Beibei", "FLOWS_TO", "AT"):
        assert f">{name}<" in picture
