"""In which encoding a text is that is not UTF-8, by how it looks. Knows bytes only."""

from __future__ import annotations

import codecs

CODE_PAGES = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("koi8_r", "cp932", "gb18030", "big5", "euc_jp", "euc_kr"),
)
"""The encodings of old files, with the letters of ASCII at ASCII's places."""

_LATIN = ("cp1250", "cp1252", "cp1254", "cp1257", "cp1258")
# charset-normalizer takes Spanish for Czech as it comes; these pages differ in few letters, and western text has only
# those of its own language.
_WESTERN = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "áéíóúüñçàèïòl·",
        "àâæçéèêëîïôœùûüÿ",
        "äöüßé",
        "áâãàçéêíóôõúü",
        "àèéìíîòóùú",
        "åäöæøéü",
        "áéíóúýðþæö",
    )
)
_MARKS = frozenset("¿¡ªº«»“”„‘’‚–—…°€£§©®·´\u00a0")

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def wide_encoding(head: bytes) -> str | None:
    """Return the name of the encoding of two or four bytes a character in which a file is that begins so, or None.

    It has a byte order mark, or zeros at every other place, as Latin letters have them.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def code_page(sample: bytes) -> str | None:
    """Return the old code page in which ``sample`` seems to be, or None where it is rather damaged UTF-8."""
    from charset_normalizer import from_bytes

    broken = [line for line in sample.split(b"\n") if not line.isascii()]
    if any(_is_utf_8(line) for line in (broken[:-1] or broken)):  # the last line may be cut
        return None
    best = from_bytes(b"\n".join(broken), cp_isolation=list(CODE_PAGES)).best()
    found = best.encoding if best else None
    western = b"\n".join(broken).decode("cp1252", errors="replace")
    letters = {character for character in western if character > "\x7f"} - _MARKS
    if any(letters <= alphabet for alphabet in _WESTERN) and (found in (*_LATIN, None) or len(letters) < FEW):
        return "cp1252"
    return found


FEW = 3
"""Different letters beyond ASCII that tell a code page of another script."""


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8", errors="surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
