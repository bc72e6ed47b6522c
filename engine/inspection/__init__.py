"""Random inspection (paper 六(二)1, ADR 0026). In: a ledger position, a system, a seed. Out: `Draw`.

Whoever has the same ledger up to the position repeats it to the letter, on any machine, with SHA-256 alone.
"""

from engine.inspection.candidates import Candidate, Candidates, find_candidates
from engine.inspection.drawing import MOST_DRAWN, Draw, DrawAsked, Drawn, draw

__all__ = [
    "MOST_DRAWN",
    "Candidate",
    "Candidates",
    "Draw",
    "DrawAsked",
    "Drawn",
    "draw",
    "find_candidates",
]
