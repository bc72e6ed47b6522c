"""Tables of names and keys give every string and key one code, and it back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index import NONE, Names
from engine.index.keys import KeyTable
from graph_schema.errors import StoreDamaged

texts = st.text(st.characters())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.none() | texts)))
def test_a_name_has_one_code_and_a_code_one_name(batches: list[list[str | None]]) -> None:
    """Codes count from 0 in order of arrival, the same name has the same one, and None has none."""
    names = Names()
    codes = [names.add(batch).tolist() for batch in batches]
    arrived = list(dict.fromkeys(name for batch in batches for name in batch if name is not None))
    assert names.names(range(len(names))) == arrived
    assert names.codes(arrived).tolist() == list(range(len(arrived)))
    expected = [[NONE if name is None else arrived.index(name) for name in batch] for batch in batches]
    assert codes == expected


def test_names_outgrow_their_room() -> None:
    """Tens of thousands of names of any script and length, a lone surrogate too, come back as they went in."""
    many = [f"溯源{number}" * (number % 7) + str(number) for number in range(30_000)] + ["\ud800", ""]
    names = Names()
    for first in range(0, len(many), 7000):
        names.add(many[first : first + 7000])
    assert names.names(names.codes(many)) == many
    assert names.code("unheard-of") == NONE


@pytest.mark.parametrize("byteorder", ["big", "little"])
def test_keys_need_not_be_hashes(byteorder: str) -> None:
    """Keys that differ in a few bits of one end find their codes as fast as hashes do: no slot is far away."""
    keys = [number.to_bytes(16, "big" if byteorder == "big" else "little") for number in range(50_000)]
    table = KeyTable()
    assert table.add(keys).tolist() == list(range(len(keys)))
    assert table.add(keys[::-1]).tolist() == list(range(len(keys)))[::-1]
    assert table.key(49_999) == keys[-1]
    assert table.find([bytes([7] * 16)]).tolist() == [-1]
    assert longest_run(table.slots.tolist()) < 200


def longest_run(slots: list[int]) -> int:
    """The longest run of slots in use: the most that a search may have to look at."""
    longest = run = 0
    for slot in slots:
        run = run + 1 if slot else 0
        longest = max(longest, run)
    return longest


def test_an_id_of_another_length_is_refused() -> None:
    """An id that is not 16 bytes long means that the store is damaged, and says what to do."""
    with pytest.raises(StoreDamaged, match="16 bytes"):
        KeyTable().add([b"short"])
