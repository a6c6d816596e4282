"""How locales write numbers: the marks of decimals and of groups of digits.

The facts are those of the Unicode CLDR for Latin digits, taken from Babel 2.18: that library has 31 MB, and no more of
it is wanted than these.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..corpus.languages import code_or_name

LONG_CODE = 3
"""Letters of a language's other code: "eng" is "en"."""


class Marks(NamedTuple):
    """How a locale writes numbers: the mark of the ``decimal`` part, that of a ``group`` of digits, and how many digits
    the last group has and those before it.
    """

    decimal: str
    group: str
    grouping: tuple[int, int]


_LOCALES: dict[Marks, str] = {
    Marks(".", ",", (3, 3)): (
        "aa ab ak am an ann apc ar arn asa ba bal bem bew bez bgc bho blt bm bo bss byn cad cch ce ceb cgg cho "
        "chr cic ckb co cop csw cu cy dav doi ebu ee en es-419 es-BR es-BZ es-CU es-DO es-GT es-HN es-MX es-NI "
        "es-PA es-PE es-PR es-SV es-US fa fil frr fur ga gaa gd gez gn guz gv ha haw he hnj ig ii io iu ja jbo "
        "jmc kaa kaj kam kcg kde ken ki kln km kn ko kok kpe ksb ksh kw la lag lg lkt lmo lrc ltg luo luy mai mas "
        "mdf mer mg mgo mhn mi mic mn mni moh ms mt mus my myv mzn naq nd nds nus nv ny nyn oc om os osa pap pcm "
        "pis prg qu quc raj rhg rif rof rwk saq sat sbp scn sd sdh shn si sid skr sma smj sms sn so ssy st sw syr "
        "szl ta-MY ta-SG teo th ti tig to tpi trv trw tyv ug ur vai vmw vo vun wa wae wal wbp xog yi yo yue za zh "
        "zu "
    ),
    Marks(",", "\xa0", (3, 3)): (
        "af agq bas be bg blo br cs cv dua dyo en-CZ en-FI en-HU en-NO en-PT en-SE en-SK en-ZA eo es-CR et ewo ff "
        "fi fr-CA ht hu hy ie ka kab kea kk ksf ky lt lv nb nmg nn no nr pl pt-AO pt-CH pt-CV pt-GQ pt-GW pt-LU "
        "pt-MO pt-MZ pt-PT pt-ST pt-TL ru sah se shi sk smn sq ss sv tg tk ts tt tzm uk uz ve yav zgh "
    ),
    Marks(",", ".", (3, 3)): (
        "ar-DZ ar-LB ar-LY ar-MA ar-MR ar-TN ast az bs ca da de dsb el en-AT en-BE en-DE en-DK en-ES en-ID en-IT "
        "en-NL en-PL en-RO en-SI es eu fo fr-LU fy gl hr hsb ia id is it jgo jv kgp kkj kl ku lb lij lld ln lo lu "
        "mgh mk ms-BN ms-ID mua nl nnh ps pt qu-BO rn ro rw sc seh sg sl sr su sw-CD tr vi wo yrl "
    ),
    Marks(".", ",", (3, 2)): ("as bn brx ccp dv dz en-IN gu hi kxv ml mr ne or pa sa ta te xnr "),
    Marks(".", "\xa0", (3, 3)): ("dje khq mfe nso ses twq xh "),
    Marks(".", "’", (3, 3)): ("de-CH de-LI en-CH gsw it-CH rm tn "),
    Marks(",", "\u202f", (3, 3)): ("en-FR fr vec "),
}
"""Languages, and regions that write otherwise than their language does."""

_MARKS = {locale: marks for marks, locales in _LOCALES.items() for locale in locales.split()}
_LATE = frozenset({"es", "es-ES", "it", "pl", "pt-PT"})


def marks_of(language: str) -> Marks | None:
    """Return how the locale of a code such as "es", "pt-BR" or "zh_Hant_TW" writes numbers; None where nobody knows."""
    found = _locale(language)
    return None if found is None else _MARKS[found]


def groups_late(language: str) -> bool:
    """Tell whether thousands are marked from 10,000 on only (CLDR's minimumGroupingDigits)."""
    return _locale(language) in _LATE


@cache
def _locale(language: str) -> str | None:
    """Return the locale of `_LOCALES` that a code means."""
    base, *others = language.replace("_", "-").split("-")
    if len(base) == LONG_CODE and base not in _MARKS:
        base = code_or_name(base)
    region = next((part.upper() for part in others if len(part) == 2 or part.isdigit()), "")
    return next((code for code in (f"{base.lower()}-{region}", base.lower()) if code in _MARKS), None)
