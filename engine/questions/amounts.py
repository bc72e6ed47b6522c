"""The movements of the items of an answer. In: item keys. Out: per item and site its movements, and its units."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from engine.index import NONE
from engine.questions.histories import Histories, lines_of
from engine.questions.movements import BySite, LotMovements, Movement
from engine.questions.view import View
from engine.questions.visits import line_movements


class Amounts:
    """Movements by item; what happened at an unknown place counts at every site."""

    def __init__(self, view: View, items: list[str]) -> None:
        codes = view.index.items.codes(items)
        known = np.asarray(codes[codes != NONE], np.int64)
        histories = Histories(view, lines_of(view, known))
        lines = {item: line for line, item in histories.item.items()}
        lots = LotMovements(view, [code for code in known.tolist() if code not in lines])
        self.movements: dict[str, list[Movement]] = {}
        for key, code in zip(items, codes.tolist(), strict=True):
            if code in lines:
                self.movements[key] = line_movements(histories, lines[code])
            else:
                self.movements[key] = [] if code == NONE else lots.of(code)

    def at(self, item: str, site: int) -> list[Movement]:
        """What moved an item at a site, or may have."""
        return self._placed[item].at([site])

    @cached_property
    def _placed(self) -> dict[str, BySite]:
        return {item: BySite(movements) for item, movements in self.movements.items()}
