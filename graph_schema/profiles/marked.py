"""YAML that remembers its lines. In: the text of a file. Out: plain values, and the line of every part of them.

Dates stay text, as they were written; keys are strings and each stands once; anchors and aliases are refused, since
with them a short file can be of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from graph_schema.errors import InvalidProfile

Path = tuple[str | int, ...]
"""Keys and numbers from the whole to a part of it."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = {"null": "tag:yaml.org,2002:null", "time": "tag:yaml.org,2002:timestamp", "str": "tag:yaml.org,2002:str"}


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and where in the values."""

    path: Path
    what: str
    rule: str


class Marked(msgspec.Struct, frozen=True):
    """The values of a file, and where they stand in it."""

    file: str
    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of a part, else of the nearest that it is a part of."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, faults: list[Fault]) -> InvalidProfile:
        """The error for what is wrong, a line each, in the order of the file."""
        told = sorted((self.line(fault.path), fault) for fault in faults)
        return InvalidProfile("\n".join(f"{self.file}:{line}: {fault.what} [{fault.rule}]" for line, fault in told))


def read_marked(file: str, text: str) -> Marked:
    """Read YAML; raises `InvalidProfile` where it is none, or has a key twice or an alias."""
    try:
        node = yaml.compose(text, _LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = 1 if mark is None else mark.line + 1
        raise InvalidProfile(f"{file}:{line}: {getattr(error, 'problem', None) or error} [YAML 1.1]") from None
    reading = _Reading(file)
    value = {} if node is None else reading.value(node, ())
    marked = Marked(file, value, reading.lines)
    if reading.faults:
        raise marked.refuse(reading.faults)
    return marked


class _Reading:
    """One pass over the nodes of a file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()
        self._scalars = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self.faults.append(Fault(path, "an alias stands here", "write what it stands for"))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*path, number)) for number, each in enumerate(node.value)]
        return self._scalar(node)

    def _entries(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen = set()
        for key, each in node.value:
            name = str(key.value)
            if name in seen:
                self.faults.append(Fault((*path, name), f"`{name}` stands twice", "a key stands once"))
            seen.add(name)
            self.lines[(*path, name)] = key.start_mark.line + 1
            yield name, self.value(each, (*path, name))

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag == _PLAIN["time"]:
            return node.value
        return self._scalars.construct_object(node)
