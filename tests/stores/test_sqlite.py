"""The embedded store keeps every contract."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from engine.stores.sqlite import open_store
from tests.stores.contract import Place
from tests.stores.contract_events import EventContract
from tests.stores.contract_graph import GraphContract
from tests.stores.contract_jobs import JobContract
from tests.stores.contract_kin import KinContract
from tests.stores.contract_ledger import LedgerContract
from tests.stores.contract_lookup import LookupContract
from tests.stores.contract_masters import MasterContract
from tests.stores.contract_queries import QueryContract
from tests.stores.contract_sharing import SharingContract
from tests.stores.contract_subscriptions import SubscriptionContract


@pytest.fixture
def new_place(tmp_path: Path) -> Callable[[], Place]:
    """A new file each time."""
    numbers = count()

    def new() -> Place:
        path = str(tmp_path / f"{next(numbers)}.db")
        return lambda: open_store(path, busy_seconds=0.2)

    return new


class TestLedger(LedgerContract):
    """The ledger in a file."""


class TestLookup(LookupContract):
    """The look-up in a file."""


class TestGraph(GraphContract):
    """The flow graph in a file."""


class TestKin(KinContract):
    """What narrower items hold, in a file."""


class TestMasters(MasterContract):
    """Master data in a file."""


class TestSharing(SharingContract):
    """Writers and followers of a file."""


class TestJobs(JobContract):
    """Capture jobs in a file."""


class TestEvents(EventContract):
    """Events in order of time in a file."""


class TestQueries(QueryContract):
    """Named queries in a file."""


class TestSubscriptions(SubscriptionContract):
    """Subscriptions in a file."""
