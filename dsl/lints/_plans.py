"""What lints read of a file: each rule and pack once, in all the times that dates give it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from dsl.check import Checked
from dsl.diagnostics import Findings
from dsl.document import Document, read
from dsl.plan import NO_CEILING, Cap, Carry, Clause, Lasts, LotClass, Occasion, Pack, Period, Plan, Rule
from dsl.source import Source, Span


@lru_cache(maxsize=1)
def document(source: Source) -> Document:
    """The lines of a file that was checked, as they stand; they are not to be changed."""
    return read(source, Findings())


def each_time(checked: Checked) -> Iterator[Plan]:
    """Each plan as it is from each of the dates of its rules on."""
    for plan in checked.plans:
        yield plan
        yield from (later.plan for later in plan.later)


def packs(checked: Checked) -> Iterator[Pack]:
    seen: set[tuple[str, Span]] = set()
    for offered in {id(plan.packs): plan.packs for plan in each_time(checked)}.values():  # most plans share theirs
        for pack in offered:
            if (pack.name, pack.span) not in seen:
                seen.add((pack.name, pack.span))
                yield pack


def rules(checked: Checked) -> Iterator[tuple[Plan, Rule]]:
    """Every rule with a plan it is of, those of packs, too."""
    for plan in each_time(checked):
        for rule in (*plan.rules, *(rule for pack in plan.packs for rule in pack.rules)):
            yield plan, rule


def of_the_allowance(plan: Plan, rule: Rule) -> bool:
    """Whether a rule acts at the close and has in hand what the plan grants with each cycle, and nothing else."""
    if rule.occasion is not Occasion.CLOSE or rule.pack or rule.classes != {LotClass.ALLOWANCE}:
        return False
    own = [grant for grant in plan.grants if grant.service == rule.service]
    return bool(own) and all(grant.each_cycle and not grant.unlimited and not grant.per_renewals for grant in own)


def carries(rule: Rule) -> list[Carry]:
    return [clause for clause in rule.clauses if isinstance(clause, Carry)]


def caps(rule: Rule) -> list[Cap]:
    return [clause for clause in rule.clauses if isinstance(clause, Cap)]


def carried_once(plan: Plan, rule: Rule) -> tuple[Carry, int] | None:
    """The carry of a rule about the allowance, and for how many cycles what is left lives on by it; None of a rule that has
    another hand, carries again, or for another time."""
    found = carries(rule) if of_the_allowance(plan, rule) else []
    if len(found) == 1 and not found[0].each_time:
        life = found[0].life
        return (found[0], life.count) if isinstance(life, Lasts) and life.period is Period.CYCLE else None
    return None


def behind(rule: Rule, clause: Clause) -> tuple[Clause, ...]:
    """The clauses that come after one."""
    return rule.clauses[rule.clauses.index(clause) + 1 :]


def words(checked: Checked, span: Span) -> str:
    return checked.source.lines[span.line - 1][span.start : span.end]


def is_limited(ceiling: int) -> bool:
    return ceiling != NO_CEILING
