"""How a demo is played: a heading, the command as it can be typed, its answer. In: commands. Out: what they print."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import typer
from rich.text import Text

from api.cli.console import answers
from api.cli.failure import FINE
from api.settings import store_path, without_password

NAME = "suyuan"


class Stage:
    """A store, and the commands that are run on it one after the other."""

    def __init__(self, context: typer.Context, asked: str | None, fresh: str) -> None:
        """Over the store that was asked for, where nothing is removed; else over a fresh one."""
        self._command = context.find_root().command
        self._typed = typed_name(sys.argv[0])
        self._store = asked or fresh
        self._number = 0
        if asked is None:
            remove_store(store_path(fresh))

    def play(self, heading: str, *command: str) -> None:
        """Run a command on the store, shown before its answer; one that fails ends the demo with its code."""
        self._number += 1
        self.say(f"{self._number}. {heading}", *command)
        answers().print()
        arguments = [*command, "--store", self._store]
        code = self._command.main(args=arguments, prog_name=NAME, standalone_mode=False)
        if code not in (None, FINE):
            raise typer.Exit(code)

    def say(self, heading: str, *command: str) -> None:
        """A heading, and a command to run on the store."""
        answers().print(Text(f"\n━━ {heading}", style="bold blue"))
        if command:
            self.show(*command)

    def show(self, *command: str, here: bool = True) -> None:
        """A command as it can be typed, on this store or on none; without a password."""
        place = ("--store", without_password(self._store)) if here else ()
        line = shlex.join([*command, *place])
        answers().print(Text(f"$ {self._typed} {line}", style="dim"), soft_wrap=True)


def typed_name(started: str) -> str:
    """How the command is typed here: by its name where the shell finds it, else as it was started."""
    found = shutil.which(NAME)
    if Path(started).name != NAME or (found is not None and Path(found).samefile(started)):
        return NAME
    return started


def remove_store(file: Path) -> None:
    """Remove a store with its log and what lies beside it."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    for ending in (".index", ".records"):
        beside = file.with_name(file.name + ending)
        if beside.is_dir():
            shutil.rmtree(beside)
