"""A package that came, checked. In: a ZIP from elsewhere. Out: its manifest and parts, else `InvalidInput`.

Nothing of it is loaded before all of it is checked: each part against its SHA-256 and size, and that nothing else is in
it. Nothing is written to disk, and no part is unpacked further than it says that it is long.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from api.exchange.manifest import LARGEST, NAME, Hash, Manifest, PartOf, decoded, digest_of
from graph_schema.errors import InvalidInput, LimitExceeded

MOST_PART = 64 << 20
"""Bytes of a part; ours end at 16 MB and the event that passes them."""
MOST_PARTS = 10_000
_AGAIN = "Get the package again from its sender."
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Package:
    """A package whose every part is as its manifest says."""

    def __init__(self, archive: ZipFile, where: str) -> None:
        self._archive = archive
        self._where = where
        content = self._read(NAME, LARGEST)
        self.digest: Hash = digest_of(content)
        self.manifest = decoded(content, Manifest, where)
        self._check()

    def _check(self) -> None:
        parts = self.manifest.parts
        if len(parts) > MOST_PARTS or any(part.bytes > MOST_PART for part in parts):
            raise LimitExceeded(
                f"a package has at most {MOST_PARTS:,} parts of {MOST_PART:,} bytes", where=self._where, remedy=_AGAIN
            )
        listed = sorted([NAME, *(part.name for part in parts)])
        if sorted(self._archive.namelist()) != listed:
            raise self._refused("it does not have the parts that its manifest lists, each once and no other")
        if self.manifest.events != sum(part.events for part in parts):
            raise self._refused("its manifest counts other events than its parts have")
        for part in parts:
            self.content(part)

    def parts(self) -> Iterator[tuple[PartOf, bytes]]:
        """Each part with its content, one at a time."""
        return ((part, self.content(part)) for part in self.manifest.parts)

    def content(self, part: PartOf) -> bytes:
        """The content of a part; `InvalidInput` where it is not what the manifest says."""
        content = self._read(part.name, part.bytes)
        if len(content) != part.bytes or hashlib.sha256(content).hexdigest() != part.sha256:
            raise self._refused(f"{part.name} is not what its manifest says: its SHA-256 differs")
        return content

    def _read(self, name: str, most: int) -> bytes:
        try:
            with self._archive.open(name) as stream:
                return stream.read(most + 1)
        except KeyError as error:
            raise self._refused(f"it has no {name}") from error
        except _BROKEN as error:
            raise self._refused(f"{name} cannot be read: {error}") from error

    def _refused(self, what: str) -> InvalidInput:
        return InvalidInput(what, where=self._where, rule="docs/adr/0029-exchange.md", remedy=_AGAIN)


@contextmanager
def opened(file: Path) -> Iterator[Package]:
    """A package of a file, checked."""
    with file.open("rb") as stream:
        try:
            archive = ZipFile(stream)
        except BadZipFile as error:
            raise InvalidInput("this is no package: it is no ZIP", where=str(file), remedy=_AGAIN) from error
        with archive:
            yield Package(archive, str(file))
