"""What Dragoman is compared with, and the scripts that compare. ``docs/benchmarks.md`` says how to run them.

compare.py     the command: ``python -m bench.compare BENCH --data PAIRS``
benches.py     which sides each bench has, and the targets
harness.py     sides in processes of their own, several rounds in turn: wall time, peak memory, figures
summary.py     medians, spread, ratios, targets: from runs to the document that is written as JSON
report.py      that document as a table for the terminal or as Markdown
machine.py     the processor, memory and versions of the run
memory.py      private memory of preparing and training, on corpora of different sizes
private_memory.py  how it is read
parts.py       the parts of a corpus, and subwords, for both sides of the Transformer's bench
equal_work.py  stock Keras on our batches: the losses must agree
invented.py    words that translations make up, by a dictionary
kill.py        a training killed again and again ends with the same bundle
serving/       a running server: requests a second, latency, cost, overload, beside LibreTranslate's
everyday/      what survives of the texts that people have, beside Apertium
quality/       minutes of training against the scores of the translations, beside its peers
peers/         recipes of the article and of a Keras example; Apertium; JoeyNMT and LibreTranslate, installed apart
sides/         our side of each comparison
"""
