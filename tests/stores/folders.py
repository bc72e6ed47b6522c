"""Folders as a machine may offer them: on a small disk, or not to be written. In: a folder. Out: a path there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(target: Path, *arguments: str) -> Iterator[Path]:
    """A file system mounted for a while; a visible skip where that is not permitted."""
    target.mkdir(exist_ok=True)
    if subprocess.run(["mount", *arguments, str(target)], check=False, capture_output=True).returncode:
        pytest.skip("this test mounts a file system, which is not permitted here")
    try:
        yield target
    finally:
        # Lazily: a test that failed may still have a file open there.
        subprocess.run(["umount", "--lazy", str(target)], check=True)


@contextmanager
def read_only_view(folder: Path) -> Iterator[Path]:
    """The folder as one that may not be written: permission bits bind people, a read-only mount root too."""
    if os.geteuid():
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    with mounted(folder.with_name(f"{folder.name}-view"), "--bind", str(folder)) as view:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(view)], check=True)
        yield view
