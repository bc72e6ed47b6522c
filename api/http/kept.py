"""Recall scopes kept under their question (contract): the next page need not be walked for. In: scopes. Out: the same.

A scope belongs to a ledger, a position, an edition of the graph, a question and a program, so that it never goes stale;
every process that has the folder reads it. A folder that cannot be written or read costs speed, not the answer.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from uuid import uuid4

import msgspec

from api.http import scope_file
from engine.answer import RecallScope
from engine.questions.digests import digests

MOST_FILES, MOST_IN_MEMORY = 256, 8


class KeptScopes:
    """A folder of scopes, and the newest of them in memory; `made_with`: what else decides an answer, as its bounds."""

    def __init__(self, folder: Path, made_with: object = None) -> None:
        self._folder = folder
        self._made_with = made_with
        self._newest: OrderedDict[str, RecallScope] = OrderedDict()
        self._lock = Lock()

    def scope(self, asked: object, ask: Callable[[], RecallScope]) -> RecallScope:
        """The scope of what was asked (all that decides it, as JSON can have it); asked for where it is not kept."""
        name = hashlib.sha256(
            msgspec.json.encode([digests(), self._made_with, asked], order="deterministic")
        ).hexdigest()
        found = self._find(name)
        if found is None:
            found = ask()
            with suppress(OSError):
                self._write(name, found)
        self._remember(name, found)
        return found

    def _find(self, name: str) -> RecallScope | None:
        with self._lock:
            found = self._newest.get(name)
        if found is not None:
            return found
        with suppress(OSError, msgspec.MsgspecError, IndexError):
            return scope_file.read((self._folder / name).read_bytes())
        return None

    def _remember(self, name: str, scope: RecallScope) -> None:
        with self._lock:
            self._newest[name] = scope
            self._newest.move_to_end(name)
            while len(self._newest) > MOST_IN_MEMORY:
                self._newest.popitem(last=False)

    def _write(self, name: str, scope: RecallScope) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{uuid4().hex}"
        fresh.write_bytes(scope_file.written(scope))
        fresh.replace(self._folder / name)
        if len(files := list(self._folder.iterdir())) > MOST_FILES:
            _forget(files)


def _forget(files: list[Path]) -> None:
    """Remove the older half: so many at once that it is seldom."""
    by_age = sorted(files, key=lambda file: file.stat().st_mtime)
    for old in by_age[: -MOST_FILES // 2]:
        old.unlink(missing_ok=True)
