"""What is shown of a state is read only: nobody writes by what he sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.http.service import Service
from api.principals import read_users
from engine.ledger import Capture
from graph_schema.errors import NotSupported
from tests.api.rights.conftest import USERS


@pytest.mark.parametrize("name", ["beibei", "coordinator", "department"])
def test_what_is_shown_is_not_written(name: str, service: Service, tmp_path: Path) -> None:
    """Neither events nor namings nor, by an enterprise, master data."""
    states = service.seen_by_name(read_users(USERS.write(tmp_path)), name)
    assert states is not None
    with states() as state:
        with pytest.raises(NotSupported, match="not written"):
            state.ledger.append([], Capture(name, "job", "source", 0))
        with pytest.raises(NotSupported, match="not written"):
            state.lookup.add_namings([])
        if name == "beibei":
            with pytest.raises(NotSupported, match="not written"):
                state.masters.put([], 0)
