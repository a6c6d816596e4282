"""The one table of what must survive a translation: kinds of spans, each with its pattern and with examples.

A pattern is linear in the text: what it repeats is possessive or counted, and a run of characters is tried from its
beginning only. It has no groups, so that `finding` can join all of them. Knows nothing of languages but what
`SPELLED` says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .spans import Family

SYMBOLS = "\ue000-\ue017"
"""The private characters that stand for slots; a text that has them itself keeps them as spans."""

# Letters that make one token with the digits beside them. Those of Chinese, Japanese, Korean and Thai do not, nor do
# those of Arabic and Hebrew, which write words of one letter together with what follows.
_GLUED = "A-Za-zªº\u00b5\u00c0-\u024f\u0300-\u058f\u0900-\u0dff\u10a0-\u10ff\u1e00-\u1fff"
_NOT_AFTER = rf"(?<![{_GLUED}\d_])"
_NOT_BEFORE = rf"(?![{_GLUED}\d_])"
_W = "A-Za-z0-9_"
_ALONE = rf"(?<![{_GLUED}\d_.@/\\-])"
LATIN = f"{_W}\u00c0-\u024f"
"""Latin letters, ASCII digits and the underscore, as a set in a pattern."""

_SAFE = rf"{LATIN}\u0370-\u05ff/&=+$%#~@"
# Marks inside an address belong to it, marks at its end to the sentence, and parentheses go in pairs.
_TAIL = rf"(?:[{_SAFE}]|[.,;:!?'*-]{{1,50}}(?=[{_SAFE}(])|\([{_SAFE}.,;:!?'*-]{{0,200}}\)|\[[{_W}:.]{{0,50}}\]|\{{[{_W}.]{{1,50}}\}})*+"
_ENDINGS = (
    "com|org|net|edu|gov|mil|int|io|info|biz|dev|app|ai|co|eu|cat|tv|xyz|online|site|shop|blog|cloud|wiki|"
    "de|fr|uk|es|pt|nl|pl|ch|cz|dk|fi|gr|hu|ie|jp|cn|kr|tw|ru|ua|br|mx|ar|cl|pe|au|nz|ca|za|il|tr|ir"
)
# Endings that are words too: only after "www." or two names, or before a path.
_WORD_ENDINGS = "it|is|in|me|so|to|at|be|us|no|as|my|am|do|la|se|si|by|id|al|ng|ma"
_LABEL = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
_END = rf"(?![{_GLUED}\d_@-]|\.[{_GLUED}\d])"
_DOMAIN = rf"(?:{_LABEL}\.){{1,8}}(?:(?:{_ENDINGS})|(?:COM|ORG|NET|DE|FR|ES))(?:\.(?:uk|jp|au|br|mx|ar|nz|za|cn|tw))?"
_EXTENSIONS = (
    "pdf|docx?|xlsx?|pptx?|od[tspg]|rtf|txt|md|rst|tex|epub|csv|tsv|json|jsonl|ya?ml|toml|ini|cfg|conf|xml|xsd|html?|css|"
    "scss|jsx?|tsx?|mjs|vue|py|pyc|pyi|pyd|ipynb|rb|php|java|jar|class|kt|go|rs|c|h|cc|cpp|hpp|cs|swift|lua|sh|bash|bat|"
    "cmd|ps1|exe|dll|so|msi|dmg|deb|rpm|apk|iso|zip|tar|gz|tgz|bz2|xz|7z|rar|whl|png|jpe?g|gif|bmp|svg|webp|tiff?|ico|"
    "psd|mp3|mp4|wav|ogg|flac|avi|mkv|mov|webm|sql|db|sqlite3?|log|bak|tmp|lock|po|pot|mo|srt|vtt|tmx|xliff?|strings|"
    "properties|env|pem|key|crt"
)
_FILE = rf"[{LATIN}][{LATIN}+-]{{0,100}}(?:\.[{LATIN}+-]{{1,60}}){{0,5}}\.(?:{_EXTENSIONS}|(?-i:PDF|DOCX?|XLSX?|TXT|ZIP|EXE|JPE?G|PNG|CSV))"
_COMPONENT = rf"[{LATIN}.+@~-]{{1,100}}"
_NAME = r"[A-Za-z][A-Za-z0-9]*+"

# Words that begin a sentence behind a stop that lacks its space: "home.it was late".
_COMMON = (
    "the|it|its|is|i|you|he|she|we|they|and|but|or|so|to|in|no|not|yes|if|as|at|of|on|do|my|me|a|an|this|that|there|then|"
    "what|when|why|how|who|can|will|was|are|all|just|now|please|for|with|el|la|los|las|un|una|y|o|pero|que|no|si|de|en|"
    "es|se|le|les|des|et|mais|je|tu|il|elle|on|nous|vous|ils|ce|der|die|das|und|aber|ich|er|sie|wir|ihr|ein|eine|o|os|as|"
    "um|uma|e|mas|eu|ele|ela|lo|gli|ma|io|lui|lei"
)

_KEY = (
    r"(?:F\d{1,2}|Del|Delete|Ins|Insert|Enter|Return|Tab|Esc|Escape|Space|Spacebar|Backspace|Home|End|PgUp|PgDn|Up|Down|"
    rf"Left|Right|PrtSc|Break|[A-Za-z0-9])(?![{LATIN}])|[+=/\\[\];'`-]"
)
_MODIFIER = r"(?:Ctrl|Control|Alt|AltGr|Shift|Cmd|Command|Option|Opt|Win|Windows|Super|Meta|Fn|Strg|Umschalt|Mayús|Maj)"

_UNITS = (
    # length, mass, volume
    "km/h|km²|km2|km|m/s²|m/s|m²|m³|m2|m3|cm²|cm³|cm|mm²|mm|µm|μm|nm|m|mi|mph|ft|yd|"
    "kg/m³|kg|mg|µg|g|lb|lbs|oz|ml|mL|cl|cL|dl|dL|hl|L|l|ha|"
    # time, frequency, electricity, heat
    "ms|µs|ns|min|h|s|kHz|MHz|GHz|THz|Hz|rpm|kWh|MWh|GWh|Wh|kW|MW|GW|mW|W|mAh|Ah|mA|kV|mV|V|kΩ|MΩ|Ω|"
    "kPa|hPa|MPa|Pa|kJ|MJ|J|kcal|cal|kN|dB|"
    "°[CFK]|º[CF]|℃|℉|°|"
    # data and pictures
    "kB|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|kb|Mb|Gb|kbps|kbit/s|Kbps|Mbps|Gbps|Mbit/s|Gbit/s|MB/s|GB/s|px|dpi|fps|MP|"
    "EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|MXN|BRL|INR|RUB|SEK|NOK|DKK|PLN|CZK|HUF|TRY|KRW"
)
_CURRENCY = r"[$€£¥₹₽₩₺₴₪฿₫₱¢]"
_CODES = "EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|MXN|BRL|INR|RUB|SEK|NOK|DKK|PLN|CZK|HUF|TRY|KRW"
_GAP = "[ \u00a0\u2009\u202f]"
_POINT = "[.,'’٫٬．，]"
_DIGITS = rf"(?:\d{{1,3}}(?:{_GAP}\d{{3}})++(?!\d)(?:[.,]\d++)?|\d++(?:{_POINT}\d++)*+)"
_SIGN = rf"(?:(?<![{_GLUED}\d.,:;)\]])[-−+±])?"
_FROM = rf"(?<![{_GLUED}\d_])(?<!\d[.,'’:/–−-])"
_RANGE = rf"(?:{_GAP}?[-–]{_GAP}?{_DIGITS})?"
_PERCENT = r"(?:%(?![A-Za-z(\d{])|[‰％٪])"

_PICTURE = (
    "[\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u3030\u303d\u3297\u3299]"
)
_EMOJI = (
    rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|[©®™‼⁉ℹ↔-↙↩↪⤴⤵]\ufe0f|"
    rf"{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007f]{{1,8}})?"
    rf"(?:\u200d(?:{_PICTURE}|[♀♂⚕⚖✈❤])[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?){{0,8}})"
)

_ORDINAL = (
    r"\d++(?:st|nd|rd|th|s|ST|ND|RD|TH|S|er|re|e|de|te|ste|a|o|as|os|st[eo]|ko|an|en|r|n|t)"
    rf"(?![{_GLUED}\d_]|-[A-Z0-9])"
)


class Kind(NamedTuple):
    """A kind of span: what it is called, its family, whether it ``begins`` with a Latin letter ("a"), a digit ("1") or
    another sign ("."), its pattern, texts that are such spans from end to end, and texts that have none of this kind.
    """

    name: str
    family: Family
    begins: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


def _code(name: str, begins: str, pattern: str, examples: tuple[str, ...], counterexamples: tuple[str, ...]) -> Kind:
    return Kind(name, Family.CODE, begins, re.compile(pattern), examples, counterexamples)


def _number(name: str, begins: str, pattern: str, examples: tuple[str, ...], counterexamples: tuple[str, ...]) -> Kind:
    return Kind(name, Family.NUMBER, begins, re.compile(pattern), examples, counterexamples)


KINDS = (
    _code("symbol", ".", rf"[{SYMBOLS}]", ("\ue000", "\ue017"), ("\ue018", "a")),
    _code(
        "code",
        ".",
        r"(?<!`)(?::[a-z]{1,20}(?::[a-z]{1,20})?:)?"
        r"(?:```[^`]{1,2000}+```|``(?=\S)[^`\n]{1,500}+``|`(?=[^\s`])[^`\n]{1,300}+`(?![`_]))(?!`)",
        ("`a b`", "``x = 1``", ":func:`os.path`", "`Go. Now.`", ":c:func:`Py_Main`", "```a\nb```"),
        ("a ` b", "`Link text`_", "don`t", "``not closed"),
    ),
    _code(
        "address",
        "a",
        rf"{_NOT_AFTER}(?i:[a-z][a-z0-9+.-]{{1,20}}://|www\.)(?:\[[0-9A-Fa-f:.]{{2,45}}\]|[{LATIN}{{]){_TAIL}",
        (
            "https://example.org/a?b=c",
            "http://x.org",
            "https://x.org/a_(b)",
            "www.example.com",
            "HTTPS://X.ORG/%20a#top",
            "ftp://files.x.org/pub/",
            "https://es.wikipedia.org/wiki/España",
            "http://localhost:8080/a,b;c",
            "https://x.org/{id}/edit",
            "http://[::1]:80/",
        ),
        ("http", "www.", "https://", "and/or", "he said: //"),
    ),
    _code(
        "e-mail",
        "a1",
        rf"(?<![{LATIN}.+@-])(?:mailto:)?[{LATIN}](?:[{LATIN}.+-]{{0,62}}[{LATIN}+-])?@(?:{_LABEL}\.){{1,8}}[A-Za-z]{{2,24}}"
        rf"(?![{LATIN}@-])",
        ("support@example.org", "a.b+c@mail.x.co.uk", "mailto:me@x.org", "josé@correo.es", "a@x.museum"),
        ("a@b", "@user", "tod@s", "a @ b.com", "x@.org"),
    ),
    _code(
        "handle",
        ".",
        rf"(?<![{LATIN}.@/])@[A-Za-z0-9_][{_W}-]{{0,60}}(?:@{_LABEL}(?:\.{_LABEL}){{1,4}}|/[{_W}.-]{{0,60}}[{_W}])?(?![@])",
        ("@user", "@tom_smith", "@user@mastodon.social", "@angular/core", "@3blue1brown"),
        ("a@b", "@", "@ home", "tod@s"),
    ),
    _code(
        "hash tag",
        ".",
        r"(?<![\w&/#])#[\w·]{1,100}+(?!#)",
        ("#hashtag", "#año2024", "#東京", "#42", "#ff8800"),
        ("C#", "# Title", "&#39;", "#"),
    ),
    _code(
        "key",
        "a.",
        rf"(?<![{LATIN}])(?:{_MODIFIER}[+-](?:{_MODIFIER}[+-]){{0,3}}(?:{_KEY})|[⌘⌥⇧⌃]{{1,4}}(?:{_KEY})?)(?![{LATIN}])",
        ("Ctrl+C", "Ctrl+Shift+Esc", "Alt-F4", "⌘K", "Shift+Tab", "Ctrl++"),
        ("Shift", "Alternative", "Option A", "Control-Room"),
    ),
    _code(
        "tag",
        ".",
        r"<(?:/?[A-Za-z][A-Za-z0-9:_-]{0,60}"
        r"(?:\s{1,9}[A-Za-z_:@][\w:@.-]{0,60}\s{0,3}=\s{0,3}(?:\"[^\"<>]{0,500}+\"|'[^'<>]{0,500}+'|[^\s\"'<>]{1,500}+)){0,20}"
        r"\s{0,9}/?>|!--(?:[^<>-]|-(?!->)){0,500}+-->)"
        r"|&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
        ("<b>", "</a>", "<br/>", "<br />", '<a href="x.html" class=\'c\'>', "&nbsp;", "&#39;", "&#x2014;", "<!-- no -->"),
        ("a < b > c", "AT&T", "x<y and y>z", "<3", "Q&A;"),
    ),
    _code(
        "placeholder",
        ".",
        r"\{\{[^{}\n]{1,200}+\}\}|\{%(?:[^{}\n%]|%(?!\})){1,200}+%\}"
        r"|\{\s{0,5}\w{1,60}\s{0,5},\s{0,5}(?:plural|select|selectordinal|number|date|time|spellout|ordinal|duration)"
        r"\s{0,5}(?:,[^{}]{0,500}+(?:\{[^{}]{0,500}+(?:\{[^{}]{0,500}+(?:\{[^{}]{0,200}+\}[^{}]{0,200}+){0,20}+\}"
        r"[^{}]{0,500}+){0,20}+\}[^{}]{0,500}+){0,20}+)?\}"
        r"|[$#%]?\{\s?[A-Za-z0-9_$][\w.\[\]'\"-]{0,60}(?:![rsa])?(?::[\w.,:<>=^+%#-]{0,20})?\s?\}|(?<![\w}])[$#]?\{\}"
        rf"|(?<![\w$])\$(?:[A-Za-z_]\w{{0,60}})(?![{LATIN}])"
        r"|(?<!\d)(?:%\(\w{1,64}\)[-+0#]?\d{0,3}(?:\.\d{1,3})?[a-zA-Z]"
        rf"|%(?:\d{{1,2}}\$)?[-+0#]{{0,2}}\d{{0,3}}(?:\.(?:\d{{1,3}}|\*))?(?:hh?|ll?|[qjztL])?[A-Za-z@](?![{LATIN}])"
        r"|%L?\d{1,2}(?![\w%])|%[A-Z][A-Z_]{1,60}%|%%(?!\w))",
        (
            "%s",
            "%d",
            "%1$s",
            "%(name)s",
            "{x}",
            "{0}",
            "{}",
            "${x}",
            "{{ x }}",
            "%{x}",
            "{count, plural, one {# item} other {# items}}",
            "{n, plural, =0 {none} other {{n, number} of {{a} and {b}}}}",
            "{user.name}",
            "{0:.2f}",
            "{x!r}",
            "$HOME",
            "%PATH%",
            "%.2f",
            "%-5d",
            "%1",
            "%@",
            "%Y",
            "{% if x %}",
            "#{x}",
        ),
        ("20%", "$5", "100% sure", "{not a name}", "50%off", "a % b", "{", "{{"),
    ),
    _code(
        "path",
        "a1.",
        rf"(?<![{LATIN}/\\:.~])(?:[A-Za-z]:\\(?:[{LATIN}.+-](?:[{LATIN} .+()-]{{0,60}}[{LATIN}.+)-])?\\){{0,20}}(?:{_COMPONENT}(?<!\.))?"
        rf"|\\\\[{LATIN}.-]{{1,60}}(?:\\{_COMPONENT}(?<!\.)){{1,20}}"
        rf"|(?:~|\.{{1,2}})/(?:{_COMPONENT}/){{0,20}}(?:{_COMPONENT}(?<!\.))?"
        rf"|(?:{_COMPONENT}/){{1,20}}{_FILE}(?![{LATIN}/])"
        rf"|/[A-Za-z_][{LATIN}.+-]{{0,100}}(?:/{_COMPONENT}){{0,20}}(?<!\.)/?)(?![{LATIN}\\])",
        (
            "/usr/local/bin",
            "~/.ssh/config",
            "./run",
            "../a/b",
            "src/foo/bar.py",
            "/etc",
            r"C:\Users\tom",
            r"C:\Program Files\Git\bin",
            r"\\server\share",
            "/var/log/",
            "C:\\",
        ),
        ("and/or", "he/she/it", "N/A", "km/h", "24/7", "a / b", "1/2"),
    ),
    _code(
        "file",
        "a1.",
        rf"(?<![{LATIN}./\\-])(?:{_FILE}|\.(?:gitignore|bashrc|profile|htaccess|dockerignore|env|zshrc|editorconfig|npmrc))"
        rf"(?![{LATIN}-]|\.[{LATIN}])",
        ("report.pdf", "foto_año.JPG", "setup.cfg", "a.tar.gz", "Node.js", ".gitignore", "my-file.v2.docx"),
        ("e.g.", "end.The next", "p.m.", "3.5", "U.S."),
    ),
    _code(
        "domain",
        "a1",
        rf"(?<![{LATIN}.@-])(?:(?:localhost(?::\d{{2,5}})|{_DOMAIN}{_END}(?::\d{{2,5}})?)(?:/{_TAIL})?"
        rf"|(?:{_LABEL}\.){{1,8}}(?:{_WORD_ENDINGS})(?::\d{{2,5}})?/{_TAIL}|(?:{_LABEL}\.){{2,8}}(?:{_WORD_ENDINGS}){_END})",
        ("example.org", "bbc.co.uk", "x.com/a?b=c", "mail.corriere.it", "youtu.be/abc", "localhost:8080", "GOOGLE.COM"),
        ("end.The next", "home.It was", "go home.it is late", "e.g.", "3.5", "a.b"),
    ),
    _code(
        "IP address",
        "1",
        rf"{_FROM}(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?:/\d{{1,2}})?(?::\d{{2,5}})?(?!\.?\d){_NOT_BEFORE}",
        ("192.168.1.1", "10.0.0.0/8", "127.0.0.1:80"),
        ("1.2.3", "1.2.3.4.5"),
    ),
    _number(
        "date",
        "1",
        rf"{_FROM}(?:\d{{4}}-\d{{2}}-\d{{2}}[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,6}})?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?"
        r"|(?:19|20)\d\d-[01]?\d-[0-3]?\d|(?:1\d|20)\d\d/[01]?\d/[0-3]?\d|(?:19|20)\d\d\.[01]?\d\.[0-3]?\d"
        r"|[0-3]?\d/[0-3]?\d/(?:\d{4}|\d{2})|[0-3]?\d-[0-3]?\d-(?:\d{4}|\d{2})|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d)"
        rf"(?![-/]?\d|[.:]\d){_NOT_BEFORE}",
        ("12/03/1998", "2024-05-01", "12.3.1998", "1/2/24", "2024-05-01T12:30:00Z", "2024/05/01", "01-02-99"),
        ("2.10.3", "1/2", "3-2", "555-0123", "1-2-3-4"),
    ),
    _number(
        "hour",
        "1",
        rf"{_FROM}[01]?\d {{0,1}}(?:am|pm|AM|PM){_NOT_BEFORE}",
        ("7 pm", "7pm", "11 AM"),
        ("7 p", "7 ample", "pm"),
    ),
    _number(
        "time",
        "1",
        rf"{_FROM}(?:[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{{1,6}})?)?|[0-2]?\d[hH][0-5]\d)"
        rf"(?:{_GAP}?(?:[apAP]\.{_GAP}?[mM]\.(?!\w)|(?:[ap]m|[AP]M){_NOT_BEFORE}))?(?!:?\d){_NOT_BEFORE}"
        rf"|{_FROM}[01]?\d(?:[.][0-5]\d)?{_GAP}?[apAP]\.{_GAP}?[mM]\.(?!\w)",
        ("14:30", "7:05 p.m.", "7 p.m.", "7:05", "19h30", "23:59:59", "7:05 PM", "7 a. m.", "7.30 p.m."),
        ("7 p", "1:2", "25", "3-2"),
    ),
    _code(
        "ISBN",
        "1",
        rf"{_FROM}(?:97[89][- ]?(?:\d[- ]?){{9}}\d|\d{{1,5}}-\d{{1,7}}-\d{{1,7}}-[\dX])(?!-?\d){_NOT_BEFORE}",
        ("978-3-16-148410-0", "9783161484100", "0-306-40615-2", "0-8044-2957-X"),
        ("978", "1-2", "2024-05-01"),
    ),
    _code(
        "phone",
        "1.",
        rf"(?<![{LATIN}.,/-])(?:\+\d{{1,3}}[ .-]?(?:\(\d{{1,5}}\)[ .-]?)?\d{{1,5}}(?:[ .-]\d{{1,5}}){{1,5}}|\+\d{{8,15}}"
        r"|\(\d{2,5}\) ?\d{2,4}(?:[ .-]\d{2,5}){1,3}|\d{3}[-.]\d{3}[-.]\d{4}|0\d{1,4}[ /-]\d{3,8}(?:[ -]\d{2,4}){0,3}"
        rf"|0\d(?:[ .]\d\d){{4}}|[2-9]\d\d-(?!\d\d00)\d{{4}}|\d{{2,3}}(?: \d\d){{3,4}})(?![.,-]?\d){_NOT_BEFORE}",
        (
            "555-0123",
            "(212) 555-0123",
            "212-555-0123",
            "+34 600 123 456",
            "+44 20 7946 0958",
            "+12125550123",
            "030 1234567",
            "01 23 45 67 89",
            "91 12 34 56",
        ),
        ("3-2", "1939-1945", "300-1500", "1,200", "2024-05-01", "12 34"),
    ),
    _number(
        "quantity",
        "a1.",
        rf"(?:{_SIGN}{_FROM}(?:US|A|C|NZ|HK|R|CA|MX)?{_CURRENCY}{_GAP}?{_DIGITS}{_RANGE}(?:{_GAP}?{_PERCENT}|(?:k|K|M|bn|m)?{_NOT_BEFORE})"
        rf"|{_FROM}(?:{_CODES}){_GAP}{_DIGITS}{_NOT_BEFORE}"
        rf"|(?:{_SIGN}{_FROM}{_DIGITS}{_RANGE}{_GAP}?(?:{_PERCENT}|{_CURRENCY}(?![\d{_GLUED}])|(?:{_UNITS}){_NOT_BEFORE}(?!/[A-Za-z]))))",
        (
            "4 GB",
            "4GB",
            "20 °C",
            "20°C",
            "30%",
            "30 %",
            "5 km",
            "1.5 kg",
            "-5 °C",
            "$1,200",
            "€30",
            "30 €",
            "US$5",
            "$1.5M",
            "5-10 %",
            "120 km/h",
            "USD 500",
            "500 EUR",
            "1 234,5 m²",
            "2.5s",
            "5 min",
            "45°",
            "-$5",
        ),
        ("4 dogs", "5 minutes", "3 in", "50%s", "5 mother", "5th"),
    ),
    _code(
        "option",
        ".",
        r"(?<![^\s(\[“„«‘\"\'|/=,*])(?:--[A-Za-z][A-Za-z0-9-]{1,60}(?:=[^\s,;()\[\]\"'<>“”«»‘’*]{0,99}[^\s,;()\[\]\"'<>“”«»‘’*.!?:])?"
        r"|-[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]|-[aeiou](?=\s+-|\s*$))(?![\w-]|['’]\w)",
        ("--verbose", "--max-size=10", "-v", "-X", "--no-color"),
        ("well-known", "a - b", "this--that", "-Y tú", "-5", "--", "mujeres -y hombres-"),
    ),
    _code(
        "version",
        "a1",
        rf"{_FROM}(?:[vV]\d{{1,5}}(?:\.(?:\d{{1,5}}|x)){{0,5}}|\d{{1,5}}\.\d{{1,5}}\.(?:\d{{1,5}}|x)(?:\.\d{{1,5}}){{0,3}}"
        r"|\d{1,3}\.\d{1,3}(?=(?:a|b|rc|alpha|beta)\d))"
        rf"(?:(?:-?(?:a|b|rc|alpha|beta|dev|post)[.-]?\d{{0,4}})|[-+][A-Za-z0-9]{{1,20}}(?:\.[A-Za-z0-9]{{1,20}}){{0,4}})?"
        rf"(?<!\d\.\d\d\d\.\d\d\d)(?<!\d\.\d\d\d\.\d\d\d\.\d\d\d)(?!\.?\d){_NOT_BEFORE}",
        ("2.10.3", "v1.2", "3.11.7rc1", "1.0.0-beta.2", "v2", "1.2.3.4.5", "3.12.0b1", "3.12.x", "3.12a1"),
        ("1.5", "12.500", "1.000.000", "v", "12.3"),
    ),
    _number(
        "score",
        "1",
        rf"{_FROM}(?:\d{{1,6}}(?:[.,]\d{{3}})?[-–‑−]\d{{1,6}}(?:[.,]\d{{3}})?|\d{{1,4}}[:/]\d{{1,4}})(?![-–:/]?\d|[.,]\d){_NOT_BEFORE}",
        ("3-2", "1939-1945", "1939–1945", "16:9", "24/7", "1/2", "9/11", "1,200-1,500"),
        ("3 - 2", "3", "-5", "1-2-3"),
    ),
    _code(
        "identifier",
        "a.",
        rf"(?<![{LATIN}.@-])(?:"
        # foo(), os.path.join()
        rf"_{{0,2}}{_NAME}(?:[_.]{{1,3}}{_NAME}){{0,8}}_{{0,2}}\(\)"
        # snake_case, CONSTANT_CASE, __init__, and what stands behind their dots
        rf"|(?:{_NAME}\.){{0,8}}(?:{_NAME}(?:_{{1,3}}[A-Za-z0-9]++){{1,15}}_{{0,2}}|__{_NAME}(?:_{_NAME}){{0,8}}__)(?:\.[{_W}]{{1,60}}){{0,8}}"
        # os.path.join, TestCase.setUp, os.path
        rf"|(?:[A-Za-z][a-z0-9A-Z]++\.){{2,8}}(?!(?i:{_COMMON})(?![{_W}]))[A-Za-z][A-Za-z0-9]++"
        rf"|(?:[a-z][a-z0-9]++)\.(?:(?!(?:{_COMMON})(?![{_W}]))[a-z][a-z0-9]++|[a-z]++[A-Z][A-Za-z0-9]*+|[A-Z][a-z]++[A-Z][A-Za-z0-9]*+)"
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
    _code(
        "inner capitals",
        "a",
        rf"(?<![{LATIN}.@-])(?:[a-z]{{1,20}}[A-Z][A-Za-z0-9]{{1,60}}|[A-Z][a-z]{{1,20}}[A-Z][a-z][A-Za-z0-9]{{0,60}}"
        rf"|[a-z]{{2,20}}[A-Z])(?:\.[A-Za-z][A-Za-z0-9]{{1,60}}){{0,3}}(?:\(\))?(?![{LATIN}])",
        ("camelCase", "iPhone", "macOS", "YouTube", "TypeError", "getX", "JavaScript"),
        ("Tom", "NASA", "home", "pH", "I"),
    ),
    _code(
        "part number",
        "a1",
        rf"(?<![{LATIN}.@-])(?!{_ORDINAL})(?:"
        # IBAN: DE89 3704 0044 0532 0130 00
        r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?"
        # AB-1234, COVID-19, F-16-B
        r"|(?:[A-Z][A-Za-z0-9]{0,14}|[cC]ovid|\d{1,8}(?=-[A-Z0-9]{0,8}[A-Z])|\d{1,8}[A-Z]{1,4})"
        r"(?:-(?:[A-Z]{0,6}\d[A-Z0-9]{0,14}|[A-Z]{1,6}(?=-\d)|(?<=\d-)[A-Z]{1,6})){1,6}"
        # MP3, B12, 3D, x86, H2O, 1a2b3c, 2x
        r"|(?=[A-Za-z]{0,30}\d)(?:[A-Za-z]{1,30}\d[A-Za-z0-9]{0,60}|\d{1,30}[A-Za-z]{1,12}\d[A-Za-z0-9]{0,60}"
        r"|\d{1,30}[A-Z]{1,5}|\d{1,6}[dxkpgbcfijlquvwyz])"
        rf"(?:[/_][A-Z0-9]{{1,20}})?)(?![{_GLUED}\d_])",
        (
            "AB-1234",
            "COVID-19",
            "MP3",
            "B12",
            "3D",
            "x86",
            "H2O",
            "F-16",
            "1080p",
            "win32",
            "DE89 3704 0044 0532 0130 00",
            "2x",
            "SKU-99-AB",
            "Phone15",
            "y7",
            "A4",
            "1a2b3c",
            "747-400F",
        ),
        ("5th", "1990s", "2nd", "1er", "30-year-old", "mid-1990s", "5a", "Wi-Fi", "3", "2024ko", "1ST"),
    ),
    _number(
        "number",
        "1.",
        rf"{_SIGN}{_FROM}(?!(?<![-−+±])[1１١۱१](?!\d|{_POINT}\d|{_GAP}\d{{3}}(?!\d))){_DIGITS}(?![{_GLUED}_]|:[a-z])",
        ("3,500.50", "250", "11", "-5", "2024", "1.5", "1 000 000", "٢٥", "३५", "２５", "+3", "−7", "1,5", "3"),
        ("1", "5th", "1990s", "2nd", "1er", "a", "2024ko", "１"),
    ),
    _code(
        "emoji",
        "1.",
        rf"(?:{_EMOJI}){{1,20}}",
        ("😀", "👍🏽", "👨‍👩‍👧", "🇪🇸", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "😀😀", "☎", "™️"),
        ("™", "a", "→", "…", "©"),
    ),
)
"""All kinds. Where two begin at the same place, the first wins: it is the more special one."""

SPELLED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("ga", "gd", "gv", "zu", "xh", "ss", "nr", "nd", "rw", "rn", "sw", "tn", "st", "ve", "ts", "nso"),
        frozenset({"inner capitals"}),
    ),
    **dict.fromkeys(("squ", "lil", "str", "shs", "thp"), frozenset({"part number"})),
    **dict.fromkeys(("de", "gsw", "lb", "nds", "bar"), frozenset({"hour"})),
}
"""Kinds that are words in a language: Irish "nGaeilge", Zulu "isiZulu", Squamish "Sḵwx̱wú7mesh", German "am"."""
