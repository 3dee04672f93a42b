"""Services, units and numbers: the only place that knows how many bytes a GB has.

A service is `data`, `voice`, `sms`, a currency by its ISO 4217 code, or a unit that a file declares. Amounts are whole numbers
of the service's base unit (byte, second, message, minor unit of the currency, piece); written numbers are decimal text and are
converted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dsl.phrase import phrase

DATA, VOICE, SMS = "data", "voice", "sms"

# A quintillion base units is an exabyte, or thirty billion years of talk: more is a slip of the keyboard.
MAX_AMOUNT = 10**18

DEFAULT_DATA_STEP = 1000
_MANY = 10_000  # of a unit: what nobody reads at a glance

# How people name a service in a rule. `money` is the currency the plan uses.
SERVICE_WORDS = {
    "data": DATA,
    "voice": VOICE, "minute": VOICE, "minutes": VOICE, "calls": VOICE, "talk": VOICE,
    "sms": SMS, "texts": SMS, "text": SMS, "messages": SMS, "message": SMS,
}  # fmt: skip
MONEY_WORD = "money"
_CALLED = {DATA: phrase("data"), VOICE: phrase("voice"), SMS: phrase("sms"), MONEY_WORD: phrase("money")}

# Spelling -> power of the data step. `units:` says whether a step is 1000 or 1024.
_DATA_POWER = {"b": 0, "byte": 0, "bytes": 0, "kb": 1, "mb": 2, "gb": 3, "tb": 4}
_SECONDS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600,
}  # fmt: skip
_MESSAGES = {"sms", "text", "texts", "message", "messages"}
_BITS_PER_SECOND = {"bps": 1, "kbps": 10**3, "mbps": 10**6, "gbps": 10**9}

# ISO 4217, active codes; those whose minor unit is not a hundredth stand in `_MINOR_DIGITS`.
CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP
    CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
    SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF
    XCD XOF XPF YER ZAR ZMW ZWG""".split()
)
_MINOR_DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
# What people write for a unit, where it can only be that one.
MEANT = {
    "gig": "GB", "gigs": "GB", "gigabyte": "GB", "gigabytes": "GB", "gbs": "GB", "meg": "MB", "megs": "MB", "megabyte": "MB",
    "megabytes": "MB", "mbs": "MB", "kilobyte": "KB", "kilobytes": "KB", "terabyte": "TB", "terabytes": "TB",
    "hr": "hours", "hrs": "hours", "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "rupee": "INR",
    "rupees": "INR", "yen": "JPY", "yuan": "CNY", "rmb": "CNY", "zloty": "PLN",
}  # fmt: skip
# Signs of money, and the code where it can only be that one.
SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₱": "PHP", "₩": "KRW", "₦": "NGN", "฿": "THB", "$": "", "¥": ""}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of one service; `size` is how many base units it holds."""

    service: str
    size: int


def unit(word: str, data_step: int = DEFAULT_DATA_STEP, own: Iterable[str] = ()) -> Unit | None:
    """The unit a word names, or None. Letters may be in either case: `gb` is never a gigabit here. `own` are those that a file
    declares, in lower case: services of their own, counted in whole pieces."""
    lower = word.lower()
    if lower in _DATA_POWER:
        return Unit(DATA, data_step ** _DATA_POWER[lower])
    if lower in _SECONDS:
        return Unit(VOICE, _SECONDS[lower])
    if lower in _MESSAGES:
        return Unit(SMS, 1)
    if word.upper() in CURRENCIES:
        return Unit(word.upper(), 10 ** minor_digits(word.upper()))
    named = own_unit(word, own)
    return Unit(named, 1) if named else None


def own_unit(word: str, own: Iterable[str]) -> str | None:
    """The declared unit that a word names, in singular or plural: of `unit point`, `1 point` and `2 points`."""
    lower = word.lower()
    return next((name for name in own if lower in (name, f"{name}s") or name == f"{lower}s"), None)


def data_power(word: str) -> int | None:
    """How many steps of the data ladder a word stands above the byte, or None where it is no data unit."""
    return _DATA_POWER.get(word.lower())


def bits_per_second(word: str) -> int | None:
    return _BITS_PER_SECOND.get(word.lower())


def minor_digits(currency: str) -> int:
    return _MINOR_DIGITS.get(currency, 2)


def is_money(service: str) -> bool:
    return service in CURRENCIES


def base_unit(service: str) -> str:
    """The name of the base unit in statements: `byte`, `second`, `message`, `EUR minor unit`, or a declared unit's own."""
    names = {DATA: phrase("byte"), VOICE: phrase("second"), SMS: phrase("message")}
    return names.get(service, phrase("{currency} minor unit", currency=service) if is_money(service) else service)


def counted(service: str, amount: int) -> str:
    """An amount in base units, in words: `1,000 bytes`, `950 minor units of EUR`, `5 flex` of a unit that a file declares."""
    number, one = f"{amount:,}", amount == 1
    match service:
        case "data":
            return phrase("1 byte") if one else phrase("{number} bytes", number=number)
        case "voice":
            return phrase("1 second") if one else phrase("{number} seconds", number=number)
        case "sms":
            return phrase("1 message") if one else phrase("{number} messages", number=number)
        case _ if is_money(service) and one:
            return phrase("1 minor unit of {currency}", currency=service)
        case _ if is_money(service):
            return phrase("{number} minor units of {currency}", number=number, currency=service)
        case _:
            return f"{number} {service}"


def called(service: str) -> str:
    """What texts call a service: those that a file declares, and currencies, as they are."""
    return _CALLED.get(service, service)


def ratio(number: str) -> tuple[int, int]:
    """Decimal text as a fraction: "1.25" is 125 over 100. Exact: no float is ever made."""
    digits, _, fraction = number.partition(".")
    return int(digits + fraction), 10 ** len(fraction)


def whole(number: str, size: int) -> int | None:
    """`number` (decimal text) times `size`, or None where that is not a whole number."""
    many, over = ratio(number)
    quotient, remainder = divmod(many * size, over)
    return None if remainder else quotient


def decimal(amount: int, size: int, places: int) -> str:
    """`amount / size` as decimal text with at most `places` digits, rounded half up; trailing zeros dropped."""
    scale = 10**places
    sign = "-" if amount < 0 else ""
    rounded = (2 * abs(amount) * scale + size) // (2 * size)
    text = f"{rounded // scale}.{rounded % scale:0{places}d}" if places else str(rounded)
    return sign + (text.rstrip("0").rstrip(".") if places else text)


def show(service: str, amount: int, data_step: int = DEFAULT_DATA_STEP) -> str:
    """An amount as people say it: `2.2 GB`, `120 min`, `40 sms`, `15 EUR`; a phrase, where its unit is a word. For reading;
    statements carry base units."""
    if service == DATA:
        for name in ("TB", "GB", "MB", "KB"):
            size = data_step ** _DATA_POWER[name.lower()]
            # A plan speaks of GB up to the thousands; TB only where the number is round in it.
            if abs(amount) >= size and (name != "TB" or amount % size == 0):
                return f"{decimal(amount, size, 2)} {name}"
        return f"{amount} B" if amount else "0 GB"
    if service == VOICE:
        if amount % 60 and abs(amount) < 60:
            return phrase("{number} s", number=amount)
        return phrase("{number} min", number=decimal(amount, 60, 1))
    if service == SMS:
        return phrase("{number} sms", number=amount)
    if not is_money(service):
        return f"{amount} {service}"
    return f"{decimal(amount, 10 ** minor_digits(service), minor_digits(service))} {service}"


def exact(service: str, amount: int, data_step: int = DEFAULT_DATA_STEP) -> str:
    """An amount in the largest unit in which it is a whole number, or, where that has many digits, a decimal one: `1500 MB`,
    `25.000000001 GB`; read back by `unit` and `whole` it is the same amount."""
    if service == DATA:
        ladder = [(name, data_step ** _DATA_POWER[name.lower()]) for name in ("TB", "GB", "MB", "KB", "B")]
    elif service == VOICE:
        ladder = [("minutes", 60), ("seconds", 1)]
    elif not is_money(service):
        ladder = [(service, 1)]
    else:
        size = 10 ** minor_digits(service)
        return f"{decimal(amount, size, minor_digits(service))} {service}"
    if amount == 0:
        return f"0 {'GB' if service == DATA else ladder[0][0]}"
    number, name = next((amount // size, name) for name, size in ladder if amount % size == 0)  # the last divides everything
    if service == DATA and abs(number) >= _MANY and data_step == DEFAULT_DATA_STEP:
        size, name = next((size, name) for name, size in ladder if name != "TB" and abs(amount) >= size)
        return f"{decimal(amount, size, len(str(size)) - 1)} {name}"
    return f"{number} {name.removesuffix('s') if number == 1 and service == VOICE else name}"
