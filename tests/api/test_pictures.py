"""docs/how-it-works.md and its pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "how-it-works.md"


def test_every_rule_is_explained_with_a_picture() -> None:
    """The page has a section and a picture for each of the seventeen rules, in order."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = list(range(1, 18))
    assert [int(number) for number in re.findall(r"^### Rule (\d+)\.", page, re.MULTILINE)] == wanted
    assert [int(number) for number in re.findall(r"\(pictures/rule-(\d\d)\.svg\)", page)] == wanted


def test_pictures_are_what_the_engine_makes(tmp_path: Path) -> None:
    """Making the pictures again gives the committed ones, so that none shows what the engine no longer does."""
    subprocess.run([sys.executable, str(PICTURES / "make.py"), str(tmp_path)], check=True, timeout=120)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.svg")}
    kept = {path.name: path.read_text(encoding="utf-8") for path in PICTURES.glob("rule-*.svg")}
    changed = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert changed == [], "run docs/pictures/make.py, look at these, and keep them if they are right"
