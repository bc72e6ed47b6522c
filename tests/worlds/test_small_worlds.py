"""Minimal worlds, each a trap that a plausible rule falls into, with the answers wanted; read where they lie."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.generate.record import BEGIN
from api.generate.truth import Seed
from graph_schema.identifiers import canonical_key
from tests.conftest import REPOSITORY
from tests.worlds.engine_tracer import engine
from tests.worlds.reading import read_events
from tests.worlds.tracer import Ask, Direction, Found

CORPORA = Path(os.environ.get("SUYUAN_CORPORA", REPOSITORY.parent / "shared" / "corpora"))
FILE = CORPORA.parent / "small-worlds.yaml"

Tree = dict[str, Any]


def _questions() -> list[Any]:
    """Every question of every world, named by both; none where the file is not there."""
    worlds: list[Tree] = yaml.safe_load(FILE.read_text("utf-8")) if FILE.is_file() else []
    return [
        pytest.param(world["events"], question, id=f"{world['world']} ({number})")
        for world in worlds
        for number, question in enumerate(world["questions"], start=1)
    ]


@pytest.mark.corpora
@pytest.mark.parametrize(("events", "question"), _questions())
def test_small_world_is_answered_as_written(events: list[Tree], question: Tree) -> None:
    """What is certain and what is possible are the items and sites that the world's author drew."""
    answer = engine(read_events(events)).trace(_ask(question))
    assert _shown(answer.certain) == _wanted(question["certain"])
    assert _shown(answer.possible) == _wanted(question["possible"])


def _ask(question: Tree) -> Ask:
    direction: Direction = "forward" if "forward" in question else "back"
    site = canonical_key(question["at"]) if "at" in question else None
    seed = Seed(canonical_key(question[direction]), site, _minute(question, "since"), _minute(question, "until"))
    return Ask(seed, direction)


def _minute(question: Tree, bound: str) -> int | None:
    if bound not in question:
        return None
    return int((datetime.fromisoformat(question[bound]) - BEGIN).total_seconds()) // 60


def _shown(found: Found) -> tuple[set[str], set[str]]:
    return set(found.items), set(found.sites)


def _wanted(answer: Tree) -> tuple[set[str], set[str]]:
    return {canonical_key(i) for i in answer["items"]}, {canonical_key(s) for s in answer["sites"]}
