"""Kinds of spans that are made of figures: dates, times, quantities, phone numbers, versions, numbers."""

from __future__ import annotations

from .kind import code, number
from .letters import GAP, GLUED, LATIN, NOT_BEFORE, NOT_IN_NUMBER

_UNITS = (
    # length, mass, volume
    "km/h|km²|km2|km|m/s²|m/s|m²|m³|m2|m3|cm²|cm³|cm|mm²|mm|µm|μm|nm|m|mi|mph|ft|yd|"
    "kg/m³|kg|mg|µg|g|lb|lbs|oz|ml|mL|cl|cL|dl|dL|hl|L|l|ha|"
    # time, frequency, electricity, heat
    "ms|µs|ns|min|h|(?<!\\d)s|kHz|MHz|GHz|THz|Hz|rpm|kWh|MWh|GWh|Wh|kW|MW|GW|mW|W|mAh|Ah|mA|kV|mV|V|kΩ|MΩ|Ω|"
    "kPa|hPa|MPa|Pa|kJ|MJ|J|kcal|cal|kN|dB|"
    "°[CFK]|º[CF]|℃|℉|°|"
    # data and pictures
    "kB|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|kb|Mb|Gb|kbps|kbit/s|Kbps|Mbps|Gbps|Mbit/s|Gbit/s|MB/s|GB/s|px|dpi|fps|MP|"
    "EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|MXN|BRL|INR|RUB|SEK|NOK|DKK|PLN|CZK|HUF|TRY|KRW"
)

_CURRENCY = r"[$€£¥₹₽₩₺₴₪฿₫₱¢]"

_CODES = "EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|MXN|BRL|INR|RUB|SEK|NOK|DKK|PLN|CZK|HUF|TRY|KRW"

_POINT = "[.,'’٫٬．，]"

_DIGITS = rf"(?:\d{{1,3}}(?:{GAP}\d{{3}})++(?!\d)(?:[.,]\d++)?|\d++(?:{_POINT}\d++)*+)"

_SIGN = rf"(?:(?<![{GLUED}\d.,:;)\]])[-−+±])?"

_RANGE = rf"(?:{GAP}?[-–]{GAP}?{_DIGITS})?"

_PERCENT = r"(?:%(?![A-Za-z(\d{])|[‰％٪])"

KINDS = (
    number(
        "date",
        "1",
        rf"{NOT_IN_NUMBER}(?:\d{{4}}-\d{{2}}-\d{{2}}[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,6}})?)?"
        rf"(?:Z|[+-]\d{{2}}:?\d{{2}})?"
        r"|(?:19|20)\d\d-[01]?\d-[0-3]?\d|(?:1\d|20)\d\d/[01]?\d/[0-3]?\d|(?:19|20)\d\d\.[01]?\d\.[0-3]?\d"
        r"|[0-3]?\d/[0-3]?\d/(?:\d{4}|\d{2})|[0-3]?\d-[0-3]?\d-(?:\d{4}|\d{2})|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d)"
        rf"(?![-/]?\d|[.:]\d){NOT_BEFORE}",
        ("12/03/1998", "2024-05-01", "12.3.1998", "1/2/24", "2024-05-01T12:30:00Z", "2024/05/01", "01-02-99"),
        ("2.10.3", "1/2", "3-2", "555-0123", "1-2-3-4"),
    ),
    number(
        "hour",
        "1",
        rf"{NOT_IN_NUMBER}[01]?\d {{0,1}}(?:am|pm|AM|PM){NOT_BEFORE}",
        ("7 pm", "7pm", "11 AM"),
        ("7 p", "7 ample", "pm"),
    ),
    number(
        "time",
        "1",
        rf"{NOT_IN_NUMBER}(?:[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{{1,6}})?|[0-2]?\d[hH][0-5]\d)"
        rf"(?:{GAP}?(?:[apAP]\.{GAP}?[mM]\.(?![{LATIN}])|(?:[ap]m|[AP]M|h|hs|hrs){NOT_BEFORE}))?(?!:?\d){NOT_BEFORE}"
        rf"|{NOT_IN_NUMBER}[0-2]?\d(?:{GAP}?[apAP]\.{GAP}?[mM]\.(?![{LATIN}])|[.][0-5]\d{GAP}?(?:[apAP]\.{GAP}?[mM]\.(?![{LATIN}])|[ap]m{NOT_BEFORE}))",
        (
            "14:30",
            "7:05 p.m.",
            "7 p.m.",
            "7:05",
            "19h30",
            "23:59:59",
            "3:36.82",
            "7:05 PM",
            "7 a. m.",
            "7.30 p.m.",
            "6.30pm",
            "10:40h",
        ),
        ("7 p", "1:2", "25", "3-2"),
    ),
    code(
        "ISBN",
        "1",
        rf"{NOT_IN_NUMBER}(?:97[89][- ]?(?:\d[- ]?){{9}}\d|\d{{1,5}}-\d{{1,7}}-\d{{1,7}}-[\dX])(?!-?\d){NOT_BEFORE}",
        ("978-3-16-148410-0", "9783161484100", "0-306-40615-2", "0-8044-2957-X"),
        ("978", "1-2", "2024-05-01"),
    ),
    code(
        "phone",
        "1.",
        rf"(?<![{LATIN}.,/-])(?:\+\d{{1,3}}[ .-]?(?:\(\d{{1,5}}\)[ .-]?)?\d{{1,5}}(?:[ .-]\d{{1,5}}){{1,5}}"
        r"|\+\d{8,15}"
        r"|\(\d{2,5}\) ?\d{2,4}(?:[ .-]\d{2,5}){1,3}|(?:1[ .-])?\d{3}[-.]\d{3}[-.]\d{4}"
        r"|0\d{1,4}[ /-]\d{3,8}(?:[ -]\d{2,4}){0,3}"
        rf"|0\d(?:[ .]\d\d){{4}}|[2-9]\d\d-(?!\d\d00)\d{{4}}|\d{{2,3}}(?: \d\d){{3,4}})(?![.,-]?\d){NOT_BEFORE}",
        (
            "555-0123",
            "(212) 555-0123",
            "212-555-0123",
            "1-800-555-0199",
            "+34 600 123 456",
            "+44 20 7946 0958",
            "+12125550123",
            "030 1234567",
            "01 23 45 67 89",
            "91 12 34 56",
        ),
        ("3-2", "1939-1945", "300-1500", "1,200", "2024-05-01", "12 34"),
    ),
    number(
        "quantity",
        "a1.",
        rf"(?:{_SIGN}{NOT_IN_NUMBER}(?:US|A|C|NZ|HK|R|CA|MX)?{_CURRENCY}{GAP}?{_DIGITS}{_RANGE}(?:{GAP}?{_PERCENT}|(?:k|K|M|bn|m)?{NOT_BEFORE})"
        rf"|{NOT_IN_NUMBER}(?:{_CODES}){GAP}{_DIGITS}{NOT_BEFORE}"
        rf"|(?:{_SIGN}{NOT_IN_NUMBER}{_DIGITS}{_RANGE}{GAP}?(?:{_PERCENT}|{_CURRENCY}(?![\d{GLUED}])|(?:{_UNITS}){NOT_BEFORE}(?!/[A-Za-z]))))",
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
            "2.5 s",
            "5 min",
            "45°",
            "-$5",
        ),
        ("4 dogs", "1990s", "80s", "5 minutes", "3 in", "50%s", "5 mother", "5th"),
    ),
    code(
        "version",
        "a1",
        rf"{NOT_IN_NUMBER}(?:[vV]\d{{1,5}}(?:\.(?:\d{{1,5}}|x)){{0,5}}|\d{{1,5}}\.\d{{1,5}}\.(?:\d{{1,5}}|x)(?:\.\d{{1,5}}){{0,3}}"
        r"|\d{1,3}\.\d{1,3}(?=(?:a|b|rc|alpha|beta)\d))"
        rf"(?:(?:-?(?:a|b|rc|alpha|beta|dev|post)[.-]?\d{{0,4}})|[-+][A-Za-z0-9]{{1,20}}(?:\.[A-Za-z0-9]{{1,20}}){{0,4}})?"
        rf"(?<!\d\.\d\d\d\.\d\d\d)(?<!\d\.\d\d\d\.\d\d\d\.\d\d\d)(?!\.?\d){NOT_BEFORE}",
        ("2.10.3", "v1.2", "3.11.7rc1", "1.0.0-beta.2", "v2", "1.2.3.4.5", "3.12.0b1", "3.12.x", "3.12a1"),
        ("1.5", "12.500", "1.000.000", "v", "12.3"),
    ),
    number(
        "score",
        "1",
        rf"{NOT_IN_NUMBER}(?:\d{{1,6}}(?:[.,]\d{{3}})?[-–‑−]\d{{1,6}}(?:[.,]\d{{3}})?|\d{{1,4}}[:/]\d{{1,4}})(?![-–:/]?\d|[.,]\d){NOT_BEFORE}",
        ("3-2", "1939-1945", "1939–1945", "16:9", "24/7", "1/2", "9/11", "1,200-1,500"),
        ("3 - 2", "3", "-5", "1-2-3"),
    ),
)

NUMBERS = (
    # Figures that are joined and of no other kind.
    code(
        "digits",
        "1",
        rf"(?<!\d)(?<!\d[.,:/])(?![1１١۱१](?![\d.,:/–-]*\d))"
        rf"(?:\d++(?:[.,]\d++)*+(?:[:/'’–-]\d++(?:[.,]\d++)*+)++|\d++(?:[.,]\d++)++(?![eE][-+−])[A-Za-z]{{1,12}})(?![{GLUED}\d_])",
        ("1-2-3", "1:2:3:4", "1-2-3-4-5", "2.7/3.2", "1.1.1f", "4.3BSD"),
        ("1", "5th", "a"),
    ),
    number(
        "number",
        "1.",
        rf"{_SIGN}{NOT_IN_NUMBER}(?!(?<![-−+±])[1１١۱१](?!\d|{_POINT}\d|{GAP}\d{{3}}(?!\d))){_DIGITS}(?:[eE][-+−]?\d{{1,3}})?(?![{GLUED}_]|:[a-z]|[:/]\d)",
        (
            "3,500.50",
            "250",
            "11",
            "-5",
            "2024",
            "1.5",
            "1 000 000",
            "٢٥",
            "३५",
            "２５",
            "+3",
            "−7",
            "1,5",
            "3",
            "1.5e-3",
        ),
        ("1", "5th", "1990s", "2nd", "1er", "a", "2024ko", "１"),
    ),
)
