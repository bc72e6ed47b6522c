"""Recall scopes kept under their question: the same answer, not walked for again, by any process (contract)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from api.demo import BAD_TANK
from api.http.app import app_of
from api.http.kept import MOST_FILES, KeptScopes
from api.http.scope_file import read, written
from api.http.service import Service
from api.session import Reading
from engine.answer import RecallScope
from engine.capture import capture
from engine.question import ItemSeed, Question
from engine.seeds import parse_key
from tests.api.graphql.conftest import BASE, Asked
from tests.api.graphql.test_paging import LATE, OUTLETS, page
from tests.stores.examples import event


@pytest.fixture
def scope(service: Service) -> RecallScope:
    """A scope of the outbreak."""
    with service.reading() as state:
        return state.recall_scope(Question((ItemSeed(parse_key(BAD_TANK)),)))


def never() -> RecallScope:
    """Nobody is to ask again."""
    raise AssertionError("asked again")


def once(scope: RecallScope) -> Callable[[], RecallScope]:
    """Answers."""
    return lambda: scope


def test_another_process_reads_what_one_has_kept(scope: RecallScope, tmp_path: Path) -> None:
    """Whole and equal, to the last digit; another question, bound or program is asked for."""
    KeptScopes(tmp_path, 5).scope(["asked"], once(scope))
    assert KeptScopes(tmp_path, 5).scope(["asked"], never) == scope
    for bound, asked in ((6, ["asked"]), (5, [])):
        with pytest.raises(AssertionError, match="asked again"):
            KeptScopes(tmp_path, bound).scope(asked, never)


def test_what_rows_have_in_common_is_written_once(scope: RecallScope) -> None:
    """As many outlets again, with the same stock for the same reasons, add little more than their own names."""
    outlets = [
        msgspec.structs.replace(outlet, site=msgspec.structs.replace(outlet.site, id=f"{outlet.site.id}/{again}"))
        for again in range(2)
        for outlet in scope.outlets
    ]
    twice = msgspec.structs.replace(scope, outlets=tuple(outlets))
    assert read(written(twice)) == twice
    names = len(msgspec.msgpack.encode([(outlet.site, outlet.contacts) for outlet in twice.outlets]))
    assert len(written(twice)) < len(written(scope)) + names


def test_what_is_damaged_or_cannot_be_written_is_asked_for(scope: RecallScope, tmp_path: Path) -> None:
    """A folder costs speed, not the answer."""
    KeptScopes(tmp_path / "kept").scope("asked", once(scope))
    for file in (tmp_path / "kept").iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert KeptScopes(tmp_path / "kept").scope("asked", once(scope)) == scope
    (tmp_path / "file").write_text("no folder")
    assert KeptScopes(tmp_path / "file").scope("asked", once(scope)) == scope


def test_the_oldest_go(scope: RecallScope, tmp_path: Path) -> None:
    """A folder does not grow without end."""
    kept = KeptScopes(tmp_path / "kept")
    for number in range(MOST_FILES + 5):
        kept.scope(number, once(scope))
    assert MOST_FILES // 2 <= len(list((tmp_path / "kept").iterdir())) <= MOST_FILES
    assert KeptScopes(tmp_path / "kept").scope(MOST_FILES + 4, never) == scope


def test_the_next_page_is_not_walked_for_though_events_arrive(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by this server nor by one that starts anew on the same store."""
    with TestClient(app_of(service), base_url=BASE) as client:
        first = page(Asked(service, client), OUTLETS, first=1)
    capture(service.located.store, [event(1)], LATE)
    monkeypatch.setattr(Reading, "recall_scope", lambda *_: never())
    with TestClient(app_of(Service(service.located)), base_url=BASE) as client:
        rest = page(Asked(service, client), OUTLETS, first=100, after=first["pageInfo"]["endCursor"])
    assert len(rest["edges"]) == first["totalCount"] - 1
