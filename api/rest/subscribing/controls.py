"""When and what of a query is sent (EPCIS 2.0 §8.2.5.1). In: what is asked for. Out: `Controls`, or a problem."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from api.rest.problems import EpcisException, RestProblem
from api.rest.query.values import flag_of, time_of
from api.rest.subscribing.schedule import RANGES, parse_schedule
from api.settings import now
from graph_schema.errors import InvalidInput


class Controls(msgspec.Struct, frozen=True):
    """How a subscription is served."""

    schedule: dict[str, str] | None
    """None: whenever there is something new."""
    report_if_empty: bool
    initial_record_time: int | None

    def due(self, at: int) -> int:
        """When it is looked at next: at any time, or at the first query time after one."""
        return 0 if self.schedule is None else parse_schedule(self.schedule, at).after(at) or 0


def controls_of(
    stream: bool | None, schedule: Mapping[str, str] | None, report_if_empty: bool, initial_record_time: str | None
) -> Controls:
    """Checked: a stream or a schedule, not both and not neither."""
    if (stream is True) == (schedule is not None) or stream is False:
        raise wrong("give stream as true, or a schedule, and not both", "Nobody knows otherwise when to send.")
    since = None if initial_record_time is None else time_of("initialRecordTime", initial_record_time).earliest
    found = Controls(None if schedule is None else dict(schedule), report_if_empty, since)
    try:
        found.due(now())
    except InvalidInput as error:
        raise wrong(f"{error.where}: {error.what}", error.remedy) from error
    return found


def controls_of_url(parameters: Mapping[str, str]) -> Controls:
    """Those of a web socket, which has them in its URL."""
    known = {"stream", "reportIfEmpty", "initialRecordTime", *RANGES}
    for name in parameters:
        if name not in known:
            raise wrong(
                f"{name[:80]}: this is no parameter of a subscription", f"There are {', '.join(sorted(known))}."
            )
    fields = {name: parameters[name] for name in RANGES if name in parameters}
    stream = flag_of("stream", parameters["stream"]) if "stream" in parameters else None
    empty = flag_of("reportIfEmpty", parameters.get("reportIfEmpty", "false"))
    return controls_of(stream, fields or None, empty, parameters.get("initialRecordTime"))


def wrong(what: str, remedy: str | None = None) -> RestProblem:
    """A subscription that is refused."""
    return RestProblem(400, EpcisException.SUBSCRIPTION_CONTROLS, what, remedy)
