"""What is kept of every entry: the same however the ledger was followed, and never of another ledger."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.coverage import following
from engine.coverage.columns import Noting
from engine.coverage.folder import RecordFolder
from engine.coverage.following import RecordFollower, Records
from engine.ledger import Capture
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.profiles import load_profiles, profiles
from graph_schema.profiles.loading import SYSTEMS
from tests.coverage.dairy_days import days
from tests.systems.test_profiles import text_of, write
from tests.worlds.reading import read_events

EVENTS = read_events(days())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(str(tmp_path / "s.db"))
    yield opened
    opened.close()


def append(store: Store, begin: int, end: int, author: str = "a") -> None:
    with store.transaction() as writing:
        writing.ledger.append(EVENTS[begin:end], Capture(author, "", "", 0))


def follow(store: Store, folder: Path | None) -> Records:
    """As a process does that has just begun."""
    with store.snapshot() as snapshot:
        return RecordFollower(Noting(profiles()), None if folder is None else RecordFolder(folder)).follow(snapshot)


def same(one: Records, other: Records) -> bool:
    return one.position == other.position and all(
        np.array_equal(a, b) or a.tobytes() == b.tobytes() for a, b in zip(one[1:], other[1:], strict=True)
    )


def test_rows_are_the_same_in_one_reading_and_in_many(store: Store, tmp_path: Path) -> None:
    """In memory, in a folder, an entry at a time, and in batches of two."""
    folder = tmp_path / "kept"
    for end in range(len(EVENTS)):
        append(store, end, end + 1)
        assert same(follow(store, folder), follow(store, None))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(following, "BATCH", 2)
        assert same(follow(store, tmp_path / "other"), follow(store, folder))
    assert same(follow(store, tmp_path / "other"), follow(store, folder))


def test_one_follower_goes_on_where_it_was(store: Store, tmp_path: Path) -> None:
    """Also where another process put rows into its folder meanwhile, and as of states of before."""
    follower = RecordFollower(Noting(profiles()), RecordFolder(tmp_path / "kept"))
    append(store, 0, 2)
    with store.snapshot() as early:
        first = follower.follow(early)
        append(store, 2, 4)
        follow(store, tmp_path / "kept")
        append(store, 4, 5)
        with store.snapshot() as late:
            assert same(follower.follow(late), follow(store, None))
        assert same(follower.follow(early), first)


def test_what_is_kept_of_another_ledger_is_not_taken(store: Store, tmp_path: Path) -> None:
    """Shorter, longer or of other authors: the chain tells."""
    folder = tmp_path / "kept"
    append(store, 0, 3)
    follow(store, folder)
    for number, (end, author) in enumerate(((3, "b"), (5, "b"), (1, "a"))):
        other = open_store(str(tmp_path / f"{number}.db"))
        append(other, 0, end, author)
        assert same(follow(other, folder), follow(other, None))
        assert same(follow(other, folder), follow(other, None))
        other.close()


@pytest.mark.parametrize("name", ["MANIFEST", "records", "things"])
@pytest.mark.parametrize("damage", ["gone", "cut", "changed", "longer"])
def test_a_damaged_folder_costs_time_and_not_the_answer(name: str, damage: str, store: Store, tmp_path: Path) -> None:
    """What is missing or changed is read anew from the ledger; what a writer that died left behind is cut off."""
    folder = tmp_path / "kept"
    append(store, 0, 3)
    follow(store, folder)
    file, content = folder / name, (folder / name).read_bytes()
    {
        "gone": file.unlink,
        "cut": lambda: file.write_bytes(content[:-1]),
        "changed": lambda: file.write_bytes(content[:-1] + bytes([content[-1] ^ 1])),
        "longer": lambda: file.write_bytes(content + b"what a writer left"),
    }[damage]()
    assert same(follow(store, folder), follow(store, None))
    append(store, 3, 5)
    assert same(follow(store, folder), follow(store, None))
    assert same(follow(store, folder), follow(store, None))


def test_other_places_of_elements_are_read_anew(store: Store, tmp_path: Path) -> None:
    """A link that is matched by another value: what rows note of an entry is another."""
    append(store, 0, 5)
    rows = follow(store, tmp_path / "kept")
    text = text_of("dairy").replace("profile: dairy\n", "profile: tofu\n", 1)
    link = "from: ship, to: receive, match: "
    write(tmp_path, "tofu", text.replace(f"{link}lot", f"{link}vehicle"))
    known = load_profiles(SYSTEMS, tmp_path)
    with store.snapshot() as snapshot:
        other = RecordFollower(Noting(known), RecordFolder(tmp_path / "kept")).follow(snapshot)
    assert len(other.things) > len(rows.things)


def test_a_folder_that_cannot_be_written_costs_time_alone(store: Store, tmp_path: Path) -> None:
    """A file is where it should be."""
    (tmp_path / "kept").write_text("no folder")
    append(store, 0, 5)
    assert same(follow(store, tmp_path / "kept"), follow(store, None))
    shutil.rmtree(tmp_path / "kept", ignore_errors=True)
