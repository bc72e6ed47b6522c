"""Versions, formats and media types of the REST interface (EPCIS 2.0 §12). In: a request's headers. Out: ours, or 406.

Documents and events are read and answered as JSON or XML, all else as JSON, as the standard's OpenAPI document has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.metadata import version
from typing import Any

from starlette.datastructures import Headers

from api.http.media_types import accept_of, accepted_types, named_type
from api.rest.problems import EpcisException, RestProblem
from loaders.xml_writer import CbvForm

SPOKEN = "2.0.0"
"""The version of EPCIS and of CBV that is spoken."""

_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,2}", re.ASCII)

COMMON = {
    "GS1-EPCIS-Version": SPOKEN,
    "GS1-CBV-Version": SPOKEN,
    "GS1-Extensions": "",
    "GS1-Vendor-Version": f"Suyuan {version('suyuan')}",
}
"""On every answer."""

RANGES = dict.fromkeys(("GS1-EPCIS-Min", "GS1-EPCIS-Max", "GS1-CBV-Min", "GS1-CBV-Max"), SPOKEN)
"""On the answers of OPTIONS."""

JSON = ("application/json", "application/ld+json")
XML = ("application/xml", "text/xml")


class MediaType(StrEnum):
    """What bodies and answers are written in."""

    JSON = "application/json"
    XML = "application/xml"


EITHER = (MediaType.JSON, MediaType.XML)
"""What documents and events are taken and answered in."""
_NAMES = {MediaType.JSON: JSON, MediaType.XML: XML}
_PROBLEMS = {MediaType.JSON: "application/problem+json", MediaType.XML: "application/problem+xml"}


def answer_of(what: str, media: Sequence[MediaType] = (MediaType.JSON,)) -> dict[str, Any]:
    """An answer as the OpenAPI document shows it; a route that declares XML answers it."""
    return {"description": what, "content": {one.value: {} for one in media}}


def body_of(what: str, media: Sequence[MediaType] = EITHER) -> dict[str, Any]:
    """A body as the OpenAPI document shows it."""
    content = {one.value: {"schema": {"type": "object", "description": what}} for one in media}
    return {"requestBody": {"required": True, "description": what, "content": content}}


class EpcFormat(StrEnum):
    """`GS1-EPC-Format`: how identifiers are written."""

    AS_THEY_CAME = "Never_Translates"
    NO_PREFERENCE = "No_Preference"
    DIGITAL_LINK = "Always_GS1_Digital_Link"
    URN = "Always_EPC_URN"


def check_headers(headers: Headers, offered: Sequence[MediaType] = (MediaType.JSON,)) -> None:
    """Refuse a request whose answer could not be what it accepts (406)."""
    if answered_in(headers, offered) is None:
        ours = " or ".join(one.removeprefix("application/").upper() for one in offered)
        remedy = f"Accept {' or '.join(offered)}."
        raise _not_acceptable(f"answers are {ours}, not {(accept_of(headers) or '')[:200]!r}", remedy)
    for standard in ("EPCIS", "CBV"):
        _check_version(headers, standard)
    words_form(headers)


def answered_in(headers: Headers, offered: Sequence[MediaType]) -> MediaType | None:
    """The media type that a client likes most of those offered, the first where it likes all alike; None for none."""
    wanted = accepted_types(accept_of(headers) or "*/*")
    best = max(offered, key=lambda media: _liked(media, wanted))
    return best if _liked(best, wanted) > 0 else None


_LEAST = 0.0001
"""How much an answer is liked of which only the problems are named."""


def _liked(media: MediaType, wanted: Mapping[str, float]) -> float:
    """How much; a name counts before a range that it falls in (RFC 9110 §12.5.1)."""
    named = [wanted[name] for name in _NAMES[media] if name in wanted]
    ranges = (wanted[name] for name in ("application/*", "*/*") if name in wanted)
    if named:
        return max(named)
    return next(ranges, _LEAST if wanted.get(_PROBLEMS[media]) else 0.0)


def words_form(headers: Headers) -> CbvForm:
    """How words of the CBV are written in XML (`GS1-CBV-XML-Format`)."""
    asked = headers.get("GS1-CBV-XML-Format", CbvForm.NO_PREFERENCE)
    try:
        return CbvForm(asked)
    except ValueError as error:
        what = f"GS1-CBV-XML-Format: {asked[:80]!r} is no format"
        raise _not_acceptable(what, f"Ask for {', '.join(CbvForm)}.") from error


def check_media_type(headers: Headers, taken: Sequence[MediaType] = (MediaType.JSON,)) -> MediaType:
    """What a body is said to be; 415 where it is not what is read."""
    given = named_type(headers.get("content-type", ""))
    found = next((media for media in taken if given in _NAMES[media]), None)
    if found is None:
        what = f"a body of type {given[:100]!r} is not read" if given else "the body has no Content-Type"
        raise RestProblem(415, EpcisException.UNSUPPORTED_MEDIA_TYPE, what, f"Send {' or '.join(taken)}.")
    return found


def _check_version(headers: Headers, standard: str) -> None:
    given = {what: headers.get(f"GS1-{standard}-{what}") for what in ("Min", "Max", "Version")}
    least, most, used = given.values()
    ours = _numbers(SPOKEN)
    if (
        (least is not None and _numbers(least) > ours)
        or (most is not None and _padded(most) < ours)
        or (used is not None and _numbers(used)[:2] != (2, 0))
    ):
        asked = ", ".join(filter(None, given.values()))
        raise _not_acceptable(f"{standard} {asked} is not spoken here", f"Ask for {standard} {SPOKEN}.")


def _numbers(text: str) -> tuple[int, ...]:
    if _VERSION.fullmatch(text) is None:
        raise _not_acceptable(f"{text[:80]!r} is no version", f"Write it as {SPOKEN}.")
    return (*map(int, text.split(".")), 0, 0)[:3]


def _padded(text: str) -> tuple[int, ...]:
    """A version as an upper bound: 2.0 has 2.0.0 in it, and so has 2."""
    given = text.count(".") + 1
    return (*_numbers(text)[:given], *(999,) * (3 - given))


def _not_acceptable(what: str, remedy: str) -> RestProblem:
    return RestProblem(406, EpcisException.NOT_ACCEPTABLE, what, remedy)
