"""What an answer was derived with (design §6). Out: the builder's version, and digests of words, steps and profiles.

The same question on the same ledger is the same answer only by the same rules; these say whether they were the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from graph_schema.profiles.loading import COMMON, SYSTEMS

_TABLES = {"vocabularies": "cbv.yaml", "steps": "steps.yaml", "units": "units.yaml"}


@cache
def digests() -> dict[str, str]:
    """SHA-256, in hex, of the builder's code, of the profiles, and of each table it reads."""
    tables = {name: _digest([files("graph_schema").joinpath(file)]) for name, file in _TABLES.items()}
    systems = [COMMON, *sorted(SYSTEMS.iterdir(), key=lambda file: file.name)]
    code = [file for file in files("engine.builder").iterdir() if file.name.endswith(".py")]
    builder = _digest(sorted(code, key=lambda file: file.name))
    return {"builder": builder, "profiles": _digest(systems), **tables}


def _digest(sources: list[Traversable]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()
