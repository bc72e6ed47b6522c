"""Who supervises which subjects, by the registers of licence holders. In: master data, followed. Out: posts.

No profile says who supervises a stage; a licence says which department supervises its holder (ADR 0032).
"""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock
from typing import NamedTuple

import msgspec

from engine.stores.ports import Master, Snapshot
from graph_schema.licence import KIND, licence_of


class Post(NamedTuple):
    """A role of a product system whose holders a department supervises."""

    department: str
    system: str
    role: str


class Supervision:
    """The posts of the newest registers that were read; one for all requests of a process."""

    def __init__(self) -> None:
        self._licences: dict[str, tuple[bytes, Post]] = {}
        self._posts: frozenset[Post] = frozenset()
        self._position = 0
        self._lock = Lock()

    def of(self, departments: Collection[str], snapshot: Snapshot) -> frozenset[Post]:
        """The posts of some departments, brought up to a state at least."""
        with self._lock:
            self._follow(snapshot)
            return frozenset(post for post in self._posts if post.department in departments)

    def _follow(self, snapshot: Snapshot) -> None:
        """What stands at the last position is looked at again: more may have been put there."""
        head = snapshot.ledger.head().position
        told = [one for one in snapshot.masters.changes(self._position - 1) if one.kind == KIND]
        fresh = [one for one in told if self._licences.get(one.key, (b"",))[0] != one.attributes]
        for master in fresh:
            self._licences[master.key] = (master.attributes, _post(master))
        if fresh:
            self._posts = frozenset(post for _, post in self._licences.values())
        self._position = max(self._position, head)


def _post(master: Master) -> Post:
    licence = licence_of(msgspec.json.decode(master.attributes, type=dict))
    return Post(licence.department, licence.system, licence.role)
