"""What brings a file from one format to the next. In: formats. Out: the scripts between them, in order.

`NNNN_name.sql` brings a file from format NNNN - 1 to NNNN.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def scripts(after: int, upto: int) -> Iterator[str]:
    """The scripts that bring a file of one format to another."""
    folder = files(__package__)
    by_number = {int(file.name[:4]): file for file in folder.iterdir() if file.name.endswith(".sql")}
    for number in range(after + 1, upto + 1):
        yield by_number[number].read_text(encoding="utf-8")
