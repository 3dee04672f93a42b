"""What every sentence is made of: services, amounts, names and numbers, as a language writes them.

Amounts are exact: whoever reads them can count on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import reduce
from typing import assert_never

from dsl import units
from dsl.plan import LotClass
from dsl.source import printable
from tui.language import Language

_PLACES = 3  # of an amount in a large unit; one that needs more is told in a smaller unit
_SPEEDS = (("Gbps", 10**9), ("Mbps", 10**6), ("kbps", 10**3), ("bps", 1))


class Teller:
    """Says the sentences of one plan, in which 1 GB is `data_step` MB."""

    def __init__(self, language: Language, data_step: int) -> None:
        self.language = language
        self.data_step = data_step
        self.say = language.say
        self.say_many = language.say_many

    # ---- sentences

    def paragraph(self, *sentences: str) -> str:
        """Sentences behind one another; those that are "" are left out."""
        said = [sentence for sentence in sentences if sentence]
        return reduce(lambda text, more: self.say("{sentence} {more}", sentence=text, more=more), said)

    def inline(self, lead: str, sentence: str) -> str:
        """A sentence behind a lead that ends in a colon."""
        return self.paragraph(lead, sentence[:1].lower() + sentence[1:])

    def name(self, text: str) -> str:
        """What a file calls something, in quotes."""
        return self.say('"{name}"', name=printable(text))

    def names(self, texts: Collection[str]) -> str:
        return self.language.every([self.name(text) for text in texts])

    def either_name(self, texts: Collection[str]) -> str:
        return self.language.either([self.name(text) for text in texts])

    def list_of_names(self, texts: Collection[str]) -> str:
        """Names in their order."""
        return self.say(", ").join(self.name(text) for text in texts)

    # ---- services

    def service(self, service: str) -> str:
        match service:
            case units.DATA:
                return self.say("data")
            case units.VOICE:
                return self.say("minutes")
            case units.SMS:
                return self.say("text messages")
            case _ if units.is_money(service):
                return self.say("credit in {currency}", currency=service)
            case _:
                return printable(service)

    def services(self, services: Iterable[str]) -> str:
        return self.language.every([self.service(service) for service in services])

    def lots(self, service: str, lot_class: LotClass) -> str:
        """What of a service, or of several, is of one class; `service` is what they are called."""
        match lot_class:
            case LotClass.ALLOWANCE:
                return self.say("your plan's {service}", service=service)
            case LotClass.CARRIED:
                return self.say("carried-over {service}", service=service)
            case LotClass.BONUS:
                return self.say("bonus {service}", service=service)
            case LotClass.ADD_ON:
                return self.say("add-on {service}", service=service)
            case LotClass.GIFT:
                return self.say("{service} that was given to you", service=service)
            case LotClass.CONVERTED:
                return self.say("converted {service}", service=service)
            case LotClass.SOLD:
                return self.say("{service} bought when the rest had run out", service=service)
            case LotClass.BORROWED:
                return self.say("borrowed {service}", service=service)
            case LotClass.CREDIT:
                return self.say("{service} that pays your bill", service=service)
            case _:
                assert_never(lot_class)

    def any_lots(self, lot_class: LotClass) -> str:
        """What is of one class, of whatever service."""
        match lot_class:
            case LotClass.ALLOWANCE:
                return self.say("what your plan brought")
            case LotClass.CARRIED:
                return self.say("what was carried over")
            case LotClass.BONUS:
                return self.say("bonuses")
            case LotClass.ADD_ON:
                return self.say("add-ons")
            case LotClass.GIFT:
                return self.say("what was given to you")
            case LotClass.CONVERTED:
                return self.say("what was converted")
            case LotClass.SOLD:
                return self.say("what was bought when the rest had run out")
            case LotClass.BORROWED:
                return self.say("what was borrowed")
            case LotClass.CREDIT:
                return self.say("what pays your bill")
            case _:
                assert_never(lot_class)

    def label(self, lot_class: LotClass) -> str:
        """The class itself, as it stands behind an amount."""
        match lot_class:
            case LotClass.ALLOWANCE:
                return self.say("allowance")
            case LotClass.CARRIED:
                return self.say("carried over")
            case LotClass.BONUS:
                return self.say("bonus")
            case LotClass.ADD_ON:
                return self.say("add-on")
            case LotClass.GIFT:
                return self.say("gift")
            case LotClass.CONVERTED:
                return self.say("converted")
            case LotClass.SOLD:
                return self.say("sold")
            case LotClass.BORROWED:
                return self.say("borrowed")
            case LotClass.CREDIT:
                return self.say("bill credit")
            case _:
                assert_never(lot_class)

    # ---- amounts

    def amount(self, service: str, amount: int) -> str:
        """`20 GB`, `300 minutes`, `40 text messages`, `9 EUR`."""
        match service:
            case units.DATA:
                return self._data(amount)
            case units.VOICE if amount % 60:
                return self.say_many("{number} second", "{number} seconds", amount)
            case units.VOICE:
                return self.say_many("{number} minute", "{number} minutes", amount // 60)
            case units.SMS:
                return self.say_many("{number} text message", "{number} text messages", amount)
            case _ if units.is_money(service):
                digits = units.minor_digits(service)
                written = self.language.decimal(units.decimal(amount, 10**digits, digits))
                return self.say("{number} {currency}", number=written, currency=service)
            case _:
                return self.say("{number} {unit}", number=self.language.number(amount), unit=printable(service))

    def amount_of(self, service: str, amount: int) -> str:
        """The amount with what it is of: `20 GB of data`."""
        if service == units.DATA:
            return self.say("{amount} of data", amount=self.amount(service, amount))
        if units.is_money(service):
            return self.say("{amount} of credit", amount=self.amount(service, amount))
        return self.amount(service, amount)

    def _data(self, amount: int) -> str:
        """In the largest unit that takes few places; TB only where the number is whole in it."""
        for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "KB")):
            size = self.data_step**power
            whole = amount % size == 0
            if amount >= size and (whole if unit == "TB" else amount * 10**_PLACES % size == 0):
                number = self.language.decimal(units.decimal(amount, size, _PLACES))
                return self.say("{number} {unit}", number=number, unit=unit)
        return self.say_many("{number} byte", "{number} bytes", amount)

    def speed(self, bits_per_second: int) -> str:
        fitting = (
            (name, size) for name, size in _SPEEDS if bits_per_second >= size and bits_per_second * 10**_PLACES % size == 0
        )
        name, size = next(fitting, _SPEEDS[-1])
        number = self.language.decimal(units.decimal(bits_per_second, size, _PLACES))
        return self.say("{number} {unit}", number=number, unit=name)

    # ---- numbers

    def times(self, fraction: tuple[int, int]) -> str:
        """`1.5`, or `1/3` where that is no decimal number."""
        many, over = fraction
        exact = Fraction(many, over)
        if exact * 10**_PLACES % 1:
            return f"{self.language.number(many)}/{self.language.number(over)}"
        return self.language.decimal(units.decimal(exact.numerator, exact.denominator, _PLACES))

    def percent(self, fraction: tuple[int, int]) -> str:
        """`40%`, or `1/3`."""
        exact = Fraction(100 * fraction[0], fraction[1])
        if exact * 10**_PLACES % 1:
            return self.times(fraction)
        return self.say("{number}%", number=self.times((exact.numerator, exact.denominator)))
