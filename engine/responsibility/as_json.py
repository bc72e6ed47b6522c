"""The answer to who is responsible as JSON (docs/answers.md). In: a `Responsibility`. Out: dicts, lists and scalars."""

from __future__ import annotations

from engine.answer_json import Json, gap_json, ledger_json, quantities_json, range_json, told_number
from engine.responsibility.answer import Account, Coming, Count, Record, Responsibility, Subject


def responsibility_json(answer: Responsibility) -> Json:
    """The whole answer."""
    return {
        "ledger": ledger_json(answer.ledger),
        "system": answer.system,
        "lastHolders": [subject.site for subject in answer.holders()],
        "accounts": [_account(account) for account in answer.accounts],
    }


def _account(account: Account) -> Json:
    return {
        "item": account.item,
        "complete": account.complete,
        "subjects": [_subject(subject) for subject in account.subjects],
        "breaks": [gap_json(one) for one in account.breaks],
    }


def _subject(subject: Subject) -> Json:
    return {
        "site": subject.site,
        "certainty": subject.certainty.value,
        "roles": list(subject.roles),
        "madeIt": subject.made_it,
        "madeOf": list(subject.made_of),
        "cameFrom": [_coming(coming) for coming in subject.came_from],
        "since": None if subject.since is None else range_json(subject.since),
        "until": None if subject.until is None else range_json(subject.until),
        "records": [_record(record) for record in subject.records],
        "held": quantities_json(subject.held),
        "sold": quantities_json(subject.sold),
        "used": quantities_json(subject.used),
        "destroyed": quantities_json(subject.destroyed),
        "counted": None if subject.counted is None else _count(subject.counted),
        "holds": None if subject.holds is None else subject.holds.value,
        "last": subject.last,
    }


def _coming(coming: Coming) -> Json:
    return {
        "site": coming.site,
        "certainty": coming.certainty.value,
        "departed": range_json(coming.departed),
        "events": list(coming.events),
    }


def _record(record: Record) -> Json:
    return {
        "event": record.event,
        "time": range_json(record.time),
        "bizStep": record.biz_step,
        "disposition": record.disposition,
        "tracked": list(record.tracked),
        "recorder": record.recorder,
    }


def _count(count: Count) -> Json:
    return {"event": count.event, "quantity": told_number(count.amount), "uom": count.uom}
