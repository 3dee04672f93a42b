"""Generated accounts, as one text in the language: an owner's plan and one to change to, the plans of other lines, packs, a
promotion, and an example that tells what the lines do. A failing account is a file that `rollover run` reads.

What is done falls on few instants, so that much happens at once: on boundaries of cycles and a minute before, at changes of the
clock, and on any day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain

from hypothesis import note
from hypothesis import strategies as st

from dsl.check import check
from dsl.diagnostics import render
from dsl.plan import Plan
from dsl.scenario import Scenario
from dsl.source import Source
from engine.calendar import Calendar

# Zones, each with days of 2026 on which its clocks change; in Santiago that is at midnight.
ZONES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
    "Australia/Sydney": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 2, 28),),  # never
    "UTC": (date(2026, 12, 31),),
}
CLOCKS = (time(0), time(0), time(0, 30), time(2), time(2, 30), time(3), time(12), time(23, 30))

CYCLES = (
    "30 days", "week", "calendar month", "calendar month, first one by day", "month from activation", "month from the 31st",
    "30 days, at the hour of activation", "month from the 31st, short month overflow, at 02:30",
)  # fmt: skip
EVERY_PLAN = (
    ("price 10 EUR a cycle, by day", "price 10 EUR a cycle", "price 25 EUR every 3 cycles", ""),
    ("", "use carried, then allowance", "use newest first", "use narrowest scope first"),
    (
        "unused data: carry 1 cycle each time, cap 15 GB", "unused data: carry 1 cycle", "",
        "unused data: carry 50% of it 40 days, convert the rest to minutes, cap 90 minutes",
        "unused data and add-on data: carry 2 cycles each time, cap 2x plan, oldest goes first",
        "unused data, if renewed on time: carry 1 cycle from grant, cap 12 GB with allowance",
        "unused data, if held at least 3 days: carry what is saved 1 cycle each time, cap 2x plan on all carried",
    ),
    ("", "unused minutes: carry 1 cycle, cap 60 minutes", "unused minutes: convert to data in steps of 30 minutes for 10 days"),
    (
        "when asked, unused data: give", "when asked, unused data: give for 7 days, at least 1 GB, at most 2 times a cycle",
        "when asked, unused data and gift data: give to family, keeping 1 GB", "when asked, unused data: give to the new end",
        "when asked, unused data: give, at most 3 GB a cycle received",
        "when asked, unused data, if paid: give to the later end, at most 50% of plan a cycle", "",
    ),
    ("when asked, unused minutes: convert to data, at most 30 minutes a cycle", "when asked, unused minutes: convert to data"),
    (
        "when asked: borrow data from the next cycle, at most 1 GB a cycle", "",
        "when asked if paid: borrow data from the next cycle",
    ),
    (
        "when data runs out: sell 1 GB at 5 EUR up to 3 GB a cycle, then slow to 128 kbps", "",
        "when data runs out: owe the rest", "when data runs out: borrow 500 MB from the next cycle up to 2 times, then block",
        "when data runs out: sell 1 GB at 2 EUR from credit, then sell 1 GB at 3 EUR",
    ),
    ("", "renewal early: restart the clock", "renewal early: stack the clock", "renewal early: expire"),
    ("", "renewal late: grace 7 days", "renewal late: grace 3 days, frozen"),
    (
        "change: new plan now", "", "change: new plan now, allowance by day, restart the clock",
        "change up: new plan now, allowance by the second", "change: new plan now, allowance by day",
    ),
    ("", "when the plan changes, carried data: keep, cap 1x new plan", "when the plan changes, gift data: expire"),
    ("", "when suspended, unused data: freeze", "when suspended, unused data and carried data: freeze"),
    ("", "when payment fails, carried data: keep, cap 3 GB", 'when "Trip" ends, carried data: extend 3 days'),
    ("", "when the line ends, unused data: keep", "when renewed early, unused data: carry to the new end, cap 2 GB"),
    ("", "data counts in steps of 1 MB", '"video" counts 0.5', "minutes count in steps of 60 s, then 6 s"),
    (
        "", "grant 1 GB only at night", "grant 1 GB bonus data for 10 days", "every cycle fill sms up to 10 sms",
        "grant unlimited sms",
    ),
)  # fmt: skip
SHARES = (
    "share with up to 4 lines", "share data with 4 lines, each up to 3 GB a cycle, each adds 1 GB", "",
    "share with 4 lines, shared first", 'share "Trip" data and bonus data with lines',
    "share allowance data and carried data with 4 lines, each up to 5 GB a cycle",
)  # fmt: skip
OWNER = (("", "price 4 EUR a cycle for each further line"), ("", "when a member leaves, unused data: keep, cap 1x plan"))
DATED = (
    "", "from {} grant 12 GB, 90 minutes", "from {} unused data: carry 1 cycle, cap 1 GB", "until {} when data runs out: block",
    "from {} price 7 EUR a cycle",
)  # fmt: skip
PACKS = (
    (
        "grant 2 GB for 7 days", "grant 1 GB for 24 hours from first use", "grant 2 GB to midnight",
        "grant unlimited data for 3 days",
    ),
    ("sold at most 1 time a cycle", "sold if paid, at most 3 GB in 10 days", "sold at most 1 held", ""),
    ("", "when bought again, unused data: extend to the new end", "unused data: carry 1 cycle, cap 3 GB on all carried"),
)  # fmt: skip
PROMOTION = (
    ("", ", at the next renewal", ", on opt-in"),
    ("grant 1 GB bonus data for 10 days", "every cycle grant 1 GB", "grant 1 GB in each of 2 cycles"),
    ("", "multiply the allowance by 1.5", "when it starts, carried data: extend 10 days"),
)
USES = (
    "use 1 GB", "use 2.5 GB", "use 7 GB", "use 11 GB", "use 700 KB", "use 0.3 GB at night", 'use 1 GB "video"',
    "use 45 minutes", "use 101 s", "use 4 sms",
)  # fmt: skip
ACTS = (
    'buy "Trip"', 'buy "Trip"', 'buy "Trip"', 'buy "Monthly"', 'cancel "Monthly"', 'void "Trip"', "top up 2 GB",
    "top up 8 EUR for 20 days",
    "save 2 GB", "save 5 GB",
    "top up 1 GB for 5 days", "add 1 GB", "add 30 minutes to the end of the next cycle", "remove 1 GB",
    "remove 8 GB from allowance", "remove 9 GB to zero", "convert 30 minutes to data", "convert 61 minutes to data",
    "borrow 400 MB", "borrow 700 MB", "borrow 100 MB", "suspend", "resume", "payment fails", "pay", "opt in", "opt out",
)  # fmt: skip
TERMS = (
    "renew", "renew", "do not renew", "change to {big}", "change to {big}", "change to {small}", "renew with {big}", "leave",
    "leave",
)  # fmt: skip
OTHERS = {
    "Kid": ("joins", 'starts on "Junior"'), "Student": ('joins on "Junior"', 'starts on "Junior"'),
    "Friend": ('starts on "Junior"',),
}  # fmt: skip
GIFTS = ("1 GB", "2 GB", "4 GB", "0.5 GB", "21 GB")


class Account:
    """A text, its plans, of which the first is the owner's, and what it tells. The text is noted: of a dataclass Hypothesis
    would show each field at length."""

    def __init__(self, text: str, plans: tuple[Plan, ...], scenario: Scenario) -> None:
        self.text = text
        self.plans = plans
        self.scenario = scenario

    def __repr__(self) -> str:
        return "the account that is noted"


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """A text without a mistake, read."""
    zone = draw(st.sampled_from(sorted(ZONES)))
    turn = draw(st.sampled_from(ZONES[zone]))
    start = turn - timedelta(days=draw(st.sampled_from((0, 1, 7, 30, 31, 60)) | st.integers(0, 70)))
    cycle, share = draw(st.sampled_from(CYCLES)), draw(st.sampled_from(SHARES))
    owner, *others = _blocks(draw, cycle, share, turn)
    head = ['group "Family": "Small", "Large"', f"timezone {zone}", "rate 30 minutes = 1 GB", "rate 1 GB = 30 minutes"]
    bare = check(Source("cycle.plan", f'plan "Small" prepaid\n  cycle: {cycle}'))
    calendar = Calendar(bare.plans[0].cycle, zone, datetime.combine(start, time()))
    ends = [calendar.local(calendar.boundary(number)) for number in range(1, 5)]
    days = [turn, start + timedelta(days=draw(st.integers(1, 90))), *(end.date() for end in ends)]
    clocks = [time(*divmod(calendar.cycle.minute, 60))] if calendar.cycle.minute > 0 else []
    several = st.lists(st.tuples(st.sampled_from(days), st.sampled_from((*CLOCKS, *clocks))), min_size=3, max_size=7)
    moments = {datetime.combine(*one) for one in draw(several)} | {ends[0], draw(st.sampled_from(ends[1:]))}
    moments |= {one - timedelta(minutes=1) for one in sorted(moments) if draw(st.integers(1, 4)) == 4}
    instants = {calendar.instant(one): one for one in sorted(moments)}  # of another order where the clock leaves out an hour
    begin = datetime.combine(start, time())
    order = [begin, *(instants[at] for at in sorted(instants) if at > calendar.boundary(0))]
    told = _told(draw, order, bool(share))
    lines = [*head, *owner, '  example "told"', *(f"    {one}" for one in told), *chain.from_iterable(others)]
    text = "\n".join(line for line in lines if line.strip())
    note(text)
    source = Source("account.plan", text)
    checked = check(source)
    assert not (wrong := [render(one, source) for one in checked.diagnostics if one.is_error]), "\n".join(wrong)
    return Account(text, checked.plans, checked.scenarios[0])


def _blocks(draw: st.DrawFn, cycle: str, share: str, turn: date) -> list[list[str]]:
    """The lines of each plan, pack and promotion."""

    def some(*parts: Sequence[str]) -> list[str]:
        return [f"  {line}" for part in parts if (line := draw(st.sampled_from(part)))]

    def more(name: str, like: str, amounts: str) -> list[str]:
        """A plan that is dearer and bigger, and once in a while has other cycles."""
        other = [f"  cycle: {draw(st.sampled_from(CYCLES))}"] * (draw(st.integers(1, 4)) == 4)
        return [f'plan "{name}" like "{like}"', f"  grant {amounts}", "  price 20 EUR a cycle, by day", *other]

    first, last = turn - timedelta(days=draw(st.integers(0, 9))), turn + timedelta(days=draw(st.integers(1, 30)))
    dated = draw(st.sampled_from(DATED)).format(turn)
    small = ['plan "Small" postpaid', f"  cycle: {cycle}", "  grant 10 GB, 100 minutes", *some(*EVERY_PLAN)]
    small += [f"  {share}", *some(*OWNER)] if share else []
    junior = ['plan "Junior" prepaid', f"  cycle: {draw(st.sampled_from((cycle, cycle, *CYCLES)))}", "  grant 3 GB, 30 minutes"]
    joins, *rest = PROMOTION
    window = f"  from {first} until {last}{draw(st.sampled_from(joins))}"
    return [
        [*small, f"  {dated}"], more("Large", "Small", "20 GB, 200 minutes"),
        [*junior, *some(*EVERY_PLAN)], more("Junior Big", "Junior", "6 GB, 60 minutes"),
        ['pack "Trip"', "  price 3 EUR", *some(*PACKS)],
        ['pack "Monthly"', "  every cycle grant 1 GB", *some(("", "carry 1 cycle"))],
        ['promotion "Week" for "Small", "Large", "Junior"', window, *some(*rest)],
    ]  # fmt: skip


def _told(draw: st.DrawFn, moments: Sequence[datetime], shared: bool) -> list[str]:
    """The steps of an example at those moments, of which the first is the start, in any order; a line starts at the first or
    the second, and what it does comes later."""
    found = [f"start {moments[0]:%Y-%m-%d}"]
    lines = {"": "", **{name: draw(st.sampled_from(hows if shared else hows[-1:])) for name, hows in OTHERS.items()}}
    since = {name: draw(st.sampled_from((0, 0, 1))) for name in lines}
    since[""] = max(since.values())
    found += [f'on {moments[since[name]]:%Y-%m-%d %H:%M} "{name}" {how}' for name, how in lines.items() if name]
    for _ in range(draw(st.integers(8, 24))):
        name = draw(st.sampled_from(("", "", *lines)))
        at = draw(st.sampled_from(moments[since[name] + 1 :]))
        kind = draw(st.sampled_from("uuuuaaaatg"))
        if kind == "u":
            step = draw(st.sampled_from(USES))
        elif kind == "a":
            step = draw(st.sampled_from(ACTS))
        elif kind == "t":
            small, big = ('"Junior"', '"Junior Big"') if "Junior" in lines[name] else ('"Small"', '"Large"')
            step = draw(st.sampled_from(TERMS)).format(small=small, big=big)
        else:
            to = draw(st.sampled_from([other for other in OTHERS if other != name]))
            step = f'give {draw(st.sampled_from(GIFTS))} to "{to}"'
            at = draw(st.sampled_from(moments[max(since[name], since[to]) + 1 :]))
        found.append(f"on {at:%Y-%m-%d %H:%M} " + (f'"{name}" {step}' if name else step))
    for _ in range(draw(st.integers(0, 6)) // 4):
        found += [draw(st.sampled_from(USES[:4]))]
        found += [f'"{name}" {draw(st.sampled_from(USES))}' for name in OTHERS if not since[name]]
    return found
