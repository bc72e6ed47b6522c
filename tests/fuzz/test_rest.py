"""Whatever is sent to a path of the REST interface is answered as its OpenAPI document says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.rest.requests.running import ALLOWED
from tests.api.served import demo_store, served
from tests.fuzz.rest import fuzzed


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """Each path and method: declared statuses, media types, headers and schemas; what breaks the schema is refused."""
    with served(demo_store(tmp_path), *ALLOWED) as server:
        code, said = fuzzed(server, 3, tmp_path)
    assert code == 0, said
