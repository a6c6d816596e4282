"""JoeyNMT 2.3 on the same data, shape and vocabulary as Dragoman's Transformer, on two cores.

environment    the script that makes the environment of its own in which it runs
config.py      the shape, the training and the decoding as the file that it reads
folder.py      the files that it reads
running.py     its commands, interrupted when their time is over
log.py         what its log says: tokens a second, loss, dev scores, parameters, seconds of decoding
__main__.py    ``python -m bench.peers.joeynmt``: prepares a folder, trains, decodes, scores, prints the figures
quality.py     ``python -m bench.peers.joeynmt.quality``: trains for the best translations in some minutes
"""

from pathlib import Path

PYTHON = Path("~/.cache/dragoman-bench/joeynmt/bin/python").expanduser()
"""Where the script ``environment`` puts JoeyNMT if it is told of no other folder."""
