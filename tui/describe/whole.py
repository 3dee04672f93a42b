"""The terms of a whole plan: which sections there are, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsl.plan import Kind, LotClass, Occasion, Plan
from dsl.units import DATA, is_money
from tui.describe import changes, claims, counting, lines, lots, offers, order, prices, remedies, rules, time
from tui.describe.teller import Teller
from tui.describe.terms import Item, Section, Terms
from tui.language import Language


def describe(plan: Plan, language: Language) -> Terms:
    """The terms of a checked plan: all that the engine goes by, and nothing else."""
    teller = Teller(language, plan.data_step)
    silent = tuple((one, _assumed(teller, one.template, dict(one.fields))) for one in plan.assumptions)
    sections = [
        Section("summary", teller.say("In short"), tuple(_summary(teller, plan))),
        *_rules(teller, plan),
        *_later(teller, plan),
        Section("claims", teller.say("What these terms promise"), tuple(claims.claims(teller, plan))),
        Section("silent", teller.say("Where the terms are silent"), tuple(_silent(teller, [text for _, text in silent]))),
    ]
    title = teller.say("Terms of {plan}", plan=teller.name(plan.name))
    return Terms(plan.name, language.code, title, tuple(one for one in sections if one.items), silent)


# ---- the headline


def _summary(teller: Teller, plan: Plan) -> Iterator[Item]:
    yield Item(_kind(teller, plan.kind))
    if plan.contract_months:
        yield Item(
            teller.say_many("The contract lasts {number} month.", "The contract lasts {number} months.", plan.contract_months)
        )
    else:
        yield Item(teller.say("There is no contract term."))
    if plan.prices:
        costs = teller.say(", ").join(prices.short(teller, price) for price in plan.prices)
        yield Item(teller.say("Price: {prices}.", prices=costs))
    else:
        yield Item(teller.say("These terms name no price."))


def _kind(teller: Teller, kind: Kind) -> str:
    match kind:
        case Kind.PREPAID:
            return teller.say("This is a prepaid plan.")
        case Kind.POSTPAID:
            return teller.say("This is a postpaid plan.")


# ---- what its rules say


def _rules(teller: Teller, plan: Plan) -> list[Section]:
    """The sections about rules, which may differ from date to date; those of which there is nothing to say are empty."""
    say = teller.say
    found: list[tuple[str, str, Iterable[Item]]] = [
        ("cycle", say("Cycle"), time.cycles(teller, plan.cycle, plan.zone)),
        ("price", say("Price"), prices.of_plan(teller, plan.prices)),
        ("granted", say("What you get"), _granted(teller, plan)),
        ("order", say("What is used first"), _order(teller, plan)),
        ("left", say("What happens to what is left"), _left(teller, plan)),
        ("events", say("What happens when"), _of(teller, plan, [one for one in Occasion if one not in _OWN_SECTION])),
        ("out", say("What happens when it runs out"), _out(teller, plan)),
        ("asked", say("What you may ask for"), [*_of(teller, plan, [Occasion.ASKED]), *rules.loans(teller, plan.loans)]),
        ("packs", say("Packs"), offers.packs(teller, plan.packs, plan.rules)),
        ("promotions", say("Promotions"), offers.promotions(teller, plan.promotions, plan.allowance)),
        ("sharing", say("Several lines"), [*lines.shares(teller, plan.shares), *lines.by_lines(teller, plan.by_lines)]),
        ("renewal", say("Renewal"), changes.renewal(teller, plan.renewal)),
        ("change", say("Change of plan"), changes.changes(teller, plan.changes, plan.group)),
        ("leaving", say("Leaving early"), prices.leaving(teller, plan.contract_months, plan.leaving)),
        ("counting", say("How use is counted"), _counting(teller, plan)),
    ]
    return [Section(key, title, tuple(items)) for key, title, items in found]


_OWN_SECTION = (Occasion.CLOSE, Occasion.ASKED)


def _granted(teller: Teller, plan: Plan) -> Iterator[Item]:
    yield from lots.granted(teller, plan.grants, LotClass.ALLOWANCE, lots.Comes.ACTIVATION)
    if not plan.grants:
        yield Item(teller.say("The plan itself brings nothing."))


def _order(teller: Teller, plan: Plan) -> list[Item]:
    unlimited = dict.fromkeys(grant.service for grant in plan.grants if grant.unlimited)
    services = [one for one in plan.services if not is_money(one) and not plan.is_unlimited(one)]
    return order.orders(teller, plan.orders, services, list(unlimited))


def _left(teller: Teller, plan: Plan) -> list[Item]:
    said = _of(teller, plan, [Occasion.CLOSE])
    if not said:
        return [Item(teller.say("What you have not used by its end is gone."))]
    first = teller.say("Steps are taken in their order, each with what the ones before it leave over.")
    steps = [Item(first)] if any(one.in_order for one in said) else []
    return [*steps, *said, Item(teller.say("Whatever else you have not used by its end is gone."))]


def _of(teller: Teller, plan: Plan, occasions: Iterable[Occasion]) -> list[Item]:
    """The plan's own rules about such occasions."""
    about = [rule for rule in plan.rules if rule.occasion in occasions]
    return rules.rules(teller, about, plan.allowance)


def _out(teller: Teller, plan: Plan) -> Iterator[Item]:
    services = [one for one in plan.services if not is_money(one) and not plan.is_unlimited(one)]
    return remedies.runs_out(teller, plan.runs_out, services)


def _counting(teller: Teller, plan: Plan) -> Iterator[Item]:
    in_packs = [grant for pack in plan.packs for grant in pack.grants]
    in_promotions = [grant for promotion in plan.promotions for grant in promotion.grants]
    if any(grant.service == DATA for grant in (*plan.grants, *in_packs, *in_promotions)):
        yield counting.sizes(teller)
    yield from counting.counting(teller, plan.counting, plan.services)


# ---- what changes with the date, what is claimed, what is assumed


def _later(teller: Teller, plan: Plan) -> Iterator[Section]:
    """For each date the sections that differ from those before it, whole."""
    items, before = [], _rules(teller, plan)
    for later in plan.later:
        after = _rules(teller, later.plan)
        differ = [_instead(teller, new) for old, new in zip(before, after, strict=True) if old != new]
        date = teller.language.date(later.start)
        items.append(Item(teller.say("From {date} this takes the place of what is said above:", date=date), tuple(differ)))
        before = after
    yield Section("later", teller.say("What changes with the date"), tuple(items))


def _instead(teller: Teller, section: Section) -> Item:
    nothing = (Item(teller.say("Nothing of this is left.")),)
    return Item(section.title, section.items or nothing)


def _silent(teller: Teller, assumed: list[str]) -> Iterator[Item]:
    if assumed:
        yield Item(teller.say("The rules do not say this; it is how they are read:"), tuple(map(Item, assumed)))
    else:
        yield Item(teller.say("Nothing is left open: all that decides a balance is said."))


def _assumed(teller: Teller, template: str, fields: dict[str, str]) -> str:
    if "service" in fields:
        fields["service"] = teller.service(fields["service"])
    return teller.say("{sentence}.", sentence=teller.language.sentence(teller.say(template, **fields)))
