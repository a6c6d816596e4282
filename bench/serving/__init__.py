"""What a running server does: how many requests, how quickly, at what cost, and beside LibreTranslate's own.

server.py      a server in a process of its own, which tells what it takes
load.py        requests by ``wrk`` (Debian's package), and at a steady pace
measures.py    the measures, each a line or more of the table
__main__.py    ``python -m bench.serving BUNDLE``: the table
"""
