"""Minutes of training against the quality of translations, beside two peers. ``docs/benchmarks.md`` says how to run it.

__main__.py    the command: ``python -m bench.quality PAIRS --minutes 5,10``
material.py    the pairs that all systems train on, and the test sets, of which one is harder
systems.py     how each system is trained and translates
outcomes.py    what came of a run, as lines of a file that a later run goes on from
report.py      outcomes as a table, and test sentences beside their translations, in Markdown
picture.py     outcomes as a picture
"""
