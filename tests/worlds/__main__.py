"""Put worlds to the engine from the command line: `python -m tests.worlds [--seed N | --worlds N] [--trial NAME]`.

With a seed: its first failure, shrunk, as YAML. With a number of worlds: how many fail, and in what way; with
`--measure`, how good answers are as records get worse, also beyond the laws.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from api.generate.world import MEDIUM, SMALL
from tests.worlds.engine_tracer import engine
from tests.worlds.measure import table
from tests.worlds.showing import show
from tests.worlds.shrink import Case, shrink
from tests.worlds.tracer import Tracer
from tests.worlds.trial import TRIALS, Failure, Trial, failures, first_failure


def explain(trial: Trial, failure: Failure, tracer: Tracer) -> str:
    """A failure, shrunk to the smallest world that breaks the law in the same way, as text."""
    wanted = {(b.law, b.grain) for b in failure.breaches}

    def broken(case: Case) -> Failure | None:
        found = next(failures(trial, [case], tracer), None)
        return found if found and wanted & {(b.law, b.grain) for b in found.breaches} else None

    about = {b.what if b.grain == "item" else b.what[0] for b in failure.breaches if b.grain != "site"}
    smallest = broken(shrink(failure.case, lambda case: broken(case) is not None, sorted(about)))
    return show(smallest or failure, trial.name)


def survey(trial: Trial, seeds: range) -> str:
    """How many worlds fail, how often each law breaks, and the first seeds that fail."""
    kinds: Counter[str] = Counter()
    failed: list[int] = []
    for seed in seeds:
        found = list(failures(trial, trial.cases(trial.world(seed)), engine))
        kinds.update(f"{b.law} ({b.grain})" for failure in found for b in failure.breaches)
        failed.extend([seed] if found else [])
    lines = [f"{trial.name}: {len(failed)} of {len(seeds)} worlds fail; first seeds {failed[:20]}"]
    return "\n".join([*lines, *(f"  {count:6} {kind}" for kind, count in kinds.most_common())])


def main() -> int:
    """Read the arguments, print, and exit 1 where a law is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds")
    parser.add_argument("--trial", choices=sorted(TRIALS), action="append")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--medium", action="store_true", help="worlds of 2,000 events")
    parser.add_argument("--measure", action="store_true")
    told = parser.parse_args()
    if told.measure:
        sys.stdout.write(table(range(told.worlds), engine))
        return 0
    broken = False
    for name in told.trial or sorted(TRIALS):
        trial = TRIALS[name]
        if told.seed is None:
            sys.stdout.write(survey(trial, range(told.worlds)) + "\n")
            continue
        failure = first_failure(trial, told.seed, engine, MEDIUM if told.medium else SMALL)
        broken = broken or failure is not None
        sys.stdout.write(explain(trial, failure, engine) if failure else f"{name}: no failure\n")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
