"""The command line as tests run it: in this process, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.cli.main import main
from api.demo import outbreak


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


Suyuan = Callable[..., Ran]


@pytest.fixture
def suyuan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Suyuan:
    """Runs `suyuan` with arguments in an empty folder, without the caller's environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("SUYUAN_STORE", "SUYUAN_AUTHOR", "SUYUAN_WALK", "SUYUAN_DEBUG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def loaded(suyuan: Suyuan) -> Suyuan:
    """The same, with the shipped outbreak in the default store."""
    assert suyuan("load", str(outbreak())).code == 0
    return suyuan
