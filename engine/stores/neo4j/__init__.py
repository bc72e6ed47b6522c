"""The Neo4j store: the whole state in one database, for teams, analysts and clusters (design §4 and §5).

`open_store` opens it. The driver is the extra `neo4j`.
"""

from engine.stores.neo4j.store import Neo4jStore, open_store

__all__ = ["Neo4jStore", "open_store"]
