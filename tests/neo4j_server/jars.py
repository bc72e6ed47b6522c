"""The jars of a server: a release comes in, the folder that has them goes out, filled by Maven the first time.

The jars are under the GPL: a download for tests, never a part of Suyuan.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from tests.neo4j_server.lock import alone
from tests.neo4j_server.missing import Missing
from tests.neo4j_server.release import Release

TIMEOUT = 900
_ARTIFACTS = (("org.neo4j", "neo4j"), ("org.neo4j.app", "neo4j-server"))


def cache_folder() -> Path:
    """Where jars are kept, a folder a version: `SUYUAN_NEO4J_HOME`, else `~/.cache/suyuan/neo4j`."""
    return Path(os.environ.get("SUYUAN_NEO4J_HOME") or Path.home() / ".cache" / "suyuan" / "neo4j")


def bring_jars(release: Release) -> Path:
    """The folder with a release's jars; it is there whole or not at all, whoever else brings them at once."""
    cache = cache_folder()
    jars = cache / release.version
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing(
            f"the jars of Neo4j {release.version} are not in {cache}, and there is no `mvn` to bring them: "
            f"install Maven, or set SUYUAN_NEO4J_HOME to a folder that has them in {release.version}/"
        )
    cache.mkdir(parents=True, exist_ok=True)
    with alone(cache / f"{release.version}.lock"):
        if not jars.is_dir():
            _bring(maven, release, jars)
    return jars


def _bring(maven: str, release: Release, jars: Path) -> None:
    with tempfile.TemporaryDirectory(dir=jars.parent, prefix=f"{release.version}-") as folder:
        pom, into = Path(folder, "pom.xml"), Path(folder, "jars")
        pom.write_text(build_pom(release), encoding="utf-8")
        _run_maven([maven, "-B", "-q", "-C", "-f", pom, "dependency:copy-dependencies"], release, into)
        into.rename(jars)


def _run_maven(command: list[str | Path], release: Release, into: Path) -> None:
    options = [f"-DoutputDirectory={into}", "-DincludeScope=runtime"]
    try:
        ran = subprocess.run([*command, *options], capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        raise Missing(f"Maven did not bring Neo4j {release.version} in {TIMEOUT} s: is the network up?") from error
    if ran.returncode or not any(into.glob("neo4j-server-*.jar")):
        told = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-5:])
        raise Missing(
            f"Maven could not bring Neo4j {release.version}; see its settings and the network. It says:\n{told}"
        )


def build_pom(release: Release) -> str:
    """A project that depends on the server and nothing else; where from is Maven's own matter."""
    wanted = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{escape(release.version)}</version></dependency>"
        for group, name in _ARTIFACTS
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion>"
        "<groupId>suyuan.tests</groupId><artifactId>neo4j</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{wanted}</dependencies></project>\n"
    )
