"""`suyuan exchange`: packages of events between platforms. In: a store or a package. Out: a package, or a receipt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from api.cli.answer_tables import counted
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE, WITH_REJECTS
from api.cli.options import AsJson, Store, examples, location
from api.cli.systems import Own as Folder
from api.cli.systems import known_profiles
from api.settings import read_settings
from api.writing import written
from graph_schema.errors import InvalidInput

if TYPE_CHECKING:
    from api.exchange.manifest import Receipt

PACK_EXAMPLES = examples(
    "suyuan exchange pack --to zhengzhou --out july.zip",
    "suyuan exchange pack --to zhengzhou --out august.zip --after july.receipt.json --system dairy",
)
UNPACK_EXAMPLES = examples(
    "suyuan exchange unpack july.zip --as zhengzhou --receipt july.receipt.json",
    "suyuan exchange unpack august.zip --as zhengzhou --receipt august.receipt.json --after july.receipt.json",
)
CHECK_EXAMPLES = examples(
    "suyuan exchange check july.zip",
    "suyuan exchange check july.zip --receipt july.receipt.json",
)

Recipient = Annotated[str, typer.Option("--to", metavar="NAME", help="The platform that it is for.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The package.")]
After = Annotated[
    Path | None, typer.Option("--after", metavar="RECEIPT", help="The receipt of the package before this one.")
]
System = Annotated[
    str | None, typer.Option("--system", metavar="NAME", help="Only records that are marked as of this product system.")
]
Own = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="The platform that this is; else SUYUAN_AUTHOR, else local."),
]
File = Annotated[Path, typer.Argument(metavar="PACKAGE", help="The package.")]
ReceiptOut = Annotated[Path, typer.Option("--receipt", metavar="FILE", help="Where the receipt goes.")]
ReceiptIn = Annotated[Path | None, typer.Option("--receipt", metavar="FILE", help="The receipt that was given for it.")]

exchange = typer.Typer(
    help="Packages of events between platforms.\n\nWith hashes and receipts.",
    epilog=PACK_EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    exchange.command(epilog=PACK_EXAMPLES)(pack)
    exchange.command(epilog=UNPACK_EXAMPLES)(unpack)
    exchange.command(epilog=CHECK_EXAMPLES)(check)
    app.add_typer(exchange, name="exchange")


def pack(
    to: Recipient,
    out: Out,
    own: Own = None,
    system: System = None,
    folder: Folder = None,
    after: After = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Pack a ledger's events for another platform.

    Events as they came, in the order of the ledger: all, or those behind what a receipt is for. The same events give
    the same package. Unattested events are left out.
    """
    from api.exchange.manifest import digest_of
    from api.exchange.packing import Packing, beginning
    from api.exchange.packing import pack as pack_events
    from api.session import open_session
    from graph_schema.profiles import system_name

    known = known_profiles(folder)
    asked = Packing(_named(own), _platform(to, "--to"), None if system is None else system_name(system, known))
    before = _receipt(after)
    with open_session(location(store)) as session, session.store.snapshot() as snapshot, progress("Packing"):
        since = beginning(snapshot, before, asked)
        with written(out) as file:
            manifest = pack_events(snapshot, asked, since, file, known)
    digest = digest_of(manifest.encoded())
    if as_json:
        print_json({"file": str(out), "digest": digest, **msgspec.to_builtins(manifest)})
    else:
        _say(f"Written: {out}, {counted(manifest.events, 'event')} for {to}; {manifest.left_out:,} left out.")
        _say(f"Its digest, to be told by another way: {digest}")
    return FINE


def unpack(
    package: File,
    receipt: ReceiptOut,
    own: Own = None,
    after: After = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Take a package into a ledger, and write a receipt.

    It is checked whole before anything is loaded. Taking it again changes nothing, and leaves the receipt as it is;
    another package in its place is refused.
    """
    from api.exchange import taking
    from api.exchange.package import opened
    from api.session import open_session

    before, given = _receipt(after), _receipt(receipt) if receipt.exists() else None
    with opened(package) as checked:
        taking.check_for(checked, _named(own), before, given)
        with progress("Taking"), open_session(location(store), to_write=True) as session:
            taken = taking.take(checked, session)
            session.refresh()
    if given is None or taken.accepted:
        with written(receipt) as file:
            file.write(taking.written(taken))
    _tell(taken, receipt, as_json=as_json)
    return WITH_REJECTS if taken.rejected else FINE


def check(package: File, receipt: ReceiptIn = None, as_json: AsJson = False) -> int:
    """Check a package, and whether a receipt is for it.

    Loads nothing.
    """
    from api.exchange.package import opened

    given = _receipt(receipt)
    with opened(package) as checked:
        manifest, digest = checked.manifest, checked.digest
    if given is not None and given.package != digest:
        raise InvalidInput(
            f"it is for the package {given.package}, and this is {digest}",
            where=str(receipt),
            remedy="Ask its recipient for the receipt of this one.",
        )
    if as_json:
        shown = {"digest": digest, **msgspec.to_builtins(manifest)}
        print_json(shown if given is None else {**shown, "receipt": msgspec.to_builtins(given)})
        return FINE
    whole = f"of {manifest.system}" if manifest.system else "of all systems"
    held = f"{counted(manifest.events, 'event')} {whole}"
    _say(f"{package}: {held}, from {manifest.sender} for {manifest.recipient}, as it says.")
    _say(f"Positions {manifest.since.position + 1:,} to {manifest.until.position:,} of its ledger. Digest: {digest}")
    if given is not None:
        _say(f"{given.recipient} took it at {given.taken_at}: {_counted(given)}.")
    return FINE


def _named(own: str | None) -> str:
    return _platform(own or read_settings(os.environ).author, "--as")


def _platform(name: str, option: str) -> str:
    from api.exchange.manifest import LONGEST

    if not 0 < len(name) <= LONGEST:
        raise InvalidInput(
            f"{len(name):,} characters are no name of a platform", where=option, remedy=f"It has 1 to {LONGEST}."
        )
    return name


def _receipt(file: Path | None) -> Receipt | None:
    from api.exchange.manifest import read_receipt

    return None if file is None else read_receipt(file)


def _tell(taken: Receipt, file: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(msgspec.to_builtins(taken))
    else:
        _say(f"Taken from {taken.sender}: {_counted(taken)}. Receipt: {file}")


def _counted(receipt: Receipt) -> str:
    return (
        f"{counted(receipt.accepted, 'event')} accepted, {receipt.duplicates:,} were there already, "
        f"{receipt.rejected:,} refused"
    )


def _say(text: str) -> None:
    answers().print(text, soft_wrap=True)
