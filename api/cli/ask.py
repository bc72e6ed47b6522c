"""`suyuan trace`, `path` and `recall scope`: questions to a store. In: seeds and options. Out: answers.

With --json an answer is printed in its documented form (docs/answers.md), whole; else as tables and a
picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.answer_tables import print_path, print_trace
from api.cli.console import answers, print_json, progress
from api.cli.failure import FINE
from api.cli.options import (
    AsJson,
    Asked,
    AsKnownAt,
    At,
    Contact,
    OnlyCertain,
    Seeds,
    Since,
    Store,
    Until,
    examples,
    location,
)
from api.cli.recall_tables import print_recall
from api.cli.systems import On, Own, known_profiles
from api.cli.what_if import CrossContamination, KillStep, LeaveOutEvent, LeaveOutSite, WhatIf
from engine.answer import Direction
from engine.question import ContactMode, ItemSeed, Seed

if TYPE_CHECKING:
    from api.labels import Labels
    from api.session import Reading

To = Annotated[str, typer.Argument(metavar="TO", help="A seed: where the chain ends.")]
From = Annotated[str, typer.Argument(metavar="FROM", help="A seed: where the chain starts; the options narrow it.")]
Way = Annotated[Direction, typer.Argument(metavar="forward|back|both", help="Where to trace.")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook.")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="DIR", help="Write a CSV file a sheet.")]
System = Annotated[
    str | None,
    typer.Option(
        "--system", metavar="NAME", help="The product system by whose law; else the one that the events of SEED name."
    ),
]

TRACE_EXAMPLES = examples(
    "suyuan trace forward urn:epc:class:lgtin:9521101.000001.TK-S1",
    'suyuan trace back "(01)09521103009000(10)CAN-B" --certain',
    "suyuan trace forward site:urn:epc:id:sgln:9521101.00001.0 --since 2017-08-01 --until 2017-08-02",
    "suyuan trace forward load:urn:epc:id:sscc:9521103.0000000017@2017-08-20T00:00:00Z --json",
)

PATH_EXAMPLES = examples(
    "suyuan path urn:epc:class:lgtin:9521101.000001.TK-S1 urn:epc:class:lgtin:9521103.000900.CAN-B",
    "suyuan path urn:epc:class:lgtin:9521101.000001.TK-S1 site:urn:epc:id:sgln:9521105.00001.0",
)

SCOPE_EXAMPLES = examples(
    "suyuan recall scope urn:epc:class:lgtin:9521101.000001.TK-S1 --xlsx recall.xlsx",
    "suyuan recall scope site:urn:epc:id:sgln:9521101.00001.0 --since 2017-08-01 --csv recall/",
    "suyuan recall scope urn:epc:class:lgtin:9521101.000001.TK-S1 --system infant_formula --on 2017-08-20",
    "suyuan recall scope urn:epc:class:lgtin:9521101.000001.TK-S1 \\\n"
    "    --cross-contamination urn:epc:id:sgln:9521103.00001.0,since=2017-08-02,until=2017-08-12",
)

recall = typer.Typer(
    help="What must be recalled, from whom.", epilog=SCOPE_EXAMPLES, no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=TRACE_EXAMPLES)(trace)
    app.command(epilog=PATH_EXAMPLES)(path)
    recall.command("scope", epilog=SCOPE_EXAMPLES)(scope)
    app.add_typer(recall, name="recall")


@contextmanager
def asking(store: str | None) -> Iterator[Reading]:
    """The state that questions are asked of, with the index brought up to it."""
    # The engine is imported when a command runs, so that --help does not wait for it.
    from api.session import open_session

    with open_session(location(store)) as session, ExitStack() as held:
        with progress("Reading the index"):
            state = held.enter_context(session.reading())
        yield state


def trace(
    direction: Way,
    seeds: Seeds,
    at: At = None,
    since: Since = None,
    until: Until = None,
    certain: OnlyCertain = False,
    contact: Contact = ContactMode.BY_PROFILE,
    as_known_at: AsKnownAt = None,
    cross_contamination: CrossContamination = None,
    kill_step: KillStep = None,
    leave_out_site: LeaveOutSite = None,
    leave_out_event: LeaveOutEvent = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Trace goods forward or back.

    Forward is where they went, back is where they came from, both is one answer of the two.
    Certain is what recorded flows alone reach; possible is what some reading of the records reaches too.
    """
    what_if = WhatIf(cross_contamination, kill_step, leave_out_site, leave_out_event)
    asked = Asked(at, since, until, certain, contact, as_known_at, what_if)
    with asking(store) as state:
        question = asked.question(seeds, direction, state.key_of)
        with progress("Tracing"):
            answer = state.trace(question)
        if as_json:
            print_json(state.as_json(answer))
        else:
            labels = state.labels_of(answer)
            asked_for = [_name(seed, text, labels) for seed, text in zip(question.seeds, seeds, strict=True)]
            print_trace(answers(), answer, labels, state.events, asked_for)
    return FINE


def _name(seed: Seed, text: str, labels: Labels) -> str:
    """What people call a seed: the lot or serial of an item, else what was typed."""
    return labels.item(seed.item) if isinstance(seed, ItemSeed) else text


def path(
    source: From,
    target: To,
    at: At = None,
    since: Since = None,
    until: Until = None,
    certain: OnlyCertain = False,
    contact: Contact = ContactMode.BY_PROFILE,
    as_known_at: AsKnownAt = None,
    cross_contamination: CrossContamination = None,
    kill_step: KillStep = None,
    leave_out_site: LeaveOutSite = None,
    leave_out_event: LeaveOutEvent = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Show how two things are joined.

    The shortest chain of flows from one to the other, with its events. The options narrow FROM.
    """
    what_if = WhatIf(cross_contamination, kill_step, leave_out_site, leave_out_event)
    asked = Asked(at, since, until, certain, contact, as_known_at, what_if)
    with asking(store) as state:
        with progress("Looking for a chain"):
            seeds = asked.seed(source, state.key_of), Asked().seed(target, state.key_of)
            answer = state.path(*seeds, asked.options())
        if as_json:
            print_json(state.as_json(answer))
        else:
            print_path(answers(), answer, state.labels_of_flows(answer.flows or ()), state.events)
    return FINE


def scope(
    seeds: Seeds,
    at: At = None,
    since: Since = None,
    until: Until = None,
    certain: OnlyCertain = False,
    contact: Contact = ContactMode.BY_PROFILE,
    as_known_at: AsKnownAt = None,
    cross_contamination: CrossContamination = None,
    kill_step: KillStep = None,
    leave_out_site: LeaveOutSite = None,
    leave_out_event: LeaveOutEvent = None,
    system: System = None,
    on: On = None,
    own: Own = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Say what must be recalled, from whom.

    Outlets, lots, amounts, goods on the way, what is excluded and why, and where records are missing; and by which
    classes and limits of time, where a product system is told.
    """
    from api.recall_file import write_recall
    from api.recall_law import day_asked, law_json, law_of_recall

    what_if = WhatIf(cross_contamination, kill_step, leave_out_site, leave_out_event)
    asked = Asked(at, since, until, certain, contact, as_known_at, what_if)
    day, profiles = day_asked(on, "--on"), known_profiles(own)
    with asking(store) as state:
        question = asked.question(seeds, Direction.FORWARD, state.key_of)
        with progress("Tracing") as steps:
            answer = state.recall_scope(question)
            law = law_of_recall(system, question.seeds, state.snapshot, answer.ledger.position, day, profiles)
            steps.say("Writing files")
            written = write_recall(state, question, answer, seeds, xlsx, csv, law) if xlsx or csv else []
        if as_json:
            print_json(state.as_json(answer) | {"recallLaw": law_json(law)})
            return FINE
        print_recall(answers(), answer, law)
        for file in written:
            answers().print(f"Written: {file}")
    return FINE
