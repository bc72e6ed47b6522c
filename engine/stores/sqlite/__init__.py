"""The embedded store: one SQLite file for one machine and the first minute (design §5).

`open_store` opens it.
"""

from engine.stores.sqlite.store import SqliteStore, open_store

__all__ = ["SqliteStore", "open_store"]
