"""The collection. In: the YAML files beside this one. Out: requests, in the order in which they are sent.

What stands in braces is a variable: `run` is other in each run, so that a server may be asked again; `dest` is where
webhooks would go; others are kept from earlier answers of the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

FOLDER = Path(__file__).parent
_VARIABLE = re.compile(r"\{([a-zA-Z]+)\}")


class Exchange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request, and what holds of its answer."""

    title: str
    request: str
    """Its method and path."""
    status: int
    headers: dict[str, str] = {}
    body: Any = None
    """Text as it is sent; all else as JSON."""
    told: dict[str, Any] = {}
    """Headers of the answer."""
    json: Any = None
    """What is in the answer's JSON: of an object at least these members, of a list all."""
    xml: dict[str, Any] = {}
    """What is in the answer's XML, by path; a number is how many there are."""
    until: dict[str, Any] | None = None
    """It is asked again until this is in its JSON."""
    keep: dict[str, str] = {}
    """Variables, and the header or the member of the JSON that each is read from."""

    @property
    def method(self) -> str:
        """How it is asked."""
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        """What is asked for, without its query."""
        return self.request.partition(" ")[2].partition("?")[0]


def files() -> list[Path]:
    """Each is whole by itself."""
    return sorted(FOLDER.glob("*.yaml"))


def exchanges(file: Path) -> list[Exchange]:
    """What a file has. `_shared` in it is for its own aliases."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return msgspec.convert(told["exchanges"], list[Exchange])


def all_exchanges() -> Iterator[Exchange]:
    """Those of all files."""
    for file in files():
        yield from exchanges(file)


def variables_of(exchange: Exchange) -> set[str]:
    """The variables that stand in an exchange."""
    return set(_VARIABLE.findall(str(msgspec.to_builtins(exchange))))


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """The same with variables put in; a name that is not known is an error of the file."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: variables[found[1]], value)
    if isinstance(value, dict):
        return {filled(name, variables): filled(one, variables) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, variables) for one in value]
    return value
