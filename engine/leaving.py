"""What leaving before the end of the contract costs."""

from __future__ import annotations

from dsl.plan import FeeFor, Lasts, Period, Plan
from engine.arithmetic import share
from engine.calendar import Calendar, Instant
from engine.ledger import Ledger, Reason
from engine.purse import bill


def charge_for_leaving(plan: Plan, since: Instant, ledger: Ledger, calendar: Calendar) -> None:
    """Bills the fees of a contract since that instant which ends now; months of it that have begun are left."""
    term, at = plan.contract_months, ledger.at
    end = calendar.end(Lasts(term, Period.MONTH), since)
    if at >= end:
        return
    used = next(n for n in range(term) if calendar.end(Lasts(n + 1, Period.MONTH), since) > at)
    by_days = calendar.days_between(at, end), calendar.days_between(since, end)
    for fee in plan.leaving:
        left = by_days if fee.by_day else (term - used, term)
        match fee.per:
            case FeeFor.ALL:
                amount = share(fee.amount, *left)
            case FeeFor.MONTH_LEFT:
                amount = fee.amount * (term - used)
            case FeeFor.MONTH_USED:
                amount = share(fee.amount * used, *left)
        bill(ledger, fee.currency, amount, Reason.LEFT_EARLY, fee.span)
