"""Run the benchmarks of walks and print their sections of docs/benchmarks.md; exit 1 where a claim does not hold."""

from __future__ import annotations

import sys

from benchmarks import kernel, trace
from benchmarks.measuring import Report, machine, verdict

HEAD = """# Benchmarks

`make bench` measures on your machine and prints this page, but for Load, API, Pages and Neo4j; it fails where a claim
does not hold. Each line was run once unmeasured and then 30 times (a trace told or written 10 times) in one process;
times are in milliseconds. Claims compare the fastest runs, since whatever else the machine does slows either.
"""


def page(reports: list[Report]) -> str:
    """The measurements as Markdown."""
    return "\n".join([HEAD, f"Machine: {machine()}.", *(section(report) for report in reports)])


def section(report: Report) -> str:
    """One benchmark: its setting, a table, and what it shows."""
    rows = [
        f"| {m.name} | {1000 * m.fastest:.2f} | {1000 * m.median:.2f} | {1000 * m.slowest:.2f} |"
        for m in report.measured
    ]
    claims = [verdict(claim) for claim in report.claims]
    head = ["", f"## {report.title}", "", f"{report.setting}.", "", "| what | min | median | max |"]
    return "\n".join([*head, "|---|---:|---:|---:|", *rows, "", *claims])


def main() -> int:
    """Print the page; 0 where every claim holds."""
    reports = [kernel.report(), trace.report()]
    print(page(reports))
    return 0 if all(claim.holds for report in reports for claim in report.claims) else 1


if __name__ == "__main__":
    sys.exit(main())
