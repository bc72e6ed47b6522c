"""Files that events are read from: paths, folders, gzip."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import AF_UNIX, socket

import pytest

from graph_schema.errors import InvalidInput
from loaders.epcis import load_paths
from loaders.outcome import Accepted, Noted, Rejected
from loaders.source import ByteSource
from tests.loaders.forms import FORMS, IDS, LINES, ids_of
from tests.loaders.sample import document, event, load


def test_paths(tmp_path: Path) -> None:
    """Files, directories and streams come in the order asked; what is passed over in a directory is told."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.json").write_bytes(FORMS["document"])
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(gzip.compress(LINES))
    (tmp_path / "in" / "notes.txt").write_text("to do")
    (tmp_path / "in" / ".hidden.json").write_text("{")
    (tmp_path / "single").write_bytes(LINES)
    read: list[int] = []
    outcomes = list(load_paths([tmp_path / "in", str(tmp_path / "single"), io.BytesIO(LINES)], progress=read.append))
    assert ids_of(outcomes) == IDS * 4
    assert [o.place.file.rpartition("/")[2] for o in outcomes[::3]] == [
        "a.jsonl.gz",
        "b.json",
        "notes.txt",
        "single",
        "stream",
    ]
    assert sum(isinstance(outcome, Noted) for outcome in outcomes) == 1
    assert sum(read) == sum(p.stat().st_size for p in tmp_path.rglob("*.*[nz]") if p.name[0] != ".") + 2 * len(LINES)


def test_directory_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory below that is closed to us is refused by name, and the rest is loaded."""
    (tmp_path / "a.json").write_bytes(FORMS["document"])
    (tmp_path / "closed").mkdir()

    def walk(top: Path, onerror: Callable[[OSError], None]) -> Iterator[tuple[str, list[str], list[str]]]:
        yield str(top), ["closed"], ["a.json"]
        onerror(PermissionError(13, "Permission denied", str(top / "closed")))

    monkeypatch.setattr("loaders.source.os.walk", walk)
    outcomes = list(load_paths([tmp_path]))
    assert ids_of(outcomes) == IDS
    (refused,) = (outcome for outcome in outcomes if isinstance(outcome, Rejected))
    assert refused.place.file.endswith("closed")
    assert "cannot be opened" in refused.findings[0].what


def test_directory_without_json(tmp_path: Path) -> None:
    """A directory in which there is nothing to read is told, not passed in silence."""
    (tmp_path / "notes.txt").write_text("to do")
    outcomes = list(load_paths([tmp_path]))
    assert [type(outcome) for outcome in outcomes] == [Noted, Rejected]


def test_missing_path(tmp_path: Path) -> None:
    """A path that does not exist is the caller's error, told before anything is read."""
    with pytest.raises(InvalidInput, match="no such file"):
        load_paths([tmp_path, tmp_path / "missing.json"])


def test_path_that_holds_no_data(tmp_path: Path) -> None:
    """A socket is there, but nothing to read: the error says which of the two."""
    with socket(AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
        with pytest.raises(InvalidInput, match="neither a file"):
            list(load_paths([tmp_path / "socket"]))


_MANY = [event(eventID=f"urn:uuid:{hashlib.sha256(str(n).encode()).hexdigest()[:32]}") for n in range(40)]


_PACKED = {
    "document": json.dumps(document(*_MANY)).encode(),
    "context behind the events": json.dumps(dict(reversed(document(*_MANY).items()))).encode(),
    "lines": b"\n".join(json.dumps(one).encode() for one in _MANY),
}


@pytest.mark.parametrize("form", ["document", "lines"])
@pytest.mark.parametrize("kept", [0.3, 0.5, 0.8, 0.99])
def test_gzip_that_is_cut(form: str, kept: float) -> None:
    """The events before the break are read, and the break is one rejection with its place."""
    whole = gzip.compress(_PACKED[form])
    cut = whole[: int(len(whole) * kept)]
    unpacked = zlib.decompressobj(31).decompress(cut)
    wanted = [one for one in _MANY if json.dumps(one).encode() + (b"\n" if form == "lines" else b"") in unpacked]
    *read, broken = [outcome for outcome in load(cut) if isinstance(outcome, Accepted | Rejected)]
    assert [one.event.id for one in read if isinstance(one, Accepted)] == [one["eventID"] for one in wanted]
    assert len(read) == len(wanted) > 0
    assert isinstance(broken, Rejected)
    assert f"byte {len(unpacked)}, unpacked from the first {len(cut)} bytes" in f"{broken.place} {broken.findings}"


@pytest.mark.parametrize("form", _PACKED)
def test_gzip_with_something_else_behind_it(form: str) -> None:
    """All events are read, whatever stands behind; that is one rejection, unless it is zeros, which some pad with."""
    whole = gzip.compress(_PACKED[form])
    for behind, refused in ((b"\0" * 600, 0), (b"garbage", 1), (b"\0\0x", 1)):
        outcomes = load(whole + behind)
        assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == len(_MANY)
        assert [o.findings[0].rule for o in outcomes if isinstance(o, Rejected)] == ["RFC 1952"] * refused


def test_gzip_is_unpacked_to_the_last_byte() -> None:
    """What unpacks to much more than it is comes whole, in steps of any size."""
    data = bytes(3_000_000) + b"end"
    source = ByteSource(io.BytesIO(gzip.compress(data) + gzip.compress(b"more")))
    parts = []
    while part := source.read(70_001):
        parts.append(part)
    assert b"".join(parts) == data + b"more"
