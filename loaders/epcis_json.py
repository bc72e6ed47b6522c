"""EPCIS 2.0 JSON and JSON-LD (§9.2, §10). In: files, directories, streams. Out: an `Outcome` for each thing in them.

Capture documents, query documents, bare events, arrays of them, one JSON value a line (NDJSON), and gzip of each, told
apart by what they hold. A file larger than memory is read as any other. No content raises: what cannot be read is a
`Rejected` with its place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from graph_schema.errors import InvalidDocument
from loaders.document_form import Form, form_of
from loaders.epcis_document import read_pieces
from loaders.epcis_reader import EpcisReader
from loaders.findings import Findings
from loaders.json_cursor import JsonCursor
from loaders.limits import Limits
from loaders.outcome import Noted, Outcome, Place, Rejected
from loaders.source import ByteSource, LineSource, Source, check_paths, find_files

Progress = Callable[[int], None]
"""Called with the bytes of the source read since the last call (compressed where it is)."""


def load_paths(
    paths: Iterable[Source], *, limits: Limits | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """The outcomes of files, of all JSON files below directories, and of open binary streams, in order.

    InvalidInput, before anything is read, where a path does not exist.
    """
    return _load_all(check_paths(paths), limits or Limits(), progress)


def load_stream(
    stream: BinaryIO, name: str, *, limits: Limits | None = None, progress: Progress | None = None
) -> Iterator[Outcome]:
    """The outcomes of one open binary stream; `name` is what its places call it."""
    allowed = limits or Limits()
    reader = EpcisReader(name, allowed)
    told = 0
    try:
        source = ByteSource(stream)
        for outcome in _outcomes(source, reader, allowed):
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
        for path, says_json in find_files(Path(source)):
            read = read or says_json
            if says_json:
                yield from _load_file(path, limits, progress)
            else:
                yield _passed_over(path)
        if not read:
            yield _rejected(str(source), "the directory", "there is no JSON file in it", None, "Check the path.")


def _load_file(path: Path, limits: Limits, progress: Progress | None) -> Iterator[Outcome]:
    try:
        stream = path.open("rb")
    except OSError as error:
        yield _rejected(str(path), "the file", f"it cannot be opened: {error.strerror}", None, "Make it readable.")
        return
    with stream:
        yield from load_stream(stream, str(path), limits=limits, progress=progress)


def _outcomes(source: ByteSource, reader: EpcisReader, limits: Limits) -> Iterator[Outcome]:
    if form_of(source, limits) is Form.VALUES:
        yield from reader.read(read_pieces(JsonCursor(source, limits)))
        return
    number = 0
    while raw := source.readline(limits.event_bytes + 1):
        number += 1
        if raw.endswith(b"\n") or len(raw) <= limits.event_bytes:
            yield from reader.read_line(raw, number)
            continue
        line = LineSource(raw, source)
        yield from reader.read(read_pieces(JsonCursor(line, limits)), number)
        line.drain()


def _passed_over(path: Path) -> Noted:
    findings = Findings()
    findings.warn("", "not read: its name does not say JSON", "", "Name the file itself to have it read.")
    return Noted(Place(str(path), "the file"), tuple(findings.all))


def _rejected(file: str, position: str, what: str, rule: str | None, remedy: str | None) -> Rejected:
    findings = Findings()
    findings.refuse("", what, rule or "", remedy or "")
    return Rejected(Place(file, position), None, tuple(findings.all))


def _name_of(stream: BinaryIO) -> str:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else "stream"
