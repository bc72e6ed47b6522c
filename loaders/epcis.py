"""EPCIS events in any form that is read. In: files, directories, streams. Out: an `Outcome` for each thing in them.

JSON and XML are told apart by how they begin, each also in gzip. A file larger than memory is read as any other. No
content raises: what cannot be read is a `Rejected` with its place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from graph_schema.errors import InvalidDocument
from loaders.epcis_json import read_json
from loaders.epcis_xml import read_xml
from loaders.findings import Findings
from loaders.limits import Limits
from loaders.outcome import Noted, Outcome, Place, Rejected
from loaders.source import ByteSource, Source, check_paths, find_files
from loaders.xml_stream import is_xml

Progress = Callable[[int], None]
"""Called with the bytes of the source read since the last call (compressed where it is)."""


def load_paths(
    paths: Iterable[Source], *, limits: Limits | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """The outcomes of files, of all JSON and XML files below directories, and of open binary streams, in order.

    InvalidInput, before anything is read, where a path does not exist.
    """
    return _load_all(check_paths(paths), limits or Limits(), progress)


def load_stream(
    stream: BinaryIO, name: str, *, limits: Limits | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """The outcomes of one open binary stream; `name` is what its places call it."""
    allowed = limits or Limits()
    told = 0
    try:
        source = ByteSource(stream)
        for outcome in read_xml(source, name, allowed) if is_xml(source) else read_json(source, name, allowed):
            yield outcome
            if progress and (now := source.consumed()) > told:
                progress(now - told)
                told = now
    except InvalidDocument as error:
        yield _rejected(name, error.where or "byte 0", error.what, error.rule, error.remedy)
    except OSError as error:
        what = f"the data cannot be read on: {error}"
        yield _rejected(name, "the end of what could be read", what, None, "Get the file again and load it.")


def _load_all(sources: tuple[Source, ...], limits: Limits, progress: Progress | None) -> Iterator[Outcome]:
    for source in sources:
        if not isinstance(source, str | os.PathLike):
            yield from load_stream(source, _name_of(source), limits=limits, progress=progress)
            continue
        read = False
        for path, says_epcis in find_files(Path(source)):
            read = read or says_epcis
            if says_epcis:
                yield from _load_file(path, limits, progress)
            else:
                yield _passed_over(path)
        if not read:
            yield _rejected(str(source), "the directory", "there is no JSON or XML file in it", None, "Check the path.")


def _load_file(path: Path, limits: Limits, progress: Progress | None) -> Iterator[Outcome]:
    try:
        stream = path.open("rb")
    except OSError as error:
        yield _rejected(str(path), "the file", f"it cannot be opened: {error.strerror}", None, "Make it readable.")
        return
    with stream:
        yield from load_stream(stream, str(path), limits=limits, progress=progress)


def _passed_over(path: Path) -> Noted:
    findings = Findings()
    findings.warn("", "not read: its name says neither JSON nor XML", "", "Name the file itself to have it read.")
    return Noted(Place(str(path), "the file"), tuple(findings.all))


def _rejected(file: str, position: str, what: str, rule: str | None, remedy: str | None) -> Rejected:
    findings = Findings()
    findings.refuse("", what, rule or "", remedy or "")
    return Rejected(Place(file, position), None, tuple(findings.all))


def _name_of(stream: BinaryIO) -> str:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else "stream"
