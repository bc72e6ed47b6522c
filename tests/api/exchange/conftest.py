"""Two platforms, each with a store, and what goes from one to the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest

from api.demo import outbreak
from api.exchange.manifest import NAME, Manifest, Receipt
from api.exchange.package import opened
from api.exchange.packing import Packing, beginning, pack
from api.exchange.taking import check_for, take
from api.loading import Loading
from api.session import Session, open_session
from graph_schema.profiles import profiles

ASKED = Packing("wuhan", "zhengzhou")


class Platforms(NamedTuple):
    """Who sends and who takes."""

    sender: Session
    taker: Session
    file: Path

    def pack(self, asked: Packing = ASKED, after: Receipt | None = None) -> Manifest:
        """Pack what the sender has, or has since."""
        with self.sender.store.snapshot() as snapshot, self.file.open("wb") as file:
            return pack(snapshot, asked, beginning(snapshot, after, asked), file, profiles())

    def take(self, before: Receipt | None = None, given: Receipt | None = None, taker: str = "zhengzhou") -> Receipt:
        """Take the package that was packed last."""
        with opened(self.file) as package:
            check_for(package, taker, before, given)
            return take(package, self.taker)

    def lines(self) -> list[Any]:
        """The events of the package."""
        with ZipFile(self.file) as archive:
            parts = [archive.read(name) for name in archive.namelist() if name != NAME]
        return [json.loads(line) for part in parts for line in part.splitlines()]

    def rewrite(self, changed: Callable[[str, bytes], Iterable[tuple[str, bytes]]]) -> None:
        """Make the package anew, each member as it is changed."""
        with ZipFile(self.file) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
        with ZipFile(self.file, "w") as archive:
            for name, content in members:
                for put in changed(name, content):
                    archive.writestr(*put)


@pytest.fixture
def platforms(tmp_path: Path) -> Iterator[Platforms]:
    """The sender has the shipped outbreak, the taker nothing."""
    with (
        open_session(f"sqlite:{tmp_path / 'sender.db'}", to_write=True) as sender,
        open_session(f"sqlite:{tmp_path / 'taker.db'}", to_write=True) as taker,
    ):
        Loading(sender, "dairy").load([outbreak()])
        yield Platforms(sender, taker, tmp_path / "package.zip")
