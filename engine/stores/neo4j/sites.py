"""Sites, parties and products in the picture. In: master data. Out: nodes by name, roles as labels, `OPERATES`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engine.stores.neo4j.mark import Moment
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from graph_schema.identifiers import take_identifier
from graph_schema.master_data import Attributes, operator_of, product_name, roles_of, site_name
from graph_schema.property_graph import SITE_ROLES, item_labels, role_labels

_CYPHER = load_queries(__package__, "sites.cypher")


class Sites:
    """Nodes `Site` and `Party`, and the names of products, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def draw(self, masters: Iterable[tuple[str, str, bytes]], seq: Moment) -> None:
        """From a position on these master data (key, kind, attributes as JSON) tell what is so."""
        newest = {key: (kind, msgspec.json.decode(content, type=dict)) for key, kind, content in masters}
        told = {
            wanted: [(key, attributes) for key, (kind, attributes) in newest.items() if kind == wanted]
            for wanted in ("site", "party", "product")
        }
        self._session.run_many(_CYPHER["draw_products"], [_product(*one) for one in told["product"]])
        self._session.run_many(_CYPHER["draw_parties"], [_party(*one) for one in told["party"]])
        sites = [_site(*one) for one in told["site"]]
        self._session.run_many(_CYPHER["draw_sites"], sites, labels=list(SITE_ROLES))
        for query in ("close_operators", "open_operators"):
            self._session.run_many(_CYPHER[query], sites, seq=seq)

    def draw_again(self, seq: Moment) -> None:
        """Draw what all master data tell."""
        self.draw(list(self._session.rows(_CYPHER["newest_masters"])), seq)


def _product(key: str, attributes: Attributes) -> dict[str, Any]:
    return {"id": key, "name": product_name(attributes), "labels": item_labels(key)}


def _party(key: str, attributes: Attributes) -> dict[str, Any]:
    return {"id": key, "name": site_name(attributes)}


def _site(key: str, attributes: Attributes) -> dict[str, Any]:
    roles, operator = roles_of(attributes), operator_of(attributes)
    parties = [] if operator is None else [take_identifier(operator)[0].key]
    return {
        "id": key, "name": site_name(attributes), "roles": roles or None, "labels": role_labels(roles),
        "parties": parties,
    }  # fmt: skip
