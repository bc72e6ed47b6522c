"""The server's transactions of one write: one; of a write too large for one several, each beyond the mark.

In: a connection. Out: transactions under the ledger's lock. What readers see changes with the last alone, which sets
the mark (rule 17). A part is noted on the node `Unfinished`; a writer who finds it there and nobody at work takes back
what lies beyond the mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from neo4j import Driver, Transaction
from neo4j import Session as Connection

from engine.stores.neo4j.faults import in_our_words
from engine.stores.neo4j.mark import Moment
from engine.stores.neo4j.picture import Picture
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from engine.stores.rows import RowKind
from graph_schema.errors import StoreBusy
from graph_schema.flow_graph import Vertex

_CYPHER = load_queries(__package__, "unfinished.cypher")
_VERTEX = msgspec.msgpack.Decoder(Vertex)
_TAKING_BACK, _TAKEN_BACK = "taking back", "taken back"


LONGEST_WRITE = 3_600.0
"""Seconds that one transaction of a write may take on the server."""


class Noted(NamedTuple):
    """Which write is unfinished, and how many of its parts are committed."""

    token: str
    part: int

    @property
    def taken_back(self) -> bool:
        """Nothing of it is left, but what is derived is to be derived anew."""
        return self.token == _TAKEN_BACK

    @property
    def given_up(self) -> bool:
        """Whoever wrote it learns so before writing more."""
        return self.token in (_TAKING_BACK, _TAKEN_BACK)


class Writing:
    """One write, from the lock to the commit."""

    def __init__(self, connection: Connection, where: str, token: str, lock: Callable[[Transaction], None]) -> None:
        self._connection = connection
        self._where = where
        self._me = Noted(token, 0)
        self._lock = lock
        self.transaction = self._begin()

    def found(self) -> Noted | None:
        """What a write before left unfinished."""
        row = self._ask("look")
        return None if row is None else Noted(*row)

    def next_part(self) -> Transaction:
        """Commit what was written so far, which no reader sees yet, and go on."""
        self._me = self._me._replace(part=self._me.part + 1)
        self._ask("note", **self._me._asdict())
        with in_our_words(self._where):
            self.transaction.commit()
        self.transaction = self._begin()
        if self.found() != self._me:
            raise StoreBusy(
                "another process took this write for broken off", where=self._where, remedy="Repeat: nothing was kept."
            )
        return self.transaction

    def commit(self, *, derived_anew: bool) -> None:
        """The end; `derived_anew`: what a broken write left is mended too."""
        if self._me.part or derived_anew:
            self._ask("finish")
        with in_our_words(self._where):
            self.transaction.commit()

    def close(self) -> None:
        """Let go of the lock; what is not committed is undone."""
        with in_our_words(self._where):
            self.transaction.close()

    def _begin(self) -> Transaction:
        with in_our_words(self._where):
            transaction = self._connection.begin_transaction(metadata={"suyuan": self._me.token}, timeout=LONGEST_WRITE)
        try:
            self._lock(transaction)
        except BaseException:
            transaction.close()
            raise
        return transaction

    def _ask(self, query: str, **parameters: Any) -> tuple[Any, ...] | None:
        return Session(self.transaction, self._where).row(_CYPHER[query], **parameters)


def take_back(driver: Driver, database: str, where: str, mark: Moment) -> None:
    """Remove what lies beyond the mark, while the caller holds the lock. May be broken off and done again."""
    with driver.session(database=database) as connection, in_our_words(where):
        connection.run(_CYPHER["note"], token=_TAKING_BACK, part=0).consume()
        beyond = connection.run(_CYPHER["vertices_beyond"], kind=RowKind.VERTEX.value, mark=mark).values()
        drawn_over = {_VERTEX.decode(content).id for (content,) in beyond}
        for name, query in _CYPHER.items():
            if name.startswith("take_back_") and name != "take_back_vertices":
                connection.run(query, mark=mark).consume()
        with connection.begin_transaction() as transaction:
            _draw_again(Session(transaction, where), drawn_over)
            transaction.commit()
        connection.run(_CYPHER["note"], token=_TAKEN_BACK, part=0).consume()


def _draw_again(session: Session, vertices: set[bytes]) -> None:
    """Vertices as their last remaining row tells them; those without one are gone."""
    last: dict[bytes, tuple[float, bytes, Vertex, int | None]] = {}
    for digest, content, to_seq in session.rows(_CYPHER["vertices_before"], kind=RowKind.VERTEX.value):
        vertex = _VERTEX.decode(content)
        told = (float("inf") if to_seq is None else to_seq, bytes.fromhex(digest), vertex, to_seq)
        if vertex.id in vertices and told > last.get(vertex.id, (-1.0,)):
            last[vertex.id] = told
    gone = [vertex.hex() for vertex in vertices - last.keys()]
    session.run_many(_CYPHER["take_back_vertices"], gone)
    picture = Picture(session)
    picture.draw_vertices({digest: vertex for _, digest, vertex, _ in last.values()})
    for _, digest, _, to_seq in last.values():
        if to_seq is not None:
            picture.close([digest], to_seq)
    session.run(_CYPHER["drop_empty_shipments"])
