"""What all tests share: where the material that others wrote is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.neo4j_server.fixture import empty_neo4j as empty_neo4j
from tests.neo4j_server.fixture import neo4j_server as neo4j_server
from tests.stores.law_table import law_table
from tests.worlds.seeds import seeds_told
from tests.worlds.trial import TRIALS

REPOSITORY = Path(__file__).resolve().parent.parent

# How quick a machine is, is no property of ours: what is measured is measured by `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_report_header() -> str:
    """Which simulated worlds a run puts to the engine."""
    return seeds_told(len(TRIALS))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How often each law was checked on which store by which walk."""
    reports = [report for some in terminalreporter.stats.values() for report in some]
    told = [one for report in reports for one in getattr(report, "user_properties", ())]
    for number, line in enumerate(law_table(told)):
        if number == 0:
            terminalreporter.section("laws on every store and walk")
        terminalreporter.line(line)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of shared test material, from `SUYUAN_CORPORA`; a visible skip where it is absent."""
    folder = Path(os.environ.get("SUYUAN_CORPORA", REPOSITORY.parent / "shared" / "corpora"))
    if not folder.is_dir():
        pytest.skip(f"no shared corpora at {folder}: set SUYUAN_CORPORA")
    return folder
