"""Queries in files that a database administrator can run. In: a file beside a store's modules.

Out: name → query.

A query begins at a line `-- name: its_name`; comment lines right below it say what it is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_HEADING = re.compile(r"^(?:--|//) name: (\w+)\s*$", re.MULTILINE)


def load_queries(package: str, file: str) -> Mapping[str, str]:
    """The queries of one file by name. A name given twice is an error."""
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    _, *pairs = _HEADING.split(text)
    queries = {name: query.strip() for name, query in zip(pairs[::2], pairs[1::2], strict=True)}
    if len(queries) * 2 != len(pairs):
        raise ValueError(f"{package}/{file}: a query's name is given twice")
    return MappingProxyType(queries)
