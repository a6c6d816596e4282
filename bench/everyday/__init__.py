"""Texts as people have them: what survives, what is understood, what is made up. README.md has the grammar.

cases.py       the lines of the files, and what of a translation is right
oddly.py       sentences in capitals, without marks, with other quotes: what they cost
faults.py      of long and short sentences: scores, repeats, omissions, invented words
systems.py     what is measured: our bundles, and a peer
__main__.py    the command
"""
