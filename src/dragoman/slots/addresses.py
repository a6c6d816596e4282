"""Kinds of spans that say where something is or how it is marked up: addresses, paths, tags, placeholders, code."""

from __future__ import annotations

from .kind import code
from .letters import GLUED, LATIN, NOT_AFTER, NOT_BEFORE, NOT_IN_NUMBER, SYMBOLS, WORD

_SAFE = rf"{LATIN}\u0370-\u05ff/&=+$%#~@"

# Marks inside an address belong to it, marks at its end to the sentence, and parentheses go in pairs.
_TAIL = (
    rf"(?:[{_SAFE}]|(?!'s(?![{LATIN}]))[.,;:!?'*-]{{1,50}}(?=[{_SAFE}(])|\([{_SAFE}.,;:!?'*-]{{0,200}}\)"
    rf"|\[[{WORD}:.]{{0,50}}\]|\{{[{WORD}.]{{1,50}}\}})*+"
)

_ENDINGS = (
    "com|org|net|edu|gov|mil|int|io|info|biz|dev|app|ai|co|eu|cat|tv|xyz|online|site|shop|blog|cloud|wiki|"
    "de|fr|uk|es|pt|nl|pl|ch|cz|dk|fi|gr|hu|ie|jp|cn|kr|tw|ru|ua|br|mx|ar|cl|pe|au|nz|ca|za|il|tr|ir"
)

# Endings that are words too: only after "www." or two names, or before a path.
_WORD_ENDINGS = "it|is|in|me|so|to|at|be|us|no|as|my|am|do|la|se|si|by|id|al|ng|ma"

_LABEL = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"

_END = rf"(?![{GLUED}\d_@]|\.[{GLUED}\d])"

_DOMAIN = rf"(?:{_LABEL}\.){{1,8}}(?:(?:{_ENDINGS})|(?:COM|ORG|NET|DE|FR|ES))(?:\.(?:uk|jp|au|br|mx|ar|nz|za|cn|tw))?"

_EXTENSIONS = (
    "pdf|docx?|xlsx?|pptx?|od[tspg]|rtf|txt|md|rst|tex|epub|csv|tsv|json|jsonl|ya?ml|toml|ini|cfg|conf|xml|xsd|html?|css|"
    "scss|jsx?|tsx?|mjs|vue|py|pyc|pyi|pyd|ipynb|rb|php|java|jar|class|kt|go|rs|c|h|cc|cpp|hpp|cs|swift|lua|sh|bash|bat|"
    "cmd|ps1|exe|dll|so|msi|dmg|deb|rpm|apk|iso|zip|tar|gz|tgz|bz2|xz|7z|rar|whl|png|jpe?g|gif|bmp|svg|webp|tiff?|ico|"
    "psd|mp3|mp4|wav|ogg|flac|avi|mkv|mov|webm|sql|db|sqlite3?|log|bak|tmp|lock|po|pot|mo|srt|vtt|tmx|xliff?|strings|"
    "properties|env|pem|key|crt"
)

_FILE = (
    rf"[{LATIN}][{LATIN}+-]{{0,100}}(?:\.[{LATIN}+-]{{1,60}}){{0,5}}"
    rf"\.(?:{_EXTENSIONS}|(?-i:PDF|DOCX?|XLSX?|TXT|ZIP|EXE|JPE?G|PNG|CSV))"
)

_COMPONENT = rf"[{LATIN}.+@~-]{{1,100}}"

_ROOTS = "bin|boot|dev|etc|home|lib|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|Applications|Library|Users"

KINDS = (
    code("symbol", ".", rf"[{SYMBOLS}]", ("\ue000", "\ue017"), ("\ue018", "a")),
    code(
        "code",
        ".",
        r"(?<!`)(?::[a-z]{1,20}(?::[a-z]{1,20})?:)?"
        r"(?:```[^`]{1,2000}+```|``(?=\S)[^`\n]{1,500}+``"
        r"|`(?=[^\s`])(?:[^`\n<]|(?<! )<){1,300}+(?<!\s)`(?![A-Za-z0-9_`]))(?!`)",
        ("`a b`", "``x = 1``", ":func:`os.path`", "`Go. Now.`", ":c:func:`Py_Main`", "```a\nb```"),
        ("a ` b", "`Link text`_", "don`t", "a `so' and `such' b", ":ref:`The title <target>`", "``not closed"),
    ),
    code(
        "address",
        "a",
        rf"{NOT_AFTER}(?i:[a-z][a-z0-9+.-]{{1,20}}://|www\.)(?:\[[0-9A-Fa-f:.]{{2,45}}\]|[{LATIN}{{]){_TAIL}",
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
    code(
        "e-mail",
        "a1",
        rf"(?<![{LATIN}.+@-])(?:mailto:)?[{LATIN}](?:[{LATIN}.+-]{{0,62}}[{LATIN}+-])?@(?:{_LABEL}\.){{1,8}}[A-Za-z]{{2,24}}"
        rf"(?![{LATIN}@])",
        ("support@example.org", "a.b+c@mail.x.co.uk", "mailto:me@x.org", "josé@correo.es", "a@x.museum"),
        ("a@b", "@user", "tod@s", "a @ b.com", "x@.org"),
    ),
    code(
        "handle",
        ".",
        rf"(?<![{LATIN}.@/])@[A-Za-z0-9_][{WORD}-]{{0,60}}(?:@{_LABEL}(?:\.{_LABEL}){{1,4}}|/[{WORD}.-]{{0,60}}[{WORD}])?(?![@])",
        ("@user", "@tom_smith", "@user@mastodon.social", "@angular/core", "@3blue1brown"),
        ("a@b", "@", "@ home", "tod@s"),
    ),
    code(
        "hash tag",
        ".",
        rf"(?<![{LATIN}&/#])#[\w·]{{1,100}}+(?:-[A-Z0-9]{{1,12}}){{0,3}}(?!#)",
        ("#hashtag", "#4471-B", "#año2024", "#東京", "#42", "#ff8800"),
        ("C#", "# Title", "&#39;", "#"),
    ),
    code(
        "tag",
        ".",
        r"<(?:/?[A-Za-z][A-Za-z0-9:_-]{0,60}"
        r"(?:\s{1,9}[A-Za-z_:@][\w:@.-]{0,60}\s{0,3}=\s{0,3}(?:\"[^\"<>]{0,500}+\"|'[^'<>]{0,500}+'|[^\s\"'<>]{1,500}+)){0,20}"
        r"\s{0,9}/?>|!--(?:[^<>-]|-(?!->)){0,500}+-->)"
        r"|&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
        (
            "<b>",
            "</a>",
            "<br/>",
            "<br />",
            "<a href=\"x.html\" class='c'>",
            "&nbsp;",
            "&#39;",
            "&#x2014;",
            "<!-- no -->",
        ),
        ("a < b > c", "AT&T", "x<y and y>z", "<3", "Q&A;"),
    ),
    code(
        "placeholder",
        ".",
        r"\{\{[^{}\n]{1,200}+\}\}|\{%(?:[^{}\n%]|%(?!\})){1,200}+%\}"
        r"|\{\s{0,5}\w{1,60}\s{0,5},\s{0,5}(?:plural|select|selectordinal|number|date|time|spellout|ordinal|duration)"
        r"\s{0,5}(?:,[^{}]{0,500}+(?:\{[^{}]{0,500}+(?:\{[^{}]{0,500}+(?:\{[^{}]{0,200}+\}[^{}]{0,200}+){0,20}+\}"
        r"[^{}]{0,500}+){0,20}+\}[^{}]{0,500}+){0,20}+)?\}"
        r"|[$#%]?\{\s?[A-Za-z0-9_$][\w.\[\]'\"-]{0,60}(?:![rsa])?(?::[\w.,:<>=^+%#-]{0,20})?\s?\}|(?<![A-Za-z0-9_}])[$#]?\{\}"
        rf"|(?<![{LATIN}$])\$(?:[A-Za-z_]\w{{0,60}})(?![{LATIN}])"
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
    code(
        "path",
        "a1.",
        rf"(?<![{LATIN}/\\:.~])(?:[A-Za-z]:\\(?:[{LATIN}.+-](?:[{LATIN} .+()-]{{0,60}}[{LATIN}.+)-])?\\){{0,20}}"
        rf"(?:{_COMPONENT}(?<!\.))?"
        rf"|\\\\[{LATIN}.-]{{1,60}}(?:\\{_COMPONENT}(?<!\.)){{1,20}}"
        rf"|(?:~|\.{{1,2}})/(?:{_COMPONENT}/){{0,20}}(?:{_COMPONENT}(?<!\.))?"
        rf"|(?:{_COMPONENT}/){{1,20}}{_FILE}(?![{LATIN}/])"
        rf"|/(?:(?:{_ROOTS})(?![{LATIN}])|[A-Za-z_.][{LATIN}.+-]{{0,100}}(?=/))(?:/{_COMPONENT}){{0,20}}(?<!\.)/?)(?![{LATIN}\\])",
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
        ("and/or", "he/she/it", "N/A", "km/h", "24/7", "a / b", "1/2", "toil,/port after", "(a)/save"),
    ),
    code(
        "file",
        "a1.",
        rf"(?<![{LATIN}./\\-])(?:{_FILE}|\.(?:gitignore|bashrc|profile|htaccess|dockerignore|env|zshrc|editorconfig|npmrc))"
        rf"(?![{LATIN}]|\.[{LATIN}])",
        ("report.pdf", "foto_año.JPG", "setup.cfg", "a.tar.gz", "Node.js", ".gitignore", "my-file.v2.docx"),
        ("e.g.", "end.The next", "p.m.", "3.5", "U.S."),
    ),
    code(
        "domain",
        "a1",
        rf"(?<![{LATIN}.@-])(?:(?:localhost(?::\d{{2,5}})|{_DOMAIN}{_END}(?::\d{{2,5}})?)(?:/{_TAIL})?"
        rf"|(?:{_LABEL}\.){{1,8}}(?:{_WORD_ENDINGS})(?::\d{{2,5}})?/{_TAIL}|(?:{_LABEL}\.){{2,8}}(?:{_WORD_ENDINGS}){_END})",
        ("example.org", "bbc.co.uk", "x.com/a?b=c", "mail.corriere.it", "youtu.be/abc", "localhost:8080", "GOOGLE.COM"),
        ("end.The next", "home.It was", "go home.it is late", "e.g.", "3.5", "a.b"),
    ),
    code(
        "IP address",
        "1",
        rf"{NOT_IN_NUMBER}(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?:/\d{{1,2}})?(?::\d{{2,5}})?(?!\.?\d){NOT_BEFORE}",
        ("192.168.1.1", "10.0.0.0/8", "127.0.0.1:80"),
        ("1.2.3", "1.2.3.4.5"),
    ),
)
