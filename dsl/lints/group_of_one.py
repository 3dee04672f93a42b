"""A group with one member.

A group orders plans by size, or counts packs together; with one there is
nothing to compare or to count.

A condition such as `same group` is then true for one plan only, which terms
would say otherwise.

Avoid:

    group "Family": "A"
    plan "A" prepaid
      grant 10 GB

Prefer:

    group "Family": "A", "B"
    plan "A" prepaid
      grant 10 GB
    plan "B" prepaid
      grant 20 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl import nodes
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import document
from dsl.phrase import phrase

CODE = "L019"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for line in document(checked.source).settings:
        said = line.statement
        if isinstance(said, nodes.Group) and len(said.plans) == 1:
            yield remark(
                CODE, line.span(said.at), phrase("this group has one member"), phrase("name the others, or take it out")
            )
