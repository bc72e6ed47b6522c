"""A service over what somebody captured. In: a folder, documents, a register. Out: the service, open to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from api.http.service import Service, open_service
from api.loading import Loading
from api.session import open_session
from graph_schema.licence import KIND, Licence


@contextmanager
def service_over(
    folder: Path, author: str, documents: Iterable[bytes], register: Iterable[Licence]
) -> Iterator[Service]:
    """A service whose ledger has the events of documents, none of them refused, and whose master data the register."""
    location = f"sqlite:{folder / 's.db'}"
    with open_session(location, to_write=True) as session:
        with session.store.transaction() as writing:
            writing.masters.put([(one.key, KIND, one.attributes()) for one in register], 0)
        for document in documents:
            report = Loading(session, author).load_document(document, "events")
            assert (report.accepted > 0, report.rejected) == (True, 0), report
    with open_service(location, to_write=True) as service:
        yield service
