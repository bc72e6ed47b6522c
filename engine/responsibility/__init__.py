"""Who is responsible for a found item: the subjects that had it, who has it last, where the records break off.

In: an item, a state that answers questions of it. Out: `Responsibility`. It is read off a back trace, a recall scope
and the events that name the item, and knows no more than these: where they are redacted, so is it.
"""

from engine.responsibility.answer import (
    Account,
    Coming,
    Count,
    Record,
    Responsibility,
    Subject,
)
from engine.responsibility.as_json import responsibility_json
from engine.responsibility.asking import Asked, responsibility
from engine.responsibility.found import key_found

__all__ = [
    "Account",
    "Asked",
    "Coming",
    "Count",
    "Record",
    "Responsibility",
    "Subject",
    "key_found",
    "responsibility",
    "responsibility_json",
]
