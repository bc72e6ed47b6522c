"""The words of the property graph that people open (design §4). In: kinds, keys, roles. Out: labels, meanings.

Every label, relationship and property is a line of `property_graph.yaml`; the tables of docs/neo4j.md are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import msgspec
import yaml

from graph_schema.flow_graph import VertexKind
from graph_schema.identifiers import Kind, kind_of_key


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label of nodes."""

    meaning: str
    beside: str | None = None
    """The label that a node of this one has too."""
    properties: dict[str, str] = {}
    """Name → meaning."""


class Relationship(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type of relationships."""

    meaning: str
    ends: list[tuple[str, str]]
    """From which label to which."""
    properties: dict[str, str] = {}
    """Name → meaning."""


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `property_graph.yaml`."""

    labels: dict[str, Label]
    relationships: dict[str, Relationship]
    books: dict[str, str]
    site_roles: dict[str, list[str]]


_FILE = files("graph_schema").joinpath("property_graph.yaml")
_WORDS = msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), _Words)
_REMEMBERED = 100_000

LABELS: Mapping[str, Label] = MappingProxyType(_WORDS.labels)
RELATIONSHIPS: Mapping[str, Relationship] = MappingProxyType(_WORDS.relationships)
BOOKS: Mapping[str, str] = MappingProxyType(_WORDS.books)
"""Labels of the store's own books, which are not for people: name → meaning."""
SITE_ROLES: Mapping[str, list[str]] = MappingProxyType(_WORDS.site_roles)
"""Labels of sites by role: label → the words that mean it."""

VERTEX_LABELS: Mapping[VertexKind, str] = MappingProxyType({kind: kind.name.capitalize() for kind in VertexKind})
ITEM_LABELS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.instance: "Instance",
        Kind.lot: "Batch",
        Kind.class_: "ProductClass",
        Kind.logistic_unit: "LogisticUnit",
    }
)

_LABELS_OF_ROLES = {word: label for label, words in SITE_ROLES.items() for word in words}


@lru_cache(_REMEMBERED)
def item_labels(key: str) -> tuple[str, ...]:
    """The label that an item has beside `Item`; none where its key does not tell."""
    label = ITEM_LABELS.get(kind_of_key(key))
    return () if label is None else (label,)


def line_labels(key: str) -> tuple[str, ...]:
    """The same of an item that has a line: whatever its key, it is a single thing."""
    return item_labels(key) or (ITEM_LABELS[Kind.instance],)


def role_labels(roles: Iterable[str]) -> list[str]:
    """The labels of a site with these roles, each once; what is no word for one gives none."""
    found = (_LABELS_OF_ROLES.get(_word(role)) for role in roles)
    return list(dict.fromkeys(label for label in found if label is not None))


def _word(role: str) -> str:
    """`https://example.com/roles#ColdStore`, `cold_store` → `cold store`."""
    last = re.split(r"[/#:]", role.strip())[-1]
    return re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last)).lower()
