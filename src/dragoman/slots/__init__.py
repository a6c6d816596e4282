"""What must not change in a translation, or has one translation only: found, set apart for numbered symbols, put back.

`spans` has the values, `kinds` the table of what is found, `finding` finds it, `numerals` writes numbers as the target's
locale does. Knows text only, nothing of models.
"""
