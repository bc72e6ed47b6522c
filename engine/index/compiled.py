"""Compiling the loops over arrays. In: a function on arrays and numbers. Out: the same, as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at the first call and keep the result on disk, where there is a place that may be written."""
    try:
        return cast("F", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no place to keep it: the cost is a compile for each process
        return cast("F", numba.njit(nogil=True)(function))
