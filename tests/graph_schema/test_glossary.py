"""Every noun of the schema is explained in the glossary."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

import pytest

from graph_schema.event import EventType
from graph_schema.flow_graph import FlowKind, Grade, VertexKind
from graph_schema.identifiers import Kind
from graph_schema.steps import Effect, Ending

GLOSSARY = Path(__file__).parent.parent.parent / "docs" / "glossary.md"


def words_explained() -> set[str]:
    """The words in the first column of a table or in bold, and the event types."""
    text = GLOSSARY.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+?) \|", text, flags=re.MULTILINE)
    bold = re.findall(r"\*\*([^*]+)\*\*", text)
    types = re.findall(r"\b[A-Z]\w+Event\b", text)
    return {word.strip() for row in rows for word in row.split(",")} | set(bold) | set(types)


@pytest.mark.parametrize(
    "noun",
    [noun for nouns in (EventType, Grade, VertexKind, FlowKind, Effect, Ending) for noun in nouns],
    ids=str,
)
def test_every_noun_is_explained(noun: Enum) -> None:
    """Each member of the schema's enumerations has a line or a bold word of its own."""
    word = noun.value if isinstance(noun.value, str) else noun.name.lower().replace("_", " ")
    assert word in words_explained()


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_every_kind_of_thing_is_explained(kind: Kind) -> None:
    """Each kind of thing that a key can name has a line of its own."""
    assert kind.value.replace("_", " ") in words_explained()
