"""What a port of a state that is shown does where the whole one writes. Out: a refusal, whatever was to be written."""

from __future__ import annotations

from typing import Any, NoReturn

from graph_schema.errors import NotSupported


def not_written(*_: Any, **__: Any) -> NoReturn:
    """Refuse."""
    raise NotSupported("what is shown is not written")
