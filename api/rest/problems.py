"""Problems of the REST interface (RFC 9457), named as EPCIS 2.0 names its exceptions (§8.1, §8.2.3, §12).

In: an error of ours. Out: `application/problem+json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from starlette.responses import Response

from api.http.problems import problem
from graph_schema.errors import (
    CursorExpired,
    Forbidden,
    InvalidInput,
    LimitExceeded,
    NotSupported,
    StoreBusy,
    StoreError,
    SuyuanError,
)


class EpcisException(StrEnum):
    """Names of exceptions of the standard."""

    VALIDATION = "ValidationException"
    QUERY_PARAMETER = "QueryParameterException"
    QUERY_TOO_LARGE = "QueryTooLargeException"
    QUERY_TOO_COMPLEX = "QueryTooComplexException"
    CAPTURE_LIMIT = "CaptureLimitExceededException"
    NO_SUCH_NAME = "NoSuchNameException"
    ALREADY_EXISTS = "ResourceAlreadyExistsException"
    NOT_ACCEPTABLE = "NotAcceptableException"
    UNSUPPORTED_MEDIA_TYPE = "UnsupportedMediaTypeException"
    SUBSCRIPTION_CONTROLS = "SubscriptionControlsException"
    SECURITY = "SecurityException"
    IMPLEMENTATION = "ImplementationException"

    @property
    def uri(self) -> str:
        """As a problem's type."""
        return f"epcisException:{self.value}"


class RestProblem(Exception):
    """What a request is answered with, where it cannot be done."""

    def __init__(
        self,
        status: int,
        name: EpcisException,
        what: str,
        remedy: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.name = name
        self.what = what
        self.remedy = remedy
        self.headers = headers or {}
        super().__init__(what)

    def response(self) -> Response:
        """The answer."""
        return problem(self.status, self.what, self.remedy, kind=self.name.uri, headers=self.headers)


_STATUS: tuple[tuple[type[SuyuanError], int, EpcisException], ...] = (
    (CursorExpired, 400, EpcisException.QUERY_PARAMETER),
    (InvalidInput, 400, EpcisException.VALIDATION),
    (Forbidden, 403, EpcisException.SECURITY),
    (LimitExceeded, 413, EpcisException.QUERY_TOO_COMPLEX),
    (NotSupported, 501, EpcisException.IMPLEMENTATION),
    (StoreBusy, 503, EpcisException.IMPLEMENTATION),
    (StoreError, 500, EpcisException.IMPLEMENTATION),
)


def problem_of(error: SuyuanError) -> Response:
    """An error as its problem; where a store lies is nobody's business outside."""
    for kind, status, name in _STATUS:
        if isinstance(error, kind):
            where = None if isinstance(error, StoreError) else error.where
            what = f"{where}: {error.what}" if where else error.what
            return problem(status, what, error.remedy, kind=name.uri)
    return problem(400, error.what, error.remedy, kind=EpcisException.VALIDATION.uri)


def no_such(what: str) -> RestProblem:
    """A resource that is not there."""
    return RestProblem(404, EpcisException.NO_SUCH_NAME, what)
