"""A pack that another beats in every way.

Another pack of the file grants more of the same, for no more money, and it
lives as long.

Who buys the dearer one feels cheated, and calls.

Avoid:

    plan "A" prepaid
      grant 1 GB
    pack "Small"
      price 9 EUR
      grant 1 GB for 7 days
    pack "Large"
      price 8 EUR
      grant 2 GB for 7 days

Prefer:

    plan "A" prepaid
      grant 1 GB
    pack "Small"
      price 5 EUR
      grant 1 GB for 7 days
    pack "Large"
      price 8 EUR
      grant 2 GB for 7 days
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import packs
from dsl.phrase import phrase
from dsl.plan import Pack

CODE = "L020"


def find(checked: Checked) -> Iterator[Diagnostic]:
    simple = [pack for pack in packs(checked) if len(pack.grants) == 1 and len(pack.prices) == 1]
    for pack in simple:
        for other in simple:
            dearer = pack.prices[0].amount >= other.prices[0].amount
            if _terms(pack) == _terms(other) and dearer and other.grants[0].amount > pack.grants[0].amount:
                message = phrase('"{name}" gives more of the same and costs no more', name=other.name)
                also = ((other.span, phrase("this one")),)
                yield remark(CODE, pack.span, message, phrase("lower the price of this pack, or take it out"), also=also)


def _terms(pack: Pack) -> tuple[object, ...]:
    """All that must be alike for two packs to be compared by amount and price."""
    grant, price = pack.grants[0], pack.prices[0]
    return (
        grant.service, grant.lot_class, grant.life, grant.from_first_use, grant.each_cycle, grant.cycles, grant.scope,
        grant.unlimited, price.currency, price.each_cycle, bool(pack.rules), bool(pack.conditions), bool(pack.limits),
    )  # fmt: skip
