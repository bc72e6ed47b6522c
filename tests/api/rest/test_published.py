"""`make requests-published` tells what of a collection of others is answered otherwise than it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.rest.published.__main__ import main
from tests.api.rest.published.bruno import MISSING, has_npm
from tests.ci import in_ci

# The requests are run by a package of npm, which a machine for Python need not have; CI brings npm, and fails without.
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not has_npm() and not in_ci(), reason=MISSING)]
ENVIRONMENT = "vars {\n  baseUrl: http://nowhere.invalid\n}\n"
REQUEST = """meta {{
  name: {name}
  type: http
  seq: 1
}}

get {{
  url: {{{{baseUrl}}}}{path}
  body: none
  auth: none
}}

assert {{
  res.status: eq 200
}}
"""


def collection(folder: Path, **requests: str) -> str:
    """A collection of requests by name, each a path that is to be 200."""
    (folder / "environments").mkdir(parents=True)
    (folder / "environments/Theirs.bru").write_text(ENVIRONMENT)
    (folder / "bruno.json").write_text('{"version": "1", "name": "ours", "type": "collection"}')
    for name, path in requests.items():
        (folder / f"{name}.bru").write_text(REQUEST.format(name=name, path=path))
    return str(folder)


def test_a_difference_is_told_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is answered as it says passes; what is not is named with what came, where no reason is known for it."""
    assert main([collection(tmp_path / "right", events="/events", top="")]) == 0
    assert "2 requests: 2 answered as they say" in capsys.readouterr().out
    assert main([collection(tmp_path / "wrong", events="events", gone="/capture/gone")]) == 1
    told = capsys.readouterr().out
    assert "2 requests: 1 answered as they say" in told
    assert "gone: GET http://127.0.0.1" in told
    assert "/capture/gone is 404" in told


def test_what_is_no_collection_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to give."""
    assert main([str(tmp_path / "nothing")]) == 2
    assert "PUBLISHED" in capsys.readouterr().err
