"""Real files, damaged at random: whatever comes in, only outcomes come out, and no event goes missing unsaid."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loaders.epcis import load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Master, Noted, Outcome, Rejected
from tests.loaders import others
from tests.loaders.sample import EVENTS, document, event

_LIMITS = Limits(event_bytes=64 * 1024, depth=40, items=1000)
_ROUNDS = 1500


def _load(data: bytes) -> list[Outcome]:
    outcomes = list(load_stream(io.BytesIO(data), "mutant", limits=_LIMITS))
    for outcome in outcomes:
        assert isinstance(outcome, Accepted | Rejected | Master | Noted)
        assert outcome.place.position
        if isinstance(outcome, Rejected):
            assert outcome.findings
            assert all(finding.what for finding in outcome.findings)
    return outcomes


def _flip(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _truncate(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data))]


def _cut_out(data: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + data[start + draw.randint(1, 200) :]


def _splice(data: bytes, draw: random.Random) -> bytes:
    start, end = sorted(draw.randrange(len(data)) for _ in range(2))
    place = draw.randrange(len(data))
    return data[:place] + data[start : min(end, start + 2000)] + data[place:]


def _insert(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data))
    return data[:place] + draw.choice(_PIECES) + data[place:]


def _swap(data: bytes, draw: random.Random) -> bytes:
    old, new = draw.sample(_SIGNS, 2)
    places = [index for index, byte in enumerate(data) if byte == old[0]]
    place = draw.choice(places or [0])
    return data[:place] + new + data[place + 1 :]


_SIGNS = [b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\\"]
_PIECES = [
    b"\0",
    b"\xff\xfe",
    b"\xc3",
    b"\\u",
    b"//",
    b"{" * 60,
    b"[" * 5000,
    b"null",
    b"1e999999999",
    b"\x1f\x8b",
    b'"',
]
DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [_flip, _truncate, _cut_out, _splice, _insert, _swap]


@pytest.fixture(scope="module")
def sources(corpora: Path) -> list[bytes]:
    """The smaller files of others that hold events, as documents and as lines."""
    found: list[bytes] = []
    for path in others.files(corpora):
        events = others.events_of(path)
        if events and path.stat().st_size < 30_000:
            found += [path.read_bytes(), b"\n".join(json.dumps(made).encode() for made in events)]
    return found


@pytest.mark.corpora
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_damaged_files(sources: list[bytes], damage: Callable[[bytes, random.Random], bytes]) -> None:
    """A damaged file gives outcomes and nothing else, and tells of every event that can still be made out in it."""
    draw = random.Random(damage.__name__)
    for _ in range(_ROUNDS // len(DAMAGES)):
        data = damage(draw.choice(sources), draw)
        outcomes = _load(data)
        told = sum(isinstance(outcome, Accepted | Rejected) for outcome in outcomes)
        try:
            whole = others.events_in(json.loads(data))
        except (ValueError, RecursionError):
            assert told or not data.strip(b" \t\r\n")
        else:
            assert told >= len(whole)


@pytest.mark.corpora
def test_damaged_gzip(sources: list[bytes]) -> None:
    """A damaged gzip file is told, and what was read before the damage counts."""
    draw = random.Random(5)
    for _ in range(100):
        data = gzip.compress(draw.choice(sources))
        damaged = draw.choice(DAMAGES)(data, draw)
        assert damaged == data or _load(damaged)


@pytest.mark.corpora
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "utf-32-le", "latin-1", "cp1252"])
def test_other_encodings(sources: list[bytes], encoding: str) -> None:
    """A file in another encoding is refused where its bytes are no UTF-8, and nothing is misread."""
    for data in sources[:40]:
        text = data.decode("utf-8-sig").encode("ascii", "ignore").decode().replace("://", "://café.")
        outcomes = _load(text.encode(encoding))
        assert any(isinstance(outcome, Rejected) for outcome in outcomes)
        assert not any("caf" in outcome.event.body.decode() for outcome in outcomes if isinstance(outcome, Accepted))


@given(st.binary(max_size=300))
@example(b'{"epcisBody":{"eventList":[')
@example(b'[{"type":"ObjectEvent"}],]')
@example(b"{}\n[")
def test_any_bytes(data: bytes) -> None:
    """Any bytes at all give outcomes, at least one."""
    assert _load(data)


_SIGNS_AND_WORDS = [b"{", b"}", b"[", b"]", b",", b":", b"//", b"\n", b"1", b"null"]
_MEMBERS = ["type", "eventList", "epcisBody", "@context", "ObjectEvent", "queryResults", "resultsBody", "epcisHeader"]
_TOKENS = [*_SIGNS_AND_WORDS, *(f'"{member}"'.encode() for member in _MEMBERS)]


@given(st.lists(st.sampled_from(_TOKENS), max_size=40).map(b"".join))
def test_any_tokens(data: bytes) -> None:
    """Any sequence of JSON tokens gives outcomes, at least one where there is anything."""
    assert _load(data) or data.strip() in (b"[]", b"")


@given(
    st.sampled_from(sorted(EVENTS)),
    st.sampled_from(sorted({name for made in EVENTS.values() for name in made} | {"ilmd", "errorDeclaration"})),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_any_value_in_a_field(kind: str, field: str, value: object) -> None:
    """Whatever stands in a field, the event is one outcome, alone and in a document."""
    made = {**event(kind), field: value}
    for data in (made, document(made)):
        (outcome,) = _load(json.dumps(data).encode())
        assert isinstance(outcome, Accepted | Rejected)
