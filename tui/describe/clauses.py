"""What happens to what is in hand, step by step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import assert_never

from dsl.plan import (
    NO_CEILING,
    AtLeast,
    AtMost,
    Cap,
    CapCounts,
    Carry,
    Convert,
    Cut,
    Endless,
    Expire,
    Extend,
    Freeze,
    Give,
    InSteps,
    Keep,
    Keeping,
    Lasts,
    Limit,
    LotClass,
    Occasion,
    Rule,
)
from engine.arithmetic import exchange
from tui.describe.limits import limits
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.describe.time import Since, lasting, until
from tui.describe.uses import only, scope


class Steps:
    """Says the clauses of one rule; `typical` is what there may be in hand of its service. What it is about ends
    `at_boundaries` of cycles only, or whenever."""

    def __init__(self, teller: Teller, rule: Rule, typical: int, *, at_boundaries: bool) -> None:
        self.teller = teller
        self.say = teller.say
        self.rule = rule
        self.typical = typical
        self.since = _since(rule, at_boundaries=at_boundaries)

    def items(self) -> Iterator[Item]:
        """A step a clause; and, where something may be left, what becomes of that."""
        left = True
        for number, clause in enumerate(self.rule.clauses):
            match clause:
                case Carry():
                    yield Item(self._carry(clause))
                case Cap():
                    yield Item(self._cap(clause))
                    left = True
                case Convert():
                    yield Item(
                        self._convert(clause, is_first=number == 0),
                        tuple(Item(text) for text in limits(self.teller, clause.limits)),
                    )
                case Extend():
                    yield Item(self._extend(clause))
                    left = False
                case Keep():
                    yield Item(self.say("This is kept, and ends when it would have."))
                    left = False
                case Freeze():
                    yield Item(
                        self.say(
                            "This is frozen: it can't be used until your line is resumed, paid or renewed; its time goes on."
                        )
                    )
                    left = False
                case Expire():
                    yield Item(self.say("What is left over then is gone.") if number else self.say("This is gone."))
                    left = False
                case Give():
                    yield Item(self._give(clause), tuple(Item(text) for text in limits(self.teller, clause.limits)))
                case _:
                    assert_never(clause)
        if left and self.rule.occasion is Occasion.STARTS:
            yield Item(self.say("The rest stays as it is."))
        elif left and self.rule.occasion is not Occasion.ASKED:
            yield Item(self.say("What is left over then is gone."))

    # ---- carrying

    def _carry(self, clause: Carry) -> str:
        teller = self.teller
        how_long = until(teller, clause.life, Since.GRANT if clause.from_grant else self.since)
        if clause.saved and clause.part[0] != clause.part[1]:
            carried = self.say(
                "{part} of each piece of this, rounded down, is carried over, but no more than you chose to save: you can use"
                " that {until}.",
                part=teller.percent(clause.part),
                until=how_long,
            )
        elif clause.saved:
            carried = self.say(
                "As much of this as you chose to save is carried over: you can use that {until}.", until=how_long
            )
        elif clause.part[0] != clause.part[1]:
            carried = self.say(
                "{part} of each piece of this, rounded down, is carried over: you can use that {until}.",
                part=teller.percent(clause.part),
                until=how_long,
            )
        else:
            carried = self.say("This is carried over: you can use it {until}.", until=how_long)
        scoped = self.say("From then on it is only for use {scope}.", scope=scope(teller, clause.scope)) if clause.scope else ""
        return teller.paragraph(carried, self._in_steps(clause), scoped, self._again(clause))

    def _in_steps(self, clause: Carry) -> str:
        step = self.teller.amount(self.rule.service, clause.step)
        if clause.rounded_up:
            return self.say("Each piece is rounded up to whole steps of {step}.", step=step)
        return self.say("Of each piece only whole steps of {step} are carried over.", step=step) if clause.step > 1 else ""

    def _again(self, clause: Carry) -> str:
        """What becomes of what was carried before. Of what never ends there is nothing to say."""
        if clause.each_time:
            return self.say("At the end of every further cycle it is carried over again.")
        if self.rule.occasion is not Occasion.CLOSE or clause.life == Endless():
            return ""
        if LotClass.CARRIED in self.rule.classes:
            return self.say("What was carried over before and ends now is carried over again.")
        return self.say("What was carried over before is not carried over a second time.")

    def _cap(self, clause: Cap) -> str:
        many, over = clause.of_new_plan
        if many == over:
            limit = self.say("as much as the new plan grants in a cycle")
        elif many:
            limit = self.say("{times} times what the new plan grants in a cycle", times=self.teller.times(clause.of_new_plan))
        else:
            limit = self.teller.amount(self.rule.service, clause.amount)
        return self.teller.paragraph(self._at_most(clause, limit), self._cut(clause))

    def _at_most(self, clause: Cap, limit: str) -> str:
        carries = any(isinstance(one, Carry) for one in self.rule.clauses)
        match clause.counts:
            case CapCounts.CARRIED if carries:
                return self.say("What is carried over in this way, earlier cycles included, is at most {limit}.", limit=limit)
            case CapCounts.CARRIED:
                return self.say("What stays in this way is at most {limit}.", limit=limit)
            case CapCounts.ALL:
                return self.say(
                    "All that is carried over, in whatever way, is at most {limit}; only what is carried in this way is cut.",
                    limit=limit,
                )
            case CapCounts.INFLOW:
                return self.say(
                    "What is newly carried over in this way at the end of one cycle is at most {limit}.", limit=limit
                )
            case _:
                assert_never(clause.counts)

    def _cut(self, clause: Cap) -> str:
        match clause.cut:
            case Cut.NEWEST:
                return self.say("Above that the newest is left over.")
            case Cut.OLDEST:
                return self.say("Above that the oldest is left over.")
            case Cut.EARLIEST_END:
                return self.say("Above that what ends earliest is left over.")
            case _:
                assert_never(clause.cut)

    # ---- the rest

    def _extend(self, clause: Extend) -> str:
        if isinstance(clause.life, Lasts):
            return self.say("You can use this {time} longer.", time=lasting(self.teller, clause.life))
        how_long = until(self.teller, clause.life, self.since)
        return self.say("You can use this {until}, or to its own end if that is later.", until=how_long)

    def _convert(self, clause: Convert, *, is_first: bool) -> str:
        teller, rule = self.teller, self.rule
        asked = rule.occasion is Occasion.ASKED
        rate = {
            "from_": teller.amount_of(rule.service, clause.from_amount),
            "to": teller.amount_of(clause.to_service, clause.to_amount),
        }
        if clause.to_bill:
            made = self.say("This pays your next bills, and nothing else: {to} for {from_}.", **rate)
        elif asked:
            made = self.say("You may convert this: you get {to} for {from_}.", **rate)
        elif is_first:
            made = self.say("This is converted: you get {to} for {from_}.", **rate)
        else:
            made = self.say("What is left over is converted: you get {to} for {from_}.", **rate)
        return teller.paragraph(
            made,
            *self._only_so_much(clause),
            *self._worked(clause),
            self.say(
                "You can use what you get {until}.", until=until(teller, clause.life, Since.COMING if asked else self.since)
            ),
            only(teller, clause.scope),
            self.say("Each time costs {fee}.", fee=teller.amount(clause.currency, clause.fee)) if clause.fee else "",
        )

    def _only_so_much(self, clause: Convert) -> Iterator[str]:
        teller = self.teller
        if clause.from_step > 1:
            yield self.say("Only whole steps of {step} are converted.", step=teller.amount(self.rule.service, clause.from_step))
        if clause.to_step > 1:
            yield self.say("You get whole steps of {step} only.", step=teller.amount(clause.to_service, clause.to_step))
        if clause.ceiling != NO_CEILING:
            yield self.say("You get at most {amount} at a time.", amount=teller.amount_of(clause.to_service, clause.ceiling))

    def _worked(self, clause: Convert) -> Iterator[str]:
        """An amount other than that of the rate, as the engine would convert it: one that there may be, within the limits and
        below the ceiling, if there are any."""
        for times, at_most in ((4, self.typical), (2, self.typical), (3, self.typical), (4, None), (16, None)):
            held = -(-times * clause.from_amount // clause.from_step) * clause.from_step
            made, taken = exchange(held, clause.from_amount, clause.to_amount, clause.to_step, clause.from_step, clause.ceiling)
            amounts = {self.rule.service: held, clause.to_service: made}
            if made and taken == held and (at_most is None or held <= at_most) and _within(clause.limits, amounts):
                from_, to = (self.teller.amount_of(*one) for one in amounts.items())
                yield self.say("For example, {to} for {from_}.", from_=from_, to=to)
                return

    def _give(self, clause: Give) -> str:
        if clause.to_family:
            to = self.say("You may give this to a line that shares with you.")
        else:
            to = self.say("You may give this to another line.")
        if clause.life is None:
            return self.teller.paragraph(to, self.say("What is given keeps its end."))
        how_long = until(self.teller, clause.life, Since.GIFT)
        return self.teller.paragraph(to, self.say("Who receives it can use it {until}.", until=how_long))


def _within(limits: Collection[Limit], amounts: Mapping[str, int]) -> bool:
    """Whether the amounts may be asked for at once."""
    for limit in limits:
        match limit:
            case AtMost(service=service, amount=amount):
                if amounts.get(service, 0) > amount:
                    return False
            case AtLeast(service=service, amount=amount):
                if amounts.get(service, 0) < amount:
                    return False
            case InSteps(service=service, amount=amount):
                if amounts.get(service, 0) % amount:
                    return False
            case Keeping():
                pass  # what remains is another amount
            case _:
                assert_never(limit)
    return True


def _since(rule: Rule, *, at_boundaries: bool) -> Since:
    match rule.occasion:
        case Occasion.CLOSE if at_boundaries:
            return Since.BOUNDARY
        case Occasion.BOUGHT:
            return Since.PURCHASE
        case _:
            return Since.EVENT
