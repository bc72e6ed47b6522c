"""Versions, formats and media types of the REST interface (EPCIS 2.0 §12). In: a request's headers. Out: ours, or 406.

Nothing is read but JSON, and nothing else is answered; an XML binding is to come.
"""

from __future__ import annotations

from enum import StrEnum
from importlib.metadata import version

from starlette.datastructures import Headers

from api.rest.problems import EpcisException, RestProblem

SPOKEN = "2.0.0"
"""The version of EPCIS and of CBV that is spoken."""

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
_TAKEN = {*JSON, "application/problem+json", "application/*", "*/*"}


class EpcFormat(StrEnum):
    """`GS1-EPC-Format`: how identifiers are written."""

    AS_THEY_CAME = "Never_Translates"
    NO_PREFERENCE = "No_Preference"
    DIGITAL_LINK = "Always_GS1_Digital_Link"
    URN = "Always_EPC_URN"


def check_headers(headers: Headers) -> None:
    """Refuse a request whose answer could not be what it accepts (406)."""
    accepted = [part.partition(";")[0].strip().lower() for part in headers.get("accept", "*/*").split(",")]
    if not _TAKEN.intersection(accepted):
        raise _not_acceptable(f"answers are JSON, not {headers['accept'][:200]!r}", "Accept application/json.")
    for standard in ("EPCIS", "CBV"):
        _check_version(headers, standard)
    cbv = headers.get("GS1-CBV-XML-Format", "No_Preference")
    if cbv not in ("No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates"):
        raise _not_acceptable(f"GS1-CBV-XML-Format: {cbv[:80]!r} is no format", "It has no bearing on JSON: leave it.")


def check_media_type(headers: Headers) -> None:
    """Refuse a body that is no JSON (415)."""
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in JSON:
        what = f"a body of type {given[:100]!r} is not read" if given else "the body has no Content-Type"
        remedy = "Send application/json or application/ld+json."
        raise RestProblem(415, EpcisException.UNSUPPORTED_MEDIA_TYPE, what, remedy)


def _check_version(headers: Headers, standard: str) -> None:
    ours = _numbers(SPOKEN)
    least, most = headers.get(f"GS1-{standard}-Min"), headers.get(f"GS1-{standard}-Max")
    used = headers.get(f"GS1-{standard}-Version")
    if (least and _numbers(least) > ours) or (most and _padded(most) < ours) or (used and _numbers(used)[:2] != (2, 0)):
        asked = ", ".join(filter(None, (least, most, used)))
        raise _not_acceptable(f"{standard} {asked} is not spoken here", f"Ask for {standard} {SPOKEN}.")


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return (*map(int, text.split(".")), 0, 0, 0)[:3]
    except ValueError as error:
        raise _not_acceptable(f"{text[:80]!r} is no version", f"Write it as {SPOKEN}.") from error


def _padded(text: str) -> tuple[int, ...]:
    """A version as an upper bound: 2.0 has 2.0.0 in it, and so has 2."""
    given = text.count(".") + 1
    return (*_numbers(text)[:given], *(999,) * (3 - given))


def _not_acceptable(what: str, remedy: str) -> RestProblem:
    return RestProblem(406, EpcisException.NOT_ACCEPTABLE, what, remedy)
