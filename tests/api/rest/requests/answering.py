"""An answer beside what is expected of it. In: both. Out: each difference, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

PATTERN = "~"
"""What an expected text begins with that is a regular expression."""


def differences(expected: Any, found: Any, where: str = "") -> Iterator[str]:
    """Where a JSON value is not as expected; an object may have more members."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name in found:
                yield from differences(value, found[name], f"{where}/{name}")
            else:
                yield f"{where}/{name} is not there"
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{where}/{number}")
    elif not _fits(expected, found):
        yield f"{where or '/'} is {found!r}, not {expected!r}"


def xml_differences(expected: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """Where XML is not: the text of the first element of a path, or how many of it there are."""
    if not expected:
        return
    root = etree.fromstring(content)
    for path, value in expected.items():
        elements = root.findall(path)
        found = len(elements) if isinstance(value, int) else elements[0].text if elements else None
        yield from differences(value, found, path)


def _fits(expected: Any, found: Any) -> bool:
    if isinstance(expected, str) and expected.startswith(PATTERN):
        return isinstance(found, str) and re.fullmatch(expected.removeprefix(PATTERN), found) is not None
    return type(expected) is type(found) and bool(expected == found)
