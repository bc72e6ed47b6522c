"""What is found wrong with a record while it is read. In: what, where and which rule. Out: a list of `Finding`."""

from __future__ import annotations

from graph_schema.errors import SuyuanError
from loaders.outcome import Finding

REFUSAL = "error"
WARNING = "warning"


class Findings:
    """The findings of one record, in the order found."""

    __slots__ = ("all",)

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def refused(self) -> bool:
        """Whether one of them refuses the record."""
        return any(finding.severity == REFUSAL for finding in self.all)

    def refuse(self, field: str, what: str, rule: str, remedy: str = "") -> None:
        """Goods cannot be followed with this."""
        self.all.append(Finding(REFUSAL, rule, field, what, remedy))

    def warn(self, field: str, what: str, rule: str, remedy: str = "") -> None:
        """Odd, but goods can still be followed."""
        self.all.append(Finding(WARNING, rule, field, what, remedy))

    def refuse_for(self, field: str, error: SuyuanError) -> None:
        """Refuse with the words of an error."""
        self.refuse(field, error.what, error.rule or "", error.remedy or "")

    def warn_for(self, field: str, error: SuyuanError) -> None:
        """Warn with the words of an error."""
        self.warn(field, error.what, error.rule or "", error.remedy or "")


def pointer(*steps: str | int) -> str:
    """The JSON pointer of these steps (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
