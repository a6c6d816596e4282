"""Kinds of spans that are words of no language: keys, options, identifiers, part numbers, emoji."""

from __future__ import annotations

from .kind import code
from .letters import GLUED, LATIN, WORD

# Words that begin a sentence behind a stop that lacks its space: "home.it was late".
_COMMON = (
    "the|it|its|is|i|you|he|she|we|they|and|but|or|so|to|in|no|not|yes|if|as|at|of|on|do|my|me|a|an|this|that|there|then|"
    "what|when|why|how|who|can|will|was|are|all|just|now|please|for|with|el|la|los|las|un|una|y|o|pero|que|no|si|de|en|"
    "es|se|le|les|des|et|mais|je|tu|il|elle|on|nous|vous|ils|ce|der|die|das|und|aber|ich|er|sie|wir|ihr|ein|eine|o|os|as|"
    "um|uma|e|mas|eu|ele|ela|lo|gli|ma|io|lui|lei"
)

_NAME = r"[A-Za-z][A-Za-z0-9]*+"

_KEY = (
    r"(?:F\d{1,2}|Del|Delete|Ins|Insert|Enter|Return|Tab|Esc|Escape|Space|Spacebar|Backspace|Home|End|PgUp|PgDn|Up|Down|"
    rf"Left|Right|PrtSc|Break|[A-Za-z0-9])(?![{LATIN}])|[+=/\\[\];'`-]"
)

_MODIFIER = r"(?:Ctrl|Control|Alt|AltGr|Shift|Cmd|Command|Option|Opt|Win|Windows|Super|Meta|Fn|Strg|Umschalt|Mayús|Maj)"

_ORDINAL = (
    r"\d++(?:st|nd|rd|th|s|ST|ND|RD|TH|(?<=0)S|er|re|e|de|te|ste|a|o|as|os|st[eo]|ko|an|en|r|n|t)"
    rf"(?![{GLUED}\d_]|-[A-Z0-9])"
)

_PICTURE = (
    "[\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u3030\u303d\u3297\u3299]"
)

_EMOJI = (
    rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|[©®™‼⁉ℹ↔-↙↩↪⤴⤵]\ufe0f|"
    rf"{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007f]{{1,8}})?"
    rf"(?:\u200d(?:{_PICTURE}|[♀♂⚕⚖✈❤])[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?){{0,8}})"
)

KINDS = (
    code(
        "key",
        "a.",
        rf"(?<![{LATIN}])(?:{_MODIFIER}[+-](?:{_MODIFIER}[+-]){{0,3}}(?:{_KEY})|[⌘⌥⇧⌃]{{1,4}}(?:{_KEY})?)(?![{LATIN}])",
        ("Ctrl+C", "Ctrl+Shift+Esc", "Alt-F4", "⌘K", "Shift+Tab", "Ctrl++"),
        ("Shift", "Alternative", "Option A", "Control-Room"),
    ),
    code(
        "option",
        ".",
        r"(?<![^\s(\[¿¡“„«»‘‚—–…\u3000-\u9fff\uac00-\ud7a3\"\'|/=,*])(?:--(?!(?:"
        rf"{_COMMON}"
        r")(?![A-Za-z0-9-]))[A-Za-z][A-Za-z0-9-]{1,60}(?:=[A-Za-z0-9_./:@%+,~-]{0,99}[A-Za-z0-9_/@%+~-])?"
        r"|-[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]|-[aeiou](?=\s+-|\s*$))(?![\w-]|['’](?!s\b)\w)",
        ("--verbose", "--max-size=10", "-v", "-X", "--no-color"),
        ("well-known", "a - b", "this--that", "-Y tú", "-5", "--", "mujeres -y hombres-", "arrest --that has"),
    ),
    code(
        "identifier",
        "a.",
        rf"(?<![{LATIN}.@-])(?:"
        # foo(), os.path.join()
        rf"_{{0,2}}{_NAME}(?:[_.]{{1,3}}{_NAME}){{0,8}}_{{0,2}}\(\)"
        # snake_case, CONSTANT_CASE, __init__, and what stands behind their dots
        rf"|(?:{_NAME}\.){{0,8}}(?:{_NAME}(?:_{{1,3}}[A-Za-z0-9]++){{1,15}}_{{0,2}}|__{_NAME}(?:_{_NAME}){{0,8}}__)(?:\.[{WORD}]{{1,60}}){{0,8}}"
        # os.path.join, TestCase.setUp, os.path
        rf"|(?:[A-Za-z][a-z0-9A-Z]++\.){{2,8}}(?!(?i:{_COMMON})(?![{WORD}]))[A-Za-z][A-Za-z0-9]++"
        rf"|(?:[a-z][a-z0-9]++)\.(?:(?!(?:{_COMMON})(?![{WORD}]))[a-z][a-z0-9]++|[a-z]++[A-Z][A-Za-z0-9]*+|[A-Z][a-z]++[A-Z][A-Za-z0-9]*+)"
        # C++, C#
        rf"|[A-Z][a-z]{{0,10}}(?:\+\+|\#)|g\+\+|Notepad\+\+)(?![{LATIN}@+#])",
        (
            "snake_case",
            "CONSTANT_CASE",
            "foo()",
            "os.path",
            "os.path.join()",
            "__init__",
            "self.my_name",
            "unittest.TestCase",
            "C++",
            "C#",
            "_x()",
            "a_b.name",
        ),
        ("_really_", "end.The next", "e.g.", "home.it is", "file(s)", "p.m.", "U.S.", "word"),
    ),
    code(
        "inner capitals",
        "a",
        rf"(?<![{LATIN}.@-])(?:[a-z]{{1,20}}[A-Z][A-Za-z0-9]{{1,60}}|[A-Z][a-z]{{1,20}}[A-Z][a-z][A-Za-z0-9]{{0,60}}"
        rf"|[a-z]{{2,20}}[A-Z])(?:\.[A-Za-z][A-Za-z0-9]{{1,60}}){{0,3}}(?:\(\))?(?![{LATIN}])",
        ("camelCase", "iPhone", "macOS", "YouTube", "TypeError", "getX", "JavaScript"),
        ("Tom", "NASA", "home", "pH", "I"),
    ),
    code(
        "part number",
        "a1",
        rf"(?<![{LATIN}.@-])(?!{_ORDINAL})(?:"
        # IBAN: DE89 3704 0044 0532 0130 00
        r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?"
        # AB-1234, COVID-19, F-16-B, KX-4471/B
        r"|(?:[A-Z][A-Za-z0-9]{0,14}|[cC]ovid|iso|utf|sha|cp|\d{1,8}(?=-[A-Z0-9]{0,8}[A-Z])|\d{1,8}[A-Z]{1,4})"
        r"(?:-(?:[A-Z]{0,6}\d[A-Z0-9]{0,14}|[A-Z]{1,6}(?=-\d)|(?<=\d-)[A-Z]{1,6})){1,6}(?:/[A-Z0-9]{1,20})?"
        # N/A, AC/DC, TCP/IP
        r"|[A-Z]{1,3}(?:/[A-Z]{1,3}){1,3}"
        # MP3, B12, 3D, x86, H2O, 1a2b3c, 2x
        r"|(?=[A-Za-z]{0,30}\d)(?:[A-Za-z]{1,30}\d[A-Za-z0-9]{0,60}(?:-\d{1,8}){0,4}|\d{1,30}[A-Za-z]{1,12}\d[A-Za-z0-9]{0,60}"
        r"|\d{1,30}[A-Z]{1,5}|\d{1,6}(?:[dxkpgbcfijlquvwyz]|bits?))"
        rf"(?:[/_][A-Z0-9]{{1,20}}|(?:\.\d{{1,6}}){{1,4}})?)(?![{GLUED}\d_])",
        (
            "AB-1234",
            "COVID-19",
            "MP3",
            "B12",
            "3D",
            "x86",
            "Python3.11",
            "x86-64",
            "iso-8859-1",
            "H2O",
            "F-16",
            "1080p",
            "win32",
            "DE89 3704 0044 0532 0130 00",
            "2x",
            "32bit",
            "SKU-99-AB",
            "Phone15",
            "y7",
            "A4",
            "1a2b3c",
            "747-400F",
            "KX-4471/B",
            "N/A",
            "TCP/IP",
        ),
        ("5th", "1990s", "2nd", "1er", "30-year-old", "mid-1990s", "5a", "Wi-Fi", "3", "2024ko", "1ST", "1990S"),
    ),
    code(
        "emoji",
        "1.",
        rf"(?:{_EMOJI}){{1,20}}",
        ("😀", "👍🏽", "👨‍👩‍👧", "🇪🇸", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "😀😀", "☎", "™️"),
        ("™", "a", "→", "…", "©"),
    ),
)
