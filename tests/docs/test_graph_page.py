"""docs/neo4j.md names the words of the graph as `graph_schema.property_graph` has them."""

from __future__ import annotations

import runpy
from pathlib import Path

from graph_schema.flow_graph import VertexKind
from graph_schema.property_graph import LABELS, RELATIONSHIPS, SITE_ROLES, VERTEX_LABELS, item_labels, role_labels

DOCS = Path(__file__).parents[2] / "docs"
TABLES = runpy.run_path(str(DOCS / "graph_tables.py"))


def test_the_tables_are_those_of_the_schema(tmp_path: Path) -> None:
    """Making them again gives the committed page (else: make graph-page)."""
    page = (DOCS / "neo4j.md").read_text("utf-8")
    copy = tmp_path / "neo4j.md"
    copy.write_text(page.replace(TABLES["tables"](), "what was there before"), "utf-8")
    assert copy.read_text("utf-8") != page
    TABLES["write_page"](copy)
    assert copy.read_text("utf-8") == page


def test_a_word_stands_on_others_that_are_there() -> None:
    """What a label is beside, the ends of relationships, and labels by kind and role are labels."""
    named = {told.beside for told in LABELS.values()} - {None}
    named |= {end for told in RELATIONSHIPS.values() for ends in told.ends for end in ends}
    assert named | set(VERTEX_LABELS.values()) | set(SITE_ROLES) <= set(LABELS)
    assert {LABELS[label].beside for label in SITE_ROLES} == {"Site"}


def test_kinds_and_roles_give_labels() -> None:
    """By key, and by the words of master data in any spelling; what is no word for one gives none."""
    assert VERTEX_LABELS[VertexKind.ENDING] == "Ending"
    assert item_labels("https://id.gs1.org/01/09521103009000/10/CAN-B") == ("Batch",)
    assert item_labels("https://id.gs1.org/00/095211030000000175") == ("LogisticUnit",)
    assert item_labels("urn:example:crate") == ()
    assert role_labels(["https://example.com/roles#ColdStore", "cold_store", "Retailer", "milk station"]) == [
        "Storage", "Seller",
    ]  # fmt: skip
