"""Generated plans, as text in the language: files without a mistake, from every rule of dsl/rollover.lark.

The writer knows what the checker wants and nothing of how the engine acts. First options are the plainest, so that Hypothesis
shrinks towards plain plans. Amounts of a file are few units of one size, so that limits, rates and grants meet.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

T = TypeVar("T")

# Havana, Santiago and Cairo change their clocks at midnight, Lord Howe by half an hour; Apia once left out a day.
ZONES = (
    "UTC", "Europe/Vienna", "America/Havana", "America/Santiago", "Australia/Sydney", "Africa/Cairo", "Asia/Manila",
    "Australia/Lord_Howe", "Pacific/Apia",
)  # fmt: skip
UNITS = {
    "data": ("GB", "B", "MB", "KB"), "voice": ("minutes", "seconds", "hours"), "sms": ("sms", "texts"), "EUR": ("EUR",),
    "JPY": ("JPY",), "flex": ("flex",),
}  # fmt: skip
WORDS = {"data": ("data", "GB"), "voice": ("minutes", "voice", "calls"), "sms": ("sms", "messages")}
TAGS = ("at home", "abroad", 'in "Macau"', "at night", "by day", "on weekends", "on weekdays", '"video"')
CLASSES = ("allowance", "carried", "bonus", "add-on", "gift", "converted")
NAMES = ("Flex 20", "b", "C: d, then e", "# 7", "Ünï 漢字 😀", "like", " x  y ")
PACKS = ("Travel 7", "p", "Pâck, # and 'more'")
MONEY = ("1 EUR", "2.5 EUR", "0.01 EUR", "100 JPY", "0.125 KWD")


def examples(count: int) -> settings:
    """So many examples, always the same; ROLLOVER_SEARCH=10 looks at ten times as many, each time others. A failing one is made
    smaller, which takes minutes; ROLLOVER_SHRINK=0 tells it as it was found."""
    search = int(os.environ.get("ROLLOVER_SEARCH", "0"))
    phases = (Phase.explicit, Phase.generate) + (Phase.shrink,) * (os.environ.get("ROLLOVER_SHRINK") != "0")
    return settings(
        max_examples=count * (search or 1), derandomize=not search, database=None, deadline=None, print_blob=True,
        phases=phases, suppress_health_check=list(HealthCheck),
    )  # fmt: skip


# What `unused` means in a plan, a pack and a promotion, by what each grants.
OWN = {
    "allowance": frozenset({"allowance"}),
    "add-on": frozenset({"allowance", "add-on", "bonus", "gift"}),
    "bonus": frozenset({"allowance"}),
}


class _Writer:
    """Writes one file. `monthly` is whether its cycles are months, so that `month` may stand for a cycle; `dated` whether
    each of its plans has rules with dates."""

    def __init__(self, draw: st.DrawFn, dated: bool) -> None:
        self.draw = draw
        self.dated = dated
        self.services = self.some(tuple(UNITS), 1, 3)
        self.unit = {service: self.one(*units) for service, units in UNITS.items()}
        self.monthly = self.chance()
        self.packs = self.some(PACKS, 0, 2)
        self.plans = self.some(NAMES, 1, 3)
        self.rates: set[tuple[str, str]] = set()
        self.money = ""  # the service that `money` means in the block
        self.classes = ("unused", *CLASSES, *(f'"{name}"' for name in self.packs))

    # ---- choices

    def one(self, *options: T) -> T:
        return options[self.number(0, len(options) - 1)]

    def some(self, options: tuple[T, ...], least: int, most: int) -> list[T]:
        return self.draw(st.lists(st.sampled_from(options), min_size=least, max_size=most, unique=True))

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def chance(self, of: int = 2) -> bool:
        """True once in `of` times."""
        return self.number(1, of) == of

    def maybe(self, *options: str) -> str:
        return self.one("", *options)

    def join(self, items: list[str]) -> str:
        return "".join(items[:1] + [self.one(", ", " and ", ", then ", " then ", ", and ", ",") + item for item in items[1:]])

    def amount(self, service: str) -> str:
        unit = self.unit[service]
        if self.chance(6):
            unit = UNITS[service][min(1, len(UNITS[service]) - 1)]  # bytes or seconds among larger units
            return f"{self.one(7, 999_999_937, 61, 13_331)} {unit}"
        fraction = self.maybe(".5", ".25", ".75") if unit in ("KB", "MB", "GB", "minutes", "hours", "EUR") else ""
        return f"{self.number(1, 12)}{fraction}{self.one(' ', '')}{unit}"

    def word(self, service: str) -> str:
        names = WORDS.get(service, (service,))
        return self.one(*names, "money") if service == self.money else self.one(*names)

    def period(self, *more: str) -> str:
        unit = self.one("day", "days", "hours", "week", "calendar month", *more)
        return f"{self.number(1, 70 if unit in ('hours', 'days') else 3)} {unit}"

    def tag(self) -> str:
        return self.one(*TAGS)

    def scope(self) -> str:
        """One condition or two, which may leave no use at all."""
        return f"only {self.tag()}{self.maybe(f' or {self.tag()}')}{self.maybe(f' {self.tag()}', f' only {self.tag()}')}"

    def life(self) -> str:
        """An end, or several of different words."""
        if self.chance(6):
            ends = ("for 40 days", "to the end of the month", "until Friday", "to the end of the next cycle", "to midnight")
            return " ".join(self.some(ends, 2, 2))
        return self.one(
            f"for {self.period('cycles', 'months', 'year')}", "to the end of the next cycle", "to the end of the next month",
            "to the end of the month", "to the end of the cycle", "without end", "for 1 cycle", "to midnight",
            "for 7 days counting the first", "until Friday", "through Sunday", "until 2026-12-31", "through 2026-02-28",
        )  # fmt: skip

    def grant_items(self, services: list[str], *, repeats: bool = False) -> str:
        items = []
        for number, service in enumerate(services + [self.one(*services)] * self.chance(3)):
            life = self.life() if self.chance(3) else ""
            life += self.maybe(" from first use") if life and "20" not in life else ""
            marks = [self.maybe(self.word(service)), self.one(*CLASSES) if self.chance(3) else "", life]
            marks += [self.one("in each of 3 cycles", "in each of 2 whole cycles")] * (repeats and self.chance(4))
            marks += [self.scope()] * self.chance(4)
            free = number >= len(services) and service not in ("EUR", "JPY") and self.chance()
            what = f"unlimited {self.word(service)}" if free else self.amount(service)
            items.append(" ".join(filter(None, [what, *self.draw(st.permutations(marks))])))
        return f"grant {self.join(items)}"

    def grants(self, services: list[str], *every: str) -> list[str]:
        """One line for all services, or a line each, some of which may fill."""
        groups = [services] if self.chance() else [[service] for service in services]
        lines = [self.maybe(*every) + self.grant_items(group) for group in groups]
        for number, group in enumerate(groups):
            if len(group) == 1 and self.chance(4):
                scope = f" {self.scope()}" if self.chance(4) else ""
                lines[number] = f"{self.maybe(*every)}fill {self.word(group[0])} up to {self.amount(group[0])}{scope}"
        return lines

    def loyalty(self, services: list[str]) -> str:
        every = f"every {self.number(1, 2)} renewals{self.maybe(' in a row')}"
        amount = f"grant {self.amount(self.one(*services))}{self.maybe(' bonus', ' for 40 days')}"
        return f"{every} {amount}" if self.chance() else f"every cycle {amount} for {every}"

    def prices(self) -> list[str]:
        every = self.maybe("a cycle", *(["a month"] if self.monthly else []))
        return [f"price {self.one(*MONEY)} {every}{self.maybe(' by day', ', by day', ' whole')}"] * self.chance(3)

    # ---- what becomes of lots

    def carry(self, service: str, *, dated: bool) -> str:
        """`service` is empty where the hand is of several."""
        units = ("cycle", "cycles", "cycles", *(("months", "month", "year") if self.monthly or dated else ("year",)))
        life = self.one(self.period(*units), f"for {self.period(*units)}", "without end", "to the end of the next cycle")
        marks = [
            life,
            self.maybe("each time"),
            self.maybe("from grant", "from rolling"),
            self.scope() if self.chance(6) else "",
        ]
        if service and self.chance(6):
            marks.append(f"in steps of {self.amount(service)}{self.maybe(' rounded up')}")
        part = self.maybe("40% of it", "33.3% of it") if self.chance(3) else ""
        return " ".join(["carry", *filter(None, [part, *self.draw(st.permutations(marks))])])

    def cap(self, service: str, granted: bool) -> str:
        """`service` is empty where the hand is of several."""
        the = self.maybe("the ")
        parts = (f"{self.one(1, 2, '0.5', '1.25')}x {the}plan", f"{self.one(50, 150, '33.3')}% of {the}plan")
        limits = (*((self.amount(service),) if service else ()), *(parts if granted else ()))
        return f"cap {self.one(*limits)}{self.maybe(' with allowance', ' on carried', ' a cycle', ' a month')}"

    def convert(self, service: str, to: str, targets: list[str]) -> str:
        unit = self.unit[to].replace("hours", "seconds")  # `hours` is kept for lives
        word = unit if self.chance() else self.one(*WORDS.get(to, (to,)))
        steps = self.maybe(f"in steps of {self.amount(service)}", f"in steps of {self.amount(to)}")
        life = self.maybe("to the end of the next cycle", self.life())
        if [one for one in targets if one in ("EUR", "JPY")] == [to] == [self.money] and self.chance():  # one rate
            word = "the next bill"
        cost = f"at {self.one(*MONEY)}" if self.chance(3) else ""
        scope = self.scope() if self.chance(6) else ""
        return " ".join(filter(None, ["convert", self.maybe("the rest"), "to", word, steps, cost, life, scope]))

    def clauses(self, service: str, rates: set[tuple[str, str]], *, granted: bool, dated: bool) -> list[str]:
        found, carries = list[str](), False
        targets = sorted(to for source, to in rates if source == service)
        kinds = ["carry", "extend", "expire", *["cap"] * (4 * (granted or bool(service))), *["convert"] * (4 * bool(targets))]
        for index in range(self.number(1, 4)):
            kind = "carry" if index == 0 and self.number(0, 4) else self.one(*kinds)
            if kind == "carry" or (kind == "cap" and not carries):
                found.append(self.carry(service, dated=dated))
                carries = True
            if kind == "cap":
                found.append(self.cap(service, granted))
                found += [self.one("oldest", "newest", "earliest to end") + " goes first"] * self.chance()
            elif kind == "convert":
                to = self.one(*targets)
                found.append(self.convert(service, to, targets))
                found += [f"cap {self.amount(to)}"] * self.chance()
            elif kind == "extend":
                found.append(f"extend {self.maybe('by ')}{self.period('cycle', 'month', 'year')}")
            elif kind == "expire":
                found.append(kind)
        return found

    def conditions(self, services: list[str], service: str, least: int) -> str:
        about = self.amount(self.one(*services))
        plain = (
            f"used at least {about}", "after the first cycle", "held the whole cycle", "paid", "active", "opted in",
            f"no {self.one(*CLASSES)} {self.word(service)} is left",
            f"at most {about}{self.maybe('', ' bonus', ' carried')} is left",
            f"tenure at least {self.period('months')}", "2 cycles in a row",
        )  # fmt: skip
        return " and ".join(self.maybe("not ") + one for one in self.some(plain, least, 2))

    def limit(self, service: str, *, sold: bool = False, takes: bool = False) -> str:
        """A limit of an action: that a pack is `sold`, that it `takes` from what is there."""
        over = self.one(
            "a day", "a week", "a calendar month", "a year", "a cycle", "ever", "held", f"in {self.period('cycle')}"
        )
        amount = self.amount(service)
        kinds = [f"at most {amount}{self.maybe(' at a time')}", f"at least {amount}"]
        many = [f"at most {self.number(1, 3)} {'' if over == 'held' else 'times '}{over}", f"at most {amount} {over}"]
        more = [kinds[1]] * (not sold) + [f"keeping {amount}"] * takes
        return self.one(*many, *many, kinds[0], *more)

    def sold(self, services: list[str]) -> list[str]:
        """When a pack is sold, and how often."""
        service = self.one(*services)
        limits = self.join([self.limit(service, sold=True) for _ in range(self.number(0, 2))])
        conditions = self.conditions(services, service, not limits)
        said = ", ".join(filter(None, [f"if {conditions}" if conditions else "", limits]))
        return [f"sold {said}"]

    def hand(self, services: list[str], rates: set[tuple[str, str]], said: dict[object, bool], own: str) -> list[str]:
        """A line with a colon, or none where `said` (hand to whether it has a condition) has its hand already.

        `own` is what `unused` means: allowance in a plan, add-on in a pack, bonus in a promotion.
        """
        service, both = self.one(*services), len(services) > 1 and self.chance(5)
        classes = ["unused"] if self.chance() else self.some(self.classes if own == "allowance" else self.classes[:7], 1, 3)
        picks = [("unused", name) for name in services] if both else [(pick, service) for pick in classes]
        hands: dict[tuple[str, str], frozenset[str]] = {}
        for pick, name in picks:
            pack = pick if pick.startswith('"') else ""
            kept = hands.get((name, pack), frozenset())
            hands[name, pack] = kept | (OWN["add-on"] if pack else OWN[own] if pick == "unused" else {pick})
        if any(not said.get(hand, True) for hand in hands.items()):
            return []
        conditions = self.conditions(services, service, 0)
        condition = self.one(" if ", ", if ") + conditions if conditions else ""
        said.update(dict.fromkeys(hands.items(), bool(condition)))
        named = self.join([f"{pick} {self.word(name)}" for pick, name in picks])
        clauses = self.clauses("" if both else service, rates, granted=own != "bonus", dated=own == "bonus")
        return [f"{'when it starts, ' if own == 'bonus' else ''}{named}{condition}: {self.join(clauses)}"]

    def asked(self, service: str, rates: set[tuple[str, str]]) -> list[str]:
        """What may be converted of a service when it is asked for."""
        targets = sorted(to for source, to in rates if source == service)
        if not targets:
            return []
        items = []
        for to in self.some(tuple(targets), 1, 2):
            items += [self.convert(service, to, targets), *(self.limit(service, takes=True) for _ in range(self.number(0, 2)))]
        conditions = self.conditions(self.services, service, 0)
        condition = f" if {conditions}" if conditions else ""
        picks = [f"{pick} {self.word(service)}" for pick in self.some(("unused", "carried", "bonus"), 1, 2)]
        return [f"when asked{condition}, {self.join(picks)}: {self.join(items)}"]

    def bare(self, service: str, rates: set[tuple[str, str]], said: dict[object, bool], own: str, *, dated: bool) -> list[str]:
        """Clauses without a hand, on one line or several."""
        said[(service, ""), OWN[own]] = False
        lines = [""]
        for clause in self.clauses(service, rates, granted=True, dated=dated):
            lines[-1:] = [self.join([lines[-1], clause])] if lines[-1] and self.chance() else [lines[-1], clause]
        return lines[1:]

    def rate_lines(self, rates: set[tuple[str, str]], least: int, most: int) -> list[str]:
        new = self.some(tuple((a, b) for a in self.services for b in UNITS if a != b), least, most)
        rates.update(new)
        return [f"rate{self.maybe(':')} {self.amount(a)} = {self.amount(b)}" for a, b in new]

    def times(self) -> list[str]:
        """What to write before lines that hold at different times, some of which may leave gaps."""
        days = ((2026, 2, 1), (2026, 3, 1), (2026, 3, 29), (2026, 4, 15), (2026, 11, 1), (2027, 10, 31), (2011, 12, 30))
        first = date(*self.one(*days)) + timedelta(days=self.one(0, 0, self.number(0, 90)))
        second = first + timedelta(days=self.one(1, 28, 30, 31, 365))
        spans = (f"from {first} {self.one('until', 'through')} {second} ", f"until {first} ", f"from {second + timedelta(1)} ")
        return self.some(spans, 1 if self.dated else 0, 3) if self.dated or self.chance(3) else []

    # ---- statements of a plan

    def cycle(self) -> list[str]:
        begins = self.maybe(" from activation", " from first use")
        anchor = self.one(
            begins, " from activation", f" from the {self.one(1, 15, 28, 29, 30, 31)}{self.one('th', 'st', 'nd', 'rd')}",
            " on the last day of the month",
        )  # fmt: skip
        every = self.maybe("every ")
        choices = ("first one whole", "first one by day"), ("days 29 to 31 move to the 28th", "short month overflow")
        hour = self.maybe(", at the hour of activation", f", at {self.one('05:00', '00:30', '2:30', '23:59')}")
        chosen = "".join(f", {choice}" for pair in choices if (choice := self.maybe(*pair))) + hour * self.chance()
        if self.monthly:
            length = self.one("", f"{every}1 month{anchor}{chosen}", f"calendar month{chosen}", f"month{anchor}{chosen}")
        else:
            days = self.one("30 days", "week", "7 days", "1 day", "2 weeks", "day")
            blocks = self.maybe(" in blocks of 100 days", " in blocks of 5 weeks") if self.chance() else ""
            days += f"{blocks}{begins}{hour}"
            months = f"{self.one(2, 3)} months{anchor}{chosen}"
            length = every + (f"year{chosen}" if self.chance(8) else self.one(days, months))
        return [f"cycle{self.maybe(':')} {length}"] if length else []

    def order(self, service: str) -> str:
        """`service` is empty for an order of all services."""
        keys: list[str] = []
        for place in self.some(CLASSES + self.classes[7:], 1, 3):
            named = f" {self.word(service)}" if service and (not keys or self.chance()) else ""
            pick = self.maybe("oldest ", "newest ", "soonest to end ", "narrowest scope ")
            keys.append(pick + place + named + self.maybe(" first"))
        picks = ("soonest to end", "oldest", "newest", "narrowest scope", f"only {self.tag()}", f"only {self.tag()}")
        for key in self.some(picks, 0, 2):
            keys.insert(self.number(0, len(keys)), key + self.maybe(" first"))
        return f"use {self.join(keys)}"

    def runs_out(self, service: str) -> str:
        remedies = []
        for _ in range(self.number(0, 2)):
            number, price, times = self.number(1, 9), self.one(*MONEY), self.number(1, 3)
            count, currency = price.split()
            blocks, charge = f"{number * times + 1} {self.unit[service]}", f"{float(count) * times:g} {currency}"
            amounts = (blocks, blocks if service in ("EUR", "JPY") else charge, f"{times} times")
            limit = self.one(*amounts) + self.maybe(" a cycle")
            life = f" for {self.period('cycles')}" if self.chance(4) else ""
            sold = f"sell {number} {self.unit[service]} at {price}{life} up to {limit}"
            lent = f"borrow {number} {self.unit[service]} from the next cycle up to {self.one(blocks, f'{times} times')}"
            remedies.append(lent if self.chance(3) else sold)
        rest = self.one(
            "block", f"sell 2 {self.unit[service]} at 3 EUR", "slow to 128 kbps", "slow to 1.5 Mbps", "owe the rest"
        )
        remedies += [rest] * (self.chance() or not remedies)
        return f"when {self.word(service)} runs out{{}}: {self.join(remedies)}"

    def run_outs(self, service: str) -> list[str]:
        """One line, or one with a condition before it."""
        asked = self.one(*TAGS, "opted in", f"used at least {self.amount(service)}", "after the first cycle")
        asked = self.maybe("not ") + asked
        others = [self.runs_out(service).format(f"{self.maybe(',')} if {asked}{self.maybe(' and paid')}")] * self.chance(3)
        return [*others, self.runs_out(service).format("")]

    def counting(self) -> list[str]:
        """What of a use counts, each thing once."""
        lines = []
        for service in self.some(tuple(self.services), 0, 2):
            then = f"{self.maybe(',')} then {self.amount(service)}" if self.chance() else ""
            steps = self.one(f"in steps of {self.amount(service)}{then}", f"to the nearest {self.amount(service)}")
            lines.append(f"{self.word(service)} {self.one('counts', 'count')} {steps}")
        lines += [f"{tag} counts {self.one('0.5', '0', '2', '1.25', '0.333')}" for tag in self.some(TAGS, 0, 2)]
        lines += [f"{tag} counts {self.amount(self.one(*self.services))} more" for tag in self.some(TAGS, 0, 1)]
        for service in self.some(("voice", "data", "sms"), 0, 2):
            units = tuple(unit for unit in self.services if unit != service)
            for unit in self.some(units, 0, 2) if units else ():
                for tags in self.some(("", *TAGS, 'abroad "video"', "at night or on weekends"), 1, 3):
                    marks = self.one(f"{self.maybe(self.word(service))} {tags}", tags)
                    lines.append(f"{self.amount(service)} {marks} uses {self.amount(unit)}")
        return self.draw(st.permutations(lines))

    def plan(self, name: str, like: str = "") -> list[str]:
        """The lines of a plan. One made like another grants no further services, so that what it keeps still holds."""
        kind = self.one("prepaid", "postpaid") if not like else self.maybe("prepaid")
        services = self.some(tuple(self.services), 0, 2) if like else self.services
        rates, said = set(self.rates), dict[object, bool]()
        self.money = next((service for service in self.services if service in ("EUR", "JPY")), "")
        groups = [self.rate_lines(rates, 0, 1), self.cycle() if not like or self.chance() else []]
        groups += [self.prices(), self.counting() if self.chance(3) else []]
        groups += [[self.order(about)] for about in self.some(("", *services), 0, 2)]
        if services:
            groups.append(self.grants(services, "every month " if self.monthly else "every cycle ", "every cycle "))
            groups += [[self.loyalty(services)]] * self.chance(4)
            groups += [self.run_outs(service) for service in self.some(tuple(services), 0, 2)]
            groups += [
                [*self.claims(services[0], name), f"contract {self.one('24 months', '1 year', '6 calendar months')}"]
            ] * self.chance()
        hands: list[str] = []  # stay in order: of two lines with one hand the first has a condition
        if len(self.services) == 1 and self.chance() and not like:
            hands += self.bare(services[0], rates, said, "allowance", dated=False)
        for _ in range(self.number(0, 2) if like else self.number(1, 4)):
            hands += self.hand(self.services, rates, said, "allowance")
        for then in self.times():
            groups += [[then + line for line in group] for group in self.some_rules(services, rates)]
        for service in services:
            groups += [self.asked(service, rates)] * self.chance()
            within = "".join(f", {self.limit(service)}" for _ in range(self.number(0, 2)))
            groups += [[f"when asked: borrow {self.word(service)} from the next cycle{within}"]] * self.chance(3)
        lines = [line for group in self.draw(st.permutations([*groups, hands])) for line in group]
        header = " ".join(filter(None, ["plan", f'"{name}"', f'like "{like}"' if like else "", kind]))
        return [header, *lines, *self.example()]

    def claims(self, service: str, plan: str) -> list[str]:
        """What a plan claims of a service, each thing once, and the use that is assumed."""
        amount, named = f"never above {self.amount(service)}", self.word(service)
        cost = self.one("9 EUR", "0.5 EUR", "100 JPY")
        full = self.one("a full cycle has", "a cycle has", "1 full cycle has", "3 cycles have")
        own = self.maybe(" with promotions")
        kinds = [
            f"{named} {self.maybe('is')} {amount}{own}",
            f"carried {named} {amount}{self.maybe(' a cycle')}{own}",
            f"converted {named} {self.maybe('is')} {amount}{self.maybe(' a cycle')}",
            f"{self.one('', 'what is')} {self.one('charged', 'due')} {self.maybe('is')} never above {cost}",
            f"no {named} {self.one('expires', 'expire')} {self.maybe(f'before {full} passed')}{own}",
        ]
        if len(self.plans) > 1:
            other = self.one(*(name for name in self.plans if name != plan))
            first, second = self.one((plan, other), (other, plan))
            kinds.append(f'"{first}" {self.maybe("is")} never worse than "{second}"')
        found = [f"ensure {kind}" for kind in self.some(tuple(kinds), 1, 3)]
        if service in ("EUR", "JPY"):
            return found
        said = self.maybe(f"{named} ")
        return [*found, *[f"assume {said}usage at most {self.amount(service)}{self.maybe(' a cycle')}"] * self.chance()]

    def some_rules(self, services: list[str], rates: set[tuple[str, str]]) -> list[list[str]]:
        """Rules of a plan that hold at one time, a kind a list."""
        said = dict[object, bool]()
        hands = [line for _ in range(self.number(0, 2)) for line in self.hand(self.services, rates, said, "allowance")]
        found = [hands, self.prices(), [self.order(about) for about in self.some(("", *services), 0, 1)]]
        found += [self.rate_lines(set(), 0, 1)]
        if services:
            found += [self.grants(services, "every cycle ")] * self.chance()
            found += [self.run_outs(service) for service in self.some(tuple(services), 0, 1)]
        return found

    def example(self) -> list[str]:
        if not self.chance(4):
            return []
        service = self.one(*self.services)
        figures = ("available", "left", "used", "overage", "carried", "converted", "expired", "granted", "received", "charged")
        expected = [f"{figure} {self.amount(service)}" for figure in self.some(figures, 0, 3)]
        use = (
            f"use {self.amount(service)} {self.maybe(self.word(service))} {self.maybe(self.tag())} "
            + "-> " * bool(expected)
            + self.join(expected)
        )
        return ['example "a month"', self.maybe("start 2026-01-31"), *(f'buy "{pack}"' for pack in self.packs), use]

    # ---- other blocks

    def pack(self, name: str) -> list[str]:
        services = self.some(tuple(self.services), 1, 2)
        rates, said = set(self.rates), dict[object, bool]()
        self.money, recurring = "", self.chance(3)
        lines = [f"every cycle {self.grant_items(services)}"] if recurring else self.grants(services)
        lines += [*self.rate_lines(rates, 0, 1), *self.prices(), *(self.sold(services) if self.chance() else [])]
        if len(services) == 1 and self.chance():
            lines += self.bare(services[0], rates, said, "add-on", dated=not recurring)
        for _ in range(self.number(0, 2)):
            lines += self.hand(services, rates, said, "add-on")
        for then in self.times():
            grants = ["every cycle " * recurring + self.grant_items(services)] * self.chance()
            lines += [then + line for line in [*self.hand(services, rates, {}, "add-on"), *self.prices(), *grants]]
        return [f'pack "{name}"', *lines]

    def promotion(self, number: int) -> list[str]:
        self.money = ""
        start = date(2026, 1, 1) + timedelta(days=self.number(0, 200))
        last = start + timedelta(days=self.one(60, 1, 200))
        window = f"from {start} {self.one('until', 'through')} {last}{self.maybe(', at the next renewal', ', on opt-in')}"
        factor = [f"multiply {self.maybe('the ')}allowance by {self.one(2, '1.5')}"] * self.chance(3)
        again = self.chance(3)
        grants = "every cycle " * again + self.grant_items(self.services, repeats=not again)
        lines = self.draw(st.permutations([window, grants, *factor]))
        said: dict[object, bool] = {}
        for _ in range(self.number(0, 2)):
            lines += self.hand(self.services, self.rates, said, "bonus")
        names = self.join([f'"{name}"' for name in self.some(tuple(self.plans), 1, 3)])
        return [f'promotion "week {number}" for {names}', *lines]

    def regulation(self) -> list[str]:
        """What plans must do: of each kind of line one or none, some of them since a day."""
        self.money, of = "", self.some(tuple(self.services), 1, 2)
        lots = [f"{self.one('unused', 'allowance', 'bonus', 'add-on')} {self.word(one)}" for one in of]
        state = self.one("active", "paid", "opted in", "not opted in", "not paid", "not active", "same plan", "renewed on time")
        met = f"{self.maybe(',')} if {state}{self.maybe(' and same plan')}" if self.chance(3) else ""
        more = self.some(("as long as granted", "by itself", "free", "to the new end"), 0, 4)
        much = f" up to {self.amount(of[0])}" if len(of) == 1 and self.chance(3) else ""
        times = f" at least {self.number(1, 3)} times" if self.chance(3) else ""
        service = self.word(self.one(*self.services))
        lines = [f"{self.join(lots)}{met}: must {self.join([f'carry{times}{much}', *more])}"]
        lines += [f"{self.join(lots)}{met}: must never expire"] * self.chance()
        lines += [f"when not renewed, {self.join(lots)}: must never expire"] * self.chance()
        lines += [f"when asked, {self.join(lots)}: must give{self.maybe(', as long as granted')}"] * self.chance()
        lines += [f"when {service} runs out{self.maybe(' if not opted in')}: must not sell"] * self.chance()
        lines += [self.one("must use soonest to end first", 'must "tell # the subscriber"')] * self.chance()
        dates = ("", "from 2026-05-01 ", "until 2027-01-01 ", "from 2026-05-01 through 2027-01-01 ")
        lines = [self.one(*dates) + line for line in lines]
        kinds = self.some(("for 7 days or less", "unlimited", "bonus", "free packs"), 1, 4)
        left_out = [f"except {self.join(kinds)}"] * self.chance()
        return ['regulation "what must be"', *self.draw(st.permutations([*lines, *left_out]))]

    def file(self) -> str:
        units = self.maybe("units: 1 GB = 1024 MB", "units 1 MB = 1000 KB")
        settings = [units, f"timezone{self.maybe(':')} {self.one(*ZONES)}"]
        settings += ["unit flex"] + (self.counting() if self.chance(6) else [])
        settings += self.rate_lines(self.rates, self.number(0, 3), 3)
        first, *others = self.plans
        blocks = [self.plan(first), *(self.plan(name, like=first) for name in others), *map(self.pack, self.packs)]
        blocks += [self.promotion(number) for number in range(self.number(0, 2))]
        blocks += [self.regulation()] * self.chance(3)
        lines = [line for line in settings if line]
        for header, *rest in self.draw(st.permutations(blocks)):
            lines += [self.maybe("# of this file"), header, *(f"  {line}{self.maybe('  # why', '#')}" for line in rest)]
        return "\n".join(lines) + self.maybe("\n")


@st.composite
def texts(draw: st.DrawFn, *, dated: bool = False) -> str:
    """A file of the language without a mistake."""
    return _Writer(draw, dated).file()
