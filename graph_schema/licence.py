"""A line of a register of licence holders (paper 四, 二(2)): who should report in a product system.

In: a loader's reading, or master data. Out: a `Licence`. Registers are master data of kind `licence`: the newest line
of a key wins, the former stay readable by ledger position.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote

import msgspec

KIND = "licence"
"""What master data call it."""
_KEYS = "urn:suyuan:licence:"


class Licence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That somebody is licensed for a role of a product system."""

    system: str
    role: str
    party: str | None = None
    """The key of who holds it."""
    site: str | None = None
    """The key of the site that it is for."""
    number: str | None = None
    """The licence's own number."""
    holder: str | None = None
    """What the holder is called."""
    area: str = ""
    """Where, from wide to narrow, parted by `/`."""
    department: str = ""
    """Who supervises, by its id in `common.yaml`."""
    units: Decimal | None = None
    """How much the holder declares to have made, sold or in use: what unit_coverage is of."""
    valid_from: str | None = None
    valid_until: str | None = None
    """Days, ISO 8601, the last included."""

    @property
    def key(self) -> str:
        """The key of the line: one for each system, role, and number (else site, else party)."""
        named = self.number or self.site or self.party or ""
        return f"{_KEYS}{self.system}:{self.role}:{quote(named, safe='')}"

    @property
    def names(self) -> tuple[str, ...]:
        """By what the holder is known in events."""
        return tuple(name for name in (self.party, self.site, self.number) if name is not None)

    def holds(self, first: str, last: str) -> bool:
        """Whether it is valid on some day of a period, ISO 8601."""
        return (self.valid_from or "") <= last and (self.valid_until is None or self.valid_until >= first)

    def attributes(self) -> bytes:
        """As master data: JSON."""
        return msgspec.json.encode(self, order="deterministic")


def is_licence(key: str) -> bool:
    """Whether master data under a key tell of a licence."""
    return key.startswith(_KEYS)


def licence_of(attributes: Mapping[str, object]) -> Licence:
    """The licence of master data."""
    return msgspec.convert(attributes, Licence)
