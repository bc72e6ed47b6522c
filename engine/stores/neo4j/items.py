"""Items in the picture. In: a session. Out: labels by kind on those that have none."""

from __future__ import annotations

from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from graph_schema.property_graph import ITEM_LABELS, item_labels

_CYPHER = load_queries(__package__, "items.cypher")


def label_items(session: Session) -> None:
    """Label what was drawn without its kind."""
    labels = list(ITEM_LABELS.values())
    found = [(key, item_labels(key)) for (key,) in session.rows(_CYPHER["without_label"], labels=labels)]
    session.run_many(_CYPHER["label_items"], [{"id": key, "labels": told} for key, told in found if told])
