"""Fields with their descriptions, which every field of the schema has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def told(description: str, **more: Any) -> Any:
    """A field of a type that tells what it means."""
    return strawberry.field(description=description, **more)


def resolved(description: str) -> Callable[[Resolver], Resolver]:
    """A method as a field that tells what it means."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(description=description))


def watched(description: str) -> Callable[[Resolver], Resolver]:
    """An asynchronous generator as a subscription that tells what it means."""
    return cast("Callable[[Resolver], Resolver]", strawberry.subscription(description=description))
