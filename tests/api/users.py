"""Users of a server in tests, each with a key. In: what a file of users tells of each, by name. Out: the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from api.principals import digest_of, new_key


class Users:
    """Some users; each has a new key."""

    def __init__(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        self._told = told
        self.keys = {name: new_key() for name in told}

    def headers(self, name: str) -> dict[str, str]:
        """By which a server knows who asks."""
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def write(self, folder: Path) -> Path:
        """A file of them in a folder."""
        users = [{"name": name, "key": digest_of(self.keys[name]), **told} for name, told in self._told.items()]
        file = folder / "users.yaml"
        file.write_text(yaml.safe_dump({"users": users}), encoding="utf-8")
        return file
