"""Files that are not ours, disks that are full, folders that may not be written: clear errors, nothing lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from engine.stores.sqlite import SqliteStore, open_store
from engine.stores.sqlite.connection import SCHEMA_VERSION
from engine.stores.sqlite.faults import store_error
from graph_schema.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreReadOnly
from tests.stores.examples import CAPTURE, event
from tests.stores.folders import mounted, read_only_view
from tests.stores.loaded import ROOT, assert_file_whole, start_loading
from tests.stores.loading import BATCH, load_batch


def append(store: SqliteStore, number: int) -> None:
    """Append one event."""
    with store.transaction() as writing:
        writing.ledger.append([event(number)], CAPTURE)


def stored(path: Path) -> Path:
    """A closed store with one batch."""
    store = open_store(str(path))
    load_batch(store, 0)
    store.close()
    return path


# Files that are not ours


@pytest.mark.parametrize("read_only", [False, True])
def test_another_programs_database_is_refused_untouched(tmp_path: Path, *, read_only: bool) -> None:
    """An SQLite file of another program is refused by name, and not a byte of it changes."""
    path = tmp_path / "other.db"
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a Suyuan store") as caught:
        open_store(str(path), read_only=read_only)
    assert str(path) in caught.value.sentence()
    assert caught.value.remedy
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_text_file_is_refused_untouched(tmp_path: Path, *, read_only: bool) -> None:
    """A file that is no database is refused by name, and not a byte of it changes."""
    path = tmp_path / "events.json"
    path.write_text('{"type": "EPCISDocument"}' * 1_000)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a Suyuan store"):
        open_store(str(path), read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_store_is_refused(tmp_path: Path, *, read_only: bool) -> None:
    """A file of a later format is refused with both formats named."""
    path = stored(tmp_path / "s.db")
    apsw.Connection(str(path)).execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreDamaged, match=f"format {SCHEMA_VERSION + 1}, and this Suyuan reads format"):
        open_store(str(path), read_only=read_only)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    """A file without a byte is nobody's: a reader is told that nothing is there yet, a writer makes a store of it."""
    path = tmp_path / "s.db"
    path.touch()
    with pytest.raises(StoreError, match="nothing is in this store yet"):
        open_store(str(path), read_only=True)
    assert path.read_bytes() == b""
    assert_file_whole(stored(path), BATCH)


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    """A folder, a missing folder, a file as folder and a missing store have messages of their own; nothing is made."""
    for read_only in (False, True):
        with pytest.raises(StoreError, match="this is a folder"):
            open_store(str(tmp_path), read_only=read_only)
        with pytest.raises(StoreError, match="its folder does not exist") as caught:
            open_store(str(tmp_path / "no" / "s.db"), read_only=read_only)
        assert caught.value.remedy == f"Make the folder {tmp_path / 'no'} first."
    with pytest.raises(StoreError, match="there is no store here"):
        open_store(str(tmp_path / "s.db"), read_only=True)
    assert list(tmp_path.iterdir()) == []
    events = tmp_path / "events.json"
    events.touch()
    for read_only in (False, True):
        with pytest.raises(StoreError, match="is a file, not a folder"):
            open_store(str(events / "s.db"), read_only=read_only)


def test_where_no_file_can_be_made_a_writer_is_told_so() -> None:
    """A writer is not told to load something first."""
    with pytest.raises(StoreError, match="no file can be made here"):
        open_store("/proc/suyuan.db")


@pytest.mark.parametrize("name", ["a b?mode=memory&x=1#%41.db", ":memory:", "乳.db"])
def test_any_file_name_is_a_file_name(tmp_path: Path, name: str) -> None:
    """Names that mean something in a URI or to SQLite are plain names."""
    assert_file_whole(stored(tmp_path / name), BATCH)
    assert {entry.name for entry in tmp_path.iterdir()} == {name}


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """Pages overwritten by something else give `StoreDamaged`, wherever they are met."""
    path = stored(tmp_path / "s.db")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="damaged"), open_store(str(path)).snapshot() as reading:
        list(reading.ledger.entries())


def test_every_error_of_sqlite_is_one_of_ours() -> None:
    """Whatever SQLite raises becomes a `StoreError` that says where and what to do."""
    classes = [cls for cls in vars(apsw).values() if isinstance(cls, type) and issubclass(cls, apsw.Error)]
    assert len(classes) > 25
    wanted = {apsw.FullError: StoreFull, apsw.BusyError: StoreBusy, apsw.ReadOnlyError: StoreReadOnly}
    wanted |= {apsw.CorruptError: StoreDamaged, apsw.NotADBError: StoreDamaged, apsw.LockedError: StoreBusy}
    for cls in classes:
        error = store_error(cls("…"), "/nowhere/s.db")
        assert isinstance(error, wanted.get(cls, StoreError))
        assert error.where == "/nowhere/s.db"
        assert error.remedy


# Full disks


def test_a_load_that_meets_the_end_of_the_disk(tmp_path: Path) -> None:
    """Where the file may not grow, the load ends with `StoreFull`; what was told is kept, and can be gone on from."""
    path = tmp_path / "s.db"
    loading = start_loading(f"sqlite:{path}", 1_000, 600_000)
    *told, refusal = loading.communicate()[0].splitlines()
    assert refusal.startswith("StoreFull ")
    assert "no room left" in refusal
    assert loading.returncode == 0
    position = assert_file_whole(path, int(told[-1]))
    assert position > 0
    store = open_store(str(path))
    load_batch(store, position // BATCH)
    store.close()
    assert_file_whole(path, position + BATCH)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """On a disk of one megabyte the load ends with `StoreFull`, and on the full disk the store is still read."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        store = open_store(str(disk / "s.db"))
        kept = 0
        with pytest.raises(StoreFull, match="no room left") as caught:  # noqa: PT012
            while True:
                kept = load_batch(store, kept // BATCH)
        assert caught.value.remedy
        with store.snapshot() as reading:
            assert reading.ledger.verify().position == kept > 0
        store.close()
        for file in disk.iterdir():
            shutil.copy(file, tmp_path)
        assert_file_whole(tmp_path / "s.db", kept)


# Folders that may not be written


FOLLOWER = """
import sys
from engine.stores.sqlite import open_store
store = open_store(sys.argv[1], read_only=True)
with store.snapshot() as reading:
    print(reading.ledger.verify().position)
store.close()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of its own."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


def test_a_read_only_folder_is_read(folder: Path) -> None:
    """A store that was closed is read where nothing may be written, and leaves nothing there."""
    stored(folder / "s.db")
    with read_only_view(folder) as view:
        store = open_store(str(view / "s.db"), read_only=True)
        with store.snapshot() as reading:
            assert reading.ledger.verify().position == BATCH
        store.close()
    assert [file.name for file in folder.iterdir()] == ["s.db"]


def test_writing_into_a_read_only_folder_is_refused(folder: Path) -> None:
    """Opening to write says that it may not, and what to do, whether a store is there or not."""
    stored(folder / "s.db")
    with read_only_view(folder) as view:
        for name in ("s.db", "new.db"):
            with pytest.raises(StoreReadOnly, match="may not be written") as caught:
                open_store(str(view / name))
            assert "copy the store to a folder that is" in (caught.value.remedy or "")


def test_a_store_opened_to_read_is_not_written(tmp_path: Path) -> None:
    """A transaction on a store opened to read is refused, and so is writing through a snapshot."""
    store = open_store(str(stored(tmp_path / "s.db")), read_only=True)
    with pytest.raises(StoreReadOnly, match="opened for reading"):
        append(store, 1)
    with store.snapshot() as reading, pytest.raises(StoreReadOnly):
        reading.ledger.append([event(999)], CAPTURE)
    store.close()


def test_a_log_in_a_read_only_folder_is_not_overlooked(folder: Path, tmp_path: Path) -> None:
    """What a killed writer left in its log would be missed without writing: refused, with what to copy."""
    living = tmp_path / "living"
    living.mkdir()
    store = open_store(str(living / "s.db"))
    load_batch(store, 0)
    for name in ("s.db", "s.db-wal"):
        shutil.copy(living / name, folder / name)
    store.close()
    with read_only_view(folder) as view, pytest.raises(StoreReadOnly, match="not yet folded in") as caught:
        open_store(str(view / "s.db"), read_only=True)
    assert "Copy s.db and s.db-wal together" in (caught.value.remedy or "")
    assert_file_whole(folder / "s.db", BATCH)


def test_a_reader_who_may_not_write_follows_a_writer(folder: Path) -> None:
    """While another process has the store open, it is read also by those who may not write its folder."""
    store = open_store(str(folder / "s.db"))
    load_batch(store, 0)
    with read_only_view(folder) as view:
        command = [sys.executable, "-c", FOLLOWER, str(view / "s.db")]
        told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout
    assert told.split() == [str(BATCH)]
    store.close()


def test_a_store_written_while_taken_to_be_still_is_told(folder: Path) -> None:
    """A reader who cannot see a writer come gets `StoreBusy`, not an answer of two states."""
    path = stored(folder / "s.db")
    with read_only_view(folder) as view:
        if view == folder:
            pytest.skip("needs a folder that one may write and another not: a read-only mount")
        reader = open_store(str(view / "s.db"), read_only=True)
        with pytest.raises(StoreBusy, match="written while it was read"), reader.snapshot():  # noqa: PT012
            store = open_store(str(path))
            append(store, 5_000)
            store.close()
        with reader.snapshot() as reading:
            assert reading.ledger.head().position == BATCH + 1
        reader.close()
