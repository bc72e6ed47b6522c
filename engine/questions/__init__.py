"""How questions are worked out (design §6), between `engine.question` and `engine.answer`.

position   the ledger position a question is of
things     what an item stands for: all that is narrower (rule 11)
view       the rows and flows of the index at one position
histories  the lines of instances (rule 4)
windows    the windowed seed: which holdings and flows it starts at
beginning  where each seed starts, and what of the seed itself is in the answer
reach      the walks, certain and possible
rules      what-if rules as overlays
reading    items, sites and where each item was, from what was reached
chain      the shortest evidence
names      kind, URN and parts of a key
gaps       what makes an answer a lower bound
"""
