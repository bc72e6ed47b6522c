"""The console command. In: arguments. Out: an exit code, and never a traceback (`api.cli.failure`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from api.cli import (
    access,
    ask,
    assess,
    copy,
    coverage,
    demo,
    draw,
    drill,
    exchange,
    fitted,
    generate,
    ledger,
    load,
    lookup,
    open_data,
    register,
    responsibility,
    serve,
    systems,
)
from api.cli.failure import FINE, OWN_ERROR, STOPPED, USAGE, WRONG_INPUT, tell, tell_own, tell_usage
from api.cli.options import examples
from api.settings import read_settings
from graph_schema.errors import InvalidInput, StoreError, SuyuanError

UsageError: type[Exception] = typer.BadParameter.__base__ or typer.BadParameter
"""What typer raises for wrong usage; it has no public name of its own in every release."""

HELP = """Where goods went, where they came from, and what must be recalled, from whom.

Loads EPCIS 2.0 events into a store and answers from them; each answer says which part of it is certain."""
EXAMPLES = examples(
    "suyuan demo",
    "suyuan load events.json",
    'suyuan trace back "(01)09521103009000(10)CAN-B"',
    "suyuan recall scope urn:epc:class:lgtin:9521101.000001.TK-S1 --xlsx recall.xlsx",
)

app = typer.Typer(
    name="suyuan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"suyuan {version('suyuan')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True)]


@app.callback(help=HELP, epilog=EXAMPLES)
def _suyuan(version: Version = False) -> None:
    """What comes before a command."""


for part in (
    load, register, ask, fitted, responsibility, access, lookup, serve, ledger, copy, exchange, generate, systems,
    coverage, open_data, draw, drill, assess, demo,
):  # fmt: skip
    part.register(app)


def main(arguments: Sequence[str]) -> int:
    """Run a command; the exit code."""
    as_json = "--json" in arguments
    try:
        code = app(list(arguments), standalone_mode=False, prog_name="suyuan")
    except SuyuanError as error:
        tell(error, as_json)
        return WRONG_INPUT
    except OSError as error:
        tell(_unusable(error), as_json)
        return WRONG_INPUT
    except UsageError as error:
        _tell_usage(error, as_json)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except Exception as error:  # noqa: BLE001 - the last net: a person sees one line, not a traceback
        tell_own(error, as_json, read_settings(os.environ).debug)
        return OWN_ERROR
    if code == STOPPED:
        sys.stderr.write("Stopped. What was committed stays; nothing is half-loaded.\n")
    return code if isinstance(code, int) else FINE


def refuse_nowhere(arguments: Sequence[str]) -> int:
    """Say that stdout is closed, so that no answer is lost in silence; the exit code."""
    error = InvalidInput(
        "it is closed, and answers go there", where="stdout", remedy="Redirect it, to /dev/null at least."
    )
    tell(error, "--json" in arguments)
    return WRONG_INPUT


def _unusable(error: OSError) -> StoreError:
    where = str(error.filename) if error.filename is not None else None
    what = error.strerror or str(error)
    return StoreError(what, where=where, remedy="Check the path, its rights and the disk.")


def _tell_usage(error: Exception, as_json: bool) -> None:
    context = getattr(error, "ctx", None)
    message = str(getattr(error, "format_message", lambda: str(error))())
    if message.startswith("Usage:") and not as_json:
        sys.stderr.write(f"{message}\n")  # a command group without a command: its help says it all
        return
    what = " ".join(message.replace("Value error, ", "").split())
    tell_usage(context.command_path if context else "suyuan", what, as_json)
