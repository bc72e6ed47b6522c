"""How complete the records of a product system are (paper 四(四): surface, chain, point; ADR 0024).

In: what is kept of every ledger entry, a register of licence holders, a profile. Out: `Coverage`, its measures with
numerator, denominator and the list behind each.
"""
