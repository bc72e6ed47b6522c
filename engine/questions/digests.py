"""What an answer was derived with (design §6). Out: the builder's version, and digests of the words and steps.

The same question on the same ledger is the same answer only by the same rules; these say whether they were the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_TABLES = {"vocabularies": "cbv.yaml", "steps": "steps.yaml", "units": "units.yaml"}


@cache
def digests() -> dict[str, str]:
    """SHA-256, in hex, of the builder's code and of each table it reads."""
    tables = {name: _digest([files("graph_schema").joinpath(file)]) for name, file in _TABLES.items()}
    code = [file for file in files("engine.builder").iterdir() if file.name.endswith(".py")]
    return {"builder": _digest(sorted(code, key=lambda file: file.name)), **tables}


def _digest(sources: list[Traversable]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()
