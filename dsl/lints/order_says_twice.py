"""An order of use that names the same lots twice.

Lots have the place at which they are named first; the second says nothing.

Somebody changes the second, and nothing changes for customers.

Avoid:

    plan "A" prepaid
      grant 10 GB
      use carried, then allowance, then carried
      unused data: carry 1 month

Prefer:

    plan "A" prepaid
      grant 10 GB
      use carried, then allowance
      unused data: carry 1 month
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase

CODE = "L005"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for order in plan.orders:
            named = [(key.lot_class, key.pack) for key in order.keys if key.lot_class or key.pack]
            for index, one in enumerate(named):
                if one in named[:index]:
                    what = f'"{one[1]}"' if one[1] else str(one[0])
                    yield remark(
                        CODE,
                        order.span,
                        phrase("{what} has a place here twice, and only the first counts", what=what),
                        phrase("leave the second out"),
                    )
