"""JSON that somebody sent (RFC 8259). In: bytes, as what they are to be read. Out: that, or a ValidationException."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from api.rest.problems import EpcisException, RestProblem

Read = TypeVar("Read")


def read_json(content: bytes, decoder: msgspec.json.Decoder[Read], what: str, remedy: str | None = None) -> Read:
    """What a decoder makes of it; `what` is said of what is none."""
    try:
        return decoder.decode(content)
    except RecursionError as error:
        raise RestProblem(400, EpcisException.VALIDATION, f"{what}: it is nested too deep", remedy) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RestProblem(400, EpcisException.VALIDATION, f"{what}: {error}", remedy) from error
