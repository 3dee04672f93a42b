"""Something that ends before it can begin.

What a promotion grants lives until a day that is over when the promotion
starts.

Customers are promised a gift that nobody ever sees.

Avoid:

    plan "A" prepaid
      grant 10 GB

    promotion "May" for "A"
      from 2026-05-01 until 2026-06-01
      grant 1 GB bonus data until 2026-04-30

Prefer:

    plan "A" prepaid
      grant 10 GB

    promotion "May" for "A"
      from 2026-05-01 until 2026-06-01
      grant 1 GB bonus data until 2026-06-30
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import Earliest, Life, UntilDay

CODE = "L003"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for promotion in plan.promotions:
            for grant in promotion.grants:
                if any(end.day <= promotion.start for end in _days(grant.life)):
                    message = phrase("this ends before the promotion starts, on {start}", start=str(promotion.start))
                    yield remark(CODE, grant.span, message, phrase("write a later day, or a life such as `for 30 days`"))


def _days(life: Life) -> Iterator[UntilDay]:
    if isinstance(life, UntilDay):
        yield life
    elif isinstance(life, Earliest):
        for one in life.lives:
            yield from _days(one)
