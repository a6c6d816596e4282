"""Files of translations, read as streams that trust nothing: one file a format, and one reader of it.

A reader takes a `dragoman.corpus.lines.Source` and yields `Unit` and `LeftOut`. Knows nothing of pairs,
memories and documents.
"""
