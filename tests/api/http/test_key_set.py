"""The keys that tokens are signed with: a real server of keys, which changes them, fails, and does not end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.http.key_set import LEAST_PAUSE, OLD, TOO_OLD, KeySet, source_at
from tests.api.http.issuer import SIGNING, Issuer, issuing, jwk, said, signed, tokens


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A server of keys."""
    with issuing() as running:
        yield running


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_an_issuer_may_change_its_keys(issuer: Issuer) -> None:
    """An unknown key id asks for the keys again, no more often than may be; keys that are gone are taken no more."""
    clock = Clock()
    taking = tokens(KeySet(source_at(issuer.url), clock))
    old, new = signed(said()), signed(said(), "two")
    assert taking(old) is not None
    assert taking(old) is not None
    assert issuer.asked == 1
    issuer.keys = [jwk("two")]
    for number in range(20):
        assert taking(signed(said(), f"made up {number}", SIGNING["one"])) is None
    assert (taking(new), issuer.asked) == (None, 1)
    clock.now += LEAST_PAUSE
    assert taking(new) is not None
    assert (taking(old), issuer.asked) == (None, 2)


def test_keys_are_asked_for_again_once_they_are_old(issuer: Issuer) -> None:
    """So that a key that was withdrawn is taken for an hour at most."""
    clock = Clock()
    taking = tokens(KeySet(source_at(issuer.url), clock))
    assert taking(signed(said())) is not None
    issuer.keys = []
    assert taking(signed(said())) is not None
    clock.now += OLD
    assert taking(signed(said())) is None


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, None),
        (302, None),
        (404, b""),
        (200, b"{"),
        (200, b'{"keys": 1}'),
        (200, b'{"keys": []}' + b" " * 1_000_000),
        (200, b"[" * 9_999),
        (200, b'{"keys": [{"kid": "\xff"}]}'),
    ],
)
def test_an_issuer_that_does_not_answer_keeps_its_keys_for_a_day(
    issuer: Issuer, status: int, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    """An error, a redirect, nonsense, too much: what was had before holds, a warning tells so; then nothing does."""
    clock = Clock()
    taking = tokens(KeySet(source_at(issuer.url), clock))
    assert taking(signed(said())) is not None
    issuer.status, issuer.content = status, content
    clock.now += OLD
    assert taking(signed(said())) is not None
    assert "keys" in caplog.text
    clock.now += TOO_OLD
    assert taking(signed(said())) is None
    issuer.status, issuer.content = 200, None
    clock.now += LEAST_PAUSE
    assert taking(signed(said())) is not None


def test_an_answer_that_does_not_end_is_ended(issuer: Issuer) -> None:
    """However little of it comes at a time: what came so far is all that is had."""
    issuer.drips = True
    had = source_at(issuer.url, seconds=0.3)()
    assert had.strip() == issuer.body
    assert len(had) < len(issuer.body) + 100_000


def test_an_issuer_that_is_not_there_lets_nobody_in(issuer: Issuer) -> None:
    """Until it is; the refusal is an answer, not an error."""
    for url in ("http://127.0.0.1:1/keys", f"http://{'x' * 64}.invalid/keys"):
        assert tokens(KeySet(source_at(url)))(signed(said())) is None
    assert issuer.asked == 0
