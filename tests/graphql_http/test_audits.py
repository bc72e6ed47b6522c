"""The server keeps the draft of GraphQL over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.served import demo_store, served
from tests.ci import in_ci
from tests.graphql_http.audits import MISSING, audited, has_npm


@pytest.mark.slow
# The audits are a package of npm, which a machine for Python need not have. tests/api/graphql/test_over_http.py says
# the draft's rules in our words, and runs everywhere.
@pytest.mark.skipif(not has_npm() and not in_ci(), reason=MISSING)
def test_every_audit_of_graphql_http_passes(tmp_path: Path) -> None:
    """All that must be, all that should be, and all that may be."""
    with served(demo_store(tmp_path)) as server:
        verdicts = audited(f"{server.url}/graphql", tmp_path)
    assert len(verdicts) > 60
    assert [verdict for verdict in verdicts if verdict.fails] == []
