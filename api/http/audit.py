"""What was asked, by whom, when, of which position: a file that only grows. In: questions. Out: JSON lines.

A line is written before the answer leaves. Processes may share the file: a line is one write to its end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
from starlette.requests import HTTPConnection

from api.cases import case_in
from api.graphql.schema import Note, Operation
from api.principals import principal_in
from api.settings import now
from graph_schema.interval import datetime_of


class Question(msgspec.Struct, frozen=True):
    """One line."""

    at: str
    """When, ISO 8601 in UTC."""
    who: str | None
    """The principal's name; None where no users are configured."""
    case: str | None
    """The case under which it was asked; None: under none."""
    position: int
    """The ledger position that it was answered at."""
    operation: str | None
    query: str | None
    variables: dict[str, object] | None
    errors: list[str]
    """Codes of what was refused."""


class Audit:
    """The log."""

    def __init__(self, file: Path) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._descriptor = os.open(file, flags, 0o600)

    def note(self, question: Question) -> None:
        """Write a line."""
        os.write(self._descriptor, msgspec.json.encode(question) + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def __enter__(self) -> Audit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def noting(audit: Audit) -> Note:
    """Writes each operation into the log, with who asked."""

    def note(operation: Operation) -> None:
        given = operation.given
        request = given["context_value"].get("request") or given["context_value"].get("ws")
        audit.note(
            Question(
                at=_moment(now()),
                who=_who(request.scope),
                case=case_in(request.scope),
                position=operation.position,
                operation=given.get("operation_name"),
                query=operation.query,
                variables=given.get("variable_values"),
                errors=operation.errors,
            )
        )

    return note


def noting_requests(audit: Audit, position: Callable[[], int]) -> Callable[[HTTPConnection, str, int], None]:
    """Writes each request to the REST interface into the log, with who asked."""

    def note(connection: HTTPConnection, method: str, status: int) -> None:
        audit.note(
            Question(
                at=_moment(now()),
                who=_who(connection.scope),
                case=case_in(connection.scope),
                position=position(),
                operation=f"{method} {connection.url.path}",
                query=connection.url.query or None,
                variables=None,
                errors=[str(status)] if status >= HTTPStatus.BAD_REQUEST else [],
            )
        )

    return note


def _who(scope: Mapping[str, Any]) -> str | None:
    principal = principal_in(scope)
    return None if principal is None else principal.name


def _moment(micros: int) -> str:
    """A time as a line has it."""
    told = datetime_of(micros)
    return "" if told is None else told.isoformat()
