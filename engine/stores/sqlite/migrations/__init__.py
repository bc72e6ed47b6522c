"""What brings a file from one format to the next. In: formats. Out: the steps between them, in order.

`NNNN_name.sql` brings a file from format NNNN - 1 to NNNN; what it adds and is told by the ledger is filled from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from itertools import islice
from types import MappingProxyType

import apsw

from engine.ledger import Capture, LedgerEntry, unseal
from engine.stores.sqlite.events import note_events
from engine.stores.sqlite.session import Session

Step = Callable[[apsw.Connection], None]
_NOBODY = Capture("", "", "", 0)
_BATCH = 2_000


def steps(after: int, upto: int) -> Iterator[Step]:
    """The steps that bring a file of one format to another."""
    folder = files(__package__)
    by_number = {int(file.name[:4]): file for file in folder.iterdir() if file.name.endswith(".sql")}
    for number in sorted(number for number in by_number if after < number <= upto):
        yield _script(by_number[number].read_text(encoding="utf-8"))
        if number in _FILLED:
            yield _FILLED[number]


def _script(text: str) -> Step:
    def run(connection: apsw.Connection) -> None:
        connection.execute(text)

    return run


def _fill_events(connection: apsw.Connection) -> None:
    """When the events of the ledger happened, and what they say."""
    session = Session(connection, connection.filename)
    rows = session.rows("SELECT seq, record FROM entry ORDER BY seq")
    while some := [LedgerEntry(seq, unseal(record), _NOBODY, b"") for seq, record in islice(rows, _BATCH)]:
        note_events(session, some)
    session.end()


_FILLED: Mapping[int, Step] = MappingProxyType({4: _fill_events})
