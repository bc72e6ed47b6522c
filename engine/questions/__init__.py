"""How questions are worked out (design §6), between `engine.question` and `engine.answer`.

position    the ledger position a question is of
view        the rows and flows of the index at one position
things      what an item or a site stands for: all that is narrower (rule 11)
histories   the lines of instances (rule 4)
windows     the windowed seed: which holdings and flows of lots it starts at
parts       which part of an instance's line a seed asks for
loads       what was in a container, load by load (rule 5)
events      events and transformations as seeds
patterns    items by a pattern of their codes
beginning   where each seed starts, and what of the seed itself is in the answer
reach       the walks, certain and possible
rules       what-if rules as overlays
reading     items, sites and where each item was, from what was reached
findings    the same by key, both directions together
chain       the shortest evidence
flows       flows, events and origins
gaps        what makes an answer a lower bound
telling     all this as an answer, part by part
names       kinds and spellings of keys
masters     what master data say; `directory` looks it up
movements   amounts of lots; `visits`: of instances; `amounts`: of all items of an answer
touched     which amounts can hold goods of the seeds
tiers       changes of site from the nearest seed
shipments   goods on the way
exclusions  what the question's own bounds keep out
digests     what an answer was derived with
"""
