"""Names for what may not be named: under one secret for all processes over a store, which nobody else reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from api.rights.pseudonyms import Pseudonyms, secret_of
from graph_schema.errors import StoreDamaged


def test_processes_that_begin_together_have_one_secret(tmp_path: Path) -> None:
    """Whoever comes first makes it; its owner alone reads it, and nothing else is left."""
    file = tmp_path / "new" / "s.secret"
    with ThreadPoolExecutor(8) as several:
        secrets = set(several.map(lambda _: secret_of(file), range(32)))
    assert secrets == {secret_of(file)}
    assert {len(secret) for secret in secrets} == {32}
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("left", [0, 31])
def test_a_secret_that_is_cut_short_is_refused(tmp_path: Path, left: int) -> None:
    """What is named under it could be guessed."""
    file = tmp_path / "s.secret"
    file.write_bytes(secret_of(tmp_path / "other.secret")[:left])
    with pytest.raises(StoreDamaged) as refused:
        secret_of(file)
    assert refused.value.where == str(file)
    assert refused.value.remedy


def test_a_pseudonym_is_of_its_reader_and_answer(tmp_path: Path) -> None:
    """Whoever compares with others, or with another answer, learns nothing; parts are not run together."""
    names = Pseudonyms(secret_of(tmp_path / "s.secret"))
    several = [
        names.event("dairy", "e"),
        names.event("mill", "e"),
        names.thing("dairy", "1", "e"),
        names.thing("dairy", "2", "e"),
        names.thing("dairy", "12", "3"),
        names.thing("dairy", "1", "23"),
        Pseudonyms(secret_of(tmp_path / "other.secret")).event("dairy", "e"),
    ]
    assert len(set(several)) == len(several)
    assert names.event("dairy", "e") == several[0]
    assert {(UUID(one).version, UUID(one).variant) for one in several} == {(8, "specified in RFC 4122")}
