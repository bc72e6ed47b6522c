"""Where stores lie, and the concrete stores. In: a location (`sqlite:PATH`, `neo4j://…`). Out: a store and its index.

A reader needs no right to write, and a store that is not there is an error then, not an empty answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import msgspec

from api.settings import CACHE, WalkedBy, read_settings, store_path
from engine.index import ARRAYS, StoreWalker, Walker
from engine.stores.ports import Store
from engine.stores.sqlite import open_store as open_file
from graph_schema.errors import InvalidInput, StoreError

_DATABASES = ("neo4j", "bolt")
"""What the schemes of databases begin with."""


class Located(msgspec.Struct, frozen=True):
    """An open store, where its index is kept, and who walks."""

    store: Store
    index_folder: Path
    walker: Walker = ARRAYS


def open_location(location: str, environment: Mapping[str, str], *, to_write: bool) -> Located:
    """Open the store of a location; the caller closes it."""
    if location.partition("://")[0].partition("+")[0] in _DATABASES and "://" in location:
        return _database(location, environment, to_write=to_write)
    if read_settings(environment).walk is WalkedBy.CYPHER:
        raise InvalidInput(
            "a file has no walk of its own", where="SUYUAN_WALK=cypher", remedy="Set SUYUAN_WALK=index, or nothing."
        )
    return _file(store_path(location), to_write=to_write)


def _file(file: Path, *, to_write: bool) -> Located:
    if not to_write and not file.exists():
        raise StoreError(
            "There is no store here yet",
            where=str(file),
            remedy="Load events first (suyuan load PATH --store …), or give the store that holds them with --store.",
        )
    return Located(open_file(str(file), read_only=not to_write), file.with_name(f"{file.name}.index"))


def _database(location: str, environment: Mapping[str, str], *, to_write: bool) -> Located:
    if find_spec("neo4j") is None:
        raise InvalidInput(
            "the driver for Neo4j is not installed", where="store", remedy="Install it: pip install 'suyuan[neo4j]'."
        )
    from engine.stores.neo4j import open_store
    from engine.stores.neo4j.address import parse_address

    address = parse_address(location, environment)
    store = open_store(address, read_only=not to_write)
    # A database has no folder: its index is this machine's, by address; another's state there is noticed by its chain.
    name = hashlib.sha256(str(address).encode()).hexdigest()[:16]
    walker = StoreWalker(store.walk()) if read_settings(environment).walk is WalkedBy.CYPHER else ARRAYS
    return Located(store, _cache(environment) / "suyuan" / "index" / name, walker)


def _cache(environment: Mapping[str, str]) -> Path:
    return Path(environment.get(CACHE) or Path.home() / ".cache")
