"""Amounts of what is used, as somebody sets them: by steps of a sensible size, or as typed. No terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dsl import units
from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from tui.language import message
from tui.saying import say, service_name


def services(plan: Plan) -> Sequence[str]:
    """What can be used of a plan: the services it grants at some time."""
    return plan.services


def step(plan: Plan, service: str) -> int:
    """A sensible step in base units: 1 GB, 10 minutes, 10 messages, 1 unit of money; less where the plan grants little."""
    allowance = plan.on(DEFAULT_START.date()).allowance(service)
    ladder = _ladder(plan, service)
    return next((size for size in ladder if 5 * size <= allowance), ladder[-1] if allowance else ladder[0])


def _ladder(plan: Plan, service: str) -> tuple[int, ...]:
    if service == units.DATA:
        step = plan.data_step
        return (step**3, 100 * step**2, 10 * step**2, step**2)
    if service == units.VOICE:
        return (600, 60)
    if not units.is_money(service):
        return (10, 1)
    return (10 ** units.minor_digits(service),)


_AMOUNT = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]*)\s*", re.IGNORECASE)


def read_amount(plan: Plan, service: str, text: str) -> int | str:
    """`6GB`, `31.5 GB` or a bare number, which is of the unit shown: base units, or a sentence saying what is wrong."""
    found = _AMOUNT.fullmatch(text)
    usual = {units.DATA: "GB", units.VOICE: "min", units.SMS: "sms"}.get(service, service)
    if not found:
        return say("write an amount such as 6 {unit}", unit=usual)
    unit = units.unit(found[2] or usual, plan.data_step, (service,))
    if unit is None:
        return say("{unit} is not a unit: write an amount such as 6 {usual}", unit=found[2], usual=usual)
    if unit.service != service:
        told = message("{unit} is not a unit of {service}: write an amount such as 6 {usual}")
        return say(told, unit=found[2], service=service_name(service), usual=usual)
    amount = units.whole(found[1], unit.size)
    if amount is None:
        return say("that is not a whole number of {base}s", base=units.base_unit(service))
    return amount if amount <= units.MAX_AMOUNT else say("that is more than any plan needs")
