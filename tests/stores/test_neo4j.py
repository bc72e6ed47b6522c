"""The Neo4j store keeps every contract, on a real server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.stores.neo4j import open_store
from tests.neo4j_server.fixture import AnyServer
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
from tests.stores.databases import address_of, emptied


@pytest.fixture
def new_place(neo4j_server: AnyServer) -> Callable[[], Place]:
    """The server's one database, emptied each time."""
    address = address_of(neo4j_server)

    def new() -> Place:
        emptied(address)
        return lambda: open_store(address, busy_seconds=2.0)

    return new


class TestLedger(LedgerContract):
    """The ledger in a database."""


class TestLookup(LookupContract):
    """The look-up in a database."""


class TestGraph(GraphContract):
    """The flow graph in a database."""


class TestKin(KinContract):
    """What narrower items hold, in a database."""


class TestMasters(MasterContract):
    """Master data in a database."""


class TestSharing(SharingContract):
    """Writers and followers of a database."""


class TestJobs(JobContract):
    """Capture jobs in a database."""


class TestEvents(EventContract):
    """Events in order of time in a database."""


class TestQueries(QueryContract):
    """Named queries in a database."""


class TestSubscriptions(SubscriptionContract):
    """Subscriptions in a database."""
