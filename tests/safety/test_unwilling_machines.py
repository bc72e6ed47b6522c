"""Full disks and folders that may not be written: one clear sentence, exit code 1, and nothing lost (design §8)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.demo import BAD_TANK, outbreak
from api.session import open_session
from tests.api.conftest import Ran, Suyuan
from tests.builder.graphs import derived, stored
from tests.stores.folders import mounted, read_only_view


def assert_told(ran: Ran, *words: str) -> None:
    """Exit code 1 and one line on stderr, with these words and no traceback."""
    assert ran.code == 1, ran
    assert len(ran.err.splitlines()) == 1, ran.err
    assert ran.err.startswith("Error: ")
    assert "Traceback" not in ran.err + ran.out
    for word in words:
        assert word in ran.err


def events_in(path: Path) -> int:
    """How many events a store holds, all of it sound."""
    with open_session(f"sqlite:{path}") as session, session.store.snapshot() as snapshot:
        assert stored(snapshot).differences(derived(snapshot)) == []
        return snapshot.ledger.verify().position


@pytest.mark.parametrize("size", ["32k", "160k", "224k", "288k"])
def test_a_full_disk(suyuan: Suyuan, tmp_path: Path, size: str) -> None:
    """A load that fills a disk, however small, says so and where; what is there is sound and answers."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", f"size={size}", "tmpfs") as disk:
        store = disk / "suyuan.db"
        assert_told(suyuan("load", str(outbreak()), "--store", f"sqlite:{store}"), str(store), "no room left")
        kept = suyuan("stats", "--store", f"sqlite:{store}", "--json")
        if kept.code:  # not even a store could be made, or a reader's look at it
            assert json.loads(kept.err)["error"]["type"] in {"StoreError", "StoreFull"}
        else:
            assert kept.json["position"] == events_in(store) == 0, "one file is one transaction"


def test_a_disk_that_fills_while_many_files_are_loaded(suyuan: Suyuan, tmp_path: Path) -> None:
    """The files kept before the disk was full stay; on a larger disk the load goes on from there."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    events = json.loads(outbreak().read_text(encoding="utf-8"))["epcisBody"]["eventList"]
    for number, event in enumerate(events):
        (inbox / f"{number:02}.json").write_text(json.dumps(event), encoding="utf-8")
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=800k", "tmpfs") as disk:
        store = disk / "suyuan.db"
        assert_told(suyuan("load", str(inbox), "--store", f"sqlite:{store}"), "no room left")
        kept = events_in(store)
        assert 0 < kept < len(events)
        assert suyuan("trace", "back", f"event:{events[0]['eventID']}", "--store", f"sqlite:{store}").code == 0
        for file in disk.glob("suyuan.db*"):
            if file.is_file():
                (tmp_path / file.name).write_bytes(file.read_bytes())
    told = suyuan("load", str(inbox), "--json").json
    assert (told["accepted"], told["duplicates"]) == (len(events) - kept, kept)
    assert events_in(tmp_path / "suyuan.db") == len(events)


def test_answers_that_cannot_be_written(suyuan: Suyuan, tmp_path: Path) -> None:
    """Whatever is written beside an answer onto a full disk is told with its path, not lost in silence."""
    assert suyuan("load", str(outbreak())).code == 0
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=8k", "tmpfs") as disk:
        for command in (
            ("export", "events", "--out", str(disk / "events.ndjson")),
            ("export", "graph", "--out", str(disk / "graph.graphml")),
            ("recall", "scope", BAD_TANK, "--xlsx", str(disk / "recall.xlsx")),
            ("recall", "scope", BAD_TANK, "--csv", str(disk / "files")),
            ("generate", "--events", "50", "--out", str(disk / "world.ndjson")),
        ):
            assert_told(suyuan(*command), "No space left")


def test_a_folder_that_may_not_be_written(suyuan: Suyuan, tmp_path: Path) -> None:
    """Loading there is refused with what to do; what is there still answers, and nothing is left behind."""
    kept = tmp_path / "kept"
    kept.mkdir()
    assert suyuan("load", str(outbreak()), "--store", f"sqlite:{kept / 'suyuan.db'}").code == 0
    files = sorted(path.name for path in kept.rglob("*"))
    told = suyuan("trace", "forward", BAD_TANK, "--store", f"sqlite:{kept / 'suyuan.db'}", "--json").json
    for path in kept.glob("*-wal"), kept.glob("*-shm"):
        for left in path:
            left.unlink()  # of the reader, which may not fold the log in
    with read_only_view(kept) as view:
        store = f"sqlite:{view / 'suyuan.db'}"
        for target in (store, f"sqlite:{view / 'new.db'}"):
            assert_told(suyuan("load", str(outbreak()), "--store", target), "may not be written", "copy the store")
        assert suyuan("trace", "forward", BAD_TANK, "--store", store, "--json").json == told
        assert_told(suyuan("rebuild", "--store", store), "may not be written")
        assert_told(suyuan("generate", "--events", "5", "--out", str(view / "w.ndjson")), str(view / "w.ndjson"))
    assert sorted(path.name for path in kept.rglob("*")) == files


@pytest.mark.parametrize("name", ["no/such/folder.db", "inbox"])
def test_a_place_that_is_none(suyuan: Suyuan, tmp_path: Path, name: str) -> None:
    """A missing folder, and a folder where a file should be, are told before anything is read."""
    (tmp_path / "inbox").mkdir()
    assert_told(suyuan("load", str(outbreak()), "--store", f"sqlite:{tmp_path / name}"), str(tmp_path / name))
