"""Where the command line writes: answers to stdout, progress and errors to stderr.

Data is never read as markup, so that a bracket in a lot number stays a bracket, and what would steer a terminal
(escape sequences, characters that turn the direction of writing) is left out of it. Colours and progress bars are for
terminals alone; a pipe gets plain lines, wide enough to keep a row on one line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

PIPE_WIDTH = 160
"""Columns where stdout is no terminal and COLUMNS does not say."""
LEAST_WIDTH = 20
"""A narrower console is taken for one that does not know its width."""

_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but the end of a line (C0, C1), and those that turn the direction of writing (Unicode UAX 9)."""


class _Harmless:
    """Something to print, without what steers a terminal; that is no cell wide, so that a table stays in line."""

    def __init__(self, shown: ConsoleRenderable) -> None:
        self._shown = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._shown, options):
            yield segment if segment.control else segment._replace(text=_STEERING.sub("", segment.text))


class _Harmlessly(RenderHook):
    """Has a console print everything so."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Harmless(shown) for shown in renderables]


def answers() -> Console:
    """The console of answers, on stdout."""
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH
    return _harmless(Console(markup=False, highlight=False, emoji=False, soft_wrap=False, width=width))


def notices() -> Console:
    """The console of progress and errors, on stderr."""
    return _harmless(Console(stderr=True, markup=False, highlight=False, emoji=False))


def _harmless(console: Console) -> Console:
    console.push_render_hook(_Harmlessly())
    if console.width < LEAST_WIDTH:
        console.width = PIPE_WIDTH
    return console


def print_json(value: object) -> None:
    """One JSON document on stdout, as UTF-8 whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def title(text: str) -> Text:
    """A line that heads a part of an answer."""
    return Text(f"\n{text}", style="bold")


class Steps:
    """Tells how far long work is: a bar on a terminal, silence elsewhere."""

    def __init__(self, bar: Progress | None, text: str, total: int | None) -> None:
        self._bar = bar
        self._task = None if bar is None else bar.add_task(text, total=total)

    def say(self, text: str) -> None:
        """What is being done now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=text)

    def advance(self, by: int) -> None:
        """So much more is done, of the total."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, by)


@contextmanager
def progress(text: str, total: int | None = None) -> Iterator[Steps]:
    """A progress bar on stderr while the work lasts, where stderr is a terminal."""
    console = notices()
    if not console.is_terminal:
        yield Steps(None, text, total)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield Steps(bar, text, total)
