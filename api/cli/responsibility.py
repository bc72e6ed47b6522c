"""`suyuan responsibility CODE`: who had a found item, who has it last, where the records break off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.cli.answer_tables import ROWS, plain_table, print_gaps, print_more, print_state, print_table
from api.cli.ask import asking
from api.cli.console import answers, print_json, progress, title
from api.cli.failure import FINE
from api.cli.options import AsJson, Store, examples
from api.cli.systems import Own, known_profiles
from api.labels import Labels, day_or_time, quantities
from api.responsible import event_labels, responsible, role_labels
from engine.answer import Certainty, Quantities, QuantityRange
from engine.responsibility import Account, Record, Responsibility, Subject, responsibility_json
from graph_schema.profiles import Profile, system_name

Code = Annotated[str, typer.Argument(metavar="CODE", help="The item found, by its code in any spelling.")]
SystemName = Annotated[
    str | None,
    typer.Option(
        "--system",
        metavar="NAME",
        help="The product system in whose words it is told; without it, that whose code CODE is.",
    ),
]
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("held", "has"), ("sold", "sold"), ("used", "used"), ("destroyed", "destroyed"),
)  # fmt: skip

EXAMPLES = examples(
    'suyuan responsibility "(01)09521103009000(10)CAN-B" --system infant_formula',
    "suyuan responsibility urn:epc:class:lgtin:9521103.000900.CAN-B --json",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(responsibility)


def responsibility(
    code: Code, system: SystemName = None, own: Own = None, store: Store = None, as_json: AsJson = False
) -> int:
    """Say who is responsible for a found item.

    Every subject that had it, in order, with what it recorded; who has it last by the records; where these break off.
    """
    known = known_profiles(own)
    asked = None if system is None else system_name(system, known)
    with asking(store) as state:
        with progress("Tracing"):
            answer = responsible(state, code, asked, known)
        if as_json:
            print_json(responsibility_json(answer))
        else:
            profile = None if answer.system is None else known.versions(answer.system)[-1]
            _print(answers(), answer, state.labels_of_keys(*_keys(answer)), profile)
    return FINE


def _keys(answer: Responsibility) -> tuple[set[str], set[str]]:
    """The items and sites that are named."""
    subjects = [subject for account in answer.accounts for subject in account.subjects]
    comings = [coming.site for subject in subjects for coming in subject.came_from]
    items = {account.item for account in answer.accounts} | {item for one in subjects for item in one.made_of}
    return items, {site for site in (*comings, *(subject.site for subject in subjects)) if site is not None}


def _print(console: Console, answer: Responsibility, labels: Labels, profile: Profile | None) -> None:
    holders = ", ".join(_holder(subject, labels) for subject in answer.holders()) or "nobody, by the records"
    console.print(Text(f"Last recorded holder of {labels.item(answer.accounts[0].item)}: {holders}", style="bold"))
    print_state(console, answer.ledger, all(account.complete for account in answer.accounts), backward=False)
    for number, account in enumerate(answer.accounts):
        of = " (its own records do not tell where it came from, so of the lot that it is of)" if number else ""
        console.print(title(f"Who had {labels.item(account.item)}{of}"))
        _print_subjects(console, account, labels, profile)
        print_gaps(console, account.breaks, labels)


def _holder(subject: Subject, labels: Labels) -> str:
    name = labels.site(subject.site)
    return name if subject.holds in (None, Certainty.CERTAIN) else f"{name} (possible)"


def _print_subjects(console: Console, account: Account, labels: Labels, profile: Profile | None) -> None:
    table = plain_table(
        "Who", "As", "From", "First record", "Last record", "Recorded", "Amounts", whole=("First record",)
    )
    for subject in account.subjects[:ROWS]:
        who = Text(labels.site(subject.site), style="bold" if subject.last else "")
        if subject.certainty is Certainty.POSSIBLE:
            who.append(" (possible)", style="yellow")
        table.add_row(
            who,
            ", ".join(f"{label.zh} {label.en}" for label in role_labels(profile, subject.roles)),
            "\n".join(_from(subject, labels)),
            "" if subject.since is None else day_or_time(subject.since),
            "" if subject.until is None else day_or_time(subject.until),
            "\n".join(_recorded(subject.records, profile)),
            "\n".join(_amounts(subject)),
        )
    print_table(console, table)
    print_more(console, len(account.subjects))


def _from(subject: Subject, labels: Labels) -> list[str]:
    """Where it came from, and what it was made of."""
    made = f"made of {', '.join(map(labels.item, subject.made_of))}" if subject.made_of else "made there"
    came = [
        labels.site(coming.site) + ("" if coming.certainty is Certainty.CERTAIN else " (possible)")
        for coming in subject.came_from
    ]
    return [made, *came] if subject.made_it else came


def _recorded(records: Sequence[Record], profile: Profile | None) -> list[str]:
    """Each record once, in the words of the system, else of CBV."""
    return list(dict.fromkeys(_record(record, profile) for record in records))


def _record(record: Record, profile: Profile | None) -> str:
    labels = event_labels(profile, record.tracked)
    return " or ".join(f"{label.zh} {label.en}" for label in labels) or record.biz_step or "event"


def _amounts(subject: Subject) -> list[str]:
    """What is left there and what became of it there."""
    if not subject.stock_known:
        return []
    told = [(name, quantities(getattr(subject, field))) for field, name in _COLUMNS]
    counted = subject.counted
    amount: Quantities = () if counted is None else (QuantityRange(counted.amount, counted.amount, counted.uom),)
    return [f"{name} {text}" for name, text in (*told, ("counted", quantities(amount))) if text]
