"""Every error of Suyuan, in one tree (design §8).

SuyuanError                what is wrong, where, which rule, what to do
├── InvalidInput           the caller's words: a seed, an option, a time
│   ├── UnknownSeed        the ledger does not know the thing asked for
│   ├── InvalidIdentifier  a key that breaks a GS1 rule
│   │   └── WrongCheckDigit    its check digit alone: it was misread
│   ├── CursorExpired      the rows that a page was to go on with cannot be given again
│   └── InvalidProfile     a file of a product system breaks a rule; every fault, with file and line
├── InvalidEvent           a record that breaks a rule of EPCIS or CBV
│   └── InvalidDocument    bytes that are no EPCIS document at all
├── Forbidden              who asks may not
├── LimitExceeded          more than the bounds allow (design §8)
│   └── TooOften           asked more often than one may: after when to ask again
├── StoreError             the store cannot do it now
│   ├── StoreReadOnly
│   ├── StoreFull
│   ├── StoreBusy
│   └── StoreDamaged       hashes do not agree, or the file is not ours or of a newer version
└── NotSupported           a question this walk or store refuses by name
"""

from __future__ import annotations


class SuyuanError(Exception):
    """What is wrong (`what`), where (`where`), by which rule (`rule`), and what to do (`remedy`)."""

    def __init__(
        self, what: str, *, where: str | None = None, rule: str | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.where = where
        self.rule = rule
        self.remedy = remedy
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """The whole error as one line a person can act on."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        tail = [part for part in (f"[{self.rule}]" if self.rule else None, self.remedy) if part]
        return " ".join([head, *tail])


class InvalidInput(SuyuanError):
    """The caller's words cannot be understood."""


class UnknownSeed(InvalidInput):
    """The ledger does not know the thing asked for."""


class InvalidIdentifier(InvalidInput):
    """A key breaks a GS1 rule."""


class WrongCheckDigit(InvalidIdentifier):
    """A key's check digit is not that of its other digits."""


class CursorExpired(InvalidInput):
    """A cursor is of another question, ledger or program."""


class InvalidProfile(InvalidInput):
    """A file of a product system breaks a rule."""


class InvalidEvent(SuyuanError):
    """A record breaks a rule of EPCIS or CBV."""


class InvalidDocument(InvalidEvent):
    """The bytes are no EPCIS document."""


class Forbidden(SuyuanError):
    """Who asks may not do this, whatever the ledger holds."""


class LimitExceeded(SuyuanError):
    """More than the bounds allow."""


class TooOften(LimitExceeded):
    """Somebody asks more often than one may; they may again after some seconds (`after`)."""

    def __init__(self, what: str, after: int) -> None:
        super().__init__(what, remedy=f"Ask again in {after} s.")
        self.after = after


class StoreError(SuyuanError):
    """The store cannot do it now."""


class StoreReadOnly(StoreError):
    """The store may not be written."""


class StoreFull(StoreError):
    """No room is left to write."""


class StoreBusy(StoreError):
    """Another process is writing and did not finish in time."""


class StoreDamaged(StoreError):
    """Hashes do not agree, or the file is not ours, or of a newer version."""


class NotSupported(SuyuanError):
    """A question this walk or store refuses by name."""
