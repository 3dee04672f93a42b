"""The lines of a regulation."""

from __future__ import annotations

from dsl import nodes
from dsl.builder.children import Child, at_of, first_of, says, word_in, word_of
from dsl.nodes import Flag
from dsl.plan import Occasion


class Demands:
    def regulation(self, children: list[Child]) -> nodes.RegulationHeader:
        return nodes.RegulationHeader(word_of(children[1]), at_of(children))

    def for_or_less(self, children: list[Child]) -> nodes.ForOrLess:
        number, unit = children[1], children[2]
        return nodes.ForOrLess(nodes.Period(str(number), unit.type.lower(), at_of([number, unit])), at_of(children))

    all_unlimited = says(Flag.UNLIMITED)
    all_bonus = says(Flag.BONUS)
    free_packs = says(Flag.FREE_PACKS)

    def excepted(self, children: list[Child]) -> nodes.Excepted:
        found = tuple(child for child in children if isinstance(child, nodes.ForOrLess | nodes.Said))
        return nodes.Excepted(found, at_of(children))

    as_long = says(Flag.AS_LONG_AS_GRANTED)
    by_itself = says(Flag.BY_ITSELF)
    free = says(Flag.FREE)
    never_expire = says(Flag.NEVER_EXPIRE)
    must_give = says(Flag.GIVE)
    not_sell = says(Flag.NOT_SELL)
    soonest_first = says(Flag.SOONEST_FIRST)

    def must_carry(self, children: list[Child]) -> nodes.MustCarry:
        return nodes.MustCarry(word_in(children, "NUMBER"), first_of(children, nodes.Quantity), at_of(children))

    def told(self, children: list[Child]) -> nodes.Told:
        return nodes.Told(word_of(children[0]), at_of(children))

    def demands(self, children: list[Child]) -> nodes.Demands:
        event, said = first_of(children, nodes.Event), first_of(children, nodes.Conditions)
        hand = first_of(children, nodes.Hand)
        conditions = (event.conditions if event else ()) + (said.all if said else ()) + (hand.conditions if hand else ())
        asked = tuple(child for child in children if isinstance(child, nodes.Demand))
        occasion = event.occasion if event else Occasion.CLOSE
        return nodes.Demands(hand, occasion, word_in(children, "WORD"), conditions, asked, at_of(children))
