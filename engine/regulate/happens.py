"""What may happen to a line that a regulation is about, and what of a plan acts then."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.plan import Cap, Condition, Demand, Early, Extend, Keep, Kind, LotClass, Not, Occasion, Plan, Renewed, Rule
from engine.regulate.subjects import Subject

# To a line that stays on its plan, beside what it asks for itself; the last two only where it is not renewed in time.
_HAPPENS = frozenset({
    Occasion.RENEWED_EARLY, Occasion.PAYMENT_FAILS, Occasion.SUSPENDED, Occasion.RESUMED, Occasion.BOUGHT, Occasion.ENDS,
    Occasion.MEMBER_LEAVES, Occasion.OWNER_LEAVES,
})  # fmt: skip
_LATE = frozenset({Occasion.NOT_RENEWED, Occasion.RENEWED_LATE})


def taken_meanwhile(subject: Subject, demand: Demand, *classes: LotClass) -> Rule | None:
    """A rule that may end what there is of such a lot in these classes, at something else than the end of a cycle."""
    plan, pack = subject.plan, subject.pack.name if subject.pack else ""
    occasions = _HAPPENS | (_LATE if demand.occasion is Occasion.NOT_RENEWED else frozenset())
    events = [rule for rule in all_rules(plan) if rule.occasion in occasions and not _only_helps(rule)]
    given = [rule for promotion in plan.promotions for rule in promotion.rules if not _leaves_the_rest(rule)]
    for rule in (*events, *given):
        if rule.service == subject.grant.service and rule.pack in ("", pack) and rule.classes & frozenset(classes):
            return rule
    return None


def _only_helps(rule: Rule) -> bool:
    """Whether a rule claims all that it has in hand, to an end that is no sooner, and no cap takes any of it back."""
    return isinstance(rule.clauses[0], Keep | Extend) and not any(isinstance(clause, Cap) for clause in rule.clauses)


def _leaves_the_rest(rule: Rule) -> bool:
    """The same of a promotion: what its rules do not claim stays as it is."""
    return all(isinstance(clause, Keep | Extend | Cap) for clause in rule.clauses)


def renews_early(plan: Plan) -> bool:
    """Whether subscribers may renew before the end: those of a prepaid plan do, others where their plan speaks of it."""
    spoken = plan.renewal.early is not Early.ADDS or has_rule(plan, Occasion.RENEWED_EARLY) or depends_on(plan, Renewed)
    return spoken or plan.kind is Kind.PREPAID


def all_rules(plan: Plan) -> list[Rule]:
    """Those of a plan and of the packs that it sells."""
    return [*(rule for pack in plan.packs for rule in pack.rules), *plan.rules]


def packs_spoken_of(plan: Plan) -> list[str]:
    """Packs of which it matters to other lots that they are bought, at whatever time."""
    found: list[str] = []
    for one in (plan, *(later.plan for later in plan.later)):
        for rule in all_rules(one):
            found += [rule.about or rule.pack] * (rule.occasion in (Occasion.BOUGHT, Occasion.ENDS))
    return found


def conditions_of(plan: Plan) -> Iterator[Condition]:
    """What its rules ask, at whatever time."""
    for one in (plan, *(later.plan for later in plan.later)):
        for rule in all_rules(one):
            yield from rule.conditions


def depends_on(plan: Plan, *kinds: type) -> bool:
    plain = (one.condition if isinstance(one, Not) else one for one in conditions_of(plan))
    return any(isinstance(one, kinds) for one in plain)


def has_rule(plan: Plan, occasion: Occasion) -> bool:
    """Whether some rule is about an occasion, at whatever time."""
    return any(rule.occasion is occasion for one in (plan, *(later.plan for later in plan.later)) for rule in all_rules(one))
