"""Which Neo4j: a version comes in, what it takes to run it goes out."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.neo4j_server.missing import Missing


@dataclass(frozen=True, slots=True)
class Release:
    """A release of Neo4j Community."""

    version: str
    java: int
    """The oldest Java that runs it."""
    main: str
    silence: tuple[str, ...]
    """Settings that keep it from speaking to anyone unasked."""


LTS = Release("5.26.30", 17, "org.neo4j.server.CommunityEntryPoint", ("dbms.usage_report.enabled=false",))
LATEST = Release(
    "2026.08.1",
    21,
    "org.neo4j.server.Neo4jCommunity",
    ("dbms.usage_report.enabled=false", "dbms.fleet_manager.enabled=false", "server.fleet_discovery.enabled=false"),
)
RELEASES = {release.version: release for release in (LTS, LATEST)}


def release_asked() -> Release:
    """The release that `SUYUAN_TEST_NEO4J_VERSION` names, else the long-term one."""
    version = os.environ.get("SUYUAN_TEST_NEO4J_VERSION") or LTS.version
    if version not in RELEASES:
        raise Missing(f"SUYUAN_TEST_NEO4J_VERSION={version}: set one of {', '.join(RELEASES)}")
    return RELEASES[version]
