"""Which lines of a text a plan is made of: the settings of its file, its own block, those it is `like`, and its promotions."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.nodes import PlanHeader
from dsl.parse import parse_line
from dsl.plan import Plan


def lacks_lines(checked: Checked, plan: Plan) -> bool:
    """Whether a line that belongs to a plan of `checked` has an error, so that the plan goes without it."""
    wrong = [problem.span.line for problem in checked.diagnostics if problem.is_error]
    if not wrong:
        return False
    packs = {id(one.packs): one.packs for one in checked.plans}.values()  # most plans share theirs
    headers = {line for one in checked.plans for line in _own(one)} | {one.span.line for some in packs for one in some}
    own = {line for one in _like(checked, plan) for line in _own(one)}
    return any(max((header for header in headers if header <= line), default=0) in {0, *own} for line in wrong)


def _own(plan: Plan) -> list[int]:
    """The lines of the headers under which a plan and its promotions stand."""
    return [plan.span.line, *(promotion.span.line for promotion in plan.promotions)]


def _like(checked: Checked, plan: Plan) -> Iterator[Plan]:
    """A plan, and those it is made like, as far as they are in the text."""
    lines, seen = checked.source.lines, set()
    found: Plan | None = plan
    while found and found.name not in seen:
        yield found
        seen.add(found.name)
        header = parse_line(lines[found.span.line - 1]).statement
        found = checked.plan(header.like[0].text) if isinstance(header, PlanHeader) and header.like else None
