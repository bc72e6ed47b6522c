"""docs/gaps.md tells every kind of gap that the engine emits, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKERS = {"Gap", "_gap", "gap", "AnswerGap"}
PAGE = (ROOT / "docs" / "gaps.md").read_text(encoding="utf-8")


def kinds_told() -> set[str]:
    """The kinds in the tables of the page."""
    return set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE))


def kinds_made() -> dict[str, set[str]]:
    """By kind, the modules that emit it."""
    made: dict[str, set[str]] = {}
    for path in (ROOT / "engine").rglob("*.py"):
        for kind in _kinds_of(ast.parse(path.read_text(encoding="utf-8"))):
            made.setdefault(kind, set()).add(path.name)
    return made


def _kinds_of(module: ast.Module) -> Iterator[str]:
    """What the first argument of each gap made in a module can be; one handed on from elsewhere counts there."""
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        made_by = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if made_by not in MAKERS or not call.args:
            continue
        first = call.args[0]
        named = constants.get(first.id, first) if isinstance(first, ast.Name) else first
        if isinstance(named, ast.Constant):
            yield str(named.value)
        else:
            handed_on = isinstance(named, (ast.Name, ast.Attribute))
            assert handed_on, f"line {call.lineno}: a kind of gap is a word of its own: {ast.unparse(first)}"


def test_every_kind_of_gap_is_told() -> None:
    """A kind that the builder or a question emits has a row in the page, and a row stands for one that is emitted."""
    made = kinds_made()
    assert len(made) >= 11
    assert {kind: where for kind, where in made.items() if kind not in kinds_told()} == {}
    assert kinds_told() - set(made) == set()


def test_every_row_says_what_to_do() -> None:
    """Each row has a meaning and a sentence that says what a person can do."""
    rows = re.findall(r"^\| `[a-z_]+` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == len(kinds_told())
    assert all(len(meaning) > 40 and len(deed) > 40 for meaning, deed in rows)
